#include "targets/http/conn.h"

#include <stdlib.h>

#include "base/mem.h"
#include "targets/http/conn_internal.h"

/* What the server holds for one connection; beyond either, no more of its requests are taken. */
#define OWED_MAX       64
#define OWED_BYTES_MAX ((size_t)1 << 20)
/* One read, with TLS behind the part of a record that came before it. */
#define REST_MAX ((size_t)CONN_READ_BYTES + TLS_PLAIN_BYTES)

/* ---- requests ---- */

/* Behind the replies that are owed. */
static void tell_to_continue(struct conn *c)
{
    char bytes[] = "HTTP/1.1 100 Continue\r\n\r\n";
    uv_buf_t buf = uv_buf_init(bytes, sizeof bytes - 1);
    c->owes_continue = false;
    conn_await_idle(c);
    if (c->tls != NULL) {
        conn_tls_write(c, bytes, sizeof bytes - 1);
        return;
    }
    (void)uv_try_write((uv_stream_t *)&c->tcp, &buf,
                       1); /* if it is lost, the client sends its body after a while */
}

static void on_answered(struct conn *c, struct request *r)
{
    c->owed_bytes += r->reply.len;
    c->owed_bytes -= r->held;
    r->held = r->reply.len;
    conn_write_replies(c);
    c->settle(c);
}

static struct request *add_request(struct conn *c, enum reply_connection connection)
{
    struct request *r = request_new(&c->list->requests, c, on_answered);
    r->part = c->reader.message.method == HTTP_HEAD ? REPLY_HEAD_ONLY : REPLY_WHOLE;
    bool came_in_parts = c->receiving;
    r->connection = connection;
    if (c->last == NULL)
        c->first = r;
    else
        c->last->next = r;
    c->last = r;
    c->owed++;
    c->receiving = c->owes_continue = false;
    if (connection == REPLY_CLOSE)
        c->state = CONN_LAST;
    if (came_in_parts && c->writing > 0)
        conn_await_idle(c); /* from now on for the client to read */
    conn_set_deadline(c);
    return r;
}

static void take_request(struct conn *c)
{
    struct message *message = &c->reader.message;
    struct request *r = add_request(c, c->reader.connection);
    r->held = message->body_len;
    c->owed_bytes += r->held;
    c->list->route(c->list->ctx, r, message);
}

static void refuse(struct conn *c, int status, const char *why)
{
    c->list->requests.stats->other++;
    request_fail(add_request(c, REPLY_CLOSE), status, NULL, why);
}

/* A client that waits with its body is told to send it, or is refused. */
static void judge_waiting(struct conn *c)
{
    struct err err;
    int status = c->list->check(c->list->ctx, &c->reader.message, &err);
    c->reader.awaits_continue = false;
    if (status != 0)
        refuse(c, status, err.text);
    else
        c->owes_continue = true;
}

/* Reads at most to the end of one request; returns the number of bytes that were used. */
static size_t read_request(struct conn *c, const char *bytes, size_t len)
{
    size_t taken = 0;
    enum reader_step step = reader_feed(&c->reader, bytes, len, &taken);
    if (step == READER_REQUEST) {
        take_request(c);
    } else if (step == READER_BAD) {
        refuse(c, c->reader.status, c->reader.why);
    } else if (step == READER_PART && !c->receiving) {
        c->receiving = true;
        conn_await_idle(c);
    }
    if (step == READER_PART && c->reader.awaits_continue)
        judge_waiting(c);
    return taken;
}

static bool owes_little(const struct conn *c)
{
    return c->owed < OWED_MAX && c->owed_bytes < OWED_BYTES_MAX;
}

static bool may_take(const struct conn *c)
{
    return c->state == CONN_OPEN && owes_little(c) &&
           (c->last == NULL || c->last->outcome != REQUEST_OPEN || !c->last->any_size);
}

static size_t take_requests(struct conn *c, const char *bytes, size_t len)
{
    size_t taken = 0;
    c->is_taking = true;
    while (taken < len && may_take(c))
        taken += read_request(c, bytes + taken, len - taken);
    c->is_taking = false;
    return taken;
}

static void take_rest(struct conn *c)
{
    c->rest_taken += take_requests(c, c->rest.data + c->rest_taken, c->rest.len - c->rest_taken);
    if (c->rest_taken < c->rest.len && c->state == CONN_OPEN)
        return;
    buf_fini(&c->rest);
    buf_init(&c->rest, REST_MAX);
    c->rest_taken = 0;
}

/* ---- reading ---- */

static void settle(struct conn *c);

static void take_end(struct conn *c)
{
    if (c->owed == 0 || c->state > CONN_LAST) {
        conn_close(c);
        return;
    }
    c->ended = true;
    conn_take_no_more(c);
}

static void on_read_end(struct conn *c, ssize_t status)
{
    c->is_reading = false;
    if (status == UV_EOF)
        take_end(c);
    else
        conn_close(c);
}

/* Bytes after the last request are ignored. */
static void take_bytes(struct conn *c, const char *bytes, size_t len)
{
    size_t taken = c->rest.len == 0 ? take_requests(c, bytes, len) : 0;
    if (c->state == CONN_OPEN && taken < len)
        buf_add(&c->rest, bytes + taken, len - taken);
}

/* After a failure only the alert is still written, and what else came is lost. */
static void end_tls(struct conn *c)
{
    if (c->state > CONN_LAST)
        conn_close(c);
    else
        conn_linger(c);
}

static void read_tls(struct conn *c, const char *bytes, size_t len)
{
    enum tls_event event = TLS_DATA;
    conn_tls_feed(c, bytes, len);
    while (event == TLS_DATA || event == TLS_OPENED) {
        const char *plain = NULL;
        size_t plain_len = 0;
        event = conn_tls_next(c, &plain, &plain_len);
        if (event == TLS_OPENED)
            conn_await_idle(c); /* from now on for a request */
        take_bytes(c, plain, plain_len);
    }
    if (event == TLS_CLOSED)
        c->said_end = true;
    if (event == TLS_FAILED)
        end_tls(c);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct conn *c = stream->data;
    size_t len = nread > 0 ? (size_t)nread : 0; /* 0: nothing yet; not end of file */
    if (nread < 0) {
        on_read_end(c, nread);
        return;
    }
    if (c->tls == NULL)
        take_bytes(c, buf->base, len);
    else
        read_tls(c, buf->base, len);
    settle(c);
}

/* One buffer serves all connections: what is read is parsed, or copied, before the next read. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct conn *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init(c->list->read_bytes, sizeof c->list->read_bytes);
}

/* A connection that takes no more requests reads on, to see the client's end of file. */
static void set_reading(struct conn *c)
{
    bool wanted = c->state == CONN_OPEN ? c->rest.len == 0 && owes_little(c)
                                        : c->state != CONN_CLOSING && !c->ended;
    if (wanted == c->is_reading || c->state == CONN_CLOSING)
        return;
    c->is_reading = wanted;
    if (!wanted)
        (void)uv_read_stop((uv_stream_t *)&c->tcp);
    else if (uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read) < 0)
        conn_close(c);
}

static void settle(struct conn *c)
{
    if (c->is_taking)
        return;
    if (c->rest.len > 0 && may_take(c))
        take_rest(c);
    if (c->said_end && !c->ended && c->rest.len == 0)
        take_end(c);
    if (c->owes_continue && c->owed == 0 && c->state == CONN_OPEN)
        tell_to_continue(c);
    if (c->state == CONN_LAST && c->owed == 0)
        conn_linger(c);
    conn_set_deadline(c);
    set_reading(c);
}

/* ---- the list ---- */

static struct conn *add_conn(struct conn_list *list)
{
    struct conn *c = mem_zalloc(sizeof *c);
    c->list = list;
    c->open_handles = 2;
    c->settle = settle;
    c->tcp.data = c->deadline.data = c;
    reader_init(&c->reader, (size_t)list->options->max_header_bytes,
                (size_t)list->options->max_body_bytes);
    buf_init(&c->rest, REST_MAX);
    (void)uv_tcp_init(list->loop, &c->tcp); /* neither init can fail */
    (void)uv_timer_init(list->loop, &c->deadline);
    c->next = list->first;
    if (list->first != NULL)
        list->first->prev = c;
    list->first = c;
    list->requests.stats->connections_accepted++;
    list->requests.stats->connections_open++;
    return c;
}

int conn_accept(struct conn_list *list, uv_stream_t *listener)
{
    struct conn *c = add_conn(list);
    uv_os_fd_t fd = -1;
    if (uv_accept(listener, (uv_stream_t *)&c->tcp) < 0 ||
        uv_fileno((uv_handle_t *)&c->tcp, &fd) < 0) {
        conn_close(c);
        return -1;
    }
    if (list->tls != NULL)
        conn_tls_open(c);
    set_reading(c);
    if (c->state == CONN_CLOSING)
        return -1;
    (void)uv_tcp_nodelay(&c->tcp, 1);
    conn_await_idle(c);
    return fd;
}

static void stop_conn(struct conn *c)
{
    if (c->owed == 0 && c->unconfirmed == NULL)
        conn_close(c);
    if (c->state != CONN_OPEN)
        return;
    conn_take_no_more(c); /* from now on the grace time is the limit */
    set_reading(c);
}

void conn_list_stop(struct conn_list *list)
{
    list->requests.stopping = true;
    for (struct conn *c = list->first; c != NULL; c = c->next)
        stop_conn(c);
}

void conn_list_close(struct conn_list *list)
{
    struct request_env *requests = &list->requests;
    requests->cut_short = requests->cut_short || requests->open > 0;
    for (struct conn *c = list->first; c != NULL; c = c->next)
        conn_close(c);
}

bool conn_list_is_empty(const struct conn_list *list)
{
    return list->first == NULL && list->requests.open == 0;
}
