/* parse: what the files of the response parser share; no other file includes it.
 *
 * Shape   response.c feeds: head.c takes the status line and the header lines apart, field.c the
 *         three headers that decide where a reply ends and whether its connection lives on, and
 *         response.c itself the bodies. A step returns the first byte that it left, which is
 *         where the error is after parse_bad.
 * Owner   the caller of response_feed.
 * Errors  parse_bad ends the reply.
 * Source  see response.h.
 */
#ifndef HTTP_PARSE_H
#define HTTP_PARSE_H

#include "http/response.h"

/* A body or a chunk of more is taken for garbage: sums of them must not wrap. */
#define PARSE_NUMBER_MAX ((UINT64_C(1) << 60) - 1)

/* For response.state, in the order of a reply: all up to AT_HEAD_LF belong to a head, or to the
 * trailers. */
enum parse_state {
    AT_START, /* or in the empty lines before it */
    AT_START_LF,
    AT_VERSION,
    AT_CODE,
    AT_CODE_END,
    AT_REASON,
    AT_REASON_LF,
    AT_LINE,
    AT_NAME,
    AT_VALUE,
    AT_VALUE_LF,
    AT_FOLD, /* behind a line: a blank here makes the next line part of it */
    AT_HEAD_LF,
    AT_BODY,
    AT_BODY_TO_CLOSE,
    AT_SIZE,
    AT_SIZE_BLANK,
    AT_EXTENSION,
    AT_SIZE_LF,
    AT_CHUNK,
    AT_CHUNK_CR,
    AT_CHUNK_LF,
    AT_END,
    AT_ERROR,
};

/* For response.field: which header a line is. */
enum parse_field { FIELD_OTHER, FIELD_CONNECTION, FIELD_LENGTH, FIELD_CODING };

/* For response.seen: what this head said. */
enum {
    SEEN_HTTP_11 = 1,
    SEEN_LENGTH = 2,
    SEEN_CODING = 4,
    SEEN_CHUNKED = 8,       /* anywhere in the list of codings */
    SEEN_CHUNKED_LAST = 16, /* and behind all others */
    SEEN_CLOSE = 32,
    SEEN_KEEP_ALIVE = 64,
    SEEN_TRAILERS = 128, /* the lines behind a chunked body: they decide nothing */
};

static inline const char *parse_go(struct response *r, enum parse_state state, const char *p)
{
    r->state = (uint8_t)state;
    return p;
}

static inline const char *parse_bad(struct response *r, const char *p, const char *why)
{
    r->why = why;
    return parse_go(r, AT_ERROR, p);
}

static inline bool parse_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Above 9 for a byte that is none. */
static inline unsigned parse_digit(char c)
{
    return (unsigned)(unsigned char)c - '0';
}

/* One step through a head; r->state says where. */
const char *head_step(struct response *r, const char *p, const char *end);

/* For each header line: field_start; field_name over the pieces of its name; field_value over those
 * of its value, which stops at CR, LF and NUL (for FIELD_OTHER at any control character); and
 * field_end at the first byte behind it that does not continue it. */
void field_start(struct response *r);
const char *field_name(struct response *r, const char *p, const char *end);
const char *field_value(struct response *r, const char *p, const char *end);
const char *field_end(struct response *r, const char *p);
/* The same in one, for as many lines as are there whole and look as they usually do. Stops at the
 * first byte of a line; r->field is FIELD_OTHER if that line may continue the one before. */
const char *field_usual_lines(struct response *r, const char *p, const char *end);

#endif
