/* conn: the connections of one server: requests in, replies out in the same order.
 *
 * Shape   struct conn is closed; a server has one struct conn_list. A connection holds its
 *         unanswered requests in order of arrival. A reply is written, in one write, when all
 *         replies before it are. Expect: 100-continue is answered.
 * Units   bytes.
 * Owner   conn_accept makes a connection, which frees itself when its handles are closed.
 * Errors  bad bytes are answered 400, 413 or 431 and end the connection. End of file ends it too,
 *         even a half-close: a client that closes does not wait for its answers, and they must be
 *         counted as aborted.
 * Source  RFC 9112, section 9.
 */
#ifndef TARGETS_HTTP_CONN_H
#define TARGETS_HTTP_CONN_H

#include <stdbool.h>
#include <uv.h>

#include "targets/http/message.h"
#include "targets/http/request_internal.h"
#include "targets/work/options.h"

#define CONN_READ_BYTES 65536

struct conn_list {
    /* The server sets these. */
    uv_loop_t *loop;
    const struct target_options *options;
    void (*route)(void *ctx, struct request *r, struct message *message); /* it answers r */
    void *ctx;
    struct request_env requests;

    struct conn *first;
    char read_bytes[CONN_READ_BYTES];
};

/* The descriptor of the new connection; -1 when it is closed again at once. */
int conn_accept(struct conn_list *list, uv_stream_t *listener);
/* No more requests are read. Idle connections close, the others when all is answered. */
void conn_list_stop(struct conn_list *list);
/* All connections close now, answered or not. */
void conn_list_close(struct conn_list *list);
/* No connection is there, and no request that waits for its answer. */
bool conn_list_is_empty(const struct conn_list *list);

#endif
