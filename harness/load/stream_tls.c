#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/stream_internal.h"

/* A peer that makes this side answer all the time and does not read. */
#define WAITING_BYTES ((size_t)65536)
/* Messages of TLS, such as new keys or tickets, with no data in between. A peer that goes on with
 * them would keep the thread busy for ever. */
#define IDLE_BYTES ((size_t)131072)

struct stream_tls {
    struct tls tls;
    struct buf sending; /* encrypted, and queued in libuv */
    struct buf waiting; /* encrypted, for when that is written */
    char *rest;         /* of the owner's write: not encrypted yet */
    size_t rest_len;
    size_t plain_len; /* of the owner's write that is in sending */
    size_t idle_len;  /* read since the handshake or the last data */
};

struct stream_tls *stream_tls_new(void)
{
    struct stream_tls *t = mem_zalloc(sizeof *t);
    buf_init(&t->sending, TLS_OUT_BYTES);
    buf_init(&t->waiting, WAITING_BYTES);
    return t;
}

void stream_tls_free(struct stream_tls *t)
{
    if (t == NULL)
        return;
    tls_close(&t->tls);
    buf_fini(&t->sending);
    buf_fini(&t->waiting);
    free(t);
}

const struct tls *stream_tls_of(const struct stream *s)
{
    return s->tls == NULL ? NULL : &s->tls->tls;
}

/* --- writing --- */

/* Writes what TLS has added to `out`. The rest of it is copied, because others use `out` too. */
static int flush(struct stream *s)
{
    struct stream_tls *t = s->tls;
    struct buf *out = &s->env->out;
    uv_buf_t buf = {.base = out->data, .len = out->len};
    if (buf.len == 0)
        return 0;
    out->len = 0; /* what is there stays until somebody adds to it */
    if (s->is_writing) {
        buf_add(&t->waiting, buf.base, buf.len);
        return t->waiting.overflow ? UV_ENOBUFS : 0;
    }
    int wrote = uv_try_write(&s->socket.stream, &buf, 1);
    if (wrote == (int)buf.len)
        return 0;
    if (wrote < 0 && wrote != UV_EAGAIN)
        return wrote;
    size_t done = wrote > 0 ? (size_t)wrote : 0;
    buf_clear(&t->sending);
    buf_add(&t->sending, buf.base + done, buf.len - done);
    return stream_send(s, t->sending.data, t->sending.len);
}

/* Encrypts and writes what is left of the owner's bytes, as long as the socket takes them. */
static int write_rest(struct stream *s)
{
    struct stream_tls *t = s->tls;
    while (t->rest_len > 0 && !s->is_writing) {
        size_t took = tls_write(&t->tls, t->rest, t->rest_len);
        if (t->tls.state == TLS_BROKEN)
            return UV_EPROTO;
        t->rest += took;
        t->rest_len -= took;
        t->plain_len = took;
        int error = flush(s);
        if (error < 0)
            return error;
        if (took == 0)
            break; /* a message of the peer is to be read first */
    }
    return 0;
}

int stream_tls_write(struct stream *s, char *bytes, size_t len)
{
    struct stream_tls *t = s->tls;
    t->rest = bytes;
    t->rest_len = len;
    int error = write_rest(s);
    if (error == 0 && t->rest_len > 0)
        s->is_writing = true;
    return error;
}

bool stream_tls_written(struct stream *s)
{
    struct stream_tls *t = s->tls;
    int error = 0;
    t->plain_len = 0;
    if (t->waiting.len > 0) {
        buf_clear(&t->sending); /* no swap: the ceilings differ */
        buf_add(&t->sending, t->waiting.data, t->waiting.len);
        buf_clear(&t->waiting);
        error = stream_send(s, t->sending.data, t->sending.len);
    }
    if (error == 0 && !s->is_writing)
        error = write_rest(s);
    if (error == 0 && t->rest_len > 0)
        s->is_writing = true;
    s->write_error = -error;
    return error < 0 || !s->is_writing;
}

/* A record has more bytes than its text, so of a part of it as large a part of the text is taken to
 * be unwritten. */
size_t stream_tls_unwritten(const struct stream *s)
{
    const struct stream_tls *t = s->tls;
    size_t queued = uv_stream_get_write_queue_size(&s->socket.stream);
    size_t of_text = queued == 0 || t->sending.len == 0
                         ? 0
                         : (size_t)((double)t->plain_len * (double)queued / (double)t->sending.len);
    return t->rest_len + (of_text < t->plain_len ? of_text : t->plain_len);
}

/* --- reading --- */

/* One that has no protocol where one must be chosen speaks HTTP/1.1. */
static bool has_chosen(const struct stream *s)
{
    struct tls_facts facts;
    if (s->env->alpn == NULL)
        return true;
    tls_describe(&s->tls->tls, &facts);
    return strcmp(facts.alpn, s->env->alpn) == 0;
}

static void opened(struct stream *s, int64_t now_ns)
{
    if (has_chosen(s)) {
        s->env->events->on_open(s, now_ns);
        return;
    }
    s->tls->tls.trouble = TLS_TROUBLE_ALPN;
    stream_broke(s, 0, now_ns);
}

/* Nothing more is to be had of the bytes that were fed. */
static void end_read(struct stream *s, enum tls_event event, int64_t now_ns)
{
    if (event == TLS_CLOSED)
        s->env->events->on_end(s, now_ns);
    else if (event == TLS_FAILED)
        stream_broke(s, 0, now_ns);
}

/* The len bytes in `plain` are those of TLS_DATA. */
static void take_event(struct stream *s, enum tls_event event, size_t len, int64_t now_ns)
{
    if (event == TLS_DATA || event == TLS_OPENED)
        s->tls->idle_len = 0;
    if (event == TLS_DATA)
        s->env->events->on_data(s, s->env->plain, len, now_ns);
    else if (event == TLS_OPENED)
        opened(s, now_ns);
}

static bool is_fatal(int error)
{
    return error < 0 && error != UV_EPIPE && error != UV_ECONNRESET;
}

/* Hands on what the bytes that were fed lead to. */
static void pump(struct stream *s, int64_t now_ns)
{
    const struct stream_events *events = s->env->events;
    enum tls_event event = TLS_OPENED;
    bool has_data = false;
    while (!s->is_closing && (event == TLS_OPENED || event == TLS_DATA)) {
        size_t len = 0;
        event = tls_next(&s->tls->tls, s->env->plain, TLS_PLAIN_BYTES, &len);
        int error = s->env->out.len > 0 ? flush(s) : 0;
        has_data = has_data || event == TLS_DATA;
        take_event(s, event, len, now_ns);
        if (event == TLS_MORE && is_fatal(error))
            stream_broke(s, -error, now_ns);
    }
    /* Nothing is written to a stream that is known to have ended. */
    if (has_data && event == TLS_MORE && events->on_read != NULL && !s->is_closing)
        events->on_read(s, now_ns);
    if (!s->is_closing)
        end_read(s, event, now_ns);
}

void stream_tls_begin(struct stream *s, int64_t now_ns)
{
    struct stream_tls *t = s->tls;
    buf_clear(&t->sending);
    buf_clear(&t->waiting);
    t->waiting.overflow = false;
    t->rest_len = t->plain_len = t->idle_len = 0;
    tls_open(&t->tls, s->env->tls, &s->env->out);
    pump(s, now_ns); /* which writes the first bytes */
}

void stream_tls_feed(struct stream *s, const char *bytes, size_t len, int64_t now_ns)
{
    tls_feed(&s->tls->tls, bytes, len);
    s->tls->idle_len += len;
    pump(s, now_ns);
    if (!s->is_closing && s->tls->tls.state == TLS_OPEN && s->tls->idle_len > IDLE_BYTES) {
        s->tls->tls.trouble = TLS_TROUBLE_IDLE;
        stream_broke(s, 0, now_ns);
    }
    if (s->is_closing || s->tls->rest_len == 0 ||
        uv_stream_get_write_queue_size(&s->socket.stream) > 0)
        return;
    s->is_writing = false; /* the write waited for a message, which may have come */
    if (stream_tls_written(s))
        s->env->events->on_written(s, now_ns);
}

void stream_tls_eof(struct stream *s, int64_t now_ns)
{
    if (tls_eof(&s->tls->tls) == TLS_CLOSED)
        s->env->events->on_end(s, now_ns);
    else
        stream_broke(s, 0, now_ns);
}

/* The peer is told, unless bytes before that are still queued. */
void stream_tls_close(struct stream *s)
{
    struct stream_tls *t = s->tls;
    if (!s->is_writing && (t->tls.state == TLS_OPEN || t->tls.state == TLS_ENDED)) {
        tls_end(&t->tls);
        (void)flush(s);
    }
    s->env->out.len = 0;
    tls_close(&t->tls);
}
