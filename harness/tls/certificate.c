#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "tls/tls_internal.h"

static void add_name(BIO *text, const X509_NAME *name)
{
    (void)X509_NAME_print_ex(text, name, 0, XN_FLAG_ONELINE);
}

static void add_time(BIO *text, const char *word, const ASN1_TIME *time)
{
    struct tm utc = {0};
    char date[32] = "?";
    if (ASN1_TIME_to_tm(time, &utc) == 1)
        (void)strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S UTC", &utc);
    (void)BIO_printf(text, "%s %s", word, date);
}

/* "DNS:a, IP Address:127.0.0.1"; a certificate without such names has only its CN. */
static void add_names(BIO *text, const X509 *certificate)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    (void)BIO_puts(text, "it has ");
    if (names == NULL)
        add_name(text, X509_get_subject_name(certificate));
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        (void)BIO_puts(text, i == 0 ? "" : ", ");
        (void)GENERAL_NAME_print(text, sk_GENERAL_NAME_value(names, i));
    }
    GENERAL_NAMES_free(names);
}

static void add_details(BIO *text, X509 *certificate, int error, const char *host)
{
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        add_time(text, "on", X509_get0_notAfter(certificate));
        break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        add_time(text, "before", X509_get0_notBefore(certificate));
        break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        (void)BIO_printf(text, "not %s: ", host == NULL ? "this one" : host);
        add_names(text, certificate);
        break;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        add_name(text, X509_get_subject_name(certificate));
        break;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        add_name(text, X509_get_issuer_name(certificate));
        break;
    default:
        (void)BIO_puts(text, X509_verify_cert_error_string(error));
    }
}

/* OpenSSL prints what a peer sent without anything that a terminal would obey. */
static void put_detail(struct tls *t, X509 *certificate, int error)
{
    char *bytes = NULL;
    BIO *text = BIO_new(BIO_s_mem());
    if (text == NULL)
        return;
    if (certificate == NULL)
        (void)BIO_puts(text, X509_verify_cert_error_string(error));
    else
        add_details(text, certificate, error, t->context->host);
    long len = BIO_get_mem_data(text, &bytes);
    (void)snprintf(t->detail, sizeof t->detail, "%.*s", (int)len, len > 0 ? bytes : "");
    BIO_free(text);
}

int tls_certificate_verified(int ok, X509_STORE_CTX *verified)
{
    if (ok == 0) {
        SSL *ssl = X509_STORE_CTX_get_ex_data(verified, SSL_get_ex_data_X509_STORE_CTX_idx());
        put_detail(SSL_get_app_data(ssl), X509_STORE_CTX_get_current_cert(verified),
                   X509_STORE_CTX_get_error(verified));
    }
    return ok;
}

void tls_certificate_fingerprint(const X509 *certificate, char text[TLS_FINGERPRINT_SIZE])
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    bool told = X509_digest(certificate, EVP_sha256(), digest, &size) == 1;
    size_t len = told ? size : 0;
    for (size_t i = 0; i < len; i++) {
        text[3 * i] = digits[digest[i] >> 4];
        text[3 * i + 1] = digits[digest[i] & 15];
        text[3 * i + 2] = ':';
    }
    text[len == 0 ? 0 : 3 * len - 1] = '\0';
    ERR_clear_error();
}
