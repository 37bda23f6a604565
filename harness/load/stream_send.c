#include "base/clock.h"
#include "load/stream_internal.h"

static void on_written(uv_write_t *req, int status)
{
    struct stream *s = req->data;
    if (s->is_closing)
        return;
    s->is_writing = false;
    s->write_error = status < 0 ? -status : 0;
    if (status == 0 && s->has_written != NULL && !s->has_written(s))
        return;
    s->env->events->on_written(s, clock_now_ns());
}

int stream_send(struct stream *s, char *bytes, size_t len)
{
    uv_buf_t buf = {.base = bytes, .len = len};
    int wrote = uv_try_write(&s->socket.stream, &buf, 1);
    if (wrote == (int)len)
        return 0;
    if (wrote < 0 && wrote != UV_EAGAIN)
        return wrote;
    size_t done = wrote > 0 ? (size_t)wrote : 0;
    buf = (uv_buf_t){.base = buf.base + done, .len = buf.len - done};
    s->is_writing = true;
    return uv_write(&s->writing, &s->socket.stream, &buf, 1, on_written);
}

void stream_broke(struct stream *s, int error, int64_t now_ns)
{
    s->error = error;
    s->env->events->on_broken(s, now_ns);
}
