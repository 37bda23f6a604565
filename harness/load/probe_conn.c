#include "load/probe_conn.h"

#include "base/clock.h"

static void on_closed(uv_handle_t *handle)
{
    struct probe_conn *c = handle->data;
    c->env->on_gone(c->env->ctx, c);
}

void probe_conn_close(struct probe_conn *c)
{
    c->is_open = false;
    c->is_closing = true;
    uv_close(&c->socket.handle, on_closed);
}

static void lose(struct probe_conn *c, int64_t now_ns)
{
    c->env->on_lost(c->env->ctx, c, now_ns);
}

/* False when part of the request is not sent yet: a server that has already answered may never read
 * the rest (RFC 9112, 9.5). */
static bool is_written(const struct probe_conn *c)
{
    return uv_stream_get_write_queue_size(&c->socket.stream) == 0;
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

static void feed(struct probe_conn *c, const char *data, size_t len, int64_t now_ns)
{
    while (len > 0 && c->is_open) {
        size_t used =
            c->has_request ? feed_reply(c, data, len, now_ns) : feed_unasked(c, data, now_ns);
        data += used;
        len -= used;
    }
}

/* The server ended its side: that may be the end of a reply, too. */
static void finish(struct probe_conn *c, int64_t now_ns)
{
    bool whole = c->has_request && transport_error(&c->socket) == 0 &&
                 response_eof(&c->reply) == RESPONSE_DONE;
    if (whole)
        end_request(c, false, now_ns);
    else
        lose(c, now_ns);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    const struct probe_conn *c = handle->data;
    (void)suggested;
    *buf = (uv_buf_t){.base = c->env->buffer, .len = c->env->buffer_size};
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct probe_conn *c = stream->data;
    if (nread == 0)
        return;                      /* nothing yet; not the end of file */
    int64_t now_ns = clock_now_ns(); /* read once and passed down */
    if (nread > 0)
        feed(c, buf->base, (size_t)nread, now_ns);
    else if (nread == UV_EOF)
        finish(c, now_ns);
    else
        lose(c, now_ns);
}

static void on_connect(uv_connect_t *req, int status)
{
    struct probe_conn *c = req->data;
    if (c->is_closing)
        return;
    int64_t now_ns = clock_now_ns();
    if (status < 0) {
        lose(c, now_ns);
        return;
    }
    c->is_open = true;
    (void)uv_read_start(&c->socket.stream, on_alloc, on_read);
    c->env->on_open(c->env->ctx, c, now_ns);
}

/* A server that closes before it has read everything may have answered: on_read still gets what it
 * sent, then the end of the stream. */
static void on_written(uv_write_t *req, int status)
{
    struct probe_conn *c = req->data;
    if (c->is_open && status < 0 && status != UV_EPIPE && status != UV_ECONNRESET)
        lose(c, clock_now_ns());
}

int probe_conn_open(struct probe_conn *c, struct probe_conn_env *env)
{
    *c = (struct probe_conn){.env = env, .next = c->next};
    const struct transport *transport = transport_of(env->address);
    transport->open(env->loop, &c->socket);
    c->socket.handle.data = c;
    c->connecting.data = c;
    c->writing.data = c;
    return transport->connect(&c->connecting, &c->socket, env->address, on_connect);
}

int probe_conn_send(struct probe_conn *c)
{
    uv_buf_t buf = source_take(c->env->source, 1);
    response_init(&c->reply, c->env->source->text.to);
    return uv_write(&c->writing, &c->socket.stream, &buf, 1, on_written);
}
