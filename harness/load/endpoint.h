/* endpoint: the one socket address that a run loads.
 *
 * Shape   the name is resolved once; every address is tried until one accepts a connection, which
 *         is closed again at once. So `localhost` works whether the server has ::1 or 127.0.0.1.
 * Owner   caller's storage.
 * Errors  kind INVALID (nothing can be measured): the name does not resolve, or no address
 *         accepts; the text has the address, the errno and what to do. Kind INTERRUPTED: SIGINT or
 *         SIGTERM is pending, blocked by the caller.
 */
#ifndef LOAD_ENDPOINT_H
#define LOAD_ENDPOINT_H

#include <sys/socket.h>

#include "base/err.h"
#include "http/url.h"

struct endpoint {
    struct sockaddr_storage address;
    char text[80]; /* "127.0.0.1:8080", "[::1]:8080" */
};

int endpoint_find(const struct url *url, int64_t timeout_ns, struct endpoint *out, struct err *err);

#endif
