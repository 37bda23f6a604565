/* trouble: why a TLS connection could not be opened, or broke.
 *
 * Shape   a kind to count by. Each has a key for documents, what happened and what to do about it;
 *         tls_explain (tls.h) adds what is known of the case at hand: a name, a date, an alert.
 * Errors  none.
 * Source  verification results: X509_STORE_CTX_get_error(3); alerts: RFC 8446, 6.2, and RFC 5246,
 *         7.2. A client that has no certificate for a server that wants one gets an alert of its
 *         own in TLS 1.3, and "handshake failure" before.
 */
#ifndef TLS_TROUBLE_H
#define TLS_TROUBLE_H

enum tls_trouble {
    TLS_TROUBLE_NONE,
    /* of the peer's certificate */
    TLS_TROUBLE_SELF_SIGNED,
    TLS_TROUBLE_UNKNOWN_AUTHORITY,
    TLS_TROUBLE_EXPIRED,
    TLS_TROUBLE_NOT_YET_VALID,
    TLS_TROUBLE_WRONG_NAME,
    TLS_TROUBLE_BAD_CERTIFICATE, /* anything else about it */
    /* of the client's own */
    TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING,
    TLS_TROUBLE_CLIENT_CERTIFICATE_REFUSED,
    /* of what both sides must agree on */
    TLS_TROUBLE_VERSION,
    TLS_TROUBLE_CIPHER,
    TLS_TROUBLE_ALPN,
    TLS_TROUBLE_SERVERNAME,
    /* of the bytes that came, or did not come */
    TLS_TROUBLE_NOT_TLS,
    TLS_TROUBLE_ALERT, /* any other than those above */
    TLS_TROUBLE_CLOSED,
    TLS_TROUBLE_CUT,
    TLS_TROUBLE_BAD_RECORD,
    TLS_TROUBLE_IDLE, /* messages of TLS, and no data */
    TLS_TROUBLE_OTHER,
    TLS_TROUBLES /* how many there are */
};

const char *tls_trouble_key(enum tls_trouble trouble);    /* "self_signed" */
const char *tls_trouble_what(enum tls_trouble trouble);   /* "the certificate is self-signed" */
const char *tls_trouble_remedy(enum tls_trouble trouble); /* "give it with --ca FILE, or ..." */

#endif
