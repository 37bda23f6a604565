#include "load/fetch.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "http/response.h"
#include "load/stream.h"

struct fetch {
    struct stream stream; /* first, so that it leads here */
    struct stream_env env;
    uv_timer_t timer;
    int open_handles;
    struct fetch_request request;
    struct response reply;
    struct buf bytes, body;
    bool done;
};

/* Both handles close through here; the last gives the memory back. */
static void end(struct fetch *f)
{
    if (--f->open_handles > 0)
        return;
    stream_fini(&f->stream);
    stream_env_fini(&f->env);
    buf_fini(&f->bytes);
    buf_fini(&f->body);
    free(f);
}

static void on_closed(struct stream *s)
{
    end((struct fetch *)s);
}

static void on_timer_closed(uv_handle_t *timer)
{
    end(timer->data);
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
    stream_close(&f->stream);
    uv_close((uv_handle_t *)&f->timer, on_timer_closed);
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

static void end_reply(struct fetch *f)
{
    if (f->reply.status != 200)
        fail(f, "the status is not 200");
    else if (f->body.overflow)
        fail(f, "the reply is too large");
    else
        finish(f, NULL);
}

static void on_data(struct stream *s, const char *bytes, size_t len, int64_t now_ns)
{
    struct fetch *f = (struct fetch *)s;
    size_t used = 0;
    (void)now_ns;
    enum response_state state = response_feed(&f->reply, bytes, len, &used);
    if (state == RESPONSE_BAD)
        fail(f, f->reply.why);
    else if (state == RESPONSE_DONE)
        end_reply(f);
}

static void on_end(struct stream *s, int64_t now_ns)
{
    struct fetch *f = (struct fetch *)s;
    (void)now_ns;
    if (response_eof(&f->reply) == RESPONSE_DONE)
        end_reply(f);
    else
        fail(f, "the reply was cut short");
}

static void on_broken(struct stream *s, int64_t now_ns)
{
    char why[512];
    (void)now_ns;
    stream_explain(s, why, sizeof why);
    fail((struct fetch *)s, why);
}

/* A server that closes early may have answered: the reply is read, or the error. */
static void on_written(struct stream *s, int64_t now_ns)
{
    int error = s->write_error;
    (void)now_ns;
    if (error != 0 && error != EPIPE && error != ECONNRESET)
        fail((struct fetch *)s, uv_strerror(-error));
}

static void on_open(struct stream *s, int64_t now_ns)
{
    struct fetch *f = (struct fetch *)s;
    (void)now_ns;
    int error = stream_write(s, f->bytes.data, f->bytes.len);
    if (error < 0)
        fail(f, uv_strerror(error));
}

static const struct stream_events events = {
    .on_open = on_open,
    .on_data = on_data,
    .on_end = on_end,
    .on_broken = on_broken,
    .on_written = on_written,
    .on_closed = on_closed,
};

void fetch_start(uv_loop_t *loop, const struct fetch_request *request)
{
    struct fetch *f = mem_zalloc(sizeof *f);
    const struct stream_env env = {
        .loop = loop, .address = request->address, .events = &events, .tls = request->tls};
    f->request = *request;
    f->open_handles = 2;
    f->timer.data = f;
    buf_init(&f->bytes, 4096);
    buf_init(&f->body, FETCH_MAX);
    buf_printf(&f->bytes, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
               request->path);
    response_init(&f->reply, RESPONSE_TO_ANY);
    f->reply.body = on_body;
    f->reply.ctx = f;
    stream_env_init(&f->env, &env);
    stream_init(&f->stream, &f->env);
    (void)uv_timer_init(loop, &f->timer);
    (void)uv_timer_start(&f->timer, on_timeout, (uint64_t)(request->timeout_ns / NS_PER_MS), 0);
    int error = stream_open(&f->stream);
    if (error < 0)
        fail(f, uv_strerror(error));
}
