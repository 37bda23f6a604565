#include "targets/http/reader.h"

#include <string.h>
#include <strings.h>

/* ---- the parser's callbacks; a value that is not 0 stops it ---- */

static int on_message_begin(http_parser *parser)
{
    struct reader *r = parser->data;
    buf_clear(&r->target);
    buf_clear(&r->body);
    r->field_len = 0;
    r->expects = false;
    r->step = READER_PART;
    return 0;
}

static int on_target(http_parser *parser, const char *at, size_t len)
{
    struct reader *r = parser->data;
    buf_add(&r->target, at, len);
    return 0;
}

static int on_header_field(http_parser *parser, const char *at, size_t len)
{
    struct reader *r = parser->data;
    for (size_t i = 0; i < len && r->field_len < sizeof r->field; i++)
        r->field[r->field_len++] = at[i];
    return 0;
}

static int on_header_value(http_parser *parser, const char *at, size_t len)
{
    struct reader *r = parser->data;
    (void)at;
    (void)len;
    if (r->field_len == strlen("expect") && strncasecmp(r->field, "expect", r->field_len) == 0)
        r->expects = true;
    r->field_len = 0;
    return 0;
}

/* HTTP/1.0 closes by default, and has no 100 Continue. */
static bool is_old(const http_parser *parser)
{
    return parser->http_major < 1 || (parser->http_major == 1 && parser->http_minor == 0);
}

static int on_headers_complete(http_parser *parser)
{
    struct reader *r = parser->data;
    uint64_t length = parser->content_length; /* UINT64_MAX: not given */
    parser->upgrade = 0;                      /* there is no other protocol to change to */
    if (length != UINT64_MAX && length > r->max_body_bytes) {
        r->too_long = true;
        return -1;
    }
    r->awaits_continue = r->expects && !is_old(parser);
    return 0;
}

static int on_body(http_parser *parser, const char *at, size_t len)
{
    struct reader *r = parser->data;
    buf_add(&r->body, at, len);
    if (!r->body.overflow)
        return 0;
    r->too_long = true; /* chunked: the length was not known before */
    return -1;
}

static int on_message_complete(http_parser *parser)
{
    struct reader *r = parser->data;
    bool keep = http_should_keep_alive(parser) != 0;
    r->connection = !keep ? REPLY_CLOSE : is_old(parser) ? REPLY_KEEP_TOLD : REPLY_KEEP;
    r->message = (struct message){.method = parser->method,
                                  .target = r->target.data,
                                  .target_len = r->target.len,
                                  .body = r->body.data,
                                  .body_len = r->body.len};
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

static enum reader_step bad(struct reader *r, enum http_errno error)
{
    if (r->too_long) {
        r->status = 413;
        r->why = "the body is longer than --max-body allows";
    } else if (error == HPE_HEADER_OVERFLOW) {
        r->status = 431;
        r->why = "the header is longer than --max-header allows";
    } else {
        r->status = 400;
        r->why = http_errno_description(error);
    }
    return READER_BAD;
}

enum reader_step reader_feed(struct reader *r, const char *bytes, size_t len, size_t *taken)
{
    if (r->step == READER_REQUEST) {
        r->step = READER_NOTHING;
        http_parser_pause(&r->parser, 0);
    }
    *taken = http_parser_execute(&r->parser, &callbacks, bytes, len);
    enum http_errno error = HTTP_PARSER_ERRNO(&r->parser);
    if (error == HPE_PAUSED || (error == HPE_OK && *taken == len))
        return r->step;
    return bad(r, error);
}
