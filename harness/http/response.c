#include "http/response.h"

#include "http/parse.h"
#include "http/scan.h"

static bool in_head(const struct response *r)
{
    return r->state <= AT_HEAD_LF;
}

static const char *feed_head(struct response *r, const char *start, const char *end)
{
    size_t room = RESPONSE_HEAD_MAX - r->head_bytes;
    const char *stop = (size_t)(end - start) > room ? start + room : end;
    const char *p = start;
    while (p < stop && in_head(r))
        p = head_step(r, p, stop);
    r->head_bytes += (uint32_t)(p - start);
    if (p == stop && stop < end && in_head(r))
        return parse_bad(r, p, "a head over 64 KiB");
    return p;
}

/* --- bodies --- */

static const char *body_bytes(struct response *r, const char *p, size_t len)
{
    r->body_bytes += len;
    if (r->body != NULL)
        r->body(r->ctx, p, len);
    return p + len;
}

/* Up to r->length bytes; `next` when they are all there. */
static const char *counted_bytes(struct response *r, const char *p, const char *end,
                                 enum parse_state next)
{
    size_t len = (size_t)(end - p);
    if (len >= r->length) {
        len = (size_t)r->length;
        r->state = (uint8_t)next;
    }
    r->length -= len;
    return body_bytes(r, p, len);
}

static unsigned hex_digit(char c)
{
    unsigned digit = parse_digit(c);
    if (digit <= 9)
        return digit;
    digit = parse_digit((char)(c | 0x20)) - ('a' - '0');
    return digit <= 5 ? digit + 10 : 16;
}

static const char *on_size(struct response *r, const char *p)
{
    unsigned digit = hex_digit(*p);
    if (digit < 16) {
        r->number = r->number * 16 + digit;
        r->match = 1;
        return r->number > PARSE_NUMBER_MAX ? parse_bad(r, p, "a chunk size too large") : p + 1;
    }
    if (r->match == 0)
        return parse_bad(r, p, "a chunk size without digits");
    return parse_go(r, AT_SIZE_BLANK, p);
}

static const char *on_size_blank(struct response *r, const char *p)
{
    if (parse_is_blank(*p))
        return p + 1;
    if (*p == ';')
        return parse_go(r, AT_EXTENSION, p + 1);
    if (*p == '\r')
        return parse_go(r, AT_SIZE_LF, p + 1);
    return parse_bad(r, p, "a chunk size that is not a number");
}

/* An extension may be of any length: nothing of it is kept, and the caller's deadline ends it. */
static const char *on_extension(struct response *r, const char *p, const char *end)
{
    p = scan_text(p, end);
    if (p == end)
        return p;
    if (*p == '\r')
        return parse_go(r, AT_SIZE_LF, p + 1);
    if (*p == '\n' || *p == '\0')
        return parse_bad(r, p, "a bare LF or a NUL in a chunk extension");
    return p + 1;
}

static const char *on_size_lf(struct response *r, const char *p)
{
    if (*p != '\n')
        return parse_bad(r, p, "a CR without LF");
    r->length = r->number;
    if (r->length > 0)
        return parse_go(r, AT_CHUNK, p + 1);
    r->seen |= SEEN_TRAILERS;
    return parse_go(r, AT_LINE, p + 1);
}

static const char *on_chunk_end(struct response *r, const char *p)
{
    if (*p != (r->state == AT_CHUNK_CR ? '\r' : '\n'))
        return parse_bad(r, p, "a chunk that does not end in CR LF");
    if (r->state == AT_CHUNK_CR)
        return parse_go(r, AT_CHUNK_LF, p + 1);
    r->number = 0;
    r->match = 0;
    return parse_go(r, AT_SIZE, p + 1);
}

static const char *body_step(struct response *r, const char *p, const char *end)
{
    switch (r->state) {
    case AT_BODY:
        return counted_bytes(r, p, end, AT_END);
    case AT_BODY_TO_CLOSE:
        return body_bytes(r, p, (size_t)(end - p));
    case AT_SIZE:
        return on_size(r, p);
    case AT_SIZE_BLANK:
        return on_size_blank(r, p);
    case AT_EXTENSION:
        return on_extension(r, p, end);
    case AT_SIZE_LF:
        return on_size_lf(r, p);
    case AT_CHUNK:
        return counted_bytes(r, p, end, AT_CHUNK_CR);
    default:
        return on_chunk_end(r, p);
    }
}

/* --- for the caller --- */

static enum response_state verdict(const struct response *r)
{
    if (r->state < AT_END)
        return RESPONSE_MORE;
    return r->state == AT_END ? RESPONSE_DONE : RESPONSE_BAD;
}

void response_init(struct response *r, enum response_to to)
{
    *r = (struct response){.to = (uint8_t)to};
}

enum response_state response_feed(struct response *r, const char *data, size_t len, size_t *used)
{
    *used = 0;
    if (len == 0)
        return verdict(r); /* data may be NULL then */
    const char *p = data;
    const char *end = data + len;
    while (p < end && r->state < AT_END)
        p = in_head(r) ? feed_head(r, p, end) : body_step(r, p, end);
    *used = (size_t)(p - data);
    return verdict(r);
}

enum response_state response_eof(struct response *r)
{
    if (r->state == AT_BODY_TO_CLOSE)
        r->state = AT_END;
    return verdict(r);
}
