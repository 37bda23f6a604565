#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#include "tls/tls_internal.h"

#define PEM_BYTES (16 << 20)

const char *tls_reason(void)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason == NULL ? "OpenSSL gives no reason" : reason;
}

static BIO *failed_to_read(const char *path, struct err *err)
{
    (void)err_set(err, ERR_USAGE, "cannot read %s: %s", path, strerrordesc_np(errno));
    return NULL;
}

/* All of the file, and not more than such a file has. */
static BIO *open_pem(const char *path, struct err *err)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return failed_to_read(path, err);
    BIO *pem = BIO_new(BIO_s_mem());
    char piece[16384];
    size_t len = 0;
    size_t total = 0;
    while (pem != NULL && total <= PEM_BYTES && (len = fread(piece, 1, sizeof piece, file)) > 0) {
        total += len;
        (void)BIO_write(pem, piece, (int)len);
    }
    bool is_bad = ferror(file) != 0;
    int error = errno;
    (void)fclose(file);
    if (pem != NULL && !is_bad && total <= PEM_BYTES)
        return pem;
    BIO_free(pem);
    errno = error;
    if (is_bad)
        return failed_to_read(path, err);
    (void)err_set(err, ERR_USAGE,
                  "%s has more than %d MiB, which no file of certificates or keys has", path,
                  PEM_BYTES >> 20);
    return NULL;
}

/* The prompt of OpenSSL would stop a run that nobody watches. */
static int refuse_password(char *password, int size, int is_writing, void *asked)
{
    (void)password;
    (void)size;
    (void)is_writing;
    *(bool *)asked = true;
    return -1;
}

/* Reads one certificate after the other; behind the last there is no further block of that kind. */
static int add_certificates(BIO *pem, STACK_OF(X509) * list, const char *path, struct err *err)
{
    bool asked = false;
    X509 *one = PEM_read_bio_X509_AUX(pem, NULL, refuse_password, &asked);
    while (one != NULL) {
        (void)sk_X509_push(list, one);
        one = PEM_read_bio_X509_AUX(pem, NULL, refuse_password, &asked);
    }
    unsigned long error = ERR_peek_last_error();
    if (ERR_GET_LIB(error) != ERR_LIB_PEM || ERR_GET_REASON(error) != PEM_R_NO_START_LINE)
        return err_set(err, ERR_USAGE, "certificate %d of %s cannot be read: %s; export it again",
                       sk_X509_num(list) + 1, path, tls_reason());
    ERR_clear_error();
    if (sk_X509_num(list) == 0)
        return err_set(err, ERR_USAGE,
                       "%s has no certificate; it must be text (PEM) with a line "
                       "-----BEGIN CERTIFICATE-----, and `openssl x509 -inform der -in FILE` makes "
                       "that of the binary form",
                       path);
    return 0;
}

STACK_OF(X509) * tls_pem_certificates(const char *path, struct err *err)
{
    BIO *pem = open_pem(path, err);
    if (pem == NULL)
        return NULL;
    STACK_OF(X509) *list = sk_X509_new_null();
    int failed = add_certificates(pem, list, path, err);
    BIO_free(pem);
    if (failed == 0)
        return list;
    sk_X509_pop_free(list, X509_free);
    return NULL;
}

EVP_PKEY *tls_pem_key(const char *path, struct err *err)
{
    bool asked = false;
    BIO *pem = open_pem(path, err);
    if (pem == NULL)
        return NULL;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(pem, NULL, refuse_password, &asked);
    BIO_free(pem);
    if (key == NULL && asked)
        (void)err_set(err, ERR_USAGE,
                      "the key in %s is encrypted, and nothing here asks for a password; write a "
                      "copy without one: openssl pkey -in %s -out FILE",
                      path, path);
    else if (key == NULL)
        (void)err_set(err, ERR_USAGE,
                      "%s has no private key that can be used (%s); it must be text (PEM) with a "
                      "line -----BEGIN PRIVATE KEY-----, or of a similar kind",
                      path, tls_reason());
    ERR_clear_error();
    return key;
}
