#include "load/probe_conn.h"

#include <errno.h>
#include <stddef.h>

static struct probe_conn *conn_of(struct stream *s)
{
    return (struct probe_conn *)(void *)((char *)s - offsetof(struct probe_conn, stream));
}

static void on_closed(struct stream *s)
{
    struct probe_conn *c = conn_of(s);
    stream_fini(s);
    c->env->on_gone(c->env->ctx, c);
}

void probe_conn_close(struct probe_conn *c)
{
    c->is_open = false;
    stream_close(&c->stream);
}

static void lose(struct probe_conn *c, int64_t now_ns)
{
    c->env->on_lost(c->env->ctx, c, now_ns);
}

/* False when part of the request is not sent yet: a server that has already answered may never read
 * the rest (RFC 9112, 9.5). */
static bool is_written(const struct probe_conn *c)
{
    return !c->stream.is_writing;
}

static void end_request(struct probe_conn *c, bool keeps, int64_t now_ns)
{
    c->has_request = false;
    c->replies++;
    c->env->on_reply(c->env->ctx, c, keeps && !c->env->source->text.is_one_shot && is_written(c),
                     now_ns);
}

/* An empty line behind a reply is harmless (RFC 9112, 2.2). Returns how many bytes were used. */
static size_t feed_unasked(struct probe_conn *c, const char *data, int64_t now_ns)
{
    if (*data != '\r' && *data != '\n')
        lose(c, now_ns);
    return 1;
}

static size_t feed_reply(struct probe_conn *c, const char *data, size_t len, int64_t now_ns)
{
    size_t used = 0;
    enum response_state state = response_feed(&c->reply, data, len, &used);
    if (state == RESPONSE_DONE)
        end_request(c, c->reply.keep_alive, now_ns);
    else if (state == RESPONSE_BAD)
        lose(c, now_ns);
    return used;
}

static void on_data(struct stream *s, const char *bytes, size_t len, int64_t now_ns)
{
    struct probe_conn *c = conn_of(s);
    while (len > 0 && c->is_open) {
        size_t used =
            c->has_request ? feed_reply(c, bytes, len, now_ns) : feed_unasked(c, bytes, now_ns);
        bytes += used;
        len -= used;
    }
}

/* The server ended its side: that may be the end of a reply, too. */
static void on_end(struct stream *s, int64_t now_ns)
{
    struct probe_conn *c = conn_of(s);
    if (c->has_request && response_eof(&c->reply) == RESPONSE_DONE)
        end_request(c, false, now_ns);
    else
        lose(c, now_ns);
}

static void on_broken(struct stream *s, int64_t now_ns)
{
    lose(conn_of(s), now_ns);
}

static void on_open(struct stream *s, int64_t now_ns)
{
    struct probe_conn *c = conn_of(s);
    c->is_open = true;
    c->env->on_open(c->env->ctx, c, now_ns);
}

/* A server that closes before it has read everything may have answered: what it sent is still read,
 * then the end of the stream. */
static void on_written(struct stream *s, int64_t now_ns)
{
    struct probe_conn *c = conn_of(s);
    if (c->is_open && s->write_error != 0 && s->write_error != EPIPE &&
        s->write_error != ECONNRESET)
        lose(c, now_ns);
}

const struct stream_events probe_conn_stream_events = {
    .on_open = on_open,
    .on_data = on_data,
    .on_end = on_end,
    .on_broken = on_broken,
    .on_written = on_written,
    .on_closed = on_closed,
};

int probe_conn_open(struct probe_conn *c, struct probe_conn_env *env)
{
    *c = (struct probe_conn){.env = env, .next = c->next};
    stream_init(&c->stream, &env->streams);
    return stream_open(&c->stream);
}

int probe_conn_send(struct probe_conn *c)
{
    uv_buf_t buf = source_take(c->env->source, 1);
    response_init(&c->reply, c->env->source->text.to);
    return stream_write(&c->stream, buf.base, buf.len);
}
