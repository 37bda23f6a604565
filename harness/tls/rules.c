#include <openssl/err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "tls/tls_internal.h"

#define CIPHERS_BYTES ((size_t)1 << 16)

static const struct {
    const char *text;
    int number; /* OpenSSL's */
} versions[] = {
    [TLS_VERSION_1_0] = {"1.0", TLS1_VERSION},
    [TLS_VERSION_1_1] = {"1.1", TLS1_1_VERSION},
    [TLS_VERSION_1_2] = {"1.2", TLS1_2_VERSION},
    [TLS_VERSION_1_3] = {"1.3", TLS1_3_VERSION},
};

int tls_version_parse(const char *text, enum tls_version *out, struct err *err)
{
    const char *number = str_starts(text, "TLSv") ? text + strlen("TLSv") : text;
    for (int version = TLS_VERSION_1_0; version <= TLS_VERSION_1_3; version++) {
        if (strcmp(number, versions[version].text) == 0) {
            *out = (enum tls_version)version;
            return 0;
        }
    }
    return err_set(err, ERR_USAGE, "'%s' is not a version of TLS; try 1.0, 1.1, 1.2 or 1.3", text);
}

/* The versions that are left, lowest and highest. */
struct range {
    enum tls_version min, max;
};

static int find_range(const struct tls_rules *rules, struct range *range, struct err *err)
{
    *range = (struct range){.min = rules->min, .max = rules->max};
    if (range->max == TLS_VERSION_ANY)
        range->max = TLS_VERSION_1_3;
    if (range->min == TLS_VERSION_ANY)
        range->min = range->max < TLS_VERSION_1_2 ? TLS_VERSION_1_0 : TLS_VERSION_1_2;
    if (range->min <= range->max)
        return 0;
    return err_set(err, ERR_USAGE,
                   "the oldest TLS version allowed, %s, is newer than the newest, %s; change "
                   "--tls-min or --tls-max",
                   versions[range->min].text, versions[range->max].text);
}

/* --- ciphers --- */

struct cipher_lists {
    struct buf older; /* up to TLS 1.2 */
    struct buf suites;
};

/* What begins like this changes the list, or how it is read, and is no cipher by itself. */
static bool is_operator(const char *word)
{
    return strchr("!-+@", word[0]) != NULL;
}

/* OpenSSL passes over names that it does not know, so each is tried alone. */
static int add_cipher(SSL_CTX *ssl, const char *word, struct cipher_lists *lists, struct err *err)
{
    bool is_suite = str_starts(word, "TLS_");
    struct buf *list = is_suite ? &lists->suites : &lists->older;
    int found = 1;
    if (is_suite)
        found = SSL_CTX_set_ciphersuites(ssl, word);
    else if (!is_operator(word))
        found = SSL_CTX_set_cipher_list(ssl, word);
    ERR_clear_error();
    if (found != 1)
        return err_set(err, ERR_USAGE,
                       "'%s' is no cipher of this OpenSSL; `openssl ciphers -s -v` lists them",
                       word);
    if (list->len > 0)
        buf_puts(list, ":");
    buf_puts(list, word);
    return 0;
}

static int split_ciphers(SSL_CTX *ssl, const char *text, struct cipher_lists *lists,
                         struct err *err)
{
    char *copy = mem_strdup(text);
    char *rest = NULL;
    int failed = 0;
    for (char *word = strtok_r(copy, ":, ", &rest); word != NULL && failed == 0;
         word = strtok_r(NULL, ":, ", &rest))
        failed = add_cipher(ssl, word, lists, err);
    free(copy);
    return failed;
}

/* Sets both lists; versions that have no cipher in them are not left. */
static int set_ciphers(SSL_CTX *ssl, const struct cipher_lists *lists, const char *text,
                       struct range *range, struct err *err)
{
    bool set = lists->older.len > 0 || lists->suites.len > 0;
    if (lists->older.len > 0)
        set = SSL_CTX_set_cipher_list(ssl, lists->older.data) == 1;
    if (set && lists->suites.len > 0)
        set = SSL_CTX_set_ciphersuites(ssl, lists->suites.data) == 1;
    ERR_clear_error();
    if (!set)
        return err_set(err, ERR_USAGE,
                       "the list '%s' leaves no cipher; `openssl ciphers -s -v LIST` shows what a "
                       "list has",
                       text);
    if (lists->older.len == 0 && range->min < TLS_VERSION_1_3)
        range->min = TLS_VERSION_1_3;
    if (lists->suites.len == 0 && range->max > TLS_VERSION_1_2)
        range->max = TLS_VERSION_1_2;
    if (range->min <= range->max)
        return 0;
    return err_set(err, ERR_USAGE,
                   "the ciphers '%s' are only for versions of TLS that are not allowed; the names "
                   "that begin with TLS_ are those of 1.3",
                   text);
}

static int apply_ciphers(SSL_CTX *ssl, const char *text, struct range *range, struct err *err)
{
    struct cipher_lists lists;
    buf_init(&lists.older, CIPHERS_BYTES);
    buf_init(&lists.suites, CIPHERS_BYTES);
    int failed = split_ciphers(ssl, text, &lists, err);
    if (failed == 0)
        failed = set_ciphers(ssl, &lists, text, range, err);
    buf_fini(&lists.older);
    buf_fini(&lists.suites);
    return failed;
}

/* Versions, ciphers and OpenSSL's own limits together must leave a cipher. */
static int check_rest(SSL_CTX *ssl, const char *ciphers, struct err *err)
{
    SSL *one = SSL_new(ssl);
    STACK_OF(SSL_CIPHER) *rest = one == NULL ? NULL : SSL_get1_supported_ciphers(one);
    int count = rest == NULL ? 0 : sk_SSL_CIPHER_num(rest);
    sk_SSL_CIPHER_free(rest);
    SSL_free(one);
    ERR_clear_error();
    if (count > 0)
        return 0;
    return err_set(err, ERR_USAGE,
                   "no cipher of '%s' can be used: it is of another TLS version, or too weak for "
                   "OpenSSL unless the list begins with @SECLEVEL=0",
                   ciphers == NULL ? "the default" : ciphers);
}

int tls_rules_apply(SSL_CTX *ssl, const struct tls_rules *rules, struct err *err)
{
    struct range range;
    if (find_range(rules, &range, err) < 0)
        return -1;
    if (range.min < TLS_VERSION_1_2)
        SSL_CTX_set_security_level(ssl, 0); /* their signatures are weaker than OpenSSL allows */
    if (rules->ciphers != NULL && apply_ciphers(ssl, rules->ciphers, &range, err) < 0)
        return -1;
    if (SSL_CTX_set_min_proto_version(ssl, versions[range.min].number) != 1 ||
        SSL_CTX_set_max_proto_version(ssl, versions[range.max].number) != 1)
        return err_set(err, ERR_USAGE, "OpenSSL does not allow TLS %s to %s: %s",
                       versions[range.min].text, versions[range.max].text, tls_reason());
    return check_rest(ssl, rules->ciphers, err);
}

/* --- ALPN --- */

int tls_rules_alpn(const struct tls_rules *rules, struct tls_alpn *alpn, struct err *err)
{
    const char *name = rules->alpn;
    alpn->len = 0;
    while (name != NULL) {
        size_t len = strcspn(name, ",");
        if (len == 0 || len > UINT8_MAX || alpn->len + 1 + len > sizeof alpn->bytes)
            return err_set(err, ERR_USAGE,
                           "'%s' is no list of protocols; try h2,http/1.1 (at most 255 bytes)",
                           rules->alpn);
        alpn->bytes[alpn->len++] = (unsigned char)len;
        memcpy(alpn->bytes + alpn->len, name, len);
        alpn->len += (unsigned)len;
        name = name[len] == '\0' ? NULL : name + len + 1;
    }
    return 0;
}
