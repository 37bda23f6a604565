#include "run_replies.h"

#include <http_parser.h>
#include <stdlib.h>
#include <string.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* FNV-1a */
static uint64_t hash_more(uint64_t hash, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* --- ours --- */

/* Of one reply. However a name and a value are cut; where one ends and the other begins counts. */
struct told {
    uint64_t body_hash, head_hash;
    enum response_part last;
};

static void on_our_body(void *ctx, const char *bytes, size_t len)
{
    struct told *told = ctx;
    told->body_hash = hash_more(told->body_hash, bytes, len);
}

static void on_our_header(void *ctx, enum response_part part, const char *bytes, size_t len)
{
    struct told *told = ctx;
    if (part != told->last)
        told->head_hash = hash_more(told->head_hash, part == RESPONSE_NAME ? "\n" : ":", 1);
    told->last = part;
    told->head_hash = hash_more(told->head_hash, bytes, len);
}

static size_t piece_len(uint32_t *random, size_t left, uint32_t cuts)
{
    if (cuts == 0)
        return left;
    *random = *random * 1664525U + 1013904223U;
    size_t len = cuts == 1 ? 1 : 1 + (*random >> 16) % (cuts % 61 + 2);
    return len < left ? len : left;
}

static enum response_state feed_piece(struct response *r, const char *data, size_t len,
                                      size_t *used)
{
    char *piece = malloc(len);
    if (piece == NULL)
        abort();
    memcpy(piece, data, len);
    enum response_state state = response_feed(r, piece, len, used);
    free(piece);
    if (*used > len || (state == RESPONSE_MORE && *used != len) ||
        (state == RESPONSE_BAD) != (r->why != NULL))
        abort();
    return state;
}

static void add_our_reply(struct outcome *out, const struct response *r, const struct told *told)
{
    out->replies[out->count++] = (struct reply){
        .status = r->status,
        .keep_alive = r->keep_alive,
        .body_bytes = r->body_bytes,
        .body_hash = told->body_hash,
        .head_hash = told->head_hash,
    };
}

static void run(const char *data, size_t len, enum response_to to, uint32_t cuts,
                response_header_fn header, struct outcome *out)
{
    size_t at = 0;
    uint32_t random = cuts;
    *out = (struct outcome){0};
    while (out->count < REPLIES_MAX) {
        struct response r;
        struct told told = {
            .body_hash = HASH_START, .head_hash = HASH_START, .last = RESPONSE_VALUE};
        enum response_state state = RESPONSE_MORE;
        response_init(&r, to);
        r.body = on_our_body;
        r.header = header;
        r.ctx = &told;
        out->started = at;
        while (state == RESPONSE_MORE && at < len) {
            size_t used = 0;
            state = feed_piece(&r, data + at, piece_len(&random, len - at, cuts), &used);
            at += used;
        }
        if (state == RESPONSE_MORE)
            state = response_eof(&r);
        if (state == RESPONSE_DONE)
            add_our_reply(out, &r, &told);
        if (state == RESPONSE_BAD) {
            out->bad = true;
            out->at = at;
            out->why = r.why;
        }
        if (state != RESPONSE_DONE)
            return;
    }
}

void run_ours(const char *data, size_t len, enum response_to to, uint32_t cuts, struct outcome *out)
{
    run(data, len, to, cuts, NULL, out);
}

void run_ours_told(const char *data, size_t len, enum response_to to, uint32_t cuts,
                   struct outcome *out)
{
    run(data, len, to, cuts, on_our_header, out);
}

/* --- the oracle --- */

struct oracle {
    http_parser parser; /* its data is this struct */
    http_parser_settings settings;
    enum response_to to;
    uint64_t bytes, hash;
    struct outcome *out;
};

static bool is_interim(const http_parser *p)
{
    return p->status_code / 100 == 1 && p->status_code != 101;
}

static int on_headers(http_parser *p)
{
    const struct oracle *o = p->data;
    return o->to == RESPONSE_TO_HEAD || p->status_code / 100 == 1 || p->status_code == 204 ||
           p->status_code == 304;
}

static int on_oracle_body(http_parser *p, const char *bytes, size_t len)
{
    struct oracle *o = p->data;
    o->bytes += len;
    o->hash = hash_more(o->hash, bytes, len);
    return 0;
}

/* Three rules that http-parser lacks are put into its answer here: RFC 9112 section 6.1 has
 * HTTP/1.0 with Transfer-Encoding for faulty framing; 9.3 has "close" win with HTTP/1.0 too; and a
 * connection that has changed its protocol takes no further request. */
static bool oracle_keep_alive(const http_parser *p)
{
    bool faulty_framing = p->http_minor == 0 && p->uses_transfer_encoding;
    return http_should_keep_alive(p) && !faulty_framing && !(p->flags & F_CONNECTION_CLOSE) &&
           p->status_code != 101;
}

static int on_complete(http_parser *p)
{
    struct oracle *o = p->data;
    http_parser_pause(p, 1); /* each reply has a parser of its own */
    if (!is_interim(p))
        o->out->replies[o->out->count++] = (struct reply){
            .status = p->status_code,
            .keep_alive = oracle_keep_alive(p),
            .body_bytes = o->bytes,
            .body_hash = o->hash,
        };
    return 0;
}

static void oracle_init(struct oracle *o, enum response_to to, struct outcome *out)
{
    *o = (struct oracle){.to = to, .hash = HASH_START, .out = out};
    http_parser_settings_init(&o->settings);
    o->settings.on_headers_complete = on_headers;
    o->settings.on_body = on_oracle_body;
    o->settings.on_message_complete = on_complete;
    http_parser_init(&o->parser, HTTP_RESPONSE);
    o->parser.data = o;
    o->parser.allow_chunked_length = 1;
}

/* How many bytes one reply (or interim reply) takes; 0 when it is not whole. */
static size_t oracle_reply(struct oracle *o, const char *data, size_t len)
{
    size_t used = http_parser_execute(&o->parser, &o->settings, data, len);
    enum http_errno error = HTTP_PARSER_ERRNO(&o->parser);
    if (error == HPE_OK) {
        (void)http_parser_execute(&o->parser, &o->settings, NULL, 0);
        return 0;
    }
    if (error == HPE_PAUSED)
        return used;
    o->out->bad = true;
    o->out->at = used;
    o->out->why = http_errno_name(error);
    return 0;
}

void run_oracle(const char *data, size_t len, enum response_to to, struct outcome *out)
{
    size_t at = 0;
    *out = (struct outcome){0};
    while (at < len && out->count < REPLIES_MAX) {
        struct oracle o;
        size_t before = out->count;
        oracle_init(&o, to, out);
        size_t used = oracle_reply(&o, data + at, len - at);
        if (used == 0)
            break;
        at += used;
        if (out->count > before)
            out->started = at;
    }
    if (out->bad)
        out->at += at;
}

/* --- both --- */

bool same_replies(const struct outcome *a, const struct outcome *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct reply *x = &a->replies[i];
        const struct reply *y = &b->replies[i];
        if (x->status != y->status || x->keep_alive != y->keep_alive ||
            x->body_bytes != y->body_bytes || x->body_hash != y->body_hash)
            return false;
    }
    return true;
}

bool same_heads(const struct outcome *a, const struct outcome *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        if (a->replies[i].head_hash != b->replies[i].head_hash)
            return false;
    }
    return true;
}

bool same_outcome(const struct outcome *a, const struct outcome *b)
{
    return a->count == b->count && a->bad == b->bad && same_replies(a, b, a->count);
}
