#include "tls/identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>

#include "base/mem.h"
#include "tls/tls_internal.h"

static int load(struct tls_identity *identity, const char *cert_file, const char *key_file,
                struct err *err)
{
    identity->issuers = tls_pem_certificates(cert_file, err);
    if (identity->issuers == NULL)
        return -1;
    identity->certificate = sk_X509_shift(identity->issuers);
    identity->key = tls_pem_key(key_file, err);
    if (identity->key == NULL)
        return -1;
    bool fits = X509_check_private_key(identity->certificate, identity->key) == 1;
    ERR_clear_error();
    return fits ? 0
                : err_set(err, ERR_USAGE,
                          "the key in %s is not that of the first certificate in %s; give the pair "
                          "that was made together, the certificate before those of its issuers",
                          key_file, cert_file);
}

struct tls_identity *tls_identity_load(const char *cert_file, const char *key_file, struct err *err)
{
    struct tls_identity *identity = mem_zalloc(sizeof *identity);
    if (load(identity, cert_file, key_file, err) == 0)
        return identity;
    tls_identity_free(identity);
    return NULL;
}

/* With a list of issuers, even an empty one, OpenSSL does not look for them in each handshake. */
int tls_identity_use(const struct tls_identity *identity, SSL_CTX *ssl, struct err *err)
{
    if (SSL_CTX_use_cert_and_key(ssl, identity->certificate, identity->key, identity->issuers, 1) ==
        1)
        return 0;
    return err_set(err, ERR_USAGE, "the certificate or its key cannot be used: %s; make a new pair",
                   tls_reason());
}

char *tls_identity_pem(const struct tls_identity *identity)
{
    char *bytes = NULL;
    BIO *pem = BIO_new(BIO_s_mem());
    (void)PEM_write_bio_X509(pem, identity->certificate);
    long len = BIO_get_mem_data(pem, &bytes);
    char *text = mem_strndup(bytes, (size_t)len);
    BIO_free(pem);
    return text;
}

char *tls_identity_fingerprint(const struct tls_identity *identity)
{
    char text[TLS_FINGERPRINT_SIZE];
    tls_certificate_fingerprint(identity->certificate, text);
    return mem_strdup(text);
}

void tls_identity_free(struct tls_identity *identity)
{
    if (identity == NULL)
        return;
    X509_free(identity->certificate);
    EVP_PKEY_free(identity->key);
    sk_X509_pop_free(identity->issuers, X509_free);
    free(identity);
}
