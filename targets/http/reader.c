#include "targets/http/reader.h"

#include <string.h>

/* ---- the parser's callbacks; a value that is not 0 stops it ---- */

static int refuse(struct reader *r, int status, const char *why)
{
    r->status = status;
    r->why = why;
    return -1;
}

static int on_message_begin(http_parser *parser)
{
    struct reader *r = parser->data;
    buf_clear(&r->target);
    buf_clear(&r->body);
    head_begin(&r->head);
    r->in_body = false;
    r->message = (struct message){.head = &r->head};
    r->step = READER_PART;
    return 0;
}

static int on_target(http_parser *parser, const char *at, size_t len)
{
    struct reader *r = parser->data;
    r->message.method = parser->method;
    buf_add(&r->target, at, len);
    return 0;
}

static int on_header_field(http_parser *parser, const char *at, size_t len)
{
    struct reader *r = parser->data;
    if (r->in_body || head_add_name(&r->head, at, len))
        return 0;
    return refuse(r, 400, "a header's name may not contain or follow a blank");
}

static int on_header_value(http_parser *parser, const char *at, size_t len)
{
    struct reader *r = parser->data;
    if (!r->in_body)
        head_add_value(&r->head, at, len);
    return 0;
}

/* HTTP/1.0 closes by default, and has no 100 Continue. */
static bool is_old(const http_parser *parser)
{
    return parser->http_minor == 0;
}

static int refuse_body(struct reader *r)
{
    return refuse(r, 413, "the body is longer than --max-body allows");
}

/* Looks at the bytes up to `end` that are not the body's. Debian builds the parser without its
 * strict checks: it takes any byte that follows a CR for the LF, and any two for the end of a
 * chunk. */
static bool has_whole_lines(struct reader *r, const char *end)
{
    const char *p = r->unchecked;
    r->unchecked = end;
    if (p == end)
        return true;
    if ((r->after_chunk && *p != '\r') || (r->after_cr && *p != '\n'))
        return false;
    r->after_chunk = false;
    const char *cr = memchr(p, '\r', (size_t)(end - p));
    while (cr != NULL && cr + 1 < end) {
        if (cr[1] != '\n')
            return false;
        cr = memchr(cr + 1, '\r', (size_t)(end - cr - 1));
    }
    r->after_cr = cr != NULL;
    return true;
}

static int refuse_lines(struct reader *r)
{
    return refuse(r, 400, "a line does not end with CR LF");
}

static int on_headers_complete(http_parser *parser)
{
    struct reader *r = parser->data;
    uint64_t length = parser->content_length; /* UINT64_MAX: not given */
    parser->upgrade = 0;                      /* there is no other protocol to change to */
    r->in_body = true;
    r->status = head_check(&r->head, parser->http_major, parser->http_minor, &r->why);
    if (r->status != 0)
        return -1;
    if (length != UINT64_MAX && length > r->max_body_bytes)
        return refuse_body(r);
    r->message.target = r->target.data;
    r->message.target_len = r->target.len;
    r->awaits_continue = head_text(&r->head, HEAD_EXPECT)[0] != '\0' && !is_old(parser);
    return 0;
}

static int on_body(http_parser *parser, const char *at, size_t len)
{
    struct reader *r = parser->data;
    if (!has_whole_lines(r, at))
        return refuse_lines(r);
    r->unchecked = at + len;
    r->after_chunk = (parser->flags & F_CHUNKED) != 0 && parser->content_length == 0;
    buf_add(&r->body, at, len);
    if (!r->body.overflow)
        return 0;
    return refuse_body(r); /* chunked: the length was not known before */
}

static int on_message_complete(http_parser *parser)
{
    struct reader *r = parser->data;
    bool keep = http_should_keep_alive(parser) != 0;
    r->connection = !keep ? REPLY_CLOSE : is_old(parser) ? REPLY_KEEP_TOLD : REPLY_KEEP;
    r->awaits_continue = false;
    r->message.body = r->body.data;
    r->message.body_len = r->body.len;
    r->step = READER_REQUEST;
    http_parser_pause(parser, 1);
    return 0;
}

static const http_parser_settings callbacks = {
    .on_message_begin = on_message_begin,
    .on_url = on_target,
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

/* ---- the reader ---- */

void reader_init(struct reader *r, size_t max_header_bytes, size_t max_body_bytes)
{
    *r = (struct reader){.max_body_bytes = max_body_bytes};
    buf_init(&r->target, max_header_bytes);
    buf_init(&r->body, max_body_bytes);
    http_parser_set_max_header_size((uint32_t)max_header_bytes);
    http_parser_init(&r->parser, HTTP_REQUEST);
    r->parser.data = r;
}

void reader_fini(struct reader *r)
{
    buf_fini(&r->target);
    buf_fini(&r->body);
}

/* The parser stops where no method that it knows goes on like that. A capital letter belongs to
 * another method; anything else is not HTTP. */
static bool is_of_method(char c)
{
    return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* `at` is the byte that the parser did not take. */
static enum reader_step bad(struct reader *r, enum http_errno error, const char *at)
{
    if (r->status == 0 && error == HPE_HEADER_OVERFLOW)
        (void)refuse(r, 431, "the header is longer than --max-header allows");
    else if (r->status == 0 && error == HPE_INVALID_METHOD && is_of_method(*at))
        (void)refuse(r, 501, "the method is not known");
    else if (r->status == 0)
        (void)refuse(r, 400, http_errno_description(error));
    return READER_BAD;
}

/* The parser takes a tab for a part of the value that it follows (RFC 9110 5.5: it is white space):
 * "Content-Length: 2" and a tab is no number to it, "close" and a tab is not close. So it is given
 * a blank for each tab of a field's value. */
static size_t execute(struct reader *r, const char *bytes, size_t len)
{
    size_t done = 0;
    while (done < len && HTTP_PARSER_ERRNO(&r->parser) == HPE_OK) {
        const char *from = bytes + done;
        const char *tab = r->in_body ? NULL : memchr(from, '\t', len - done);
        size_t part = tab == NULL ? len - done : (size_t)(tab - from);
        if (part == 0) { /* from is a tab */
            from = r->head.in_value ? " " : from;
            part = 1;
        }
        size_t used = http_parser_execute(&r->parser, &callbacks, from, part);
        done += used;
        if (used < part)
            break;
    }
    return done;
}

enum reader_step reader_feed(struct reader *r, const char *bytes, size_t len, size_t *taken)
{
    if (r->step == READER_REQUEST) {
        r->step = READER_NOTHING;
        r->in_body = false;
        r->message = (struct message){0};
        http_parser_pause(&r->parser, 0);
    }
    r->unchecked = bytes;
    *taken = execute(r, bytes, len);
    enum http_errno error = HTTP_PARSER_ERRNO(&r->parser);
    if (r->status == 0 && !has_whole_lines(r, bytes + *taken))
        (void)refuse_lines(r);
    else if (error == HPE_PAUSED || (error == HPE_OK && *taken == len))
        return r->step;
    return bad(r, error, bytes + (*taken < len ? *taken : len - 1));
}
