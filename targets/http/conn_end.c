/* How a connection waits for its client, and how it ends. */
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "targets/http/conn_internal.h"

#define LINGER_MS 1000 /* for the client to read its last reply before we close */

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
    if (c->tls != NULL)
        conn_tls_free(c);
    reader_fini(&c->reader);
    buf_fini(&c->rest);
    free(c);
    request_env_wake(&list->requests);
}

static void end_unconfirmed(struct conn *c, enum request_end end)
{
    struct request *r = c->unconfirmed;
    c->unconfirmed = NULL;
    while (r != NULL) {
        struct request *next = r->next;
        request_end(r, end);
        r = next;
    }
}

void conn_close(struct conn *c)
{
    if (c->state == CONN_CLOSING)
        return;
    c->state = CONN_CLOSING;
    if (c->tls != NULL)
        conn_tls_close(c);
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
    end_unconfirmed(c, REQUEST_LOST);
}

/* ---- waiting for the client ---- */

/* Bytes that the socket has taken and the client's host has not acknowledged. */
static size_t unacknowledged_bytes(const struct conn *c)
{
    uv_os_fd_t fd = -1;
    int bytes = 0;
    if (uv_fileno((const uv_handle_t *)&c->tcp, &fd) < 0 || ioctl(fd, SIOCOUTQ, &bytes) < 0)
        return 0;
    return (size_t)bytes;
}

static size_t unread_bytes(const struct conn *c)
{
    return uv_stream_get_write_queue_size((const uv_stream_t *)&c->tcp) + unacknowledged_bytes(c);
}

/* The next request does not come, and replies are owed that are not ready. A client that waits for
 * 100 Continue behind them is not late. */
static void await_replies(struct conn *c)
{
    if (!c->owes_continue)
        conn_take_no_more(c);
}

static void on_deadline(uv_timer_t *timer)
{
    struct conn *c = timer->data;
    if (c->writing > 0 && unread_bytes(c) < c->unread_bytes) {
        conn_await_idle(c); /* the client reads, if slowly */
        return;
    }
    /* Work on the loop (inline) may have blocked it past the deadline, with bytes of the client
     * waiting in the socket: those are read before the second call. */
    if (c->overdue) {
        if (c->owed > 0 && c->writing == 0)
            await_replies(c);
        else
            conn_close(c);
        return;
    }
    c->overdue = true;
    (void)uv_timer_start(timer, on_deadline, 1, 0);
}

static void await_client(struct conn *c, int64_t ms)
{
    c->overdue = false;
    c->unread_bytes = c->writing > 0 ? unread_bytes(c) : 0;
    uv_update_time(c->deadline.loop); /* work on the loop makes its clock stale */
    (void)uv_timer_start(&c->deadline, on_deadline, (uint64_t)ms, 0);
}

void conn_await_idle(struct conn *c)
{
    await_client(c, c->list->options->idle_timeout_ns / NS_PER_MS);
}

/* While a request arrives, or replies wait for room, the deadline already runs. In an idle
 * connection it runs on when bytes come that begin no request, such as blank lines. */
void conn_set_deadline(struct conn *c)
{
    if (c->state > CONN_LAST || c->receiving || c->writing > 0)
        return;
    if (c->owed > 0)
        (void)uv_timer_stop(&c->deadline);
    else if (uv_is_active((uv_handle_t *)&c->deadline) == 0)
        conn_await_idle(c);
}

void conn_take_no_more(struct conn *c)
{
    if (c->state == CONN_OPEN)
        c->state = CONN_LAST;
    c->receiving = false;
    if (c->last != NULL && c->last->outcome == REQUEST_OPEN)
        c->last->connection = REPLY_CLOSE;
    conn_set_deadline(c);
}

/* ---- the end ---- */

static void on_pause_over(uv_timer_t *timer);

/* The client's end of file came before these replies. A client that has only closed its side
 * acknowledges them and our own end of file; the host of one that is gone resets the connection.
 * Neither wakes the loop, so we poll, and after a second the replies count as taken. */
static void confirm(struct conn *c)
{
    int error = 0;
    socklen_t size = sizeof error;
    uv_os_fd_t fd = -1;
    size_t bytes = unacknowledged_bytes(c); /* before the error: a reset leaves them */
    bool failed = uv_fileno((uv_handle_t *)&c->tcp, &fd) < 0 ||
                  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error != 0;
    if (bytes == 0 || failed || c->confirming_ms >= LINGER_MS) {
        end_unconfirmed(c, bytes > 0 && failed ? REQUEST_LOST : REQUEST_WRITTEN);
        conn_close(c);
        return;
    }
    c->pause_ms = c->pause_ms == 0 ? 1 : 2 * c->pause_ms;
    c->confirming_ms += c->pause_ms;
    (void)uv_timer_start(&c->deadline, on_pause_over, (uint64_t)c->pause_ms, 0);
}

static void on_pause_over(uv_timer_t *timer)
{
    confirm(timer->data);
}

/* The client's end of file, or the deadline, closes in any case. */
static void on_shutdown(uv_shutdown_t *req, int status)
{
    struct conn *c = req->handle->data;
    if (c->state != CONN_LINGER || !c->ended)
        return;
    if (status < 0)
        conn_close(c);
    else
        confirm(c);
}

/* Closing with unread bytes would reset the connection, and the client could lose a reply that it
 * has not read yet. So only our side is shut down, and the client closes first. */
void conn_linger(struct conn *c)
{
    c->state = CONN_LINGER;
    if (c->tls != NULL)
        conn_tls_end(c);
    if (uv_shutdown(&c->shutdown, (uv_stream_t *)&c->tcp, on_shutdown) < 0)
        conn_close(c);
    else if (c->ended)
        (void)uv_timer_stop(&c->deadline);
    else
        await_client(c, LINGER_MS);
}
