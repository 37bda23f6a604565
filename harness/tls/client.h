/* client: what the TLS connections of a run to servers have in common.
 *
 * Shape   a tls_client is loaded once, before the run: it has read the files and checked all that
 *         can be wrong. Each thread makes one context of it for each host; that reads nothing, and
 *         shares the trusted certificates and the key.
 *         The certificate must be for the host, or for the servername that was asked for: a name or
 *         an IP address, which also is not sent as SNI.
 * Owner   the caller frees client and contexts, in any order; the options must outlive both. A
 *         context is used by one thread, and outlives its connections (tls.h).
 * Errors  kind USAGE: files that cannot be read or used, a certificate without its key or the
 *         reverse, versions and ciphers that leave nothing, a name that is too long.
 * Source  hosts are compared by X509_check_host(3) without partial wildcards (RFC 9525). Any
 *         trusted certificate ends a chain, as in curl, so --ca may also be the server's own.
 */
#ifndef TLS_CLIENT_H
#define TLS_CLIENT_H

#include <stdbool.h>

#include "base/err.h"
#include "tls/options.h"

struct tls_client;
struct tls_context;

struct tls_client *tls_client_new(const struct tls_options *options, struct err *err);
/* `host` has no brackets. */
struct tls_context *tls_client_context(const struct tls_client *client, const char *host,
                                       struct err *err);
bool tls_client_verifies(const struct tls_client *client);
void tls_client_free(struct tls_client *client); /* NULL is fine */

#endif
