/* server: what the TLS connections of a server have in common.
 *
 * Shape   one context, which several threads may use. Tickets let clients resume; the server keeps
 *         no sessions of its own, so that its memory does not grow with the handshakes.
 *         With ALPN a client that offers only other protocols is refused (RFC 7301, 3.2).
 * Owner   the caller frees the context with tls_context_free (tls.h). The options are needed for
 *         the call only.
 * Errors  kind USAGE: versions and ciphers that leave nothing, authorities that cannot be read.
 */
#ifndef TLS_SERVER_H
#define TLS_SERVER_H

#include "base/err.h"
#include "tls/identity.h"
#include "tls/options.h"

struct tls_context;

struct tls_server_options {
    const struct tls_identity *identity;
    struct tls_rules rules;
    struct str_list client_ca_files; /* any: clients need a certificate of these authorities */
};

struct tls_context *tls_server_new(const struct tls_server_options *options, struct err *err);

#endif
