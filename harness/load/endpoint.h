/* endpoint: the one socket address that a run loads.
 *
 * Shape   of a URL: the name is resolved once; every address is tried until one accepts a
 *         connection, which is closed again at once. So `localhost` works whether the server has
 *         ::1 or 127.0.0.1. If it is asked for, the others are tried, too, and all that accept are
 *         used; the name may be that of another host than the URL's. Of a path: the same with the
 *         stream socket of that name, which is tried again while its listen queue is full, because
 *         the kernel does not wait for that.
 * Owner   caller's storage.
 * Errors  kind INVALID (nothing can be measured): the name does not resolve, or no address accepts
 *         (one that does not, of several that are asked for, is a warning), or TLS fails; the text
 *         has the address or the path, what is wrong and what to do. Kind INTERRUPTED: SIGINT or
 *         SIGTERM is pending, blocked by the caller. Kind USAGE: a path that no socket can have.
 * Source  unix(7): a path is at most 107 bytes and a NUL; a connect to a file that is no socket is
 *         refused like one to a socket without a listener.
 */
#ifndef LOAD_ENDPOINT_H
#define LOAD_ENDPOINT_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/err.h"
#include "http/url.h"

#define ENDPOINT_PATH_MAX (sizeof(((struct sockaddr_un *)0)->sun_path) - 1)

#define ENDPOINT_MOST 32 /* addresses that are used in turn */

struct endpoint {
    struct sockaddr_storage addresses[ENDPOINT_MOST];
    size_t naddresses;
    char text[256]; /* "127.0.0.1:8080", "[::1]:8080, 127.0.0.1:8080"; the path of a socket */
};

struct endpoint_choice {
    int family; /* AF_UNSPEC: both kinds */
    bool all;
    int64_t timeout_ns;
};

int endpoint_find(const struct url *url, const struct endpoint_choice *choice, struct endpoint *out,
                  struct err *err);
/* Whether a socket can have this path; nothing is looked up. */
int endpoint_check_path(const char *path, struct err *err);
/* A path that was checked. */
int endpoint_find_path(const char *path, int64_t timeout_ns, struct endpoint *out, struct err *err);

struct tls_context;

/* Makes one TLS handshake and closes it again, so that what is wrong with a certificate is told
 * once, before the load. alpn: what the server must choose; NULL: it need not choose. */
struct endpoint_tls {
    struct tls_context *context;
    const char *alpn;
    bool has_certificate; /* which the server may refuse */
    const char *tunnel;   /* asks the proxy at the endpoint for one; NULL: there is none */
    int64_t timeout_ns;
};
int endpoint_try_tls(const struct endpoint *endpoint, const struct endpoint_tls *with,
                     struct err *err);

#endif
