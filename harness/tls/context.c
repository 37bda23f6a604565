#include <openssl/err.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tls/tls_internal.h"

/* A peer that renegotiates could make a connection wait in the middle of a request. */
static int prepare(struct tls_context *context, const struct tls_rules *rules, struct err *err)
{
    context->ssl = SSL_CTX_new(context->is_server ? TLS_server_method() : TLS_client_method());
    context->wire = tls_wire_method();
    if (context->ssl == NULL || context->wire == NULL)
        return err_set(err, ERR_USAGE, "OpenSSL cannot be used: %s; look at its configuration file",
                       tls_reason());
    (void)SSL_CTX_set_options(context->ssl, SSL_OP_NO_RENEGOTIATION);
    (void)SSL_CTX_set_app_data(context->ssl, context);
    if (tls_rules_apply(context->ssl, rules, err) < 0)
        return -1;
    return tls_rules_alpn(rules, &context->alpn, err);
}

struct tls_context *tls_context_new(enum tls_side side, const struct tls_rules *rules,
                                    struct err *err)
{
    struct tls_context *context = mem_zalloc(sizeof *context);
    context->is_server = side == TLS_SERVER_SIDE;
    int failed = prepare(context, rules, err);
    ERR_clear_error();
    if (failed == 0)
        return context;
    tls_context_free(context);
    return NULL;
}

void tls_context_free(struct tls_context *context)
{
    if (context == NULL)
        return;
    SSL_SESSION_free(context->session);
    SSL_CTX_free(context->ssl);
    BIO_meth_free(context->wire);
    free(context->sni);
    free(context->host);
    free(context);
}
