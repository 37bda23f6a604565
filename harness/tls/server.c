#include "tls/server.h"

#include <openssl/err.h>

#include "tls/tls_internal.h"

/* The first protocol of ours that the client also has. */
static int on_protocols(SSL *ssl, const unsigned char **out, unsigned char *out_len,
                        const unsigned char *in, unsigned in_len, void *of_context)
{
    const struct tls_context *context = of_context;
    unsigned char *chosen = NULL;
    (void)ssl;
    if (SSL_select_next_proto(&chosen, out_len, context->alpn.bytes, context->alpn.len, in,
                              in_len) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static int want_certificates(SSL_CTX *ssl, const struct str_list *files, struct err *err)
{
    X509_STORE *trust = tls_trust_load(files, err);
    if (trust == NULL)
        return -1;
    SSL_CTX_set_cert_store(ssl, trust); /* which owns it now */
    (void)X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ssl), X509_V_FLAG_PARTIAL_CHAIN);
    SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                       tls_certificate_verified);
    return 0;
}

static int prepare(struct tls_context *context, const struct tls_server_options *options,
                   struct err *err)
{
    static const unsigned char name[] = "bench"; /* sessions are for this server only */
    SSL_CTX *ssl = context->ssl;
    (void)SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
    (void)SSL_CTX_set_session_id_context(ssl, name, sizeof name - 1);
    (void)SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS); /* 33 KB of each idle connection */
    if (context->alpn.len > 0)
        SSL_CTX_set_alpn_select_cb(ssl, on_protocols, context);
    if (options->client_ca_files.count > 0 &&
        want_certificates(ssl, &options->client_ca_files, err) < 0)
        return -1;
    return tls_identity_use(options->identity, ssl, err);
}

struct tls_context *tls_server_new(const struct tls_server_options *options, struct err *err)
{
    struct tls_context *context = tls_context_new(TLS_SERVER_SIDE, &options->rules, err);
    if (context == NULL)
        return NULL;
    int failed = prepare(context, options, err);
    ERR_clear_error();
    if (failed == 0)
        return context;
    tls_context_free(context);
    return NULL;
}
