#include "load/stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "http/response.h"
#include "load/stream_internal.h"

void stream_env_init(struct stream_env *env, const struct stream_env *from)
{
    *env = *from;
    env->buffer = mem_zalloc(STREAM_READ_BYTES);
    env->plain = mem_zalloc(TLS_PLAIN_BYTES);
    buf_init(&env->out, TLS_OUT_BYTES);
}

void stream_env_fini(struct stream_env *env)
{
    free(env->buffer);
    free(env->plain);
    buf_fini(&env->out);
}

void stream_init(struct stream *s, struct stream_env *env)
{
    *s = (struct stream){.env = env};
    s->socket.handle.data = s;
    s->connecting.data = s;
    s->writing.data = s;
    if (env->tls != NULL)
        s->tls = stream_tls_new();
    s->has_written = env->tls != NULL ? stream_tls_written : NULL;
    if (env->tunnel != NULL)
        s->tunnelled = mem_zalloc(sizeof *s->tunnelled);
}

void stream_fini(struct stream *s)
{
    stream_tls_free(s->tls);
    s->tls = NULL;
    free(s->tunnelled);
    s->tunnelled = NULL;
    buf_fini(&s->copied);
}

/* --- reading --- */

/* The proxy has not given its reply yet. */
static bool is_in_tunnel(const struct stream *s)
{
    return s->tunnelled != NULL && s->connected_ns == 0;
}

/* The server ended its side. */
static void read_eof(struct stream *s, int64_t now_ns)
{
    int error = transport_error(&s->socket);
    if (error == 0 && is_in_tunnel(s))
        error = ECONNRESET;
    if (error != 0)
        stream_broke(s, error, now_ns);
    else if (s->tls != NULL)
        stream_tls_eof(s, now_ns);
    else
        s->env->events->on_end(s, now_ns);
}

static void read_failed(struct stream *s, ssize_t nread)
{
    int64_t now_ns = clock_now_ns();
    if (nread == UV_EOF)
        read_eof(s, now_ns);
    else if (nread < 0)
        stream_broke(s, -(int)nread, now_ns);
    /* 0: nothing yet; not the end of file */
}

/* All streams of the thread share the buffer: a read is done with it when it returns. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    (void)suggested;
    const struct stream *s = handle->data;
    *buf = (uv_buf_t){.base = s->env->buffer, .len = STREAM_READ_BYTES};
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct stream *s = stream->data;
    const struct stream_events *events = s->env->events;
    if (nread <= 0) {
        read_failed(s, nread);
        return;
    }
    int64_t now_ns = clock_now_ns();
    events->on_data(s, buf->base, (size_t)nread, now_ns);
    if (events->on_read != NULL && !s->is_closing)
        events->on_read(s, now_ns);
}

static void on_read_tls(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct stream *s = stream->data;
    if (nread > 0)
        stream_tls_feed(s, buf->base, (size_t)nread, clock_now_ns());
    else
        read_failed(s, nread);
}

/* --- opening --- */

static void connected(struct stream *s, int64_t now_ns)
{
    s->connected_ns = now_ns;
    if (s->tls != NULL) {
        (void)uv_read_start(&s->socket.stream, on_alloc, on_read_tls);
        stream_tls_begin(s, now_ns);
    } else {
        (void)uv_read_start(&s->socket.stream, on_alloc, on_read);
        s->env->events->on_open(s, now_ns);
    }
}

/* No server speaks first in what bench has, so bytes behind the proxy's reply belong to nothing. */
static void on_read_tunnel(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct stream *s = stream->data;
    size_t used = 0;
    if (nread <= 0) {
        read_failed(s, nread);
        return;
    }
    enum response_state state = response_feed(s->tunnelled, buf->base, (size_t)nread, &used);
    int64_t now_ns = clock_now_ns();
    if (state == RESPONSE_MORE)
        return;
    (void)uv_read_stop(&s->socket.stream);
    if (state == RESPONSE_BAD || used < (size_t)nread)
        stream_broke(s, EPROTO, now_ns);
    else if (s->tunnelled->status / 100 != 2)
        stream_broke(s, ECONNREFUSED, now_ns);
    else
        connected(s, now_ns);
}

static void ask_for_tunnel(struct stream *s, int64_t now_ns)
{
    char *request = s->env->tunnel;
    response_init(s->tunnelled, RESPONSE_TO_HEAD);
    (void)uv_read_start(&s->socket.stream, on_alloc, on_read_tunnel);
    int error = stream_send(s, request, strlen(request));
    if (error < 0)
        stream_broke(s, -error, now_ns);
}

static void on_connect(uv_connect_t *req, int status)
{
    struct stream *s = req->data;
    if (s->is_closing)
        return;
    int64_t now_ns = clock_now_ns();
    if (status < 0)
        stream_broke(s, -status, now_ns);
    else if (s->tunnelled != NULL)
        ask_for_tunnel(s, now_ns);
    else
        connected(s, now_ns);
}

static const struct sockaddr_storage *next_address(struct stream_env *env)
{
    return env->naddresses > 1 ? &env->address[env->turn++ % env->naddresses] : env->address;
}

int stream_open(struct stream *s)
{
    const struct sockaddr_storage *address = next_address(s->env);
    const struct transport *transport = transport_of(address);
    s->is_writing = s->is_closing = false;
    s->error = s->write_error = 0;
    s->connected_ns = 0;
    transport->open(s->env->loop, &s->socket);
    return transport->connect(&s->connecting, &s->socket, address, on_connect);
}

/* --- writing --- */

int stream_write(struct stream *s, char *bytes, size_t len)
{
    return s->tls == NULL ? stream_send(s, bytes, len) : stream_tls_write(s, bytes, len);
}

int stream_write_copy(struct stream *s, char *bytes, size_t len)
{
    if (s->tls != NULL)
        return stream_tls_write(s, bytes, len); /* which encrypts this much at once */
    uv_buf_t buf = {.base = bytes, .len = len};
    int wrote = uv_try_write(&s->socket.stream, &buf, 1);
    if (wrote == (int)len)
        return 0;
    if (wrote < 0 && wrote != UV_EAGAIN)
        return wrote;
    size_t done = wrote > 0 ? (size_t)wrote : 0;
    if (s->copied.data == NULL)
        buf_init(&s->copied, STREAM_COPY_BYTES);
    buf_clear(&s->copied);
    buf_add(&s->copied, bytes + done, len - done);
    return stream_send(s, s->copied.data, s->copied.len);
}

size_t stream_unwritten(const struct stream *s)
{
    return s->tls == NULL ? uv_stream_get_write_queue_size(&s->socket.stream)
                          : stream_tls_unwritten(s);
}

/* --- the end --- */

static void on_closed(uv_handle_t *handle)
{
    struct stream *s = handle->data;
    s->env->events->on_closed(s);
}

void stream_close(struct stream *s)
{
    if (s->tls != NULL)
        stream_tls_close(s);
    s->is_closing = true;
    uv_close(&s->socket.handle, on_closed);
}

void stream_explain(const struct stream *s, char *text, size_t size)
{
    if (s->error == 0 && s->tls != NULL)
        tls_explain(stream_tls_of(s), text, size);
    else
        (void)snprintf(text, size, "%s", uv_strerror(-s->error));
}
