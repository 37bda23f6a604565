/* conn: the connections of one server: requests in, replies out in the same order.
 *
 * Shape   struct conn is closed; a server has one struct conn_list. A connection holds its
 *         unanswered requests in order of arrival. A reply is written, in one write, when all
 *         replies before it are. Expect: 100-continue is answered. What a connection makes the
 *         server hold is bounded in requests and in bytes: past either, no more of its requests
 *         are taken until the client has read. One reply may be larger than the bound, so a
 *         request whose reply may have any size is taken alone.
 * Units   bytes.
 * Owner   conn_accept makes a connection, which frees itself when its handles are closed.
 * Errors  bad bytes are answered with a 4xx or 5xx and end the connection. A client that neither
 *         completes a request nor reads its replies is closed after --idle-timeout, but not before
 *         the requests that came whole are answered. At the client's end of file, too, those are
 *         answered; then the connection is closed. Whether that client has closed only its side, or
 *         is gone, is known when a reply reaches it, so these replies are counted when the client's
 *         host has acknowledged or refused them.
 *         With TLS, its close_notify is such an end of file; a handshake that has not ended after
 *         --idle-timeout ends the connection.
 * Source  RFC 9112, section 9; RFC 9110, section 4.2.2.
 */
#ifndef TARGETS_HTTP_CONN_H
#define TARGETS_HTTP_CONN_H

#include <stdbool.h>
#include <uv.h>

#include "targets/http/message.h"
#include "targets/http/request_internal.h"
#include "targets/work/options.h"

#define CONN_READ_BYTES 65536

struct server_tls;

struct conn_list {
    /* The server sets these. */
    uv_loop_t *loop;
    const struct target_options *options;
    struct server_tls *tls; /* NULL: plain HTTP */
    /* Looks at a head before its body has come: 0, or the status that refuses it. */
    int (*check)(void *ctx, struct message *message, struct err *err);
    void (*route)(void *ctx, struct request *r, struct message *message); /* it answers r */
    void *ctx;
    struct request_env requests;

    struct conn *first;
    char read_bytes[CONN_READ_BYTES];
};

/* Returns the descriptor of the new connection, or -1 if it had to be closed at once. */
int conn_accept(struct conn_list *list, uv_stream_t *listener);
/* Stops reading requests. Idle connections close now, the others when all is answered. */
void conn_list_stop(struct conn_list *list);
/* Closes all connections now, answered or not. */
void conn_list_close(struct conn_list *list);
/* True if there is no connection, and no request that waits for its answer. */
bool conn_list_is_empty(const struct conn_list *list);

#endif
