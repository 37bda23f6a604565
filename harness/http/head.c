#include <string.h>

#include "http/parse.h"
#include "http/scan.h"

/* --- where the head ends --- */

static bool has_no_body(const struct response *r)
{
    return r->to == RESPONSE_TO_HEAD || r->status == 204 || r->status == 304 || r->status == 101;
}

static bool lives_on(const struct response *r)
{
    if ((r->seen & SEEN_CLOSE) || r->status == 101)
        return false;
    if (r->seen & SEEN_HTTP_11)
        return true;
    return (r->seen & SEEN_KEEP_ALIVE) && !(r->seen & SEEN_CODING);
}

static enum parse_state framing(const struct response *r)
{
    if (has_no_body(r))
        return AT_END;
    if (r->seen & SEEN_CODING)
        return (r->seen & SEEN_CHUNKED_LAST) ? AT_SIZE : AT_BODY_TO_CLOSE;
    if (r->seen & SEEN_LENGTH)
        return r->length > 0 ? AT_BODY : AT_END;
    return AT_BODY_TO_CLOSE;
}

static const char *head_end(struct response *r, const char *next)
{
    if (r->seen & SEEN_TRAILERS)
        return parse_go(r, AT_END, next);
    if (r->status < 200 && r->status != 101) {
        r->seen = 0;
        return parse_go(r, AT_START, next);
    }
    enum parse_state state = framing(r);
    r->keep_alive = state != AT_BODY_TO_CLOSE && lives_on(r);
    r->number = 0;
    r->match = 0;
    return parse_go(r, state, next);
}

/* --- the status line --- */

static const char *on_code(struct response *r, const char *p, const char *end)
{
    for (; p < end && r->match < 3; p++, r->match++) {
        unsigned digit = parse_digit(*p);
        if (digit > 9 || (digit == 0 && r->match == 0))
            return parse_bad(r, p, "a status that is not three digits from 100 up");
        r->status = (uint16_t)(r->status * 10 + digit);
    }
    return r->match < 3 ? p : parse_go(r, AT_CODE_END, p);
}

/* What is wrong with the byte `c` at `at` in a version. Other protocols are known by their first
 * byte: a record of TLS is of type 21 (alert) or 22 (handshake), and the first frame of HTTP/2 is
 * shorter than 2^16 (RFC 8446, 5.1; RFC 9113, 4.1). */
static const char *version_fault(size_t at, char c)
{
    if (at == 0 && (c == 21 || c == 22))
        return "TLS: is this an HTTPS port?";
    if (at == 0 && c == 0)
        return "binary data: does this port speak only HTTP/2?";
    return at < 5 ? "not HTTP" : "a version other than 1.0 and 1.1";
}

static const char *on_version(struct response *r, const char *p, const char *end)
{
    static const char usual[] = "HTTP/1.1 ";
    const size_t minor = 7;
    for (; p < end && usual[r->match] != '\0'; p++, r->match++) {
        if (r->match == minor && *p == '1')
            r->seen = SEEN_HTTP_11;
        else if (*p != usual[r->match] && (r->match != minor || *p != '0'))
            return parse_bad(r, p, version_fault(r->match, *p));
    }
    if (usual[r->match] != '\0')
        return p;
    r->match = 0;
    r->status = 0;
    return parse_go(r, AT_CODE, p);
}

/* "HTTP/1.1 200 OK" and its like, when it is there whole: the steps around this one, at once. */
static const char *usual_status_line(struct response *r, const char *p, const char *end)
{
    if (end - p < 16 || memcmp(p, "HTTP/1.1 ", 9) != 0 || p[12] != ' ')
        return p;
    unsigned code[] = {parse_digit(p[9]), parse_digit(p[10]), parse_digit(p[11])};
    if (code[0] - 1 > 8 || code[1] > 9 || code[2] > 9)
        return p;
    const char *cr = scan_text(p + 13, end);
    if (end - cr < 2 || memcmp(cr, "\r\n", 2) != 0)
        return p;
    r->status = (uint16_t)(code[0] * 100 + code[1] * 10 + code[2]);
    r->seen = SEEN_HTTP_11;
    return parse_go(r, AT_LINE, cr + 2);
}

static const char *on_start(struct response *r, const char *p, const char *end)
{
    if (*p == '\r')
        return parse_go(r, AT_START_LF, p + 1);
    if (*p == '\n')
        return p + 1;
    r->started = true;
    r->match = 0;
    (void)parse_go(r, AT_VERSION, p);
    return usual_status_line(r, p, end);
}

static const char *on_reason(struct response *r, const char *p, const char *end)
{
    p = scan_text(p, end);
    if (p == end)
        return p;
    if (*p == '\r')
        return parse_go(r, AT_REASON_LF, p + 1);
    if (*p == '\n')
        return parse_go(r, AT_LINE, p + 1);
    return *p == '\0' ? parse_bad(r, p, "a NUL in the status line") : p + 1;
}

static const char *on_code_end(struct response *r, const char *p, const char *end)
{
    if (*p == ' ') {
        (void)parse_go(r, AT_REASON, p);
        return on_reason(r, p + 1, end);
    }
    if (*p == '\r' || *p == '\n')
        return on_reason(r, p, end);
    return parse_bad(r, p, "a status that is not three digits from 100 up");
}

/* --- header lines --- */

static bool is_told(const struct response *r)
{
    return r->header != NULL && r->status >= 200 && (r->seen & SEEN_TRAILERS) == 0;
}

static void tell(const struct response *r, enum response_part part, const char *from,
                 const char *to)
{
    if (is_told(r))
        r->header(r->ctx, part, from, (size_t)(to - from));
}

static const char *on_value(struct response *r, const char *p, const char *end)
{
    const char *from = p;
    p = field_value(r, p, end);
    tell(r, RESPONSE_VALUE, from, p);
    if (p == end || r->state == AT_ERROR)
        return p;
    if (*p == '\r')
        return parse_go(r, AT_VALUE_LF, p + 1);
    if (*p == '\n')
        return parse_go(r, AT_FOLD, p + 1);
    if (*p == '\0')
        return parse_bad(r, p, "a NUL in a header");
    if (*p == '\t') /* of the control characters the only one that says something */
        tell(r, RESPONSE_VALUE, p, p + 1);
    return p + 1;
}

static const char *on_name(struct response *r, const char *p, const char *end)
{
    const char *from = p;
    p = field_name(r, p, end);
    tell(r, RESPONSE_NAME, from, p);
    if (p == end)
        return p;
    if (parse_is_blank(*p))
        return parse_bad(r, p, "a blank in the name of a header");
    if (*p != ':')
        return parse_bad(r, p, "a header without a colon");
    (void)parse_go(r, AT_VALUE, p);
    return on_value(r, p + 1, end);
}

/* Behind whole lines. What follows them may still continue the last one. */
static const char *usual_lines_end(struct response *r, const char *p, const char *end)
{
    if (r->state == AT_ERROR)
        return p;
    if (end - p >= 2 && memcmp(p, "\r\n", 2) == 0)
        return head_end(r, p + 2);
    return parse_go(r, AT_FOLD, p);
}

static const char *on_line(struct response *r, const char *p, const char *end)
{
    if (*p == '\r')
        return parse_go(r, AT_HEAD_LF, p + 1);
    if (*p == '\n')
        return head_end(r, p + 1);
    if (parse_is_blank(*p))
        return parse_bad(r, p, "a folded line before the first header");
    if (*p == ':')
        return parse_bad(r, p, "a header without a name");
    const char *rest = is_told(r) ? p : field_usual_lines(r, p, end);
    if (rest != p)
        return usual_lines_end(r, rest, end);
    field_start(r);
    (void)parse_go(r, AT_NAME, p);
    return on_name(r, p, end);
}

static const char *on_fold(struct response *r, const char *p)
{
    if (parse_is_blank(*p))
        return parse_go(r, AT_VALUE, p);
    (void)parse_go(r, AT_LINE, p);
    return field_end(r, p);
}

static const char *on_lf(struct response *r, const char *p)
{
    if (*p != '\n')
        return parse_bad(r, p, "a CR without LF");
    if (r->state == AT_HEAD_LF)
        return head_end(r, p + 1);
    static const uint8_t next[] = {
        [AT_START_LF] = AT_START, [AT_REASON_LF] = AT_LINE, [AT_VALUE_LF] = AT_FOLD};
    return parse_go(r, next[r->state], p + 1);
}

const char *head_step(struct response *r, const char *p, const char *end)
{
    switch (r->state) {
    case AT_START:
        return on_start(r, p, end);
    case AT_VERSION:
        return on_version(r, p, end);
    case AT_CODE:
        return on_code(r, p, end);
    case AT_CODE_END:
        return on_code_end(r, p, end);
    case AT_REASON:
        return on_reason(r, p, end);
    case AT_LINE:
        return on_line(r, p, end);
    case AT_NAME:
        return on_name(r, p, end);
    case AT_VALUE:
        return on_value(r, p, end);
    case AT_FOLD:
        return on_fold(r, p);
    default:
        return on_lf(r, p);
    }
}
