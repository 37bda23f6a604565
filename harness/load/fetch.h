/* fetch: one GET beside the load, on a separate connection, for a target's /stats.
 *
 * Shape   asynchronous: on_done is called once, with the body or with an error; the connection is
 *         closed afterwards.
 * Owner   the fetch frees itself after on_done; the body is borrowed for the call. The address
 *         is used during fetch_start only, the TLS context until on_done.
 * Errors  through on_done: refused, cut short, not 200, larger than FETCH_MAX, timed out.
 */
#ifndef LOAD_FETCH_H
#define LOAD_FETCH_H

#include <sys/socket.h>
#include <uv.h>

#include "base/err.h"

#define FETCH_MAX ((size_t)16 << 20)

/* body is NULL on failure, and err says why. */
typedef void (*fetch_done_fn)(void *ctx, const char *body, size_t len, const struct err *err);

struct tls_context;

struct fetch_request {
    const struct sockaddr_storage *address;
    struct tls_context *tls; /* NULL: plain */
    const char *path;
    int64_t timeout_ns;
    fetch_done_fn on_done;
    void *ctx;
};

void fetch_start(uv_loop_t *loop, const struct fetch_request *request);

#endif
