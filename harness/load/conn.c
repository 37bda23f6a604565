#include "load/conn.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "load/conn_internal.h"
#include "load/in_flight.h"

#define BACKOFF_FIRST_NS (10 * NS_PER_MS)
#define BACKOFF_MAX_NS   NS_PER_S

static void on_written(uv_write_t *req, int status);

void conn_init(struct conn *c, struct conn_env *env, struct slot *slots)
{
    *c = (struct conn){.env = env, .slots = slots, .state = CONN_IDLE};
    c->socket.handle.data = c;
    c->connecting.data = c;
    c->writing.data = c;
    for (int i = 0; i < env->spec->pipelining; i++)
        slots[i] = (struct slot){.conn = c};
}

static void on_closed(uv_handle_t *handle)
{
    struct conn *c = handle->data;
    struct conn_env *env = c->env;
    int64_t now_ns = clock_now_ns();
    c->state = CONN_IDLE;
    if (env->ending || !c->reopen || env->quota == 0)
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
    uv_close(&c->socket.handle, on_closed);
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

void conn_lost(struct conn *c, enum loss_kind kind, int64_t now_ns)
{
    lose_open(c, kind, now_ns);
    conn_give_up(c, now_ns);
}

/* Counts the oldest request in `counter`. Those behind it are not at fault: they are dropped. */
void conn_fail_oldest(struct conn *c, int64_t *counter, int64_t now_ns)
{
    count_loss(c, pop_slot(c), counter, now_ns);
    conn_lost(c, LOSS_DROPPED, now_ns);
}

/* Counts the open requests: the newest could not be written, the others lose their connection. */
void conn_lose_unwritten(struct conn *c, int64_t now_ns)
{
    lose_to_error(c, c->unwritten, LOSS_RESET, c->write_error, now_ns);
    lose_to_error(c, 0, LOSS_WRITE, c->write_error, now_ns);
    conn_give_up(c, now_ns);
}

void conn_broke(struct conn *c, int error, int64_t now_ns)
{
    lose_to_error(c, 0, LOSS_RESET, error, now_ns);
    conn_give_up(c, now_ns);
}

/* The newest n requests could not be written. A server that closes before it has read everything
 * may have answered: on_read still gets what it sent, then the end of the stream, which counts the
 * requests that are left. */
static void write_failed(struct conn *c, uint32_t n, int error, int64_t now_ns)
{
    c->is_broken = true;
    c->unwritten = n;
    c->write_error = -error;
    if (error != UV_EPIPE && error != UV_ECONNRESET)
        conn_lose_unwritten(c, now_ns);
}

/* Writes n requests in one call. Only the bytes that the socket does not take are queued. */
static void send_requests(struct conn *c, uint32_t n, int64_t due_ns, int64_t now_ns)
{
    struct conn_env *env = c->env;
    uv_stream_t *stream = &c->socket.stream;
    if (n > env->quota)
        n = (uint32_t)env->quota;
    if (n == 0)
        return;
    if (c->is_writing || c->is_broken)
        return; /* on_written continues, unless a write failed */
    uv_buf_t buf = source_take(&env->source, n);
    int wrote = uv_try_write(stream, &buf, 1);
    open_slots(c, n, buf.len, due_ns, now_ns);
    if (wrote == (int)buf.len)
        return;
    if (wrote < 0 && wrote != UV_EAGAIN) {
        write_failed(c, n, wrote, now_ns);
        return;
    }
    size_t done = wrote > 0 ? (size_t)wrote : 0;
    buf = (uv_buf_t){.base = buf.base + done, .len = buf.len - done};
    c->is_writing = true;
    int error = uv_write(&c->writing, stream, &buf, 1, on_written);
    if (error < 0)
        write_failed(c, n, error, now_ns);
}

/* In a closed loop room for n requests is filled at once: they are due now. */
void conn_use_room(struct conn *c, uint32_t n, int64_t now_ns)
{
    struct conn_env *env = c->env;
    if (env->open_loop == NULL)
        send_requests(c, n, now_ns, now_ns);
    else
        env->on_room(env->open_loop, c, now_ns);
}

/* All that the pipeline has room for. */
static void fill_pipeline(struct conn *c, int64_t now_ns)
{
    if (c->state != CONN_OPEN || c->env->ending)
        return;
    conn_use_room(c, (uint32_t)c->env->spec->pipelining - c->open, now_ns);
}

bool conn_has_room(const struct conn *c)
{
    return c->state == CONN_OPEN && c->open < (uint32_t)c->env->spec->pipelining &&
           !c->is_writing && !c->is_broken;
}

void conn_send(struct conn *c, int64_t due_ns)
{
    int64_t now_ns = clock_now_ns(); /* others of the same callback may have been sent before it */
    int64_t slip_ns = now_ns - due_ns;
    bool counts = due_ns >= c->env->window_ns;
    if (counts) {
        hist_record(c->env->tally.slip, slip_ns);
        c->env->tally.late += slip_ns > RESULT_LATE_NS;
    }
    /* One of the warm-up that is sent late stays one. */
    send_requests(c, 1, counts && c->env->spec->from_sending ? now_ns : due_ns, now_ns);
}

static void on_written(uv_write_t *req, int status)
{
    struct conn *c = req->data;
    if (c->state != CONN_OPEN)
        return; /* closed in the meantime, and counted there */
    int64_t now_ns = clock_now_ns();
    c->is_writing = false;
    if (status < 0)
        write_failed(c, c->open, status, now_ns);
    else
        fill_pipeline(c, now_ns);
}

static void connect_failed(struct conn *c, int error, int64_t now_ns)
{
    deadlines_remove(&c->slots[0].deadline);
    tally_connect_error(&c->env->tally, error);
    c->env->connect_failed_ns = now_ns;
    conn_close(c, CLOSE_BACK_OFF, now_ns);
}

static void on_connect(uv_connect_t *req, int status)
{
    struct conn *c = req->data;
    struct conn_env *env = c->env;
    if (c->state != CONN_CONNECTING)
        return; /* closed in the meantime */
    int64_t now_ns = clock_now_ns();
    if (status < 0) {
        connect_failed(c, -status, now_ns);
        return;
    }
    deadlines_remove(&c->slots[0].deadline);
    hist_record(env->tally.connect, now_ns - c->connect_ns);
    env->tally.counts.connected++;
    end_opening(c);
    c->state = CONN_OPEN;
    c->is_writing = c->is_broken = false;
    env->protocol->begin(c);
    fill_pipeline(c, now_ns);
}

void conn_connect(struct conn *c, int64_t now_ns)
{
    struct conn_env *env = c->env;
    const struct transport *transport = transport_of(&env->spec->address);
    transport->open(env->loop, &c->socket);
    begin_opening(c);
    c->state = CONN_CONNECTING;
    c->head = c->open = 0;
    c->replies = 0;
    c->connect_ns = now_ns;
    deadlines_add(&env->deadlines, &c->slots[0].deadline, now_ns);
    int error = transport->connect(&c->connecting, &c->socket, &env->spec->address, on_connect);
    if (error < 0)
        connect_failed(c, -error, now_ns);
}

void conn_retry(struct conn *c, int64_t now_ns)
{
    struct conn_env *env = c->env;
    end_opening(c);
    c->state = CONN_IDLE;
    if (env->quota == 0)
        return; /* nothing is left to send */
    if (env->open_loop != NULL)
        env->on_shut(env->open_loop, c, now_ns);
    else
        conn_connect(c, now_ns);
}

void conn_expire(struct conn *c, int64_t now_ns)
{
    if (c->state == CONN_CONNECTING)
        connect_failed(c, ETIMEDOUT, now_ns);
    else
        conn_fail_oldest(c, &c->env->tally.counts.timed_out, now_ns);
}

void conn_shut(struct conn *c)
{
    conn_close(c, CLOSE_FOR_GOOD, 0);
}
