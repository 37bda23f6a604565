/* tls: one TLS connection, bytes in and bytes out. It has no socket.
 *
 * Shape   feed what came from the wire, ask for all that it leads to, write `out` to the wire:
 *
 *             tls_feed(t, bytes, len);
 *             do
 *                 event = tls_next(t, plain, sizeof plain, &got);
 *             while (event == TLS_OPENED || event == TLS_DATA);
 *
 *         Every call may add to `out`: tls_open the first bytes of a client, tls_next the rest of a
 *         handshake, alerts and answers to what the peer asks for, tls_write the data.
 *         A stream that ends without close_notify may have been cut by anyone, so tls_eof tells the
 *         two apart.
 * Cost    one BIO of our own reads straight from the bytes that were fed and appends to `out`, in
 *         place of two memory BIOs with buffers of their own. OpenSSL does not read ahead, so when
 *         the fed bytes are used up it has no whole record left, and the SSL_read that would only
 *         find that out is saved. By callgrind (OpenSSL 3.0.19, a request of 100 bytes, a reply of
 *         200, AES-256-GCM) a request takes 13,000 instructions with TLS 1.3 and 10,500 with 1.2;
 *         with memory BIOs 17,700 and 15,200. Reading ahead would save 230 more and move the rest
 *         of each large read. The SSL object is made anew for each connection, because SSL_clear
 *         keeps session and settings; that is 0.3 % of a full handshake.
 * Owner   the caller owns t, which must not move while it is open, and `out`, which the connections
 *         of a thread may share as long as each takes what it added. Fed bytes are borrowed until
 *         tls_next returns neither TLS_OPENED nor TLS_DATA. The context outlives the connection.
 * Errors  nothing here exits or prints: TLS_FAILED, with the kind in `trouble` and the words from
 *         tls_explain. What is in `out` then is an alert for the peer. No call leaves an error in
 *         OpenSSL's queue of the thread, or minds those of others in it.
 * Source  RFC 8446, RFC 5246; SSL_get_error(3), BIO_meth_new(3), SSL_clear(3).
 */
#ifndef TLS_TLS_H
#define TLS_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tls/trouble.h"

#define TLS_PLAIN_BYTES      16384             /* the most that a record has, and tls_next gives */
#define TLS_OUT_BYTES        ((size_t)1 << 20) /* a ceiling for `out` that is never reached */
#define TLS_WRITE_BYTES      ((size_t)65536)   /* in `out`, after which tls_write takes no more */
#define TLS_HEAD_BYTES       8
#define TLS_DETAIL_BYTES     200
#define TLS_FINGERPRINT_SIZE 96 /* "AB:CD:..." of a SHA-256, and the NUL */
#define TLS_ALPN_SIZE        256

struct ssl_st;
struct tls_context; /* of tls_client_context or tls_server_new */

enum tls_event {
    TLS_MORE,   /* nothing more happens before more bytes are fed */
    TLS_OPENED, /* the handshake is over: tls_write may be called */
    TLS_DATA,   /* plain text */
    TLS_CLOSED, /* the peer has sent its last byte, and said so */
    TLS_FAILED, /* see `trouble` */
};

enum tls_state { TLS_SHAKING, TLS_OPEN, TLS_ENDED, TLS_BROKEN };

struct tls {
    struct ssl_st *ssl; /* NULL: not opened, or closed */
    struct tls_context *context;
    struct buf *out;
    const char *in; /* what is left of the bytes that were fed */
    size_t in_len;
    enum tls_state state;
    enum tls_trouble trouble;
    bool is_dry;               /* OpenSSL's last call for bytes found none */
    bool lacks_certificate;    /* the server asked for one, and there is none */
    char head[TLS_HEAD_BYTES]; /* the first bytes that came */
    size_t head_len;
    char detail[TLS_DETAIL_BYTES]; /* of the trouble */
};

struct tls_facts {
    const char *version, *cipher; /* constants: "TLSv1.3", "TLS_AES_256_GCM_SHA384" */
    bool resumed;
    char alpn[TLS_ALPN_SIZE]; /* the protocol that was chosen; "": none */
};

void tls_open(struct tls *t, struct tls_context *context, struct buf *out);
void tls_feed(struct tls *t, const char *bytes, size_t len); /* all that was fed before is used */
enum tls_event tls_next(struct tls *t, char *plain, size_t size, size_t *got);
/* Returns how many bytes were taken. Fewer than len: `out` is to be written first; or, when nothing
 * was added to it, a message of the peer is to be read to its end first. 0 after a failure. */
size_t tls_write(struct tls *t, const char *bytes, size_t len);
/* Tells the peer that nothing more is written. */
void tls_end(struct tls *t);
/* The wire has ended: TLS_CLOSED if the peer had said so before, else TLS_FAILED. */
enum tls_event tls_eof(struct tls *t);
/* A connection that is closed can be opened again; trouble and detail stay until then. */
void tls_close(struct tls *t);

/* Both of a connection that was opened and is not closed. */
void tls_describe(const struct tls *t, struct tls_facts *facts);
/* Of the peer's certificate; "": it showed none. */
void tls_fingerprint(const struct tls *t, char text[TLS_FINGERPRINT_SIZE]);
/* What the trouble is and what to do about it, as a clause: "the certificate is self-signed (CN =
 * a); give it with --ca FILE, or ...". */
void tls_explain(const struct tls *t, char *text, size_t size);

void tls_context_free(struct tls_context *context); /* NULL is fine */
const char *tls_library(void);                      /* "OpenSSL 3.0.19 27 Jan 2026" */

#endif
