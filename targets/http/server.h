/* server: the HTTP side of every target: a port, connections, paths, the graceful stop.
 *
 * Shape   one loop on one thread. server.c listens and stops, routes.c knows the paths,
 * conn.c a connection, request.c the life of a request; the strategy does the work. Units   in
 * the names. Owner   server_open fills caller's storage; server_run ends with everything freed.
 * Errors  server_open: kind USAGE (host, port, strategy), with nothing left to free. server_run:
 *         kind INTERRUPTED when the grace time passed, or a second signal came, before all was
 *         answered.
 */
#ifndef TARGETS_HTTP_SERVER_H
#define TARGETS_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "targets/http/conn.h"
#include "targets/http/stats.h"
#include "targets/http/strategy.h"

#define READ_BYTES 65536

struct server {
    uv_loop_t loop;
    uv_tcp_t listener;
    uv_async_t wake; /* by a signal, and when the last request or connection is gone */
    int port;

    struct strategy_env env;
    const struct strategy *strategy;
    void *state; /* the strategy's */

    struct conn *conns;
    int64_t requests_open;
    enum server_phase { SERVER_SERVING, SERVER_STOPPING, SERVER_CLOSED } phase;
    int last_fd;      /* the highest number a descriptor can have */
    bool told_no_fds; /* once is enough */
    bool cut_short;   /* a stop left requests unanswered, or work undone */
    struct stats stats;
    char read_bytes[READ_BYTES];
};

/* `host` is a numeric address or "localhost"; port 0 takes a free one. `options` are kept. */
int server_open(struct server *server, const struct strategy *strategy,
                const struct target_options *options, const char *host, int64_t port,
                struct err *err);
/* Serves until SIGTERM or SIGINT, then ends gracefully. */
int server_run(struct server *server, struct err *err);

/* For conn.c and request.c. */
void server_conn_came(struct server *server, struct conn *c);
void server_conn_gone(struct server *server, struct conn *c);
void server_route(struct server *server, struct request *r, struct message *message);
void server_refuse(struct server *server, struct request *r, int status, const char *why);

enum request_end { REQUEST_WRITTEN, REQUEST_LOST };
struct request *request_new(struct server *server, struct conn *c);
/* Counts how it ended and frees it. */
void request_over(struct request *r, enum request_end end);

#endif
