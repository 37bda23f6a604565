#include "load/conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/conn_internal.h"
#include "load/in_flight.h"

#define BACKOFF_FIRST_NS (10 * NS_PER_MS)
#define BACKOFF_MAX_NS   NS_PER_S

static struct conn *conn_of(struct stream *s)
{
    return (struct conn *)s;
}

void conn_init(struct conn *c, struct conn_env *env, uint32_t number, struct slot *slots)
{
    *c = (struct conn){
        .env = env, .number = number, .slots = slots, .state = CONN_IDLE, .left = INT64_MAX};
    c->source = &env->sources[number % env->nsources];
    if (c->source->list != NULL)
        c->visitor = visitor_new(c->source->list, &env->values, number, env->spec->seed);
    c->opening = (struct slot){.conn = c};
    stream_init(&c->stream, &env->streams[number % env->spec->norigins]);
    env->protocol->init(c);
}

void conn_fini(struct conn *c)
{
    c->env->protocol->fini(c);
    visitor_free(c->visitor);
    stream_fini(&c->stream);
}

static void on_closed(struct stream *s)
{
    struct conn *c = conn_of(s);
    struct conn_env *env = c->env;
    int64_t now_ns = clock_now_ns();
    c->state = CONN_IDLE;
    if (env->ending || !c->reopen || env->quota == 0 || c->left == 0)
        return;
    if (c->back_off) {
        c->state = CONN_WAITING;
        env->on_retry_later(env->ctx, c);
    } else if (env->open_loop != NULL) {
        env->on_shut(env->open_loop, c, now_ns);
    } else {
        conn_connect(c, now_ns);
    }
}

static void begin_opening(struct conn *c)
{
    c->env->opening += !c->is_opening;
    c->is_opening = true;
}

static void end_opening(struct conn *c)
{
    c->env->opening -= c->is_opening;
    c->is_opening = false;
}

enum after_close { CLOSE_REOPEN, CLOSE_BACK_OFF, CLOSE_FOR_GOOD };

static void conn_close(struct conn *c, enum after_close after, int64_t now_ns)
{
    if (c->state != CONN_CONNECTING && c->state != CONN_OPEN)
        return; /* there is no socket */
    if (c->replies > 0)
        c->last_backoff_ns = 0;
    conn_take_back(c);
    c->reopen = after != CLOSE_FOR_GOOD;
    c->back_off = after == CLOSE_BACK_OFF;
    if (!c->back_off)
        end_opening(c);
    c->state = CONN_CLOSING;
    if (c->back_off) {
        int64_t next = c->last_backoff_ns == 0 ? BACKOFF_FIRST_NS : c->last_backoff_ns * 2;
        c->last_backoff_ns = next > BACKOFF_MAX_NS ? BACKOFF_MAX_NS : next;
        /* Half of it is random, so that a thousand refused connections do not all retry at once. */
        double part = 0.5 + 0.5 * rng_unit(&c->env->rng);
        c->retry_ns = now_ns + (int64_t)((double)c->last_backoff_ns * part);
    }
    c->env->protocol->shut(c);
    stream_close(&c->stream);
}

/* Tells the owner once the quota is used up and none of its requests is open. */
void conn_check_quota(struct conn_env *env, int64_t now_ns)
{
    if (env->quota == 0 && env->pending == 0)
        env->on_quota_done(env->ctx, now_ns);
}

/* Closes a connection that can no longer be used. Every open request on it has been counted. */
void conn_give_up(struct conn *c, int64_t now_ns)
{
    conn_close(c, c->replies > 0 ? CLOSE_REOPEN : CLOSE_BACK_OFF, now_ns);
    conn_check_quota(c->env, now_ns);
}

void conn_lose(struct conn *c, uint32_t keep, const struct tally_reason *reason, int64_t now_ns)
{
    struct tally *t = &c->env->tally;
    int64_t *counter = &t->counts.failed[reason->kind];
    int64_t before = *counter;
    while (c->open > keep)
        count_loss(c, c->env->protocol->pop(c), counter, now_ns);
    struct tally_reason counted = *reason;
    counted.count = *counter - before;
    if (reason->number != 0 || reason->why != NULL)
        tally_reason(t, &counted);
}

void conn_lost(struct conn *c, enum loss_kind kind, int64_t now_ns)
{
    conn_lose(c, 0, &(struct tally_reason){.kind = kind}, now_ns);
    conn_give_up(c, now_ns);
}

/* The newest requests could not be written, the others lose their connection. */
static void lose_unwritten(struct conn *c, int64_t now_ns)
{
    conn_lose(c, c->unwritten, &(struct tally_reason){.kind = LOSS_RESET, .number = c->write_error},
              now_ns);
    conn_lose(c, 0, &(struct tally_reason){.kind = LOSS_WRITE, .number = c->write_error}, now_ns);
    conn_give_up(c, now_ns);
}

/* A server that closes before it has read everything may have answered: what it sent is still read,
 * then the end of the stream, which counts the requests that are left. */
void conn_write_failed(struct conn *c, uint32_t n, int error, int64_t now_ns)
{
    c->is_broken = true;
    c->unwritten = n;
    c->write_error = -error;
    if (error != UV_EPIPE && error != UV_ECONNRESET)
        lose_unwritten(c, now_ns);
}

static void send_requests(struct conn *c, uint32_t n, int64_t due_ns, int64_t now_ns)
{
    struct conn_env *env = c->env;
    if (n > env->quota)
        n = (uint32_t)env->quota;
    if (n > c->may_send)
        n = (uint32_t)c->may_send;
    if (n > 0)
        env->protocol->send(c, n, due_ns, now_ns);
    if (c->visitor != NULL)
        conn_check_quota(env, now_ns); /* the last one that was due may not be sent */
}

/* In a closed loop room for n requests is filled at once: they are due now. */
void conn_use_room(struct conn *c, uint32_t n, int64_t now_ns)
{
    struct conn_env *env = c->env;
    if (c->is_paused)
        return;
    if (env->open_loop == NULL)
        send_requests(c, n, now_ns, now_ns);
    else
        env->on_room(env->open_loop, c, now_ns);
}

bool conn_has_room(const struct conn *c)
{
    return c->state == CONN_OPEN && c->open < c->most && c->may_send > 0 && !c->stream.is_writing &&
           !c->is_broken;
}

void conn_send(struct conn *c, int64_t due_ns)
{
    int64_t now_ns = clock_now_ns(); /* others of the same callback may have been sent before it */
    int64_t slip_ns = now_ns - due_ns;
    struct tally *t = &c->env->tally;
    bool counts = due_ns >= c->env->window_ns;
    int64_t before = t->counts.sent;
    /* One of the warm-up that is sent late stays one. */
    send_requests(c, 1, counts && c->env->spec->from_sending ? now_ns : due_ns, now_ns);
    if (!counts || t->counts.sent == before)
        return;
    hist_record(t->slip, slip_ns);
    t->late += slip_ns > RESULT_LATE_NS;
}

static void on_written(struct stream *s, int64_t now_ns)
{
    struct conn *c = conn_of(s);
    if (c->state != CONN_OPEN || c->is_broken)
        return;
    if (s->write_error != 0)
        conn_write_failed(c, c->open, -s->write_error, now_ns);
    else if (!c->env->ending)
        c->env->protocol->go_on(c, now_ns);
}

/* --- opening --- */

static void connect_failed(struct conn *c, int64_t now_ns)
{
    struct conn_env *env = c->env;
    env->connect_failed_ns = now_ns;
    deadlines_remove(&c->opening.deadline);
    if (env->bailout != NULL && env->window_ns <= now_ns)
        count_fault(env, 0, env->bailout->spec.errors, now_ns);
    conn_close(c, CLOSE_BACK_OFF, now_ns);
}

static void connect_error(struct conn *c, int error, int64_t now_ns)
{
    tally_connect_error(&c->env->tally, error);
    connect_failed(c, now_ns);
}

static void count_handshake(struct conn *c, int64_t now_ns)
{
    struct tally *t = &c->env->tally;
    struct tls_facts facts;
    tls_describe(stream_tls_of(&c->stream), &facts);
    tally_handshake(t, &facts);
    hist_record(t->handshake, now_ns - c->stream.connected_ns);
}

static void on_open(struct stream *s, int64_t now_ns)
{
    struct conn *c = conn_of(s);
    struct conn_env *env = c->env;
    deadlines_remove(&c->opening.deadline);
    hist_record(env->tally.connect, s->connected_ns - c->connect_ns);
    if (s->tls != NULL)
        count_handshake(c, now_ns);
    env->tally.counts.connected++;
    end_opening(c);
    c->state = CONN_OPEN;
    c->is_broken = false;
    env->protocol->begin(c);
    if (!env->ending)
        conn_use_room(c, c->most, now_ns);
}

void conn_connect(struct conn *c, int64_t now_ns)
{
    begin_opening(c);
    if (!conn_takes_turn(c, now_ns))
        return;
    c->state = CONN_CONNECTING;
    c->open = 0;
    c->replies = 0;
    conn_grant(c);
    c->connect_ns = now_ns;
    deadlines_add(&c->env->deadlines, &c->opening.deadline, now_ns);
    int error = stream_open(&c->stream);
    if (error < 0)
        connect_error(c, -error, now_ns);
}

/* --- reading --- */

static void on_data(struct stream *s, const char *bytes, size_t len, int64_t now_ns)
{
    struct conn *c = conn_of(s);
    c->env->protocol->feed(c, bytes, len, now_ns);
}

static void on_read(struct stream *s, int64_t now_ns)
{
    struct conn *c = conn_of(s);
    c->env->protocol->go_on(c, now_ns);
}

static void on_end(struct stream *s, int64_t now_ns)
{
    struct conn *c = conn_of(s);
    if (c->is_broken)
        lose_unwritten(c, now_ns);
    else
        c->env->protocol->finish(c, now_ns);
}

static void on_broken(struct stream *s, int64_t now_ns)
{
    struct conn *c = conn_of(s);
    if (c->state == CONN_CONNECTING && s->error == 0) {
        tally_connect_trouble(&c->env->tally, stream_tls_of(s));
        connect_failed(c, now_ns);
    } else if (c->state == CONN_CONNECTING) {
        connect_error(c, s->error, now_ns);
    } else if (c->is_broken) {
        lose_unwritten(c, now_ns);
    } else {
        struct tally_reason reason = {.kind = LOSS_RESET, .number = s->error};
        if (s->error == 0)
            reason = (struct tally_reason){.kind = LOSS_TLS,
                                           .why = tls_trouble_what(stream_tls_of(s)->trouble)};
        conn_lose(c, 0, &reason, now_ns);
        conn_give_up(c, now_ns);
    }
}

const struct stream_events conn_stream_events = {
    .on_open = on_open,
    .on_data = on_data,
    .on_read = on_read,
    .on_end = on_end,
    .on_broken = on_broken,
    .on_written = on_written,
    .on_closed = on_closed,
};

/* --- the rest of its life --- */

void conn_retry(struct conn *c, int64_t now_ns)
{
    struct conn_env *env = c->env;
    end_opening(c);
    c->state = CONN_IDLE;
    if (env->quota == 0)
        return; /* nothing is left to send */
    if (env->open_loop != NULL && !c->has_turn)
        env->on_shut(env->open_loop, c, now_ns);
    else
        conn_connect(c, now_ns);
}

void conn_expire(struct slot *s, int64_t now_ns)
{
    struct conn *c = s->conn;
    if (c->state == CONN_CONNECTING)
        connect_error(c, ETIMEDOUT, now_ns);
    else
        c->env->protocol->expire(s, now_ns);
}

void conn_shut(struct conn *c)
{
    conn_close(c, CLOSE_FOR_GOOD, 0);
}
