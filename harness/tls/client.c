#include "tls/client.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "tls/tls_internal.h"

struct tls_client {
    const struct tls_options *options;
    X509_STORE *trust;             /* NULL: nothing is verified */
    struct tls_identity *identity; /* NULL: none */
};

/* --- what a connection calls back --- */

/* The session is kept in place of the one before. A client of TLS 1.3 gets it with the first bytes
 * after the handshake. */
static int on_session(SSL *ssl, SSL_SESSION *session)
{
    struct tls_context *context = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    SSL_SESSION_free(context->session);
    context->session = session;
    return 1;
}

/* Only called when the server asks for a certificate and the client has none. */
static int on_certificate_wanted(SSL *ssl, X509 **certificate, EVP_PKEY **key)
{
    struct tls *t = SSL_get_app_data(ssl);
    (void)certificate;
    (void)key;
    t->lacks_certificate = true;
    return 0;
}

/* --- a context --- */

/* "example.org." is the same host as "example.org", which the certificate has. */
static char *without_dot(const char *host)
{
    size_t len = strlen(host);
    return mem_strndup(host, len > 0 && host[len - 1] == '.' ? len - 1 : len);
}

/* Sets what the certificate must be for. An IP address is not sent as SNI (RFC 6066, 3). */
static int name_host(struct tls_context *context, const char *servername, const char *host,
                     struct err *err)
{
    bool no_sni = servername != NULL && servername[0] == '\0';
    X509_VERIFY_PARAM *param = SSL_CTX_get0_param(context->ssl);
    context->host = without_dot(servername == NULL || no_sni ? host : servername);
    if (context->host[0] == '\0' || strlen(context->host) > TLSEXT_MAXLEN_host_name)
        return err_set(err, ERR_USAGE,
                       "'%.80s' cannot be the name of a server; give one with --servername",
                       context->host);
    bool is_ip = X509_VERIFY_PARAM_set1_ip_asc(param, context->host) == 1;
    if (!is_ip && X509_VERIFY_PARAM_set1_host(param, context->host, 0) != 1)
        return err_set(err, ERR_USAGE, "'%s' cannot be the name of a server: %s", context->host,
                       tls_reason());
    X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (!is_ip && !no_sni)
        context->sni = mem_strdup(context->host);
    return 0;
}

static void verify(SSL_CTX *ssl, X509_STORE *trust, const struct tls_options *options)
{
    if (trust != NULL)
        SSL_CTX_set1_cert_store(ssl, trust);
    (void)X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(ssl), X509_V_FLAG_PARTIAL_CHAIN);
    if (options->insecure)
        SSL_CTX_set_verify(ssl, SSL_VERIFY_NONE, NULL);
    else
        SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, tls_certificate_verified);
}

static void keep_sessions(SSL_CTX *ssl, const struct tls_options *options)
{
    if (options->resume) {
        (void)SSL_CTX_set_session_cache_mode(ssl,
                                             SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(ssl, on_session);
    } else {
        (void)SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_OFF);
        (void)SSL_CTX_set_options(ssl, SSL_OP_NO_TICKET);
    }
}

static int prepare(const struct tls_client *client, struct tls_context *context, const char *host,
                   struct err *err)
{
    const struct tls_options *options = client->options;
    SSL_CTX *ssl = context->ssl;
    verify(ssl, client->trust, options);
    keep_sessions(ssl, options);
    SSL_CTX_set_client_cert_cb(ssl, on_certificate_wanted);
    if (options->lean)
        (void)SSL_CTX_set_mode(ssl, SSL_MODE_RELEASE_BUFFERS);
    if (client->identity != NULL && tls_identity_use(client->identity, ssl, err) < 0)
        return -1;
    if (context->alpn.len > 0 &&
        SSL_CTX_set_alpn_protos(ssl, context->alpn.bytes, context->alpn.len) != 0)
        return err_set(err, ERR_USAGE, "the protocols '%s' cannot be used: %s", options->rules.alpn,
                       tls_reason());
    return name_host(context, options->servername, host, err);
}

struct tls_context *tls_client_context(const struct tls_client *client, const char *host,
                                       struct err *err)
{
    struct tls_context *context = tls_context_new(TLS_CLIENT_SIDE, &client->options->rules, err);
    if (context == NULL)
        return NULL;
    int failed = prepare(client, context, host, err);
    ERR_clear_error();
    if (failed == 0)
        return context;
    tls_context_free(context);
    return NULL;
}

/* --- a client --- */

static int load_identity(struct tls_client *client, struct err *err)
{
    const struct tls_options *options = client->options;
    if (options->cert_file == NULL && options->key_file == NULL)
        return 0;
    if (options->key_file == NULL)
        return err_set(err, ERR_USAGE,
                       "--cert %s is of no use without its private key; give that with --key FILE",
                       options->cert_file);
    if (options->cert_file == NULL)
        return err_set(err, ERR_USAGE,
                       "--key %s is of no use without its certificate; give that with --cert FILE",
                       options->key_file);
    client->identity = tls_identity_load(options->cert_file, options->key_file, err);
    return client->identity == NULL ? -1 : 0;
}

/* The machine's own list takes tens of milliseconds, and is left alone if nothing is verified. */
static int load_trust(struct tls_client *client, struct err *err)
{
    const struct tls_options *options = client->options;
    if (options->insecure && options->ca_files.count == 0)
        return 0;
    client->trust = tls_trust_load(&options->ca_files, err);
    return client->trust == NULL ? -1 : 0;
}

/* A context for any host finds the rest of what can be wrong. */
static int check(const struct tls_client *client, struct err *err)
{
    struct tls_context *context = tls_client_context(client, "localhost", err);
    tls_context_free(context);
    return context == NULL ? -1 : 0;
}

struct tls_client *tls_client_new(const struct tls_options *options, struct err *err)
{
    struct tls_client *client = mem_zalloc(sizeof *client);
    client->options = options;
    if (load_identity(client, err) == 0 && load_trust(client, err) == 0 && check(client, err) == 0)
        return client;
    tls_client_free(client);
    return NULL;
}

bool tls_client_verifies(const struct tls_client *client)
{
    return !client->options->insecure;
}

void tls_client_free(struct tls_client *client)
{
    if (client == NULL)
        return;
    X509_STORE_free(client->trust);
    tls_identity_free(client->identity);
    free(client);
}
