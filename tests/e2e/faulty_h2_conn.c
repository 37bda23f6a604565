/* One connection: its frames, its HPACK, and which requests are open. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "faulty_h2.h"
#include "support/h2_frames.h"

#define FRAME_HEAD   9
#define PRIORITY_LEN 5
#define PREFACE_LEN  (sizeof NGHTTP2_CLIENT_MAGIC - 1)
#define OUT_MAX      ((size_t)16 << 20)

/* --- reading --- */

struct frame {
    size_t len;
    uint8_t type, flags;
    uint32_t id;
};

static int read_exactly(struct h2_peer *p, void *bytes, size_t len)
{
    uint8_t *to = bytes;
    while (len > 0) {
        ssize_t n = recv(p->fd, to, len, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        to += n;
        len -= (size_t)n;
    }
    return 0;
}

static uint32_t number(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static int read_frame(struct h2_peer *p, struct frame *f)
{
    uint8_t head[FRAME_HEAD];
    if (read_exactly(p, head, sizeof head) < 0)
        return -1;
    *f = (struct frame){.len = number(head) >> 8,
                        .type = head[3],
                        .flags = head[4],
                        .id = number(head + 5) & INT32_MAX};
    return f->len > sizeof p->payload ? -1 : read_exactly(p, p->payload, f->len);
}

/* A connection that was only opened to see whether there is a server sends nothing. */
static int read_preface(struct h2_peer *p)
{
    char preface[PREFACE_LEN];
    if (recv(p->fd, preface, 1, MSG_PEEK) <= 0)
        return -1;
    if (read_exactly(p, preface, sizeof preface) == 0 &&
        memcmp(preface, NGHTTP2_CLIENT_MAGIC, sizeof preface) == 0)
        return 0;
    atomic_fetch_add(&p->server->totals.foreign, 1);
    return -1;
}

static bool may_read(const struct h2_peer *p)
{
    struct pollfd more = {.fd = p->fd, .events = POLLIN};
    return poll(&more, 1, 0) > 0;
}

/* --- writing --- */

static int send_all(const struct h2_peer *p)
{
    const char *bytes = p->out.data;
    size_t len = p->out.len;
    while (len > 0) {
        ssize_t n = send(p->fd, bytes, len, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        bytes += n;
        len -= (size_t)n;
    }
    return 0;
}

int h2_peer_send(struct h2_peer *p)
{
    int failed = send_all(p);
    buf_clear(&p->out);
    if (failed < 0)
        p->after = H2_FIN;
    return failed;
}

void h2_peer_send_replies(struct h2_peer *p, size_t path, int count)
{
    struct h2_faulty *s = p->server;
    atomic_long *replies = &s->counts[path].replies;
    (void)pthread_mutex_lock(&s->lock);
    bool is_closed = s->closed;
    if (!is_closed)
        atomic_fetch_add(replies, count);
    (void)pthread_mutex_unlock(&s->lock);
    if (is_closed)
        p->after = H2_FIN;
    else if (h2_peer_send(p) < 0)
        atomic_fetch_sub(replies, count);
}

void h2_peer_set(struct h2_peer *p, uint16_t id, uint32_t value)
{
    if (p->nsettings == H2_SETTINGS_MAX)
        return;
    p->settings[p->nsettings++] = (struct h2_setting){id, value};
    frame_settings(&p->out, id, value);
}

/* --- requests --- */

static struct h2_request_in *find(struct h2_peer *p, uint32_t id)
{
    for (size_t i = 0; i < p->nopen; i++) {
        if (p->open[i].id == id)
            return &p->open[i];
    }
    return NULL;
}

void h2_peer_forget(struct h2_peer *p, uint32_t id)
{
    struct h2_request_in *r = find(p, id);
    if (r == NULL)
        return;
    size_t behind = p->nopen - (size_t)(r - p->open) - 1;
    memmove(r, r + 1, behind * sizeof *r);
    p->nopen--;
}

static void take_field(struct h2_request_in *r, const nghttp2_nv *field)
{
    static const char path[] = ":path";
    static const char method[] = ":method";
    if (field->namelen == sizeof path - 1 && memcmp(field->name, path, sizeof path - 1) == 0 &&
        field->valuelen < sizeof r->target)
        memcpy(r->target, field->value, field->valuelen); /* the rest of it is zero */
    if (field->namelen == sizeof method - 1 && memcmp(field->name, method, sizeof method - 1) == 0)
        r->is_head = field->valuelen == 4 && memcmp(field->value, "HEAD", 4) == 0;
}

static int inflate(struct h2_peer *p, struct h2_request_in *r)
{
    const uint8_t *in = (const uint8_t *)p->block.data;
    size_t left = p->block.len;
    int flags = 0;
    while ((flags & NGHTTP2_HD_INFLATE_FINAL) == 0) {
        nghttp2_nv field;
        ssize_t used = nghttp2_hd_inflate_hd2(p->inflater, &field, &flags, in, left, 1);
        if (used < 0)
            return -1;
        in += used;
        left -= (size_t)used;
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0)
            take_field(r, &field);
    }
    return nghttp2_hd_inflate_end_headers(p->inflater);
}

static void count_most(struct h2_peer *p)
{
    struct h2_totals *totals = &p->server->totals;
    long open = (long)p->nopen;
    long most = atomic_load(&totals->most);
    while (open > most && !atomic_compare_exchange_weak(&totals->most, &most, open))
        continue;
    if (p->nopen > p->limit)
        atomic_fetch_add(&totals->too_many, 1);
}

/* Counted, but not answered yet. */
static struct h2_request_in *begin(struct h2_peer *p, uint32_t id)
{
    if (p->nopen == H2_STREAMS_MAX)
        return NULL;
    struct h2_request_in *r = &p->open[p->nopen];
    *r = (struct h2_request_in){.id = id};
    if (inflate(p, r) < 0)
        return NULL;
    r->path = h2_path_find(r->target);
    p->nopen++;
    count_most(p);
    struct h2_counts *counts = &p->server->counts[r->path];
    if (p->requests++ == 0) {
        p->path = r->path;
        atomic_fetch_add(&counts->connections, 1);
    }
    atomic_fetch_add(&counts->requests, 1);
    return r;
}

/* The acknowledgements that a client waits for do not come before the server has greeted it. */
static void greet(struct h2_peer *p, const struct h2_request_in *r)
{
    p->is_greeted = true;
    h2_path_greet(p, r);
    for (; p->unacknowledged > 0; p->unacknowledged--)
        frame_add(&p->out, NGHTTP2_SETTINGS, NGHTTP2_FLAG_ACK, 0, "", 0);
    (void)h2_peer_send(p);
}

/* --- frames --- */

/* The block of a HEADERS frame without what may stand around it. */
static int add_block(struct h2_peer *p, const struct frame *f)
{
    size_t start = 0;
    size_t padding = 0;
    if (f->type == NGHTTP2_HEADERS && (f->flags & NGHTTP2_FLAG_PADDED) != 0) {
        padding = p->payload[0];
        start++;
    }
    if (f->type == NGHTTP2_HEADERS && (f->flags & NGHTTP2_FLAG_PRIORITY) != 0)
        start += PRIORITY_LEN;
    if (start + padding > f->len)
        return -1;
    buf_add(&p->block, p->payload + start, f->len - start - padding);
    return 0;
}

static int on_headers(struct h2_peer *p, const struct frame *first)
{
    struct frame f = *first;
    buf_clear(&p->block);
    int failed = add_block(p, &f);
    while (failed == 0 && (f.flags & NGHTTP2_FLAG_END_HEADERS) == 0) {
        failed = read_frame(p, &f);
        if (failed == 0)
            failed = f.type == NGHTTP2_CONTINUATION ? add_block(p, &f) : -1;
    }
    struct h2_request_in *r = failed == 0 ? begin(p, first->id) : NULL;
    if (r == NULL)
        return -1;
    if (!p->is_greeted)
        greet(p, r);
    h2_path_head(p, r);
    r = find(p, first->id);
    if (r != NULL && (first->flags & NGHTTP2_FLAG_END_STREAM) != 0)
        h2_path_whole(p, r);
    return 0;
}

static void on_data(struct h2_peer *p, const struct frame *f)
{
    struct h2_request_in *r = find(p, f->id);
    if (r == NULL)
        return; /* answered early */
    atomic_fetch_add(&p->server->counts[r->path].body_bytes, (long)f->len);
    h2_path_data(p, r, (uint32_t)f->len);
    if ((f->flags & NGHTTP2_FLAG_END_STREAM) != 0)
        h2_path_whole(p, r);
}

static void settled(struct h2_peer *p)
{
    struct h2_setting s = p->settings[0];
    atomic_fetch_add(&p->server->totals.settled, 1);
    if (p->nsettings == 0)
        return;
    memmove(p->settings, p->settings + 1, --p->nsettings * sizeof *p->settings);
    if (s.id == NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS)
        p->limit = s.value;
    if (s.id == NGHTTP2_SETTINGS_HEADER_TABLE_SIZE)
        (void)nghttp2_hd_inflate_change_table_size(p->inflater, s.value);
}

static void on_settings(struct h2_peer *p, const struct frame *f)
{
    if ((f->flags & NGHTTP2_FLAG_ACK) != 0) {
        settled(p);
        return;
    }
    p->unacknowledged++;
    if (!p->is_greeted)
        return;
    for (; p->unacknowledged > 0; p->unacknowledged--)
        frame_add(&p->out, NGHTTP2_SETTINGS, NGHTTP2_FLAG_ACK, 0, "", 0);
    (void)h2_peer_send(p);
}

static void on_ping(struct h2_peer *p, const struct frame *f)
{
    if ((f->flags & NGHTTP2_FLAG_ACK) != 0) {
        atomic_fetch_add(&p->server->totals.pings, 1);
        p->awaited -= p->awaited > 0;
        return;
    }
    frame_add(&p->out, NGHTTP2_PING, NGHTTP2_FLAG_ACK, 0, p->payload, f->len);
    (void)h2_peer_send(p);
}

static int on_frame(struct h2_peer *p, const struct frame *f)
{
    switch (f->type) {
    case NGHTTP2_HEADERS:
        return on_headers(p, f);
    case NGHTTP2_DATA:
        on_data(p, f);
        return 0;
    case NGHTTP2_SETTINGS:
        on_settings(p, f);
        return 0;
    case NGHTTP2_PING:
        on_ping(p, f);
        return 0;
    case NGHTTP2_RST_STREAM:
        atomic_fetch_add(&p->server->totals.resets, 1);
        h2_peer_forget(p, f->id);
        return 0;
    case NGHTTP2_GOAWAY:
        atomic_fetch_add(&p->server->totals.goaways, 1);
        return 0;
    default:
        return 0;
    }
}

/* --- life --- */

static void finish(struct h2_peer *p)
{
    struct linger reset = {.l_onoff = 1, .l_linger = 0};
    if (p->after == H2_ABORT)
        (void)setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (p->after == H2_FIN)
        (void)shutdown(p->fd, SHUT_WR);
    while (p->after != H2_ABORT && recv(p->fd, p->payload, sizeof p->payload, 0) > 0)
        continue;
    (void)close(p->fd);
}

void *h2_peer_run(void *peer)
{
    struct h2_peer *p = peer;
    struct frame f;
    p->limit = UINT32_MAX;
    buf_init(&p->out, OUT_MAX);
    buf_init(&p->block, H2_BLOCK_MAX);
    bool is_there = nghttp2_hd_inflate_new(&p->inflater) == 0 && read_preface(p) == 0;
    p->after = is_there ? H2_GO_ON : H2_FIN;
    while (p->after == H2_GO_ON) {
        if (h2_path_is_busy(p) && !may_read(p))
            h2_path_idle(p);
        else if (read_frame(p, &f) < 0 || on_frame(p, &f) < 0)
            p->after = H2_FIN;
    }
    finish(p);
    nghttp2_hd_inflate_del(p->inflater);
    buf_fini(&p->out);
    buf_fini(&p->block);
    free(p);
    return NULL;
}
