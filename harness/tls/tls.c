#include "tls/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

#include "tls/tls_internal.h"

const char *tls_library(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}

/* --- what goes wrong --- */

/* The session may be why a handshake fails, so it is offered to no other. */
static enum tls_event fail(struct tls *t, enum tls_trouble trouble)
{
    ERR_clear_error();
    if (t->state == TLS_SHAKING && t->context->session != NULL) {
        SSL_SESSION_free(t->context->session);
        t->context->session = NULL;
    }
    t->trouble = trouble;
    t->state = TLS_BROKEN;
    return TLS_FAILED;
}

/* OpenSSL has stopped: for want of bytes, at the end of the data, or because of an error.
 * SSL_get_error(3) would say the same, but takes what others have left in the queue of this thread
 * for an error of ours, and to look into the queue before each call costs 3 % of a request. */
static enum tls_event stopped(struct tls *t)
{
    if (t->is_dry)
        return TLS_MORE;
    if ((SSL_get_shutdown(t->ssl) & SSL_RECEIVED_SHUTDOWN) == 0 || tls_trouble_alert() != 0)
        return fail(t, tls_trouble_find(t));
    if (t->state == TLS_SHAKING)
        return fail(t, TLS_TROUBLE_CLOSED);
    t->state = TLS_ENDED;
    return TLS_CLOSED;
}

/* --- the handshake --- */

/* While it lasts, each feed is used up by one call. */
static void keep_head(struct tls *t)
{
    size_t room = sizeof t->head - t->head_len;
    size_t len = t->in_len < room ? t->in_len : room;
    if (len > 0)
        memcpy(t->head + t->head_len, t->in, len);
    t->head_len += len;
}

static enum tls_event shake(struct tls *t)
{
    keep_head(t);
    t->is_dry = false;
    if (SSL_do_handshake(t->ssl) != 1)
        return stopped(t);
    ERR_clear_error();
    t->state = TLS_OPEN;
    return TLS_OPENED;
}

/* A copy: OpenSSL lets no other connection use a session of TLS 1.3 once one has resumed it, and
 * the next may begin before the server has given another. */
static void offer_session(struct tls *t)
{
    SSL_SESSION *copy = SSL_SESSION_dup(t->context->session);
    if (copy != NULL)
        (void)SSL_set_session(t->ssl, copy);
    SSL_SESSION_free(copy);
}

static void begin_client(struct tls *t)
{
    const struct tls_context *context = t->context;
    SSL_set_connect_state(t->ssl);
    if (context->sni != NULL)
        (void)SSL_set_tlsext_host_name(t->ssl, context->sni);
    if (context->session != NULL)
        offer_session(t);
    (void)shake(t); /* which needs the server's answer to go on */
}

void tls_open(struct tls *t, struct tls_context *context, struct buf *out)
{
    *t = (struct tls){.context = context, .out = out};
    ERR_clear_error();
    BIO *wire = BIO_new(context->wire);
    t->ssl = SSL_new(context->ssl);
    if (t->ssl == NULL || wire == NULL) {
        BIO_free(wire);
        (void)fail(t, tls_trouble_find(t));
        return;
    }
    BIO_set_data(wire, t);
    SSL_set_bio(t->ssl, wire, wire); /* which owns it now */
    (void)SSL_set_app_data(t->ssl, t);
    if (context->is_server)
        SSL_set_accept_state(t->ssl);
    else
        begin_client(t);
}

/* --- the pump --- */

void tls_feed(struct tls *t, const char *bytes, size_t len)
{
    t->in = bytes;
    t->in_len = len;
}

static enum tls_event next_unless_open(struct tls *t)
{
    if (t->state == TLS_SHAKING)
        return shake(t);
    return t->state == TLS_ENDED ? TLS_CLOSED : TLS_FAILED;
}

enum tls_event tls_next(struct tls *t, char *plain, size_t size, size_t *got)
{
    *got = 0;
    if (t->state != TLS_OPEN)
        return next_unless_open(t);
    if (t->in_len == 0 && SSL_pending(t->ssl) == 0)
        return TLS_MORE; /* OpenSSL has a part of a record at most */
    t->is_dry = false;
    if (SSL_read_ex(t->ssl, plain, size, got) == 1)
        return TLS_DATA;
    *got = 0;
    return stopped(t);
}

size_t tls_write(struct tls *t, const char *bytes, size_t len)
{
    size_t done = 0;
    if (t->state != TLS_OPEN && t->state != TLS_ENDED)
        return 0;
    t->is_dry = false;
    while (done < len && t->out->len < TLS_WRITE_BYTES) {
        size_t piece = len - done < TLS_PLAIN_BYTES ? len - done : TLS_PLAIN_BYTES;
        size_t wrote = 0;
        if (SSL_write_ex(t->ssl, bytes + done, piece, &wrote) != 1) {
            if (!t->is_dry)
                (void)fail(t, tls_trouble_find(t));
            break;
        }
        done += wrote;
    }
    return done;
}

/* --- the end --- */

void tls_end(struct tls *t)
{
    if (t->state == TLS_OPEN || t->state == TLS_ENDED)
        (void)SSL_shutdown(t->ssl);
    ERR_clear_error();
}

enum tls_event tls_eof(struct tls *t)
{
    if (t->state == TLS_SHAKING && !tls_trouble_looks_like_tls(t))
        return fail(t, tls_trouble_find(t));
    if (t->state == TLS_SHAKING)
        return fail(t, TLS_TROUBLE_CLOSED);
    if (t->state == TLS_OPEN)
        return fail(t, TLS_TROUBLE_CUT);
    return t->state == TLS_ENDED ? TLS_CLOSED : TLS_FAILED;
}

/* SSL_free takes a session for broken unless both sides have ended, and it would be resumed no
 * more.
 */
void tls_close(struct tls *t)
{
    if (t->ssl == NULL)
        return;
    if (t->state == TLS_OPEN || t->state == TLS_ENDED)
        SSL_set_shutdown(t->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(t->ssl);
    ERR_clear_error();
    t->ssl = NULL;
    t->in_len = 0;
    t->state = TLS_BROKEN;
}

/* --- what can be told of it --- */

void tls_describe(const struct tls *t, struct tls_facts *facts)
{
    const unsigned char *alpn = NULL;
    unsigned len = 0;
    *facts = (struct tls_facts){
        .version = SSL_get_version(t->ssl),
        .cipher = SSL_get_cipher_name(t->ssl),
        .resumed = SSL_session_reused(t->ssl) == 1,
    };
    SSL_get0_alpn_selected(t->ssl, &alpn, &len);
    if (len > 0 && len < sizeof facts->alpn)
        memcpy(facts->alpn, alpn, len);
}

void tls_fingerprint(const struct tls *t, char text[TLS_FINGERPRINT_SIZE])
{
    const X509 *certificate = SSL_get0_peer_certificate(t->ssl);
    text[0] = '\0';
    if (certificate != NULL)
        tls_certificate_fingerprint(certificate, text);
}

void tls_explain(const struct tls *t, char *text, size_t size)
{
    bool has_detail = t->detail[0] != '\0';
    (void)snprintf(text, size, "%s%s%s%s; %s", tls_trouble_what(t->trouble), has_detail ? " (" : "",
                   t->detail, has_detail ? ")" : "", tls_trouble_remedy(t->trouble));
}
