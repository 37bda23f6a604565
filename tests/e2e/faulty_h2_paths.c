/* The table of what can go wrong: a path and its behaviour a row. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "faulty_h2.h"
#include "faulty_h2_replies.h"
#include "support/h2_frames.h"

#define WIDE_WINDOW   (1 << 30)
#define NARROW_WINDOW 1000
#define PINGS         100
#define FLOOD         20000 /* frames at a time */
#define ENDLESS_BYTES 16384
#define LIMIT_PERIOD  10 /* requests */
#define LAST_ID       INT32_MAX

enum greeting {
    GREET_WIDE,   /* SETTINGS with ?streams=N or no limit, and windows that are never full */
    GREET_NARROW, /* a window of a few bytes */
    GREET_SHUT,   /* none */
    GREET_NEVER,  /* nothing at all */
};

/* A path answers with frames, or does what `serve` says with a request, or `idle` with all that are
 * open once no more can be read. */
struct row {
    const char *name;
    h2_reply_fn frames;
    void (*serve)(struct h2_peer *p, const struct h2_request_in *r);
    void (*idle)(struct h2_peer *p);
    enum greeting greeting;
    enum h2_after after;
    bool is_whole; /* the frames are a reply that counts */
    bool is_early; /* it comes before the body of the request */
    bool is_open;  /* no end of the stream follows */
};

static struct h2_counts *counts_of(struct h2_peer *p, size_t path)
{
    return &p->server->counts[path];
}

/* --- single requests --- */

static void serve_bytewise(struct h2_peer *p, const struct h2_request_in *r)
{
    struct buf reply;
    size_t path = r->path;
    buf_init(&reply, BUF_TEXT_MAX);
    h2_reply_ok(&reply, r);
    h2_peer_forget(p, r->id);
    (void)h2_peer_send(p); /* the greeting */
    for (size_t i = 0; i + 1 < reply.len && p->after == H2_GO_ON; i++) {
        buf_add(&p->out, reply.data + i, 1);
        (void)h2_peer_send(p);
    }
    buf_add(&p->out, reply.data + reply.len - 1, 1);
    h2_peer_send_replies(p, path, 1);
    buf_fini(&reply);
}

/* The table of the client's HPACK changes its size with every request. */
static void serve_tables(struct h2_peer *p, const struct h2_request_in *r)
{
    static const uint32_t sizes[] = {0, 4096, 100, 65536};
    size_t path = r->path;
    h2_peer_set(p, NGHTTP2_SETTINGS_HEADER_TABLE_SIZE, sizes[p->requests % (long)LEN(sizes)]);
    h2_reply_tables(&p->out, r);
    h2_peer_forget(p, r->id);
    h2_peer_send_replies(p, path, 1);
}

/* RST_STREAM; which code it has decides where the client counts it. */
static void serve_reset(struct h2_peer *p, const struct h2_request_in *r)
{
    struct h2_counts *counts = counts_of(p, r->path);
    bool is_refused = h2_parameter(r, "code=", 0) == NGHTTP2_REFUSED_STREAM;
    atomic_fetch_add(is_refused ? &counts->refused : &counts->reset, 1);
    h2_reply_reset(&p->out, r);
    h2_peer_forget(p, r->id);
    (void)h2_peer_send(p);
}

/* Every third request of a connection is refused. */
static void serve_refuse_some(struct h2_peer *p, const struct h2_request_in *r)
{
    size_t path = r->path;
    bool is_refused = p->requests % 3 == 0;
    if (is_refused)
        frame_number(&p->out, NGHTTP2_RST_STREAM, r->id, NGHTTP2_REFUSED_STREAM);
    else
        h2_reply_ok(&p->out, r);
    h2_peer_forget(p, r->id);
    atomic_fetch_add(&counts_of(p, path)->refused, is_refused);
    h2_peer_send_replies(p, path, is_refused ? 0 : 1);
}

/* One frame for ever, until the client has enough. */
static void flood(struct h2_peer *p, uint8_t type, size_t len)
{
    static const char zeros[8];
    struct buf frames;
    buf_init(&frames, BUF_TEXT_MAX);
    for (int i = 0; i < FLOOD; i++)
        frame_add(&frames, type, 0, 0, zeros, len);
    while (p->after == H2_GO_ON) {
        buf_add(&p->out, frames.data, frames.len);
        (void)h2_peer_send(p);
    }
    buf_fini(&frames);
}

static void serve_ping_flood(struct h2_peer *p, const struct h2_request_in *r)
{
    (void)r;
    flood(p, NGHTTP2_PING, 8);
}

static void serve_settings_flood(struct h2_peer *p, const struct h2_request_in *r)
{
    (void)r;
    flood(p, NGHTTP2_SETTINGS, 0);
}

/* --- all that are open --- */

/* The oldest is open no more. */
static void answer_first(struct h2_peer *p)
{
    struct h2_request_in r = p->open[0];
    h2_reply_ok(&p->out, &r);
    h2_peer_forget(p, r.id);
    h2_peer_send_replies(p, r.path, 1);
}

static void answer_all(struct h2_peer *p)
{
    while (p->nopen > 0 && p->after == H2_GO_ON)
        answer_first(p);
}

static void idle_endless(struct h2_peer *p)
{
    static const char bytes[ENDLESS_BYTES];
    for (size_t i = 0; i < p->nopen; i++)
        frame_add(&p->out, NGHTTP2_DATA, 0, p->open[i].id, bytes, sizeof bytes);
    (void)h2_peer_send(p);
}

static void serve_endless(struct h2_peer *p, const struct h2_request_in *r)
{
    frame_ok(&p->out, r->id, 0);
    (void)h2_peer_send(p);
}

/* A reply follows the answers to many PINGs. */
static void serve_pings(struct h2_peer *p, const struct h2_request_in *r)
{
    (void)r;
    for (int i = 0; i < PINGS; i++)
        frame_add(&p->out, NGHTTP2_PING, 0, 0, "12345678", 8);
    p->awaited += PINGS;
    (void)h2_peer_send(p);
}

/* The limit of streams goes down and up, while requests are open. */
static void idle_limits(struct h2_peer *p)
{
    static const uint32_t limits[] = {1, 8, 0, 100, 2, 3};
    long before = (p->requests - (long)p->nopen) / LIMIT_PERIOD;
    long now = p->requests / LIMIT_PERIOD;
    if (now != before) {
        uint32_t limit = limits[now % (long)LEN(limits)];
        h2_peer_set(p, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limit);
        if (limit == 0) /* not for ever */
            h2_peer_set(p, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 4);
    }
    answer_all(p);
}

static void send_goaway(struct h2_peer *p, uint32_t last_id, uint32_t code)
{
    atomic_fetch_add(&counts_of(p, p->path)->goaways, 1);
    frame_goaway(&p->out, last_id, code, "");
}

/* Of three or more at a time only the first two are done. */
static void idle_goaway_middle(struct h2_peer *p)
{
    if (p->nopen < 3) {
        answer_all(p);
        return;
    }
    send_goaway(p, p->open[1].id, NGHTTP2_NO_ERROR);
    answer_first(p);
    answer_first(p);
    p->after = H2_FIN;
}

/* In good order: after each twentieth request or so no more are taken, and those that are on their
 * way are answered. */
static void idle_graceful(struct h2_peer *p)
{
    if (p->requests >= 20 && !p->is_leaving) {
        send_goaway(p, LAST_ID, NGHTTP2_NO_ERROR);
        p->is_leaving = true;
    }
    answer_all(p);
}

static void serve_goaway_after(struct h2_peer *p, const struct h2_request_in *r)
{
    size_t path = r->path;
    send_goaway(p, r->id, NGHTTP2_NO_ERROR);
    h2_reply_ok(&p->out, r);
    h2_peer_forget(p, r->id);
    h2_peer_send_replies(p, path, 1);
    p->after = H2_FIN;
}

/* An error, and nothing is done. */
static void serve_goaway_error(struct h2_peer *p, const struct h2_request_in *r)
{
    (void)r;
    send_goaway(p, 0, NGHTTP2_INTERNAL_ERROR);
    (void)h2_peer_send(p);
    p->after = H2_FIN;
}

static void serve_counts(struct h2_peer *p, const struct h2_request_in *r)
{
    char *text = h2_counts_text(p->server);
    frame_ok(&p->out, r->id, 0);
    frame_data(&p->out, r->id, NGHTTP2_FLAG_END_STREAM, text);
    h2_peer_forget(p, r->id);
    (void)h2_peer_send(p);
    free(text);
}

/* clang-format off */
static const struct row rows[] = {
    /* good replies */
    {"/ok", .frames = h2_reply_ok, .is_whole = true},
    {"/empty", .frames = h2_reply_empty, .is_whole = true},
    {"/trailers", .frames = h2_reply_trailers, .is_whole = true},
    {"/interim", .frames = h2_reply_interim, .is_whole = true},
    {"/padded", .frames = h2_reply_padded, .is_whole = true},
    {"/bytewise", .serve = serve_bytewise},
    {"/empty-data", .frames = h2_reply_empty_data, .is_whole = true},
    {"/continued", .frames = h2_reply_continued, .is_whole = true},
    {"/unknown", .frames = h2_reply_unknown, .is_whole = true},
    {"/tables", .serve = serve_tables},
    {"/pings", .serve = serve_pings, .idle = answer_all},
    {"/batch", .idle = answer_all},
    {"/limits", .idle = idle_limits},
    {"/early", .frames = h2_reply_early, .is_whole = true, .is_early = true},
    {"/narrow", .frames = h2_reply_ok, .is_whole = true, .greeting = GREET_NARROW},
    /* the end of a connection in good order */
    {"/graceful", .idle = idle_graceful},
    {"/goaway-after", .serve = serve_goaway_after},
    {"/goaway-middle", .idle = idle_goaway_middle},
    /* streams that fail */
    {"/rst", .serve = serve_reset},
    {"/rst-body", .frames = h2_reply_reset_body},
    {"/refuse-some", .serve = serve_refuse_some},
    {"/no-status", .frames = h2_reply_no_status},
    {"/upper-case", .frames = h2_reply_upper_case},
    {"/wrong-length", .frames = h2_reply_wrong_length},
    {"/only-interim", .frames = h2_reply_only_interim},
    {"/body-first", .frames = h2_reply_body_first},
    {"/large-head", .frames = h2_reply_large_head},
    {"/stall", .is_open = true},
    {"/stall-body", .frames = h2_reply_part, .is_open = true},
    {"/endless", .serve = serve_endless, .idle = idle_endless},
    {"/no-window", .frames = h2_reply_ok, .is_whole = true, .greeting = GREET_SHUT},
    /* connections that fail */
    {"/goaway-error", .serve = serve_goaway_error},
    {"/huge-field", .frames = h2_reply_huge_field},
    {"/pieces", .frames = h2_reply_pieces},
    {"/bad-index", .frames = h2_reply_bad_index},
    {"/push", .frames = h2_reply_push},
    {"/huge-frame", .frames = h2_reply_huge_frame},
    {"/short-ping", .frames = h2_reply_short_ping},
    {"/windows", .frames = h2_reply_windows},
    {"/ping-flood", .serve = serve_ping_flood},
    {"/settings-flood", .serve = serve_settings_flood},
    {"/eof", .after = H2_FIN},
    {"/truncate", .frames = h2_reply_part, .after = H2_FIN},
    {"/half-frame", .frames = h2_reply_half_frame, .after = H2_FIN},
    {"/reset", .greeting = GREET_NEVER, .after = H2_ABORT},
    {"/reset-body", .frames = h2_reply_part, .after = H2_ABORT},
    /* no HTTP/2 */
    {"/silent", .greeting = GREET_NEVER, .after = H2_MUTE},
    {"/closed", .greeting = GREET_NEVER, .after = H2_FIN},
    {"/no-settings", .frames = h2_reply_ok, .greeting = GREET_NEVER, .after = H2_MUTE},
    {"/garbage", .frames = h2_reply_garbage, .greeting = GREET_NEVER, .after = H2_MUTE},
    {"/http1", .frames = h2_reply_http1, .greeting = GREET_NEVER, .after = H2_MUTE},
    {"/tls-alert", .frames = h2_reply_tls_alert, .greeting = GREET_NEVER, .after = H2_MUTE},
    {"/counts", .serve = serve_counts},
    /* what no row has; the last one */
    {"", .frames = h2_reply_empty},
};
/* clang-format on */

_Static_assert(LEN(rows) <= H2_PATHS_MAX, "raise H2_PATHS_MAX");

size_t h2_path_find(const char *target)
{
    size_t len = strcspn(target, "?");
    size_t i = 0;
    while (i < LEN(rows) - 1 &&
           (strlen(rows[i].name) != len || memcmp(rows[i].name, target, len) != 0))
        i++;
    return i;
}

const char *h2_path_name(size_t path)
{
    return path < LEN(rows) - 1 ? rows[path].name : NULL;
}

void h2_path_greet(struct h2_peer *p, const struct h2_request_in *r)
{
    static const uint32_t windows[] = {WIDE_WINDOW, NARROW_WINDOW, 0};
    enum greeting greeting = rows[r->path].greeting;
    uint32_t streams = h2_parameter(r, "streams=", UINT32_MAX);
    if (greeting == GREET_NEVER) {
        p->unacknowledged = 0;
        return;
    }
    if (streams != UINT32_MAX)
        h2_peer_set(p, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams);
    h2_peer_set(p, NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, windows[greeting]);
    if (greeting == GREET_WIDE)
        frame_number(&p->out, NGHTTP2_WINDOW_UPDATE, 0, WIDE_WINDOW);
}

static void answer(struct h2_peer *p, const struct h2_request_in *r)
{
    const struct row *row = &rows[r->path];
    uint32_t id = r->id;
    size_t path = r->path;
    if (row->frames != NULL)
        row->frames(&p->out, r);
    if (!row->is_open)
        h2_peer_forget(p, id);
    if (row->is_whole)
        h2_peer_send_replies(p, path, 1);
    else
        (void)h2_peer_send(p);
    if (p->after == H2_GO_ON)
        p->after = row->after;
}

void h2_path_head(struct h2_peer *p, const struct h2_request_in *r)
{
    if (rows[r->path].is_early)
        answer(p, r);
}

/* A window that is always wide is not given back. */
void h2_path_data(struct h2_peer *p, const struct h2_request_in *r, uint32_t len)
{
    if (rows[r->path].greeting != GREET_NARROW || len == 0)
        return;
    frame_number(&p->out, NGHTTP2_WINDOW_UPDATE, 0, len);
    frame_number(&p->out, NGHTTP2_WINDOW_UPDATE, r->id, len);
    (void)h2_peer_send(p);
}

void h2_path_whole(struct h2_peer *p, struct h2_request_in *r)
{
    const struct row *row = &rows[r->path];
    r->is_whole = true;
    if (row->serve != NULL)
        row->serve(p, r);
    else if (row->idle == NULL)
        answer(p, r);
}

bool h2_path_is_busy(const struct h2_peer *p)
{
    return p->nopen > 0 && p->open[0].is_whole && p->awaited == 0 && rows[p->path].idle != NULL;
}

void h2_path_idle(struct h2_peer *p)
{
    rows[p->path].idle(p);
}
