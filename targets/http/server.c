#include "targets/http/server.h"

#include <arpa/inet.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>

#include "base/log.h"
#include "targets/http/stop_signal.h"

#define BACKLOG 4096

void server_conn_came(struct server *server, struct conn *c)
{
    c->next = server->conns;
    if (server->conns != NULL)
        server->conns->prev = c;
    server->conns = c;
    server->stats.connections_accepted++;
    server->stats.connections_open++;
}

void server_conn_gone(struct server *server, struct conn *c)
{
    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        server->conns = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
    server->stats.connections_open--;
    if (server->phase == SERVER_STOPPING)
        (void)uv_async_send(&server->wake);
}

/* libuv turns clients away when there is no descriptor for them, so that the loop does not spin,
 * but tells nobody. The last descriptor is the sign: the lowest free one is always taken. */
static void on_connection(uv_stream_t *listener, int status)
{
    struct server *server = listener->data;
    uv_os_fd_t fd = server->last_fd;
    if (status == 0) {
        conn_accept(server, listener);
        if (uv_fileno((uv_handle_t *)&server->conns->tcp, &fd) < 0 || fd < server->last_fd)
            return;
    }
    if (!server->told_no_fds)
        log_warn("all %d descriptors are in use, clients are turned away; raise ulimit -n",
                 server->last_fd + 1);
    server->told_no_fds = true;
}

/* As many descriptors as we are allowed; the last one's number. */
static int raise_descriptor_limit(void)
{
    struct rlimit limit = {0};
    (void)getrlimit(RLIMIT_NOFILE, &limit); /* fails only for a bad pointer */
    rlim_t soft = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        limit.rlim_cur = soft;
    return limit.rlim_cur > INT_MAX ? INT_MAX : (int)limit.rlim_cur - 1;
}

/* ---- the stop ---- */

static void begin_stop(struct server *server)
{
    uv_close((uv_handle_t *)&server->listener, NULL);
    for (struct conn *c = server->conns; c != NULL; c = c->next)
        conn_stop(c);
    if (server->strategy->stop != NULL)
        server->strategy->stop(server->state);
    server->phase = SERVER_STOPPING;
}

/* Nothing is owed any more, the loop ends when these handles are closed. */
static void finish(struct server *server)
{
    server->phase = SERVER_CLOSED;
    stop_signal_close();
    if (server->strategy->close != NULL)
        server->strategy->close(server->state);
    uv_close((uv_handle_t *)&server->wake, NULL);
}

static bool is_busy(const struct server *server)
{
    return server->strategy->busy != NULL && server->strategy->busy(server->state);
}

/* Not done inside the callback that saw the last request end: strategies may still be using what
 * `close` frees. */
static void on_wake(uv_async_t *async)
{
    struct server *server = async->data;
    enum stop_step step = stop_signal_step();
    if (step >= STOP_GENTLE && server->phase == SERVER_SERVING)
        begin_stop(server);
    if (step == STOP_NOW) {
        server->cut_short = server->cut_short || server->requests_open > 0;
        for (struct conn *c = server->conns; c != NULL; c = c->next)
            conn_close(c);
    }
    if (server->phase == SERVER_STOPPING && server->requests_open == 0 && server->conns == NULL &&
        !is_busy(server))
        finish(server);
}

/* ---- the start ---- */

static int cannot_listen(int failed, const char *host, int64_t port, struct err *err)
{
    return err_set(err, ERR_USAGE, "cannot listen on %s port %d: %s", host, (int)port,
                   uv_strerror(failed));
}

static int bind_to(struct server *server, const char *host, int64_t port, struct err *err)
{
    struct sockaddr_storage address;
    int length = sizeof address;
    const char *numeric = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    if (uv_ip4_addr(numeric, (int)port, (struct sockaddr_in *)&address) < 0 &&
        uv_ip6_addr(numeric, (int)port, (struct sockaddr_in6 *)&address) < 0)
        return err_set(err, ERR_USAGE, "--host: '%s' is not an address; try 127.0.0.1 or ::1",
                       host);
    int failed = uv_tcp_bind(&server->listener, (struct sockaddr *)&address, 0);
    if (failed == 0)
        failed = uv_tcp_getsockname(&server->listener, (struct sockaddr *)&address, &length);
    if (failed < 0)
        return cannot_listen(failed, host, port, err);
    server->port =
        ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                            : ((struct sockaddr_in *)&address)->sin_port);
    return 0;
}

/* Not before the strategy is there: its start may turn the loop. */
static int listen_now(struct server *server, const char *host, struct err *err)
{
    int failed = uv_listen((uv_stream_t *)&server->listener, BACKLOG, on_connection);
    return failed < 0 ? cannot_listen(failed, host, server->port, err) : 0;
}

/* A start that failed leaves nothing behind. */
static int abandon(struct server *server)
{
    uv_close((uv_handle_t *)&server->listener, NULL);
    uv_close((uv_handle_t *)&server->wake, NULL);
    (void)uv_run(&server->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&server->loop);
    stats_close(&server->stats);
    return -1;
}

int server_open(struct server *server, const struct strategy *strategy,
                const struct target_options *options, const char *host, int64_t port,
                struct err *err)
{
    *server =
        (struct server){.strategy = strategy,
                        .env = {.loop = &server->loop, .options = options, .wake = &server->wake}};
    server->last_fd = raise_descriptor_limit();
    http_parser_set_max_header_size((uint32_t)options->max_header_bytes);
    if (uv_loop_init(&server->loop) < 0)
        return err_set(err, ERR_USAGE, "no event loop; raise ulimit -n");
    stats_open(&server->stats);
    (void)uv_tcp_init(&server->loop, &server->listener); /* on a new loop neither can fail */
    (void)uv_async_init(&server->loop, &server->wake, on_wake);
    server->listener.data = server->wake.data = server;
    if (bind_to(server, host, port, err) < 0 ||
        strategy->start(&server->env, &server->state, err) < 0)
        return abandon(server);
    if (listen_now(server, host, err) < 0 ||
        stop_signal_open(&server->wake, &server->env.stop, options->grace_ns, err) < 0) {
        if (strategy->close != NULL)
            strategy->close(server->state);
        return abandon(server);
    }
    return 0;
}

int server_run(struct server *server, struct err *err)
{
    (void)uv_run(&server->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&server->loop) < 0)
        log_warn("the strategy left handles open");
    stats_close(&server->stats);
    if (server->cut_short)
        return err_set(err, ERR_INTERRUPTED, "stopped before every request was answered");
    return 0;
}
