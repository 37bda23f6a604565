/* tls_internal: what the files of this room share, with OpenSSL's types.
 *
 * Shape   pem and rules read what was asked for, trust and identity hold what was read, context is
 *         made of them; wire, certificate and trouble are parts of the pump (tls.c).
 * Owner   as in the public headers; lists that a function returns belong to the caller.
 */
#ifndef TLS_TLS_INTERNAL_H
#define TLS_TLS_INTERNAL_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"
#include "tls/identity.h"
#include "tls/options.h"
#include "tls/tls.h"

struct tls_identity {
    X509 *certificate;
    EVP_PKEY *key;
    STACK_OF(X509) * issuers; /* as the file has them */
};

/* Protocols with the length of each before it (RFC 7301, 3.1). */
struct tls_alpn {
    unsigned char bytes[TLS_ALPN_SIZE];
    unsigned len;
};

struct tls_context {
    SSL_CTX *ssl;
    BIO_METHOD *wire;
    bool is_server;
    struct tls_alpn alpn; /* of a server */
    /* Of a client: */
    char *sni;            /* NULL: none is sent */
    char *host;           /* what the certificate must be for */
    SSL_SESSION *session; /* the last that a server gave; NULL: none yet, or none is wanted */
};

/* --- pem.c --- */

/* What OpenSSL says of the latest error of this thread; the queue is empty afterwards. */
const char *tls_reason(void);
/* The certificates of a file, one at least; NULL: see err. */
STACK_OF(X509) * tls_pem_certificates(const char *path, struct err *err);
/* The first private key; NULL: see err. */
EVP_PKEY *tls_pem_key(const char *path, struct err *err);

/* --- rules.c --- */

/* Sets versions and ciphers. */
int tls_rules_apply(SSL_CTX *ssl, const struct tls_rules *rules, struct err *err);
int tls_rules_alpn(const struct tls_rules *rules, struct tls_alpn *alpn, struct err *err);

/* --- trust.c, identity.c --- */

/* The certificates of these files, or without any those that this machine trusts. */
X509_STORE *tls_trust_load(const struct str_list *files, struct err *err);
int tls_identity_use(const struct tls_identity *identity, SSL_CTX *ssl, struct err *err);

/* --- context.c --- */

enum tls_side { TLS_CLIENT_SIDE, TLS_SERVER_SIDE };

struct tls_context *tls_context_new(enum tls_side side, const struct tls_rules *rules,
                                    struct err *err);

/* --- wire.c --- */

/* The ends of a pump as a BIO, whose data is the struct tls. */
BIO_METHOD *tls_wire_method(void);

/* --- certificate.c --- */

/* The callback of a verification: puts what is wrong with a certificate into the tls's detail. */
int tls_certificate_verified(int ok, X509_STORE_CTX *verified);
/* "AB:CD:..."; "" when it cannot be told. */
void tls_certificate_fingerprint(const X509 *certificate, char text[TLS_FINGERPRINT_SIZE]);

/* --- trouble.c --- */

/* Whether what came so far may be a record of a handshake. */
bool tls_trouble_looks_like_tls(const struct tls *t);
/* The alert of the peer that the failed call of this thread has left in the queue; 0: none. */
int tls_trouble_alert(void);
/* What the failed call of this thread has left in the queue, as a kind; adds the detail. */
enum tls_trouble tls_trouble_find(struct tls *t);

#endif
