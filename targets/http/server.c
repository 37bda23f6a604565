#include "targets/http/server.h"

#include <arpa/inet.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>

#include "base/fds.h"
#include "base/log.h"
#include "targets/http/stop_signal.h"

#define BACKLOG 4096
#define FDS_LEAST                                                                                  \
    14 /* a loop, a listener, one that libuv keeps for clients to be turned away, a client */

/* Without a free descriptor libuv accepts a client and closes it at once, so that the loop does not
 * spin, but it does not report that. The sign of it is that the last descriptor is in use, because
 * the system always takes the lowest free one. */
static void on_connection(uv_stream_t *listener, int status)
{
    struct server *server = listener->data;
    if (status == 0 && conn_accept(&server->conns, listener) < server->last_fd)
        return;
    if (!server->told_no_fds)
        log_warn("all %d descriptors are in use, clients are turned away; raise ulimit -n",
                 server->last_fd + 1);
    server->told_no_fds = true;
}

/* Raises the limit as far as the system allows; returns the highest possible descriptor. */
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

static void close_strategy(struct server *server)
{
    const struct routes *routes = &server->routes;
    if (routes->strategy->close != NULL)
        routes->strategy->close(routes->state);
}

static void begin_stop(struct server *server)
{
    const struct routes *routes = &server->routes;
    uv_close((uv_handle_t *)&server->listener, NULL);
    conn_list_stop(&server->conns);
    if (routes->strategy->stop != NULL)
        routes->strategy->stop(routes->state);
    server->phase = SERVER_STOPPING;
}

static bool is_busy(const struct server *server)
{
    const struct routes *routes = &server->routes;
    return routes->strategy->busy != NULL && routes->strategy->busy(routes->state);
}

/* When every request is answered; the loop ends when these handles are closed. */
static void finish(struct server *server)
{
    server->phase = SERVER_CLOSED;
    stop_signal_close();
    close_strategy(server);
    uv_close((uv_handle_t *)&server->wake, NULL);
}

/* The stop is finished here and not where the last request ends, because there the strategy may
 * still use what its `close` frees. */
static void on_wake(uv_async_t *async)
{
    struct server *server = async->data;
    enum stop_step step = stop_signal_step();
    if (step >= STOP_GENTLE && server->phase == SERVER_SERVING)
        begin_stop(server);
    if (step == STOP_NOW)
        conn_list_close(&server->conns);
    if (server->phase == SERVER_STOPPING && conn_list_is_empty(&server->conns) && !is_busy(server))
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

/* A failed start leaves nothing behind. */
static int abandon(struct server *server)
{
    uv_close((uv_handle_t *)&server->listener, NULL);
    uv_close((uv_handle_t *)&server->wake, NULL);
    (void)uv_run(&server->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&server->loop);
    stats_close(&server->stats);
    server_tls_fini(&server->tls);
    return -1;
}

/* Listens last, because the start of a strategy may run the loop. */
static int start(struct server *server, const char *host, int64_t port, struct err *err)
{
    const struct strategy *strategy = server->routes.strategy;
    if (bind_to(server, host, port, err) < 0 ||
        strategy->start(&server->env, &server->routes.state, err) < 0)
        return -1;
    int failed = uv_listen((uv_stream_t *)&server->listener, BACKLOG, on_connection);
    if (failed < 0)
        failed = cannot_listen(failed, host, server->port, err);
    if (failed == 0)
        failed =
            stop_signal_open(&server->wake, &server->env.stop, server->env.options->grace_ns, err);
    if (failed < 0)
        close_strategy(server);
    return failed;
}

int server_open(struct server *server, const struct strategy *strategy,
                const struct target_options *target, const struct server_options *options,
                struct err *err)
{
    bool has_tls = server_options_have_tls(options);
    *server =
        (struct server){.env = {.loop = &server->loop, .options = target, .wake = &server->wake},
                        .routes = {.strategy = strategy,
                                   .options = target,
                                   .stats = &server->stats,
                                   .rule = host_rule_of(options->host, &target->allow_host)},
                        .conns = {.loop = &server->loop,
                                  .options = target,
                                  .tls = has_tls ? &server->tls : NULL,
                                  .check = routes_check,
                                  .route = routes_serve,
                                  .ctx = &server->routes,
                                  .requests = {.stats = &server->stats, .wake = &server->wake}}};
    server->last_fd = raise_descriptor_limit();
    if (fds_reserve(FDS_LEAST, NULL, err) < 0 ||
        (has_tls && server_tls_open(&server->tls, options, err) < 0))
        return -1;
    if (uv_loop_init(&server->loop) < 0) {
        server_tls_fini(&server->tls);
        return err_set(err, ERR_USAGE, "no event loop; raise ulimit -n");
    }
    stats_open(&server->stats);
    server->stats.has_tls = has_tls;
    (void)uv_tcp_init(&server->loop, &server->listener); /* on a new loop neither can fail */
    (void)uv_async_init(&server->loop, &server->wake, on_wake);
    server->listener.data = server->wake.data = server;
    return start(server, options->host, options->port, err) < 0 ? abandon(server) : 0;
}

int server_run(struct server *server, struct err *err)
{
    (void)uv_run(&server->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&server->loop) < 0)
        log_warn("the strategy left handles open");
    stats_close(&server->stats);
    server_tls_fini(&server->tls);
    if (server->conns.requests.cut_short)
        return err_set(err, ERR_INTERRUPTED, "stopped before every request was answered");
    return 0;
}
