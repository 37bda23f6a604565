#include "base/clock.h"
#include "load/conn_internal.h"
#include "load/in_flight.h"

static void next_reply(struct conn *c)
{
    const struct source *source = &c->env->source;
    response_init(&c->reply, source->text.to);
    source_expect(source, &c->check, &c->reply);
    c->reply_bytes = 0;
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
        int64_t latency_ns = now_ns - s->due_ns;
        hist_record(t->latency, latency_ns);
        if (env->open_loop != NULL)
            hist_record(t->service, now_ns - s->deadline.since_ns);
        t->counts.completed++;
        t->counts.statuses[c->reply.status]++;
        t->counts.bytes_received += (int64_t)c->reply_bytes;
        c->completed++;
        if (s->first_byte_ns != 0) {
            hist_record(t->split_latency, latency_ns);
            hist_record(t->split_first_byte, s->first_byte_ns - s->due_ns);
        }
        t->counts.mismatches += source_differs(&env->source, &c->check, c->reply.status);
    }
    s->first_byte_ns = 0;
}

/* The reply came before its request was written to the end: the server does not want the rest, and
 * may never read it (RFC 9112, 9.5). */
static bool is_unwritten(const struct conn *c)
{
    size_t queued = uv_stream_get_write_queue_size(&c->socket.stream);
    return queued > source_bytes(&c->env->source, c->open);
}

/* Bytes beyond the last reply could be taken for the next one; an empty line is harmless (RFC 9112,
 * 2.2). Returns how many were used. */
static size_t feed_unasked(struct conn *c, const char *data, int64_t now_ns)
{
    if (*data == '\r' || *data == '\n')
        return 1;
    c->env->tally.counts.unasked++;
    conn_give_up(c, now_ns);
    return 0;
}

/* What follows a whole reply. */
static void end_reply(struct conn *c, int64_t now_ns)
{
    bool keep_alive = c->reply.keep_alive && !c->env->source.text.is_one_shot;
    request_done(c, now_ns);
    if (!keep_alive)
        conn_lost(c, LOSS_EOF, now_ns); /* requests pipelined behind it get no reply */
    else if (c->is_writing && is_unwritten(c))
        conn_lost(c, LOSS_DROPPED, now_ns);
    else
        next_reply(c);
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
    conn_check_quota(c->env, now_ns);
    if (c->open < open)
        conn_use_room(c, open - c->open, now_ns);
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
    int error = transport_error(&c->socket);
    if (c->is_broken)
        conn_lose_unwritten(c, now_ns);
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
        conn_lose_unwritten(c, now_ns);
    else
        conn_broke(c, -(int)nread, now_ns);
}

static void begin(struct conn *c)
{
    next_reply(c);
    (void)uv_read_start(&c->socket.stream, on_alloc, on_read);
}

const struct protocol protocol_http1 = {.begin = begin};
