/* server: the HTTP side of every target: a port, connections, paths, the graceful stop.
 *
 * Shape   one loop on one thread. server.c listens and stops; conn.h has the connections, which
 *         give their requests to routes.h, and that gives the heavy ones to the strategy.
 * Owner   server_open fills the caller's storage; server_run frees everything before it returns.
 * Errors  server_open: kind USAGE (host, port, strategy, certificate), with nothing left to free.
 * server_run: kind INTERRUPTED when the grace time passed, or a second signal came, before every
 *         request was answered.
 */
#ifndef TARGETS_HTTP_SERVER_H
#define TARGETS_HTTP_SERVER_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "targets/http/conn.h"
#include "targets/http/routes.h"
#include "targets/http/server_tls.h"
#include "targets/http/stats.h"
#include "targets/http/strategy.h"

struct server {
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_async_t wake; /* sent by a signal, by the strategy, and when a request or connection ends */
    int port;
    int last_fd;      /* the highest number that a descriptor can have */
    bool told_no_fds; /* the warning about descriptors was logged */
    enum server_phase { SERVER_SERVING, SERVER_STOPPING, SERVER_CLOSED } phase;

    struct strategy_env env;
    struct routes routes; /* with the strategy and its state */
    struct conn_list conns;
    struct server_tls tls; /* with --tls */
    struct stats stats;
};

/* The host is a numeric address or "localhost"; port 0 takes a free one. `target`, and the host,
 * are kept. */
int server_open(struct server *server, const struct strategy *strategy,
                const struct target_options *target, const struct server_options *options,
                struct err *err);
/* Serves until SIGTERM, SIGINT or SIGHUP, then ends gracefully. */
int server_run(struct server *server, struct err *err);

#endif
