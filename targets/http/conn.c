#include "targets/http/conn.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/http/server.h"

#define OWED_MAX  64   /* requests of one connection; more are not read */
#define LINGER_MS 1000 /* for the client to read its last reply before we close */

/* ---- waiting for the client ---- */

static void on_deadline(uv_timer_t *timer)
{
    struct conn *c = timer->data;
    /* The loop may have been blocked past the deadline (inline): read first what came meanwhile. */
    if (c->overdue) {
        conn_close(c);
        return;
    }
    c->overdue = true;
    (void)uv_timer_start(timer, on_deadline, 1, 0);
}

static void await_client(struct conn *c, int64_t ms)
{
    c->overdue = false;
    uv_update_time(c->deadline.loop); /* work on the loop makes its clock stale */
    (void)uv_timer_start(&c->deadline, on_deadline, (uint64_t)ms, 0);
}

static void await_idle(struct conn *c)
{
    await_client(c, c->server->env.options->idle_timeout_ns / NS_PER_MS);
}

/* ---- closing ---- */

static void on_closed(uv_handle_t *handle)
{
    struct conn *c = handle->data;
    if (--c->open_handles > 0)
        return;
    server_conn_gone(c->server, c);
    buf_fini(&c->target);
    buf_fini(&c->body);
    free(c);
}

void conn_close(struct conn *c)
{
    if (c->state == CONN_CLOSING)
        return;
    c->state = CONN_CLOSING;
    uv_close((uv_handle_t *)&c->tcp, on_closed);
    uv_close((uv_handle_t *)&c->deadline, on_closed);
    struct request *r = c->first;
    c->first = c->last = NULL;
    while (r != NULL) {
        struct request *next = r->next;
        r->conn = NULL;
        if (r->outcome != REQUEST_OPEN)
            request_over(r, REQUEST_LOST);
        r = next;
    }
}

static void on_shutdown(uv_shutdown_t *req, int status)
{
    (void)req;
    (void)status; /* whatever became of it: the client's end of file or the deadline closes */
}

/* Closing with unread bytes would reset the connection under a reply that the client has yet to
 * read: so say that this is the end, and let the client close first. */
static void linger(struct conn *c)
{
    c->state = CONN_LINGER;
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shutdown) < 0)
        conn_close(c);
    else
        await_client(c, LINGER_MS);
}

void conn_stop(struct conn *c)
{
    if (c->owed == 0)
        conn_close(c);
    if (c->state != CONN_OPEN)
        return;
    c->state = CONN_LAST;
    c->receiving = false;
    (void)uv_timer_stop(&c->deadline); /* the grace time is the limit now */
    if (c->last != NULL && c->last->outcome == REQUEST_OPEN)
        c->last->connection = REPLY_CLOSE;
}

/* ---- writing ---- */

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf);
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf);

/* A reply was taken whole: what is the connection waiting for now? */
static void settle(struct conn *c)
{
    if (c->state == CONN_LAST && c->owed == 0)
        linger(c);
    if (c->state != CONN_OPEN)
        return;
    if (c->paused && c->owed < OWED_MAX) {
        c->paused = false;
        (void)uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
    }
    if (c->receiving)
        return;
    if (c->owed == 0)
        await_idle(c);
    else
        (void)uv_timer_stop(&c->deadline);
}

static void on_written(uv_write_t *req, int status)
{
    struct conn *c = req->handle->data;
    c->owed--;
    request_over(req->data, status < 0 ? REQUEST_LOST : REQUEST_WRITTEN);
    if (status < 0)
        conn_close(c);
    else
        settle(c);
}

static void write_reply(struct conn *c, struct request *r)
{
    uv_stream_t *stream = (uv_stream_t *)&c->tcp;
    uv_buf_t rest = uv_buf_init(r->reply.data, (unsigned)r->reply.len);
    int taken = uv_try_write(stream, &rest, 1);
    if (taken == (int)r->reply.len) {
        c->owed--;
        request_over(r, REQUEST_WRITTEN);
        return;
    }
    if (taken > 0) {
        rest.base += taken;
        rest.len -= (size_t)taken;
    }
    r->write.data = r;
    if ((taken < 0 && taken != UV_EAGAIN) ||
        uv_write(&r->write, stream, &rest, 1, on_written) < 0) {
        c->owed--;
        request_over(r, REQUEST_LOST);
        conn_close(c);
        return;
    }
    await_idle(c); /* for the client to read */
}

void conn_flush(struct conn *c)
{
    while (c->first != NULL && c->first->outcome != REQUEST_OPEN) {
        struct request *r = c->first;
        c->first = r->next;
        if (c->first == NULL)
            c->last = NULL;
        write_reply(c, r);
    }
    settle(c);
}

/* ---- reading: the parser's callbacks; a value that is not 0 stops it ---- */

static struct request *add_request(struct conn *c)
{
    struct request *r = request_new(c->server, c);
    if (c->last == NULL)
        c->first = r;
    else
        c->last->next = r;
    c->last = r;
    c->owed++;
    return r;
}

static int on_message_begin(http_parser *parser)
{
    struct conn *c = parser->data;
    buf_clear(&c->target);
    buf_clear(&c->body);
    c->field_len = 0;
    c->expects = false;
    c->receiving = true;
    await_idle(c);
    return 0;
}

static int on_target(http_parser *parser, const char *at, size_t len)
{
    struct conn *c = parser->data;
    buf_add(&c->target, at, len);
    return 0;
}

static int on_header_field(http_parser *parser, const char *at, size_t len)
{
    struct conn *c = parser->data;
    for (size_t i = 0; i < len && c->field_len < sizeof c->field; i++)
        c->field[c->field_len++] = at[i];
    return 0;
}

static int on_header_value(http_parser *parser, const char *at, size_t len)
{
    struct conn *c = parser->data;
    (void)at;
    (void)len;
    if (c->field_len == strlen("expect") && strncasecmp(c->field, "expect", c->field_len) == 0)
        c->expects = true;
    c->field_len = 0;
    return 0;
}

/* HTTP/1.0 closes unless it is told otherwise, and knows no 100 Continue. */
static bool is_old(const http_parser *parser)
{
    return parser->http_major < 1 || (parser->http_major == 1 && parser->http_minor == 0);
}

static int on_headers_complete(http_parser *parser)
{
    struct conn *c = parser->data;
    uint64_t length = parser->content_length; /* UINT64_MAX: not given */
    parser->upgrade = 0;                      /* no protocol that we would change to */
    if (length != UINT64_MAX && length > (uint64_t)c->server->env.options->max_body_bytes) {
        c->too_long = true;
        return -1;
    }
    if (c->expects && c->owed == 0 && !is_old(parser)) {
        char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        uv_buf_t bytes = uv_buf_init(go_on, sizeof go_on - 1);
        (void)uv_try_write((uv_stream_t *)&c->tcp, &bytes, 1); /* a courtesy: it may be lost */
    }
    return 0;
}

static int on_body(http_parser *parser, const char *at, size_t len)
{
    struct conn *c = parser->data;
    buf_add(&c->body, at, len);
    if (!c->body.overflow)
        return 0;
    c->too_long = true; /* chunked: the length was not known before */
    return -1;
}

static int on_message_complete(http_parser *parser)
{
    struct conn *c = parser->data;
    struct request *r = add_request(c);
    bool keep = http_should_keep_alive(parser) != 0;
    c->receiving = false;
    (void)uv_timer_stop(&c->deadline);
    r->part = parser->method == HTTP_HEAD ? REPLY_HEAD_ONLY : REPLY_WHOLE;
    r->connection = !keep ? REPLY_CLOSE : is_old(parser) ? REPLY_KEEP_TOLD : REPLY_KEEP;
    if (!keep)
        c->state = CONN_LAST;
    server_route(c->server, r,
                 &(struct message){.method = parser->method,
                                   .target = c->target.data,
                                   .target_len = c->target.len,
                                   .body = c->body.data,
                                   .body_len = c->body.len});
    return c->state == CONN_OPEN ? 0 : -1;
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

/* Bytes that cannot be taken: one last reply says why. */
static void refuse(struct conn *c)
{
    enum http_errno error = HTTP_PARSER_ERRNO(&c->parser);
    struct request *r = add_request(c);
    c->receiving = false;
    c->state = CONN_LAST;
    (void)uv_timer_stop(&c->deadline);
    r->connection = REPLY_CLOSE;
    if (c->too_long)
        server_refuse(c->server, r, 413, "the body is longer than --max-body allows");
    else if (error == HPE_HEADER_OVERFLOW)
        server_refuse(c->server, r, 431, "the header is longer than --max-header allows");
    else
        server_refuse(c->server, r, 400, http_errno_description(error));
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct conn *c = stream->data;
    if (nread == 0)
        return; /* nothing yet; not end of file */
    if (nread < 0) {
        conn_close(c);
        return;
    }
    if (c->state != CONN_OPEN)
        return; /* bytes after the last request are not ours */
    size_t taken = http_parser_execute(&c->parser, &callbacks, buf->base, (size_t)nread);
    if (c->state != CONN_OPEN)
        return;
    if (taken != (size_t)nread || HTTP_PARSER_ERRNO(&c->parser) != HPE_OK)
        refuse(c);
    else if (c->owed >= OWED_MAX) {
        c->paused = true;
        (void)uv_read_stop(stream);
    }
}

/* One buffer serves all connections: what is read is parsed before the next read. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct conn *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init(c->server->read_bytes, sizeof c->server->read_bytes);
}

void conn_accept(struct server *server, uv_stream_t *listener)
{
    struct conn *c = mem_zalloc(sizeof *c);
    c->server = server;
    c->open_handles = 2;
    c->tcp.data = c->deadline.data = c->parser.data = c;
    buf_init(&c->target, (size_t)server->env.options->max_header_bytes);
    buf_init(&c->body, (size_t)server->env.options->max_body_bytes);
    http_parser_init(&c->parser, HTTP_REQUEST);
    c->parser.data = c;
    (void)uv_tcp_init(server->env.loop, &c->tcp); /* neither init can fail */
    (void)uv_timer_init(server->env.loop, &c->deadline);
    server_conn_came(server, c);
    if (uv_accept(listener, (uv_stream_t *)&c->tcp) < 0 ||
        uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read) < 0) {
        conn_close(c);
        return;
    }
    (void)uv_tcp_nodelay(&c->tcp, 1);
    await_idle(c);
}
