#include "proc/redis_ready.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"
#include "proc/command.h"

#define RETRY_MS   5
#define PORT_TRIES 5

enum awaited { AWAIT_SOCKET, AWAIT_PONG, AWAIT_PORT };

struct redis_ready {
    uv_timer_t timer;
    struct sockaddr_un address;
    char *password;
    int64_t timeout_ns, deadline_ns;
    redis_ready_done_fn done;
    void *ctx;
    enum awaited awaited;
    int fd; /* -1 while there is no connection */
    int port, port_tries;
    char line[256]; /* the answer as far as it has arrived; "" before the first */
    size_t line_len;
};

static void on_closed(uv_handle_t *handle)
{
    struct redis_ready *r = handle->data;
    free(r->password);
    free(r);
}

static void disconnect(struct redis_ready *r)
{
    if (r->fd >= 0)
        (void)close(r->fd);
    r->fd = -1;
    r->awaited = AWAIT_SOCKET;
}

static void finish(struct redis_ready *r, int port, const char *problem)
{
    disconnect(r);
    uv_close((uv_handle_t *)&r->timer, on_closed);
    r->done(r->ctx, port, problem);
}

static void finish_late(struct redis_ready *r)
{
    char time[40];
    char problem[sizeof r->line + 100];
    str_make_printable(r->line, strlen(r->line));
    (void)snprintf(problem, sizeof problem, "was not ready after %s%s%s",
                   units_format_time(r->timeout_ns, time, sizeof time),
                   r->line[0] == '\0' ? "" : "; it answered: ", r->line);
    finish(r, 0, problem);
}

/* When the send fails, the timer connects again. */
static void ask(struct redis_ready *r, enum awaited awaited, const char *request)
{
    size_t len = strlen(request);
    r->awaited = awaited;
    r->line_len = 0;
    if (send(r->fd, request, len, MSG_NOSIGNAL) != (ssize_t)len)
        disconnect(r);
}

static void ask_ping(struct redis_ready *r)
{
    ask(r, AWAIT_PONG, "PING\r\n");
}

static void ask_port(struct redis_ready *r)
{
    struct err err;
    if (proc_free_port(&r->port, &err) < 0) {
        (void)err_wrap(&err, "cannot be given a port");
        finish(r, 0, err.text);
        return;
    }
    char *request = mem_printf("CONFIG SET requirepass %s port %d\r\n", r->password, r->port);
    r->port_tries++;
    ask(r, AWAIT_PORT, request);
    free(request);
}

/* True when the answer's line is whole. */
static bool take_line(struct redis_ready *r)
{
    size_t room = sizeof r->line - 1 - r->line_len;
    ssize_t n = recv(r->fd, r->line + r->line_len, room, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        disconnect(r);
        return false;
    }
    if (n < 0)
        return false;
    r->line_len += (size_t)n;
    r->line[r->line_len] = '\0';
    char *end = strstr(r->line, "\r\n");
    if (end != NULL)
        *end = '\0';
    return end != NULL || r->line_len == sizeof r->line - 1;
}

static void take_port(struct redis_ready *r)
{
    char problem[sizeof r->line + 100];
    if (strcmp(r->line, "+OK") == 0) {
        finish(r, r->port, NULL);
    } else if (r->port_tries < PORT_TRIES) {
        ask_port(r);
    } else {
        str_make_printable(r->line, strlen(r->line));
        (void)snprintf(problem, sizeof problem, "found no free port in %d tries: %s", PORT_TRIES,
                       r->line);
        finish(r, 0, problem);
    }
}

/* On a unix socket a connect never waits: it is done or it failed. */
static void try_connect(struct redis_ready *r)
{
    r->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (r->fd < 0)
        return;
    if (connect(r->fd, (const struct sockaddr *)&r->address, sizeof r->address) == 0)
        ask_ping(r);
    else
        disconnect(r);
}

static void on_timer(uv_timer_t *timer)
{
    struct redis_ready *r = timer->data;
    if (clock_now_ns() >= r->deadline_ns)
        finish_late(r);
    else if (r->awaited == AWAIT_SOCKET)
        try_connect(r);
    else if (!take_line(r))
        return; /* the rest comes later */
    else if (r->awaited == AWAIT_PORT)
        take_port(r);
    else if (strcmp(r->line, "+PONG") == 0)
        ask_port(r);
    else
        ask_ping(r); /* it is loading what was in its folder */
}

struct redis_ready *redis_ready_start(uv_loop_t *loop, const struct redis_ready_spec *spec,
                                      redis_ready_done_fn done, void *ctx)
{
    struct redis_ready *r = mem_zalloc(sizeof *r);
    r->address.sun_family = AF_UNIX;
    (void)snprintf(r->address.sun_path, sizeof r->address.sun_path, "%s", spec->socket_path);
    r->password = mem_strdup(spec->password);
    r->timeout_ns = spec->timeout_ns;
    r->deadline_ns = clock_now_ns() + spec->timeout_ns;
    r->done = done;
    r->ctx = ctx;
    r->fd = -1;
    r->timer.data = r;
    (void)uv_timer_init(loop, &r->timer);
    (void)uv_timer_start(&r->timer, on_timer, 0, RETRY_MS);
    return r;
}

void redis_ready_cancel(struct redis_ready *r)
{
    disconnect(r);
    uv_close((uv_handle_t *)&r->timer, on_closed);
}
