/* conn: one client's connection: requests in, replies out in the same order.
 *
 * Shape   open structs, used by the files of this room only. A connection holds the requests that
 *         it is owed answers for, in order of arrival; a reply is written, in one write, when all
 *         before it are. Expect: 100-continue is answered.
 * Owner   conn_accept makes a connection, which frees itself when its handles are closed. A request
 *         belongs to its connection until answered; without one (the client is gone) to the
 *         strategy that still works on it.
 * Errors  bad bytes are answered 400, 413 or 431 and end the connection. End of file ends it too,
 *         even a half-close: whoever closes does not wait for us, and an answer that nobody wants
 *         must be counted as aborted.
 * Source  RFC 9112; the parser is Debian's http-parser, not the one of bench.
 */
#ifndef TARGETS_HTTP_CONN_H
#define TARGETS_HTTP_CONN_H

#include <http_parser.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "base/buf.h"
#include "targets/http/request.h"

struct server;

enum request_kind { REQUEST_OTHER, REQUEST_HEAVY };
enum request_outcome { REQUEST_OPEN, REQUEST_SUCCESS, REQUEST_REJECTED, REQUEST_FAILED };

struct request {
    struct server *server;
    struct conn *conn;    /* NULL: the client is gone */
    struct request *next; /* the connection's next one */
    enum request_kind kind;
    enum request_outcome outcome;
    enum reply_part part;
    enum reply_connection connection;
    struct work work;
    const struct message *message; /* while it is routed */
    int64_t parsed_ns;
    struct buf reply; /* head and body, once answered */
    uv_write_t write;
};

enum conn_state {
    CONN_OPEN,
    CONN_LAST,   /* takes no more requests; ends when all that it owes is written */
    CONN_LINGER, /* said goodbye, waits for the client to close first */
    CONN_CLOSING
};

struct conn {
    uv_tcp_t tcp;
    uv_timer_t deadline; /* runs while we wait for the client */
    int open_handles;
    enum conn_state state;
    struct server *server;
    struct conn *prev, *next; /* the list of the server */

    http_parser parser;
    struct buf target, body; /* of the request that is being read */
    char field[8];           /* the start of the header name that is being read */
    size_t field_len;
    bool receiving; /* a request has begun and is not yet whole */
    bool expects;   /* its client waits for 100 Continue */
    bool overdue;   /* the deadline has passed once */
    bool paused;    /* too much is owed: not reading */
    bool too_long;  /* the body passed its limit */

    struct request *first, *last; /* not yet written */
    size_t owed;                  /* requests whose reply the socket has not wholly taken */
    uv_shutdown_t shutdown;
};

void conn_accept(struct server *server, uv_stream_t *listener);
/* No more requests are read; idle connections close. */
void conn_stop(struct conn *c);
void conn_close(struct conn *c);
/* A request of c was answered: writes all that is now due. */
void conn_flush(struct conn *c);

#endif
