/* The table of what can go wrong: a path and its behaviour a row. */
#include <jansson.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "faulty.h"

#define HUGE_HEADER      70000
#define SECOND_WAIT_MS   50
#define HEADER_PIECE_MS  10
#define HEADER_PIECES    5
#define FAULT_LOOK_MS    5
#define REKEY_RECORDS    50
#define REKEY_MS         10
#define DEFAULT_NTH      10
#define DEFAULT_FREEZE   300
#define DEFAULT_PHASE    1000
#define OK_HEAD          "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
#define OK_REPLY         OK_HEAD "ok\n"
#define EARLY_413        "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n"
#define CHUNKED_HEAD     "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n"
#define FIFTY            "01234567890123456789012345678901234567890123456789"
#define HUNDRED_PROMISED "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"

/* A path does one thing: it sends a constant text, or what `serve` makes of the request. */
struct path {
    const char *name;
    const char *text;
    enum end end;
    int replies; /* whole ones in the text */
    enum end (*serve)(struct peer *p, const struct request *r);
};

/* ---- sending ---- */

static struct counts *counts_of(struct peer *p, const struct request *r)
{
    return &p->server->counts[r->path];
}

/* False when the counts are closed. */
static bool count_replies(struct peer *p, const struct request *r, int count)
{
    (void)pthread_mutex_lock(&p->server->lock);
    bool open = !p->server->closed;
    if (open)
        atomic_fetch_add(&counts_of(p, r)->replies, count);
    (void)pthread_mutex_unlock(&p->server->lock);
    return open;
}

/* Bytes that end so many replies. */
static enum end send_replies(struct peer *p, const struct request *r, const char *bytes, int count)
{
    if (!count_replies(p, r, count))
        return END_FIN;
    if (wire_write(p, bytes, strlen(bytes)) == 0)
        return END_NOT;
    atomic_fetch_sub(&counts_of(p, r)->replies, count);
    return END_FIN;
}

static void wait_ms(int ms)
{
    (void)poll(NULL, 0, ms);
}

/* ---- the behaviours that are more than a text ---- */

static bool is_head(const struct request *r)
{
    return strcmp(r->method, "HEAD") == 0;
}

/* "?key=N" of the target. */
static long parameter(const struct request *r, const char *key, long otherwise)
{
    const char *query = strchr(r->target, '?');
    const char *value = query == NULL ? NULL : strstr(query, key);
    return value == NULL ? otherwise : strtol(value + strlen(key), NULL, 10);
}

static enum end serve_ok(struct peer *p, const struct request *r)
{
    return send_replies(p, r, is_head(r) ? OK_HEAD : OK_REPLY, 1);
}

static enum end serve_chunked(struct peer *p, const struct request *r)
{
    static const char whole[] =
        CHUNKED_HEAD "1;name=value\r\no\r\n2\r\nk\n\r\n0\r\nX-End: 1\r\n\r\n";
    return send_replies(p, r, is_head(r) ? CHUNKED_HEAD : whole, 1);
}

/* The reply's body is the request's. */
static enum end serve_echo(struct peer *p, const struct request *r)
{
    char head[80];
    (void)snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n",
                   r->body_len);
    bool sent = count_replies(p, r, 1) && wire_write(p, head, strlen(head)) == 0 &&
                wire_write(p, r->body, r->body_len) == 0;
    return sent ? END_NOT : END_FIN;
}

/* Every byte in a packet of its own. */
static enum end serve_bytewise(struct peer *p, const struct request *r)
{
    static const char reply[] = OK_REPLY;
    size_t last = sizeof reply - 2;
    for (size_t i = 0; i < last; i++) {
        if (wire_write(p, reply + i, 1) < 0)
            return END_FIN;
    }
    return send_replies(p, r, reply + last, 1);
}

static enum end serve_slow_header(struct peer *p, const struct request *r)
{
    static const char reply[] = OK_REPLY;
    size_t piece = sizeof reply / HEADER_PIECES;
    for (size_t i = 0; i < HEADER_PIECES - 1; i++) {
        if (wire_write(p, reply + i * piece, piece) < 0)
            return END_FIN;
        wait_ms(HEADER_PIECE_MS);
    }
    return send_replies(p, r, reply + (HEADER_PIECES - 1) * piece, 1);
}

/* Two pipelined requests are answered by one packet; a single one is, after a moment, alone. */
static enum end serve_two_in_one(struct peer *p, const struct request *r)
{
    struct request second;
    if (p->len == 0 && !wire_wait(p, SECOND_WAIT_MS))
        return send_replies(p, r, OK_REPLY, 1);
    if (peer_read_request(p, &second) < 0)
        return END_FIN;
    return send_replies(p, r, OK_REPLY OK_REPLY, 2);
}

/* The SETTINGS with which a server of HTTP/2 begins; its text would end at the first byte. */
static enum end serve_http2(struct peer *p, const struct request *r)
{
    static const char settings[] = "\0\0\6\4\0\0\0\0\0\0\3\0\0\0\x64";
    (void)r;
    return wire_write(p, settings, sizeof settings - 1) < 0 ? END_FIN : END_SILENT;
}

static enum end serve_huge_header(struct peer *p, const struct request *r)
{
    (void)r;
    struct buf reply;
    buf_init(&reply, BUF_TEXT_MAX);
    buf_puts(&reply, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-Huge: ");
    buf_pad(&reply, 'x', HUGE_HEADER);
    buf_puts(&reply, "\r\n\r\nok\n");
    int failed = wire_write(p, reply.data, reply.len);
    buf_fini(&reply);
    return failed < 0 ? END_FIN : END_SILENT;
}

/* ?n=N: good replies, but each Nth request of a connection is answered by a RST. */
static enum end serve_nth_reset(struct peer *p, const struct request *r)
{
    long nth = parameter(r, "n=", DEFAULT_NTH);
    if (nth > 0 && p->requests % nth == 0)
        return END_RESET;
    return send_replies(p, r, OK_REPLY, 1);
}

/* ?n=N&ms=N: good replies after some ms, but each Nth connection gets none. */
static enum end serve_nth_stall(struct peer *p, const struct request *r)
{
    long nth = parameter(r, "n=", DEFAULT_NTH);
    int64_t connections = atomic_load(&p->server->counts[r->path].connections);
    if (nth > 0 && p->requests == 1 && connections % nth == 0)
        return END_SILENT;
    wait_ms((int)parameter(r, "ms=", 0));
    return send_replies(p, r, OK_REPLY, 1);
}

/* Whatever is to be answered waits for the end of a freeze. */
static void wait_for_thaw(struct server *s)
{
    int64_t left_ns = atomic_load(&s->thaw_ns) - clock_now_ns();
    for (; left_ns > 0; left_ns = atomic_load(&s->thaw_ns) - clock_now_ns())
        wait_ms((int)(left_ns / NS_PER_MS + 1));
}

/* ?ms=N: the first request freezes the whole server for N ms. */
static enum end serve_freeze(struct peer *p, const struct request *r)
{
    struct server *s = p->server;
    if (!atomic_flag_test_and_set(&s->froze))
        atomic_store(&s->thaw_ns, clock_now_ns() + parameter(r, "ms=", DEFAULT_FREEZE) * NS_PER_MS);
    wait_for_thaw(s);
    return send_replies(p, r, OK_REPLY, 1);
}

/* No reply; what follows the head is there, and unread, when the connection ends. */
static enum end serve_shut_unread(struct peer *p, const struct request *r)
{
    (void)r;
    (void)wire_wait(p, -1);
    return END_ABRUPT;
}

/* ?first=MS&second=MS&every=MS: a request takes the first time, after a phase the second, then the
 * first again. The phases begin with the first request. */
static enum end serve_phases(struct peer *p, const struct request *r)
{
    int64_t now_ns = clock_now_ns();
    int64_t began_ns = 0;
    if (atomic_compare_exchange_strong(&p->server->phases_ns, &began_ns, now_ns))
        began_ns = now_ns;
    int64_t every_ns = parameter(r, "every=", DEFAULT_PHASE) * NS_PER_MS;
    bool is_second = every_ns > 0 && (now_ns - began_ns) / every_ns % 2 == 1;
    wait_ms((int)parameter(r, is_second ? "second=" : "first=", 0));
    return send_replies(p, r, OK_REPLY, 1);
}

/* ?bytes=N: both sides change their keys again and again while a body of that length comes. */
static enum end serve_rekey(struct peer *p, const struct request *r)
{
    long left = parameter(r, "bytes=", 0) - (long)p->len;
    for (long records = 0; left > 0; records++) {
        if (records % REKEY_RECORDS == 0) {
            wire_rekey(p);
            wait_ms(REKEY_MS); /* so that the client waits for room, too */
        }
        ssize_t n = wire_read(p, p->bytes, FAULTY_REQUEST_MAX);
        if (n <= 0)
            return END_FIN;
        left -= n;
    }
    p->start = p->len = 0;
    return left == 0 ? send_replies(p, r, OK_REPLY, 1) : END_RESET;
}

/* New keys for ever, and never a reply. */
static enum end serve_flood(struct peer *p, const struct request *r)
{
    (void)r;
    while (wire_new_key(p)) {
    }
    return END_RESET;
}

/* The reply waits for a handshake that went wrong, and that the client has given up. */
static enum end serve_after_fault(struct peer *p, const struct request *r)
{
    while (atomic_load(&p->server->faults) == 0)
        wait_ms(FAULT_LOOK_MS);
    return send_replies(p, r, OK_REPLY, 1);
}

static enum end serve_counts(struct peer *p, const struct request *r)
{
    char *text = paths_counts(p->server);
    char *reply = mem_printf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                             "Content-Length: %zu\r\n\r\n%s",
                             strlen(text), text);
    enum end end = send_replies(p, r, reply, 1);
    free(reply);
    free(text);
    return end;
}

/* clang-format off */
static const struct path paths[] = {
    /* good replies */
    {"/ok", .serve = serve_ok},
    {"/chunked", .serve = serve_chunked},
    {"/echo", .serve = serve_echo},
    {"/bytewise", .serve = serve_bytewise},
    {"/slow-header", .serve = serve_slow_header},
    {"/two-in-one", .serve = serve_two_in_one},
    {"/interim", .text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" OK_REPLY, .replies = 1},
    {"/two-lengths-equal", .text = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nok\n", .replies = 1},
    {"/te-and-cl", .text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n0\r\n\r\n", .replies = 1},
    {"/wrong-body", .text = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nwrong\n", .replies = 1},
    {"/204", .text = "HTTP/1.1 204 No Content\r\n\r\n", .replies = 1},
    {"/304", .text = "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n", .replies = 1},
    {"/500", .text = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\nbad\n", .replies = 1},
    {"/503", .text = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n", .replies = 1},
    /* good replies, but then the connection is of no more use */
    {"/close", .text = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nok\n", .end = END_FIN, .replies = 1},
    {"/close-silent", .text = OK_REPLY, .end = END_FIN, .replies = 1},
    {"/to-close", .text = "HTTP/1.1 200 OK\r\n\r\nok\n", .end = END_FIN, .replies = 1},
    {"/http10", .text = "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nok\n", .end = END_FIN, .replies = 1},
    {"/ok-and-line", .text = OK_REPLY "\r\n", .replies = 1},
    {"/early-413", .text = EARLY_413 "\r\n", .end = END_UNREAD, .replies = 1},
    {"/early-413-close", .text = EARLY_413 "Connection: close\r\n\r\n", .end = END_ABRUPT, .replies = 1},
    {"/extra", .text = OK_REPLY OK_REPLY, .replies = 1}, /* the second one was not asked for */
    {"/reset-after", .text = OK_REPLY, .end = END_RESET, .replies = 1},
    {"/nth-reset", .serve = serve_nth_reset},
    {"/nth-stall", .serve = serve_nth_stall},
    /* no reply, or no whole one */
    {"/reset", .text = "", .end = END_RESET},
    {"/eof", .text = "", .end = END_FIN},
    {"/shut-unread", .end = END_ABRUPT, .serve = serve_shut_unread},
    {"/to-close-reset", .text = "HTTP/1.1 200 OK\r\n\r\nok\n", .end = END_RESET},
    {"/truncate", .text = HUNDRED_PROMISED FIFTY, .end = END_FIN},
    {"/stall", .text = "", .end = END_SILENT},
    {"/stall-body", .text = HUNDRED_PROMISED FIFTY, .end = END_SILENT},
    {"/no-reply-forever", .text = "", .end = END_UNREAD},
    /* no HTTP */
    {"/garbage", .text = "EHLO there\r\n220 what is this\r\n", .end = END_SILENT},
    {"/tls-alert", .text = "\x15\x03\x03\x00\x02\x02\x46", .end = END_SILENT},
    {"/http2", .serve = serve_http2},
    {"/badchunk", .text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nok\n\r\n0\r\n\r\n", .end = END_SILENT},
    {"/signed-length", .text = "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello", .end = END_SILENT},
    {"/two-lengths-differ", .text = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nok\n", .end = END_SILENT},
    {"/huge-header", .serve = serve_huge_header},
    /* what only TLS has */
    {"/tls-cut", .text = "HTTP/1.1 200 OK\r\n\r\nok\n", .end = END_CUT},
    {"/tls-cut-body", .text = HUNDRED_PROMISED FIFTY, .end = END_CUT},
    {"/tls-cut-first", .text = "", .end = END_CUT},
    {"/tls-cut-idle", .text = OK_REPLY, .end = END_CUT, .replies = 1},
    {"/tls-garbage", .text = HUNDRED_PROMISED FIFTY, .end = END_GARBAGE},
    {"/tls-damaged", .text = HUNDRED_PROMISED FIFTY, .end = END_DAMAGED},
    {"/tls-damaged-after", .text = OK_REPLY, .end = END_DAMAGED, .replies = 1},
    {"/tls-alert-first", .text = "", .end = END_ALERT},
    {"/tls-alert-after", .text = OK_REPLY, .end = END_ALERT, .replies = 1},
    {"/tls-rekey", .end = END_UNREAD, .serve = serve_rekey},
    {"/tls-flood", .end = END_UNREAD, .serve = serve_flood},
    {"/tls-after-fault", .serve = serve_after_fault},
    /* the whole server */
    {"/freeze", .serve = serve_freeze},
    {"/phases", .serve = serve_phases},
    {"/counts", .serve = serve_counts},
    /* what no row has; the last one */
    {"", .text = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", .replies = 1},
};
/* clang-format on */

_Static_assert(LEN(paths) <= FAULTY_PATHS_MAX, "raise FAULTY_PATHS_MAX");

/* Rows that nobody asked for are left out. */
char *paths_counts(struct server *s)
{
    json_t *json = json_object();
    for (size_t i = 0; i < LEN(paths) - 1; i++) {
        const struct counts *c = &s->counts[i];
        if (atomic_load(&c->requests) == 0)
            continue;
        json_t *row = json_pack(
            "{s:I, s:I, s:I}", "connections", (json_int_t)atomic_load(&c->connections), "requests",
            (json_int_t)atomic_load(&c->requests), "replies", (json_int_t)atomic_load(&c->replies));
        (void)json_object_set_new(json, paths[i].name, row);
    }
    (void)pthread_mutex_lock(&s->lock);
    (void)json_object_set_new(json, "last_body", json_string(s->last_body));
    (void)pthread_mutex_unlock(&s->lock);
    (void)json_object_set_new(json, "accepted", json_integer(atomic_load(&s->accepted)));
    (void)json_object_set_new(json, "handshakes", json_integer(atomic_load(&s->shaken)));
    (void)json_object_set_new(json, "resumed", json_integer(atomic_load(&s->resumed)));
    (void)json_object_set_new(json, "faults", json_integer(atomic_load(&s->faults)));
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    return text;
}

void paths_close(struct server *s)
{
    (void)pthread_mutex_lock(&s->lock);
    s->closed = true;
    (void)pthread_mutex_unlock(&s->lock);
}

size_t path_find(const char *target)
{
    size_t len = strcspn(target, "?");
    size_t i = 0;
    while (i < LEN(paths) - 1 &&
           (strlen(paths[i].name) != len || memcmp(paths[i].name, target, len) != 0))
        i++;
    return i;
}

enum end path_end(size_t path)
{
    return paths[path].end;
}

enum end path_answer(struct peer *p, const struct request *r)
{
    const struct path *path = &paths[r->path];
    wait_for_thaw(p->server);
    if (path->serve != NULL)
        return path->serve(p, r);
    enum end sent = send_replies(p, r, path->text, path->replies);
    return sent == END_NOT ? path->end : sent;
}
