/* Certificates: those that are made, and those that files have. */
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/count_of.h"
#include "support/tls_bed.h"

#define HOUR_S 3600

/* What anyone else reads in the text of a certificate. */
static X509 *read_pem(const struct tls_identity *identity)
{
    char *text = tls_identity_pem(identity);
    BIO *pem = BIO_new_mem_buf(text, -1);
    X509 *certificate = PEM_read_bio_X509(pem, NULL, NULL, NULL);
    assert_non_null(certificate);
    assert_says(text, "-----BEGIN CERTIFICATE-----\n");
    assert_silent(text, "PRIVATE KEY");
    BIO_free(pem);
    free(text);
    return certificate;
}

static void check_fingerprint(const struct tls_identity *identity, const X509 *certificate)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    char *text = tls_identity_fingerprint(identity);
    assert_int_equal(X509_digest(certificate, EVP_sha256(), digest, &len), 1);
    assert_int_equal(strlen(text), 95);
    for (unsigned i = 0; i < len; i++) {
        char *byte = mem_printf("%02X", digest[i]);
        assert_memory_equal(text + (size_t)3 * i, byte, 2);
        assert_int_equal(text[(size_t)3 * i + 2], i + 1 < len ? ':' : '\0');
        free(byte);
    }
    free(text);
}

static void one_for_this_machine_is_made(void **state)
{
    static const char *const names[] = {"localhost"};
    static const char *const addresses[] = {"127.0.0.1", "::1"};
    int days = 0;
    int seconds = 0;
    struct tls_identity *identity = bed_local();
    X509 *certificate = read_pem(identity);
    (void)state;
    for (size_t i = 0; i < LEN(names); i++)
        assert_int_equal(X509_check_host(certificate, names[i], 0, 0, NULL), 1);
    for (size_t i = 0; i < LEN(addresses); i++)
        assert_int_equal(X509_check_ip_asc(certificate, addresses[i], 0), 1);
    assert_int_equal(X509_check_host(certificate, "example.org", 0, 0, NULL), 0);
    assert_int_equal(X509_check_ca(certificate), 1);
    assert_int_equal(X509_verify(certificate, X509_get0_pubkey(certificate)), 1);
    assert_int_equal(ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(certificate),
                                    X509_get0_notAfter(certificate)),
                     1);
    assert_int_equal(days, 31);
    assert_int_equal(X509_cmp_current_time(X509_get0_notBefore(certificate)), -1);
    assert_int_equal(X509_cmp_current_time(X509_get0_notAfter(certificate)), 1);
    check_fingerprint(identity, certificate);
    X509_free(certificate);
    tls_identity_free(identity);
    bed_check_queue();
}

static void no_two_are_the_same(void **state)
{
    struct tls_identity *one = bed_local();
    struct tls_identity *other = bed_local();
    char *texts[] = {tls_identity_fingerprint(one), tls_identity_fingerprint(other)};
    (void)state;
    assert_string_not_equal(texts[0], texts[1]);
    free(texts[0]);
    free(texts[1]);
    tls_identity_free(one);
    tls_identity_free(other);
}

static void a_name_that_cannot_be_is_told(void **state)
{
    struct err err = {0};
    static const struct tls_identity_spec spec = {
        .name = "a", .names = "IP:300.1.2.3", .to_s = HOUR_S};
    (void)state;
    assert_null(tls_identity_make(&spec, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_says(err.text, "cannot make a certificate for a: ");
    bed_check_queue();
}

/* What follows the certificate in its file is sent behind it. */
static void a_chain_is_sent(void **state)
{
    static const struct tls_identity_spec root_spec = {.name = "root", .to_s = HOUR_S};
    struct tls_options options = {0};
    struct err err = {0};
    struct tls_bed bed;
    struct tls_identity *root = bed_identity(&root_spec);
    struct tls_identity *leaf = bed_identity(&(struct tls_identity_spec){
        .name = "leaf", .names = "DNS:localhost", .issuer = root, .to_s = HOUR_S});
    char *pems[] = {tls_identity_pem(leaf), tls_identity_pem(root)};
    char *chain = mem_printf("a comment\n%s\n%s", pems[0], pems[1]);
    char *chain_file = bed_file("chain.pem", chain);
    char *key_file = bed_key_file("leaf.key", leaf, NULL);
    (void)state;
    struct tls_identity *loaded = tls_identity_load(chain_file, key_file, &err);
    assert_non_null(loaded);
    bed_check_queue();
    struct tls_server_options server_options = {.identity = loaded};
    char *root_file = bed_certificate_file("root.pem", root);
    str_list_add(&options.ca_files, root_file);
    struct tls_context *client = bed_client(&options, "localhost");
    struct tls_context *server = bed_server(&server_options);
    tls_identity_free(loaded);
    bed_open(&bed, client, server);
    bed_run(&bed);
    bed_check_open(&bed);
    STACK_OF(X509) *sent = SSL_get_peer_cert_chain(bed.client.tls.ssl);
    assert_int_equal(sk_X509_num(sent), 2);
    bed_close(&bed);
    tls_context_free(client);
    tls_context_free(server);
    str_list_fini(&options.ca_files);
    tls_identity_free(root);
    tls_identity_free(leaf);
    free(pems[0]);
    free(pems[1]);
    free(chain);
    free(chain_file);
    free(root_file);
    free(key_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_for_this_machine_is_made),
        cmocka_unit_test(no_two_are_the_same),
        cmocka_unit_test(a_name_that_cannot_be_is_told),
        cmocka_unit_test(a_chain_is_sent),
    };
    return cmocka_run_group_tests(tests, bed_files_up, bed_files_down);
}
