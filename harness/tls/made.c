#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/mem.h"
#include "tls/tls_internal.h"

#define DAY_S INT64_C(86400)

static bool add_extension(X509 *certificate, X509 *issuer, int kind, const char *value)
{
    X509V3_CTX made_of = {0};
    X509V3_set_ctx(&made_of, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &made_of, kind, value);
    bool is_added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

static bool add_extensions(X509 *certificate, const struct tls_identity_spec *spec)
{
    X509 *issuer = spec->issuer == NULL ? certificate : spec->issuer->certificate;
    bool is_own = spec->issuer == NULL;
    return add_extension(certificate, issuer, NID_basic_constraints,
                         is_own ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
           add_extension(certificate, issuer, NID_subject_key_identifier, "hash") &&
           (is_own || add_extension(certificate, issuer, NID_authority_key_identifier, "keyid")) &&
           (spec->names == NULL ||
            add_extension(certificate, issuer, NID_subject_alt_name, spec->names));
}

static bool set_number(X509 *certificate)
{
    unsigned char bytes[8];
    uint64_t number = 0;
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    memcpy(&number, bytes, sizeof number);
    return ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), number) == 1;
}

static bool set_name(X509 *certificate, const char *name)
{
    return X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                      (const unsigned char *)name, -1, -1, 0) == 1;
}

/* Everything but the extensions and the signature. */
static bool fill(X509 *certificate, EVP_PKEY *key, const struct tls_identity_spec *spec)
{
    const X509 *issuer = spec->issuer == NULL ? certificate : spec->issuer->certificate;
    return X509_set_version(certificate, X509_VERSION_3) == 1 && set_number(certificate) &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), (long)spec->from_s) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), (long)spec->to_s) != NULL &&
           set_name(certificate, spec->name) &&
           X509_set_issuer_name(certificate, X509_get_subject_name(issuer)) == 1 &&
           X509_set_pubkey(certificate, key) == 1;
}

static bool make(struct tls_identity *identity, const struct tls_identity_spec *spec)
{
    identity->issuers = sk_X509_new_null();
    identity->certificate = X509_new();
    identity->key = EVP_EC_gen("P-256");
    if (identity->issuers == NULL || identity->certificate == NULL || identity->key == NULL)
        return false;
    EVP_PKEY *signer = spec->issuer == NULL ? identity->key : spec->issuer->key;
    return fill(identity->certificate, identity->key, spec) &&
           add_extensions(identity->certificate, spec) &&
           X509_sign(identity->certificate, signer, EVP_sha256()) > 0;
}

struct tls_identity *tls_identity_make(const struct tls_identity_spec *spec, struct err *err)
{
    struct tls_identity *identity = mem_zalloc(sizeof *identity);
    if (make(identity, spec)) {
        ERR_clear_error();
        return identity;
    }
    (void)err_set(err, ERR_USAGE, "cannot make a certificate for %s: %s", spec->name, tls_reason());
    tls_identity_free(identity);
    return NULL;
}

struct tls_identity *tls_identity_make_local(struct err *err)
{
    static const struct tls_identity_spec local = {
        .name = "localhost",
        .names = "DNS:localhost,IP:127.0.0.1,IP:::1",
        .from_s = -DAY_S,
        .to_s = 30 * DAY_S,
    };
    return tls_identity_make(&local, err);
}
