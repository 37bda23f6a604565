/* server_tls: what a server has that serves HTTPS: a certificate, and what its connections share.
 *
 * Shape   closed by conn_tls.c, which alone uses `context`, `out` and `plain`.
 * Owner   server_tls_open fills the caller's storage, server_tls_fini frees what is in it, when no
 *         connection is left.
 * Errors  kind USAGE, with nothing left to free: a file that cannot be read, a key of another
 *         certificate (tls/identity.h).
 * Source  RFC 7301: the server offers http/1.1, and refuses a client that wants only others.
 */
#ifndef TARGETS_HTTP_SERVER_TLS_H
#define TARGETS_HTTP_SERVER_TLS_H

#include "base/buf.h"
#include "base/err.h"
#include "targets/work/options.h"
#include "tls/tls.h"

struct server_tls {
    char *certificate; /* PEM */
    char *fingerprint; /* of it, SHA-256: "AB:CD:..." */

    struct tls_context *context;
    struct buf out;              /* for the wire; empty between two calls */
    char plain[TLS_PLAIN_BYTES]; /* what is read is parsed, or copied, before the next read */
};

int server_tls_open(struct server_tls *tls, const struct server_options *options, struct err *err);
void server_tls_fini(struct server_tls *tls); /* one that is all zero is fine */

#endif
