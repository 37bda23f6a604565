/* request_internal: a request as the connection, the routes and request.c see it.
 *
 * Owner   request_new gives the request to its connection. When the client is gone it belongs to
 *         the strategy that still works on it, and its answer frees it.
 */
#ifndef TARGETS_HTTP_REQUEST_INTERNAL_H
#define TARGETS_HTTP_REQUEST_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/buf.h"
#include "targets/http/date_line.h"
#include "targets/http/request.h"
#include "targets/http/stats.h"

struct conn;

/* What the requests of one server share. */
struct request_env {
    struct stats *stats;
    uv_async_t *wake; /* of the server */
    struct date_line date;
    int64_t open; /* requests */
    bool stopping;
    bool cut_short; /* a stop left requests unanswered, or work undone */
};

enum request_kind { REQUEST_OTHER, REQUEST_HEAVY };
enum request_outcome { REQUEST_OPEN, REQUEST_SUCCESS, REQUEST_REJECTED, REQUEST_FAILED };
enum request_end { REQUEST_WRITTEN, REQUEST_LOST };

struct request {
    struct request_env *env;
    struct conn *conn; /* NULL: the client is gone */
    void (*on_answered)(struct conn *conn, struct request *r);
    struct request *next; /* of the same connection */
    enum request_kind kind;
    enum request_outcome outcome;
    enum reply_part part;
    enum reply_connection connection;
    struct work work;
    const struct message *message; /* while it is routed */
    int64_t parsed_ns;
    bool any_size;    /* its reply may have any size */
    size_t held;      /* bytes that it keeps: its body while it is open, then its reply */
    struct buf reply; /* head and body, once answered */
    uv_write_t write;
};

/* on_answered is called when `reply` can be written; the connection then ends the request. */
struct request *request_new(struct request_env *env, struct conn *conn,
                            void (*on_answered)(struct conn *conn, struct request *r));
/* Counts how it ended and frees it. */
void request_end(struct request *r, enum request_end end);
/* During a stop, lets the server check whether all has ended. */
void request_env_wake(const struct request_env *env);

#endif
