#include "load/conn.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "load/in_flight.h"
#include "load/socket_error.h"

#define BACKOFF_FIRST_NS (10 * NS_PER_MS)
#define BACKOFF_MAX_NS   NS_PER_S

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf);
static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf);
static void on_written(uv_write_t *req, int status);

/* The body is compared piece by piece and not kept. */
static void on_body(void *ctx, const char *bytes, size_t len)
{
    struct conn *c = ctx;
    const struct load_spec *spec = c->env->spec;
    bool fits = len <= spec->expected_len - c->matched;
    if (c->mismatch || !fits || memcmp(spec->expected_body + c->matched, bytes, len) != 0)
        c->mismatch = true;
    else
        c->matched += len;
}

static void expect_reply(struct conn *c)
{
    const struct load_spec *spec = c->env->spec;
    response_init(&c->reply, spec->to);
    c->reply_bytes = 0;
    if (spec->expected_body != NULL) {
        c->reply.body = on_body;
        c->reply.body_ctx = c;
        c->matched = 0;
        c->mismatch = false;
    }
}

void conn_init(struct conn *c, struct conn_env *env, struct slot *slots)
{
    *c = (struct conn){.env = env, .slots = slots, .state = CONN_IDLE};
    c->tcp.data = c;
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
    } else {
        conn_connect(c, now_ns);
    }
}

enum after_close { CLOSE_REOPEN, CLOSE_BACK_OFF, CLOSE_FOR_GOOD };

static void conn_close(struct conn *c, enum after_close after, int64_t now_ns)
{
    if (c->state != CONN_CONNECTING && c->state != CONN_OPEN)
        return; /* there is no socket */
    if (c->replies > 0)
        c->last_backoff_ns = 0;
    c->state = CONN_CLOSING;
    c->reopen = after != CLOSE_FOR_GOOD;
    c->back_off = after == CLOSE_BACK_OFF;
    if (c->back_off) {
        int64_t next = c->last_backoff_ns == 0 ? BACKOFF_FIRST_NS : c->last_backoff_ns * 2;
        c->last_backoff_ns = next > BACKOFF_MAX_NS ? BACKOFF_MAX_NS : next;
        /* Half of it is random, so that a thousand refused connections do not all retry at once. */
        double part = 0.5 + 0.5 * rng_unit(&c->env->rng);
        c->retry_ns = now_ns + (int64_t)((double)c->last_backoff_ns * part);
    }
    uv_close((uv_handle_t *)&c->tcp, on_closed);
}

/* Tells the owner once the quota is used up and none of its requests is open. */
static void check_quota_done(struct conn_env *env, int64_t now_ns)
{
    if (env->quota == 0 && env->pending == 0)
        env->on_quota_done(env->ctx, now_ns);
}

/* Closes a connection that can no longer be used. Every open request on it has been counted. */
static void give_up(struct conn *c, int64_t now_ns)
{
    conn_close(c, c->replies > 0 ? CLOSE_REOPEN : CLOSE_BACK_OFF, now_ns);
    check_quota_done(c->env, now_ns);
}

static void conn_lost(struct conn *c, enum loss_kind kind, int64_t now_ns)
{
    lose_open(c, kind, now_ns);
    give_up(c, now_ns);
}

/* Counts the oldest request in `counter`. Those behind it are not at fault: they are dropped. */
static void conn_fail_oldest(struct conn *c, int64_t *counter, int64_t now_ns)
{
    count_loss(c, pop_slot(c), counter, now_ns);
    conn_lost(c, LOSS_DROPPED, now_ns);
}

/* Counts the open requests: the newest could not be written, the others lose their connection. */
static void lose_unwritten(struct conn *c, int64_t now_ns)
{
    lose_to_error(c, c->unwritten, LOSS_RESET, c->write_error, now_ns);
    lose_to_error(c, 0, LOSS_WRITE, c->write_error, now_ns);
    give_up(c, now_ns);
}

static void conn_broke(struct conn *c, int error, int64_t now_ns)
{
    lose_to_error(c, 0, LOSS_RESET, error, now_ns);
    give_up(c, now_ns);
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
        lose_unwritten(c, now_ns);
}

/* Writes n requests in one call. Only the bytes that the socket does not take are queued. */
static void send_requests(struct conn *c, uint32_t n, int64_t now_ns)
{
    struct conn_env *env = c->env;
    uv_stream_t *stream = (uv_stream_t *)&c->tcp;
    if (n > env->quota)
        n = (uint32_t)env->quota;
    if (n == 0)
        return;
    if (c->is_writing || c->is_broken)
        return; /* on_written continues, unless a write failed */
    size_t len = n * env->spec->request_len;
    uv_buf_t buf = {.base = env->requests, .len = len};
    int wrote = uv_try_write(stream, &buf, 1);
    open_slots(c, n, now_ns);
    if (wrote == (int)len)
        return;
    if (wrote < 0 && wrote != UV_EAGAIN) {
        write_failed(c, n, wrote, now_ns);
        return;
    }
    size_t done = wrote > 0 ? (size_t)wrote : 0;
    buf = (uv_buf_t){.base = env->requests + done, .len = len - done};
    c->is_writing = true;
    int error = uv_write(&c->writing, stream, &buf, 1, on_written);
    if (error < 0)
        write_failed(c, n, error, now_ns);
}

/* Sends as many requests as the pipeline has room for. */
static void fill_pipeline(struct conn *c, int64_t now_ns)
{
    if (c->state != CONN_OPEN || c->env->ending)
        return;
    send_requests(c, (uint32_t)c->env->spec->pipelining - c->open, now_ns);
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

/* Counts one whole reply. */
static void request_done(struct conn *c, int64_t now_ns)
{
    struct conn_env *env = c->env;
    struct tally *t = &env->tally;
    struct slot *s = pop_slot(c);
    c->replies++;
    env->last_reply_ns = now_ns;
    if (in_window(env, s)) {
        int64_t latency_ns = now_ns - s->deadline.since_ns;
        hist_record(t->latency, latency_ns);
        t->counts.completed++;
        t->counts.statuses[c->reply.status]++;
        t->counts.bytes_received += (int64_t)c->reply_bytes;
        c->completed++;
        if (s->first_byte_ns != 0) {
            hist_record(t->split_latency, latency_ns);
            hist_record(t->split_first_byte, s->first_byte_ns - s->deadline.since_ns);
        }
        if (env->spec->expected_body != NULL && c->reply.status / 100 == 2)
            t->counts.mismatches += c->mismatch || c->matched != env->spec->expected_len;
    }
    s->first_byte_ns = 0;
}

/* The reply came before its request was written to the end: the server does not want the rest, and
 * may never read it (RFC 9112, 9.5). */
static bool is_unwritten(const struct conn *c)
{
    size_t queued = uv_stream_get_write_queue_size((const uv_stream_t *)&c->tcp);
    return queued > c->open * c->env->spec->request_len;
}

/* Bytes beyond the last reply could be taken for the next one; an empty line is harmless (RFC 9112,
 * 2.2). Returns how many were used. */
static size_t feed_unasked(struct conn *c, const char *data, int64_t now_ns)
{
    if (*data == '\r' || *data == '\n')
        return 1;
    c->env->tally.counts.unasked++;
    give_up(c, now_ns);
    return 0;
}

/* What follows a whole reply. */
static void end_reply(struct conn *c, int64_t now_ns)
{
    bool keep_alive = c->reply.keep_alive && !c->env->spec->is_one_shot;
    request_done(c, now_ns);
    if (!keep_alive)
        conn_lost(c, LOSS_EOF, now_ns); /* requests pipelined behind it get no reply */
    else if (c->is_writing && is_unwritten(c))
        conn_lost(c, LOSS_DROPPED, now_ns);
    else
        expect_reply(c);
}

static void conn_misread(struct conn *c, int64_t now_ns)
{
    struct tally *t = &c->env->tally;
    int64_t before = t->counts.failed[LOSS_PARSE];
    const char *why = c->reply.why;
    conn_fail_oldest(c, &t->counts.failed[LOSS_PARSE], now_ns);
    tally_reason(t, &(struct tally_reason){.kind = LOSS_PARSE,
                                           .why = why,
                                           .count = t->counts.failed[LOSS_PARSE] - before});
}

/* Returns how many bytes belong to the reply of the oldest request. */
static size_t feed_reply(struct conn *c, const char *data, size_t len, int64_t now_ns)
{
    size_t used = 0;
    enum response_state state = response_feed(&c->reply, data, len, &used);
    c->reply_bytes += used;
    if (state == RESPONSE_DONE) {
        end_reply(c, now_ns);
    } else if (state == RESPONSE_BAD) {
        conn_misread(c, now_ns);
    } else {
        struct slot *s = &c->slots[c->head];
        if (s->first_byte_ns == 0)
            s->first_byte_ns = now_ns;
    }
    return used;
}

static void conn_feed(struct conn *c, const char *data, size_t len, int64_t now_ns)
{
    uint32_t open = c->open;
    while (len > 0 && c->state == CONN_OPEN) {
        size_t used =
            c->open > 0 ? feed_reply(c, data, len, now_ns) : feed_unasked(c, data, now_ns);
        data += used;
        len -= used;
    }
    if (c->state != CONN_OPEN)
        return;
    check_quota_done(c->env, now_ns);
    if (c->open < open)
        send_requests(c, open - c->open, now_ns);
}

/* The server ended its side: that may be the end of a reply, too. */
static void conn_finish(struct conn *c, int64_t now_ns)
{
    if (c->open > 0 && response_eof(&c->reply) == RESPONSE_DONE)
        request_done(c, now_ns);
    conn_lost(c, LOSS_EOF, now_ns);
}

static void conn_eof(struct conn *c, int64_t now_ns)
{
    int error = socket_error(&c->tcp);
    if (c->is_broken)
        lose_unwritten(c, now_ns);
    else if (error != 0)
        conn_broke(c, error, now_ns);
    else
        conn_finish(c, now_ns);
}

/* All connections of the thread share the buffer: on_read is done with it when it returns. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    const struct conn *c = handle->data;
    *buf = (uv_buf_t){.base = c->env->buffer, .len = CONN_BUFFER_BYTES};
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct conn *c = stream->data;
    if (nread == 0)
        return;                      /* nothing yet; not the end of file */
    int64_t now_ns = clock_now_ns(); /* read once and passed down */
    if (nread > 0)
        conn_feed(c, buf->base, (size_t)nread, now_ns);
    else if (nread == UV_EOF)
        conn_eof(c, now_ns);
    else if (c->is_broken)
        lose_unwritten(c, now_ns);
    else
        conn_broke(c, -(int)nread, now_ns);
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
    c->state = CONN_OPEN;
    c->is_writing = c->is_broken = false;
    expect_reply(c);
    (void)uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
    fill_pipeline(c, now_ns);
}

void conn_connect(struct conn *c, int64_t now_ns)
{
    struct conn_env *env = c->env;
    (void)uv_tcp_init(env->loop, &c->tcp);
    (void)uv_tcp_nodelay(&c->tcp, 1);
    c->state = CONN_CONNECTING;
    c->head = c->open = 0;
    c->replies = 0;
    c->connect_ns = now_ns;
    deadlines_add(&env->deadlines, &c->slots[0].deadline, now_ns);
    int error = uv_tcp_connect(&c->connecting, &c->tcp,
                               (const struct sockaddr *)&env->spec->address, on_connect);
    if (error < 0)
        connect_failed(c, -error, now_ns);
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
