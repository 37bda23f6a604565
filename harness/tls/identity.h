/* identity: a certificate with its private key, from files or made for a run.
 *
 * Shape   what a server shows, or a client that is asked to. A made one has an ECDSA key (P-256)
 *         and exists in memory only; without an issuer it is self-signed and an authority, so that
 *         a client can be given it as one.
 * Owner   the caller frees an identity after everything that was made with it, or before: contexts
 *         keep what they need. Texts belong to the caller, who frees them with free().
 * Errors  kind USAGE: a file that cannot be read or has no certificate or key, a key that is
 *         encrypted (nothing ever asks for a password) or of another certificate.
 */
#ifndef TLS_IDENTITY_H
#define TLS_IDENTITY_H

#include <stdint.h>

#include "base/err.h"

struct tls_identity;

/* PEM. The certificate comes first in its file, those of its issuers behind it. */
struct tls_identity *tls_identity_load(const char *cert_file, const char *key_file,
                                       struct err *err);

struct tls_identity_spec {
    const char *name;                  /* of the subject, as its CN */
    const char *names;                 /* "DNS:localhost,IP:127.0.0.1"; NULL: none */
    const struct tls_identity *issuer; /* NULL: itself */
    int64_t from_s, to_s;              /* when it is valid, counted from now */
};

struct tls_identity *tls_identity_make(const struct tls_identity_spec *spec, struct err *err);
/* For a server on this machine: localhost, 127.0.0.1 and ::1, valid from a day ago for 30 days. */
struct tls_identity *tls_identity_make_local(struct err *err);

/* The certificate alone, which is no secret. */
char *tls_identity_pem(const struct tls_identity *identity);
/* SHA-256 of the certificate: "AB:CD:...", 95 characters. */
char *tls_identity_fingerprint(const struct tls_identity *identity);
void tls_identity_free(struct tls_identity *identity); /* NULL is fine */

#endif
