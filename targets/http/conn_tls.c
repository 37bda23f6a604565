/* The TLS of a connection, between its socket and its requests. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "targets/http/conn_internal.h"
#include "targets/http/server_tls.h"

enum phase {
    PHASE_SHAKING,
    PHASE_OPEN,
    PHASE_ENDED, /* we have said that we write no more */
    PHASE_FAILED /* or closed */
};

struct conn_tls {
    struct tls tls;
    enum phase phase;
};

/* ---- writing ---- */

/* Bytes that are no reply's, and wait for room in the socket. */
struct own_write {
    uv_write_t write;
    size_t len;
    char bytes[];
};

static void on_own_written(uv_write_t *req, int status)
{
    struct conn *c = req->handle->data;
    struct own_write *w = req->data;
    c->owed_bytes -= w->len;
    free(w);
    if (status == 0)
        c->settle(c);
}

/* They count as owed, so that a client that makes us answer and reads nothing is read no more. */
static void write_later(struct conn *c, const uv_buf_t *rest)
{
    struct own_write *w = mem_zalloc(sizeof *w + rest->len);
    memcpy(w->bytes, rest->base, rest->len);
    w->len = rest->len;
    w->write.data = w;
    uv_buf_t bytes = {.base = w->bytes, .len = w->len};
    if (uv_write(&w->write, (uv_stream_t *)&c->tcp, &bytes, 1, on_own_written) < 0)
        free(w);
    else
        c->owed_bytes += w->len;
}

/* Empties `from`. That the client is gone is told by the next read, or by the next reply. */
static void write_own(struct conn *c, struct buf *from)
{
    uv_buf_t rest = {.base = from->data, .len = from->len};
    if (rest.len == 0)
        return;
    int wrote = uv_try_write((uv_stream_t *)&c->tcp, &rest, 1);
    if (wrote > 0) {
        rest.base += wrote;
        rest.len -= (size_t)wrote;
    }
    bool may_wait = wrote >= 0 || wrote == UV_EAGAIN;
    if (rest.len > 0 && may_wait && c->state != CONN_CLOSING)
        write_later(c, &rest);
    buf_clear(from);
}

/* OpenSSL cannot write in the middle of a message of the client's, after the handshake. No client
 * splits one over records, so such a connection is given up, too. */
bool conn_tls_seal(struct conn *c, struct buf *reply)
{
    struct buf *out = &c->list->tls->out;
    struct buf records;
    size_t done = 0;
    size_t took = 1;
    /* A record of 16 KiB takes less than 128 bytes more. */
    buf_init(&records, reply->len + reply->len / 128 + TLS_OUT_BYTES);
    while (done < reply->len && took > 0) {
        took = tls_write(&c->tls->tls, reply->data + done, reply->len - done);
        done += took;
        buf_add(&records, out->data, out->len);
        buf_clear(out);
    }
    buf_fini(reply);
    *reply = records;
    return took > 0;
}

void conn_tls_write(struct conn *c, const char *bytes, size_t len)
{
    (void)tls_write(&c->tls->tls, bytes, len);
    write_own(c, &c->list->tls->out);
}

/* ---- reading ---- */

void conn_tls_feed(struct conn *c, const char *bytes, size_t len)
{
    tls_feed(&c->tls->tls, bytes, len);
}

static void count(struct conn_tls *s, enum tls_event event, struct stats *stats)
{
    if (event == TLS_OPENED) {
        s->phase = PHASE_OPEN;
        stats->tls_opened++;
    }
    if (event != TLS_FAILED)
        return;
    if (s->phase == PHASE_SHAKING)
        stats->tls_failed++;
    else if (s->phase == PHASE_OPEN)
        stats->tls_broken++;
    s->phase = PHASE_FAILED;
}

enum tls_event conn_tls_next(struct conn *c, const char **plain, size_t *len)
{
    struct conn_tls *s = c->tls;
    struct server_tls *shared = c->list->tls;
    *plain = shared->plain;
    *len = 0;
    if (s->phase == PHASE_FAILED)
        return TLS_MORE;
    enum tls_event event = tls_next(&s->tls, shared->plain, sizeof shared->plain, len);
    write_own(c, &shared->out);
    count(s, event, c->list->requests.stats);
    return event;
}

/* ---- the life ---- */

void conn_tls_open(struct conn *c)
{
    c->tls = mem_zalloc(sizeof *c->tls);
    tls_open(&c->tls->tls, c->list->tls->context, &c->list->tls->out);
}

void conn_tls_end(struct conn *c)
{
    struct conn_tls *s = c->tls;
    if (s->phase != PHASE_OPEN)
        return;
    s->phase = PHASE_ENDED;
    tls_end(&s->tls);
    write_own(c, &c->list->tls->out);
}

void conn_tls_close(struct conn *c)
{
    if (c->tls->phase == PHASE_SHAKING)
        c->list->requests.stats->tls_failed++;
    conn_tls_end(c);
    c->tls->phase = PHASE_FAILED;
}

void conn_tls_free(struct conn *c)
{
    tls_close(&c->tls->tls);
    free(c->tls);
}
