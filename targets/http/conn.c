#include "targets/http/conn.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/http/reader.h"

#define OWED_MAX  64   /* requests of one connection; more are not read */
#define LINGER_MS 1000 /* for the client to read its last reply before we close */

enum conn_state {
    CONN_OPEN,
    CONN_LAST,   /* takes no more requests; ends when all that it owes is written */
    CONN_LINGER, /* has shut down its side, and waits for the client to close */
    CONN_CLOSING
};

struct conn {
    uv_tcp_t tcp;
    uv_timer_t deadline; /* runs while we wait for the client */
    int open_handles;
    enum conn_state state;
    struct conn_list *list;
    struct conn *prev, *next;

    struct reader reader;
    bool receiving; /* a request has begun and is not yet whole */
    bool overdue;   /* the deadline has passed once */
    bool paused;    /* too much is owed: not reading */

    struct request *first, *last; /* not yet written */
    size_t owed;                  /* requests whose reply the socket has not wholly taken */
    uv_shutdown_t shutdown;
};

/* ---- closing ---- */

static void on_closed(uv_handle_t *handle)
{
    struct conn *c = handle->data;
    struct conn_list *list = c->list;
    if (--c->open_handles > 0)
        return;
    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        list->first = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
    list->requests.stats->connections_open--;
    reader_fini(&c->reader);
    free(c);
    request_env_wake(&list->requests);
}

static void close_conn(struct conn *c)
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
            request_end(r, REQUEST_LOST);
        r = next;
    }
}

/* ---- waiting for the client ---- */

static void on_deadline(uv_timer_t *timer)
{
    struct conn *c = timer->data;
    /* Work on the loop (inline) may have blocked it past the deadline, with bytes of the client
     * waiting in the socket: those are read before the second call. */
    if (c->overdue) {
        close_conn(c);
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
    await_client(c, c->list->options->idle_timeout_ns / NS_PER_MS);
}

static void on_shutdown(uv_shutdown_t *req, int status)
{
    (void)req;
    (void)status; /* the client's end of file, or the deadline, closes in any case */
}

/* Closing with unread bytes would reset the connection, and the client could lose a reply that it
 * has not read yet. So only our side is shut down, and the client closes first. */
static void linger(struct conn *c)
{
    c->state = CONN_LINGER;
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shutdown) < 0)
        close_conn(c);
    else
        await_client(c, LINGER_MS);
}

/* ---- reading ---- */

static void tell_to_continue(struct conn *c)
{
    char bytes[] = "HTTP/1.1 100 Continue\r\n\r\n";
    uv_buf_t buf = uv_buf_init(bytes, sizeof bytes - 1);
    c->reader.awaits_continue = false;
    if (c->owed == 0)
        (void)uv_try_write((uv_stream_t *)&c->tcp, &buf, 1); /* it may be lost: a courtesy */
}

static void write_replies(struct conn *c);

static struct request *add_request(struct conn *c, enum reply_connection connection)
{
    struct request *r = request_new(&c->list->requests, c, write_replies);
    r->connection = connection;
    if (c->last == NULL)
        c->first = r;
    else
        c->last->next = r;
    c->last = r;
    c->owed++;
    c->receiving = false;
    (void)uv_timer_stop(&c->deadline);
    if (connection == REPLY_CLOSE)
        c->state = CONN_LAST;
    return r;
}

static void take_request(struct conn *c)
{
    struct message *message = &c->reader.message;
    struct request *r = add_request(c, c->reader.connection);
    r->part = message->method == HTTP_HEAD ? REPLY_HEAD_ONLY : REPLY_WHOLE;
    c->list->route(c->list->ctx, r, message);
}

static void refuse(struct conn *c)
{
    c->list->requests.stats->other++;
    request_fail(add_request(c, REPLY_CLOSE), c->reader.status, NULL, c->reader.why);
}

/* Reads to the end of one request at the most; how many bytes that were. */
static size_t read_request(struct conn *c, const char *bytes, size_t len)
{
    size_t taken = 0;
    enum reader_step step = reader_feed(&c->reader, bytes, len, &taken);
    if (c->reader.awaits_continue)
        tell_to_continue(c);
    if (step == READER_REQUEST) {
        take_request(c);
    } else if (step == READER_BAD) {
        refuse(c);
    } else if (step == READER_PART && !c->receiving) {
        c->receiving = true;
        await_idle(c);
    }
    return taken;
}

/* Bytes after the last request are ignored. */
static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct conn *c = stream->data;
    size_t len = nread > 0 ? (size_t)nread : 0; /* 0: nothing yet; not end of file */
    size_t taken = 0;
    if (nread < 0) {
        close_conn(c);
        return;
    }
    while (c->state == CONN_OPEN && taken < len)
        taken += read_request(c, buf->base + taken, len - taken);
    if (c->state == CONN_OPEN && c->owed >= OWED_MAX) {
        c->paused = true;
        (void)uv_read_stop(stream);
    }
}

/* One buffer serves all connections: what is read is parsed before the next read. */
static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct conn *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init(c->list->read_bytes, sizeof c->list->read_bytes);
}

/* ---- writing ---- */

/* A reply was taken whole: what does the connection wait for now? */
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
    request_end(req->data, status < 0 ? REQUEST_LOST : REQUEST_WRITTEN);
    if (status < 0)
        close_conn(c);
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
        request_end(r, REQUEST_WRITTEN);
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
        request_end(r, REQUEST_LOST);
        close_conn(c);
        return;
    }
    await_idle(c); /* for the client to read */
}

/* Those that are answered, up to the first that is not. */
static void write_replies(struct conn *c)
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

/* ---- the list ---- */

static struct conn *add_conn(struct conn_list *list)
{
    struct conn *c = mem_zalloc(sizeof *c);
    c->list = list;
    c->open_handles = 2;
    c->tcp.data = c->deadline.data = c;
    reader_init(&c->reader, (size_t)list->options->max_header_bytes,
                (size_t)list->options->max_body_bytes);
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
        uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read) < 0 ||
        uv_fileno((uv_handle_t *)&c->tcp, &fd) < 0) {
        close_conn(c);
        return -1;
    }
    (void)uv_tcp_nodelay(&c->tcp, 1);
    await_idle(c);
    return fd;
}

static void stop_conn(struct conn *c)
{
    if (c->owed == 0)
        close_conn(c);
    if (c->state != CONN_OPEN)
        return;
    c->state = CONN_LAST;
    c->receiving = false;
    (void)uv_timer_stop(&c->deadline); /* the grace time is the limit now */
    if (c->last != NULL && c->last->outcome == REQUEST_OPEN)
        c->last->connection = REPLY_CLOSE;
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
        close_conn(c);
}

bool conn_list_is_empty(const struct conn_list *list)
{
    return list->first == NULL && list->requests.open == 0;
}
