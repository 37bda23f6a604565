#include "targets/http/server.h"

#include <arpa/inet.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>

#include "base/log.h"
#include "targets/http/stop_signal.h"

#define BACKLOG 4096

void gateway_conn_came(struct gateway *g, struct conn *c)
{
    c->next = g->conns;
    if (g->conns != NULL)
        g->conns->prev = c;
    g->conns = c;
    g->stats.connections_accepted++;
    g->stats.connections_open++;
}

void gateway_conn_gone(struct gateway *g, struct conn *c)
{
    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        g->conns = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
    g->stats.connections_open--;
    if (g->phase == GATEWAY_STOPPING)
        (void)uv_async_send(&g->wake);
}

/* libuv turns clients away when there is no descriptor for them, so that the loop does not spin,
 * but tells nobody. The last descriptor is the sign: the lowest free one is always taken. */
static void on_connection(uv_stream_t *listener, int status)
{
    struct gateway *g = listener->data;
    uv_os_fd_t fd = g->last_fd;
    if (status == 0) {
        conn_accept(g, listener);
        if (uv_fileno((uv_handle_t *)&g->conns->tcp, &fd) < 0 || fd < g->last_fd)
            return;
    }
    if (!g->told_no_fds)
        log_warn("all %d descriptors are in use, clients are turned away; raise ulimit -n",
                 g->last_fd + 1);
    g->told_no_fds = true;
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

static void begin_stop(struct gateway *g)
{
    uv_close((uv_handle_t *)&g->listener, NULL);
    for (struct conn *c = g->conns; c != NULL; c = c->next)
        conn_stop(c);
    if (g->strategy->stop != NULL)
        g->strategy->stop(g->state);
    g->phase = GATEWAY_STOPPING;
}

/* Nothing is owed any more, the loop ends when these handles are closed. */
static void finish(struct gateway *g)
{
    g->phase = GATEWAY_CLOSED;
    stop_signal_close();
    if (g->strategy->close != NULL)
        g->strategy->close(g->state);
    uv_close((uv_handle_t *)&g->wake, NULL);
}

static bool is_busy(const struct gateway *g)
{
    return g->strategy->busy != NULL && g->strategy->busy(g->state);
}

/* Not done inside the callback that saw the last request end: strategies may still be using what
 * `close` frees. */
static void on_wake(uv_async_t *async)
{
    struct gateway *g = async->data;
    enum stop_step step = stop_signal_step();
    if (step >= STOP_GENTLE && g->phase == GATEWAY_SERVING)
        begin_stop(g);
    if (step == STOP_NOW) {
        g->cut_short = g->cut_short || g->requests_open > 0;
        for (struct conn *c = g->conns; c != NULL; c = c->next)
            conn_close(c);
    }
    if (g->phase == GATEWAY_STOPPING && g->requests_open == 0 && g->conns == NULL && !is_busy(g))
        finish(g);
}

/* ---- the start ---- */

static int cannot_listen(int failed, const char *host, int64_t port, struct err *err)
{
    return err_set(err, ERR_USAGE, "cannot listen on %s port %d: %s", host, (int)port,
                   uv_strerror(failed));
}

static int bind_to(struct gateway *g, const char *host, int64_t port, struct err *err)
{
    struct sockaddr_storage address;
    int length = sizeof address;
    const char *numeric = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    if (uv_ip4_addr(numeric, (int)port, (struct sockaddr_in *)&address) < 0 &&
        uv_ip6_addr(numeric, (int)port, (struct sockaddr_in6 *)&address) < 0)
        return err_set(err, ERR_USAGE, "--host: '%s' is not an address; try 127.0.0.1 or ::1",
                       host);
    int failed = uv_tcp_bind(&g->listener, (struct sockaddr *)&address, 0);
    if (failed == 0)
        failed = uv_tcp_getsockname(&g->listener, (struct sockaddr *)&address, &length);
    if (failed < 0)
        return cannot_listen(failed, host, port, err);
    g->port = ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                                  : ((struct sockaddr_in *)&address)->sin_port);
    return 0;
}

/* Not before the strategy is there: its start may turn the loop. */
static int listen_now(struct gateway *g, const char *host, struct err *err)
{
    int failed = uv_listen((uv_stream_t *)&g->listener, BACKLOG, on_connection);
    return failed < 0 ? cannot_listen(failed, host, g->port, err) : 0;
}

/* A start that failed leaves nothing behind. */
static int abandon(struct gateway *g)
{
    uv_close((uv_handle_t *)&g->listener, NULL);
    uv_close((uv_handle_t *)&g->wake, NULL);
    (void)uv_run(&g->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&g->loop);
    stats_close(&g->stats);
    return -1;
}

int gateway_open(struct gateway *g, const struct strategy *strategy,
                 const struct target_options *options, const char *host, int64_t port,
                 struct err *err)
{
    *g = (struct gateway){.strategy = strategy,
                          .env = {.loop = &g->loop, .options = options, .wake = &g->wake}};
    g->last_fd = raise_descriptor_limit();
    http_parser_set_max_header_size((uint32_t)options->max_header_bytes);
    if (uv_loop_init(&g->loop) < 0)
        return err_set(err, ERR_USAGE, "no event loop; raise ulimit -n");
    stats_open(&g->stats);
    (void)uv_tcp_init(&g->loop, &g->listener); /* on a new loop neither can fail */
    (void)uv_async_init(&g->loop, &g->wake, on_wake);
    g->listener.data = g->wake.data = g;
    if (bind_to(g, host, port, err) < 0 || strategy->start(&g->env, &g->state, err) < 0)
        return abandon(g);
    if (listen_now(g, host, err) < 0 ||
        stop_signal_open(&g->wake, &g->env.stop, options->grace_ns, err) < 0) {
        if (strategy->close != NULL)
            strategy->close(g->state);
        return abandon(g);
    }
    return 0;
}

int gateway_run(struct gateway *g, struct err *err)
{
    (void)uv_run(&g->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&g->loop) < 0)
        log_warn("the strategy left handles open");
    stats_close(&g->stats);
    if (g->cut_short)
        return err_set(err, ERR_INTERRUPTED, "stopped before every request was answered");
    return 0;
}
