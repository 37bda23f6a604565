/* The connection's replies, in the order of its requests. */
#include "targets/http/conn_internal.h"

static void leave(struct conn *c, struct request *r, enum request_end end)
{
    c->owed--;
    c->owed_bytes -= r->held;
    request_end(r, end);
}

/* The socket has the whole reply. */
static void taken(struct conn *c, struct request *r)
{
    if (!c->ended) {
        leave(c, r, REQUEST_WRITTEN);
        return;
    }
    c->owed--;
    c->owed_bytes -= r->held;
    buf_fini(&r->reply);
    r->next = c->unconfirmed;
    c->unconfirmed = r;
}

static void on_written(uv_write_t *req, int status)
{
    struct conn *c = req->handle->data;
    c->writing--;
    if (status < 0) {
        leave(c, req->data, REQUEST_LOST);
        conn_close(c);
        return;
    }
    taken(c, req->data);
    if (!c->receiving)
        conn_await_idle(c);
    c->settle(c);
}

static void write_reply(struct conn *c, struct request *r)
{
    uv_stream_t *stream = (uv_stream_t *)&c->tcp;
    uv_buf_t rest = {.base = r->reply.data, .len = r->reply.len};
    int written = uv_try_write(stream, &rest, 1);
    if (written >= 0 && (size_t)written == r->reply.len) {
        taken(c, r);
        return;
    }
    if (written > 0) {
        rest.base += written;
        rest.len -= (size_t)written;
    }
    r->write.data = r;
    if ((written < 0 && written != UV_EAGAIN) ||
        uv_write(&r->write, stream, &rest, 1, on_written) < 0) {
        leave(c, r, REQUEST_LOST);
        conn_close(c);
        return;
    }
    if (c->writing++ == 0 && !c->receiving)
        conn_await_idle(c);
}

void conn_write_replies(struct conn *c)
{
    while (c->first != NULL && c->first->outcome != REQUEST_OPEN) {
        struct request *r = c->first;
        if (c->tls != NULL && !conn_tls_seal(c, &r->reply)) {
            conn_close(c);
            return;
        }
        c->first = r->next;
        if (c->first == NULL)
            c->last = NULL;
        write_reply(c, r);
    }
}
