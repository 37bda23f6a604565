#include "load/fetch.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "http/response.h"
#include "load/transport.h"

struct fetch {
    union transport_socket socket;
    uv_timer_t timer;
    uv_connect_t connecting;
    uv_write_t writing;
    int open_handles;
    struct fetch_request request;
    struct response reply;
    struct buf bytes, body;
    char chunk[65536];
    bool done;
};

/* Both handles close through here; the last gives the memory back. */
static void on_closed(uv_handle_t *handle)
{
    struct fetch *f = handle->data;
    if (--f->open_handles > 0)
        return;
    buf_fini(&f->bytes);
    buf_fini(&f->body);
    free(f);
}

static void finish(struct fetch *f, const struct err *err)
{
    if (f->done)
        return;
    f->done = true;
    if (err == NULL)
        f->request.on_done(f->request.ctx, f->body.data, f->body.len, NULL);
    else
        f->request.on_done(f->request.ctx, NULL, 0, err);
    uv_close(&f->socket.handle, on_closed);
    uv_close((uv_handle_t *)&f->timer, on_closed);
}

static void fail(struct fetch *f, const char *why)
{
    struct err err;
    (void)err_set(&err, ERR_INVALID, "GET %s: %s", f->request.path, why);
    finish(f, &err);
}

static void on_timeout(uv_timer_t *timer)
{
    fail(timer->data, "no reply in time");
}

static void on_body(void *ctx, const char *bytes, size_t len)
{
    struct fetch *f = ctx;
    buf_add(&f->body, bytes, len);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct fetch *f = handle->data;
    (void)suggested;
    *buf = (uv_buf_t){.base = f->chunk, .len = sizeof f->chunk};
}

static void end_reply(struct fetch *f)
{
    if (f->reply.status != 200)
        fail(f, "the status is not 200");
    else if (f->body.overflow)
        fail(f, "the reply is too large");
    else
        finish(f, NULL);
}

/* 0, or libuv's error of a connection that broke. */
static int broken(const struct fetch *f, ssize_t nread)
{
    return nread == UV_EOF ? -transport_error(&f->socket) : nread < 0 ? (int)nread : 0;
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct fetch *f = stream->data;
    size_t used = 0;
    int error = broken(f, nread);
    if (error < 0) {
        fail(f, uv_strerror(error));
        return;
    }
    enum response_state state = nread >= 0
                                    ? response_feed(&f->reply, buf->base, (size_t)nread, &used)
                                    : response_eof(&f->reply);
    if (state == RESPONSE_BAD)
        fail(f, f->reply.why);
    else if (state == RESPONSE_DONE)
        end_reply(f);
    else if (nread < 0)
        fail(f, "the reply was cut short");
}

/* A server that closes early may have answered: on_read gets the reply, or the error. */
static void on_written(uv_write_t *req, int status)
{
    if (status < 0 && status != UV_ECANCELED && status != UV_EPIPE && status != UV_ECONNRESET)
        fail(req->data, uv_strerror(status));
}

static void on_connect(uv_connect_t *req, int status)
{
    struct fetch *f = req->data;
    if (status == UV_ECANCELED)
        return;
    if (status < 0) {
        fail(f, uv_strerror(status));
        return;
    }
    uv_buf_t buf = {.base = f->bytes.data, .len = f->bytes.len};
    f->writing.data = f;
    (void)uv_read_start(&f->socket.stream, on_alloc, on_read);
    (void)uv_write(&f->writing, &f->socket.stream, &buf, 1, on_written);
}

void fetch_start(uv_loop_t *loop, const struct fetch_request *request)
{
    struct fetch *f = mem_zalloc(sizeof *f);
    f->request = *request;
    f->open_handles = 2;
    f->socket.handle.data = f->timer.data = f->connecting.data = f;
    buf_init(&f->bytes, 4096);
    buf_init(&f->body, FETCH_MAX);
    buf_printf(&f->bytes, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
               request->path);
    response_init(&f->reply, RESPONSE_TO_ANY);
    f->reply.body = on_body;
    f->reply.body_ctx = f;
    const struct transport *transport = transport_of(request->address);
    transport->open(loop, &f->socket);
    (void)uv_timer_init(loop, &f->timer);
    (void)uv_timer_start(&f->timer, on_timeout, (uint64_t)(request->timeout_ns / NS_PER_MS), 0);
    int error = transport->connect(&f->connecting, &f->socket, request->address, on_connect);
    if (error < 0)
        fail(f, uv_strerror(error));
}
