/* What a client is told: what of it cannot be, and what it leads to. */
#include <openssl/ssl.h>
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

static struct files {
    struct tls_identity *identity, *other;
    char *certificate, *key, *other_key, *encrypted, *old_encrypted, *text, *damaged, *half,
        *folder;
} f;

static int up(void **state)
{
    if (bed_files_up(state) != 0)
        return -1;
    f.identity = bed_local();
    f.other = bed_local();
    f.certificate = bed_certificate_file("certificate.pem", f.identity);
    f.key = bed_key_file("key.pem", f.identity, NULL);
    f.other_key = bed_key_file("other.pem", f.other, NULL);
    f.encrypted = bed_key_file("encrypted.pem", f.identity, "secret");
    f.old_encrypted = bed_file("old.pem", "-----BEGIN EC PRIVATE KEY-----\n"
                                          "Proc-Type: 4,ENCRYPTED\n"
                                          "DEK-Info: AES-128-CBC,000102030405060708090A0B0C0D0E0F\n"
                                          "\n"
                                          "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
                                          "-----END EC PRIVATE KEY-----\n");
    f.text = bed_file("text", "no certificate, and no key\n");
    f.damaged = bed_file("damaged.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n"
                                        "-----END CERTIFICATE-----\n");
    char *pem = tls_identity_pem(f.identity);
    char *half = mem_printf("%s%.*s", pem, (int)strlen(pem) / 2, pem);
    f.half = bed_file("half.pem", half);
    f.folder = mem_strndup(f.text, strlen(f.text) - strlen("/text"));
    free(half);
    free(pem);
    return 0;
}

static int down(void **state)
{
    char *texts[] = {f.certificate, f.key,     f.other_key, f.encrypted, f.old_encrypted,
                     f.text,        f.damaged, f.half,      f.folder};
    for (size_t i = 0; i < LEN(texts); i++)
        free(texts[i]);
    tls_identity_free(f.identity);
    tls_identity_free(f.other);
    return bed_files_down(state);
}

static void check_refused(const struct tls_options *options, const char *says)
{
    struct err err = {0};
    struct tls_client *client = tls_client_new(options, &err);
    bed_check_queue();
    assert_null(client);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_says(err.text, says);
}

static void a_bad_list_of_authorities_is_told(void **state)
{
    const struct {
        const char *file, *says;
    } cases[] = {
        {"/nowhere/ca.pem", "cannot read /nowhere/ca.pem: No such file or directory"},
        {f.folder, "Is a directory"},
        {f.text, "has no certificate; it must be text (PEM)"},
        {"/dev/null", "has no certificate"},
        {f.key, "has no certificate"},
        {f.damaged, "certificate 1 of "},
        {f.half, "certificate 2 of "},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tls_options options = {0};
        str_list_add(&options.ca_files, f.certificate);
        str_list_add(&options.ca_files, cases[i].file);
        check_refused(&options, cases[i].says);
        options.insecure = true;
        check_refused(&options, cases[i].says);
        str_list_fini(&options.ca_files);
    }
}

static void a_bad_pair_is_told(void **state)
{
    const struct {
        const char *certificate, *key, *says;
    } cases[] = {
        {f.certificate, NULL, "give that with --key FILE"},
        {NULL, f.key, "give that with --cert FILE"},
        {f.certificate, f.other_key, "is not that of the first certificate in"},
        {f.certificate, f.encrypted, "is encrypted, and nothing here asks for a password"},
        {f.certificate, f.old_encrypted, "is encrypted"},
        {f.certificate, f.text, "has no private key"},
        {f.certificate, f.certificate, "has no private key"},
        {f.certificate, f.folder, "Is a directory"},
        {f.certificate, "/nowhere/key.pem", "cannot read /nowhere/key.pem"},
        {f.text, f.key, "has no certificate"},
        {"/nowhere/a.pem", f.key, "cannot read /nowhere/a.pem"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tls_options options = {.cert_file = cases[i].certificate, .key_file = cases[i].key};
        check_refused(&options, cases[i].says);
    }
}

static void bad_rules_are_told(void **state)
{
    static const struct {
        struct tls_rules rules;
        const char *says;
    } cases[] = {
        {{.min = TLS_VERSION_1_3, .max = TLS_VERSION_1_2},
         "allowed, 1.3, is newer than the newest"},
        {{.min = TLS_VERSION_1_1, .max = TLS_VERSION_1_0}, "--tls-min"},
        {{.ciphers = "FAST"}, "'FAST' is no cipher"},
        {{.ciphers = "TLS_FAST"}, "'TLS_FAST' is no cipher"},
        {{.ciphers = "HIGH:FAST"}, "'FAST' is no cipher"},
        {{.ciphers = "TLS_AES_128_GCM_SHA256,ecdhe-x"}, "'ecdhe-x' is no cipher"},
        {{.ciphers = ""}, "leaves no cipher"},
        {{.ciphers = ": ,"}, "leaves no cipher"},
        {{.ciphers = "AES128-SHA:!AES"}, "leaves no cipher"},
        {{.ciphers = "TLS_AES_128_GCM_SHA256", .max = TLS_VERSION_1_2}, "versions of TLS"},
        {{.ciphers = "AES128-SHA", .min = TLS_VERSION_1_3}, "versions of TLS"},
        {{.ciphers = "NULL-SHA256"}, "can be used"},
        {{.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256", .max = TLS_VERSION_1_1}, "can be used"},
        {{.alpn = ""}, "is no list of protocols"},
        {{.alpn = "h2,"}, "is no list of protocols"},
        {{.alpn = ",h2"}, "is no list of protocols"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tls_options options = {.insecure = true, .rules = cases[i].rules};
        check_refused(&options, cases[i].says);
    }
}

static void protocols_have_255_bytes(void **state)
{
    char name[257];
    (void)state;
    memset(name, 'x', sizeof name);
    struct tls_options options = {.insecure = true, .rules.alpn = name};
    name[256] = '\0';
    check_refused(&options, "is no list of protocols");
    name[255] = '\0';
    tls_context_free(bed_client(&options, "localhost"));
    name[100] = ',';
    tls_context_free(bed_client(&options, "localhost"));
}

static void bad_names_are_told(void **state)
{
    char name[257];
    struct tls_options options = {.insecure = true};
    struct err err = {0};
    (void)state;
    memset(name, 'x', sizeof name);
    name[256] = '\0';
    struct tls_client *client = tls_client_new(&options, &err);
    assert_non_null(client);
    assert_null(tls_client_context(client, "", &err));
    assert_says(err.text, "'' cannot be the name of a server");
    assert_null(tls_client_context(client, ".", &err));
    assert_null(tls_client_context(client, name, &err));
    assert_says(err.text, "give one with --servername");
    bed_check_queue();
    name[255] = '\0';
    struct tls_context *context = tls_client_context(client, name, &err);
    assert_non_null(context);
    tls_context_free(context);
    tls_client_free(client);
    options.servername = ".";
    check_refused(&options, "cannot be the name");
}

static void versions_are_parsed(void **state)
{
    static const struct {
        const char *text;
        enum tls_version want; /* ANY: refused */
    } cases[] = {
        {"1.0", TLS_VERSION_1_0},         {"1.1", TLS_VERSION_1_1},     {"1.2", TLS_VERSION_1_2},
        {"1.3", TLS_VERSION_1_3},         {"TLSv1.2", TLS_VERSION_1_2}, {"", TLS_VERSION_ANY},
        {"1", TLS_VERSION_ANY},           {"1.4", TLS_VERSION_ANY},     {"1.2 ", TLS_VERSION_ANY},
        {"TLSvTLSv1.2", TLS_VERSION_ANY}, {"tls1.2", TLS_VERSION_ANY},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        enum tls_version version = TLS_VERSION_ANY;
        int result = tls_version_parse(cases[i].text, &version, &err);
        assert_int_equal(result, cases[i].want == TLS_VERSION_ANY ? -1 : 0);
        assert_int_equal(version, cases[i].want);
        if (result < 0)
            assert_says(err.text, "try 1.0, 1.1, 1.2 or 1.3");
    }
}

/* --- what it leads to --- */

struct outcome {
    struct tls_facts facts;
    char sni[256]; /* "-": none came */
};

static struct outcome meet(struct tls_options options, const struct tls_rules *server_rules,
                           const char *host)
{
    struct tls_bed bed;
    struct outcome outcome = {.sni = "-"};
    struct tls_server_options server_options = {.identity = f.identity, .rules = *server_rules};
    struct tls_context *server = bed_server(&server_options);
    str_list_add(&options.ca_files, f.certificate);
    struct tls_context *client = bed_client(&options, host);
    bed_open(&bed, client, server);
    bed_run(&bed);
    bed_check_open(&bed);
    tls_describe(&bed.client.tls, &outcome.facts);
    const char *sni = SSL_get_servername(bed.server.tls.ssl, TLSEXT_NAMETYPE_host_name);
    if (sni != NULL) {
        assert_true(strlen(sni) < sizeof outcome.sni);
        memcpy(outcome.sni, sni, strlen(sni) + 1);
    }
    bed_close(&bed);
    tls_context_free(client);
    tls_context_free(server);
    str_list_fini(&options.ca_files);
    return outcome;
}

static void ciphers_choose_the_version(void **state)
{
    static const struct {
        const char *ciphers, *version, *cipher;
    } cases[] = {
        {"ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256"},
        {"ECDHE-ECDSA-AES256-GCM-SHA384 !MD5 @SECLEVEL=1", "TLSv1.2",
         "ECDHE-ECDSA-AES256-GCM-SHA384"},
        {"TLS_CHACHA20_POLY1305_SHA256", "TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"},
        {"ECDHE-ECDSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256", "TLSv1.3",
         "TLS_AES_128_GCM_SHA256"},
        {"TLS_AES_128_GCM_SHA256,DEFAULT", "TLSv1.3", "TLS_AES_128_GCM_SHA256"},
        {NULL, "TLSv1.3", "TLS_AES_256_GCM_SHA384"},
    };
    static const struct tls_rules any = {0};
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tls_options options = {.rules.ciphers = cases[i].ciphers};
        struct outcome outcome = meet(options, &any, "localhost");
        assert_string_equal(outcome.facts.version, cases[i].version);
        assert_string_equal(outcome.facts.cipher, cases[i].cipher);
    }
}

static void the_server_chooses_the_protocol(void **state)
{
    static const struct {
        const char *client, *server, *want;
    } cases[] = {
        {"h2,http/1.1", "http/1.1", "http/1.1"},
        {"http/1.1,h2", "h2,http/1.1", "h2"},
        {"h2", "http/1.1,h2", "h2"},
        {"h2", NULL, ""},
        {NULL, "h2", ""},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tls_options options = {.rules.alpn = cases[i].client};
        struct tls_rules rules = {.alpn = cases[i].server};
        assert_string_equal(meet(options, &rules, "localhost").facts.alpn, cases[i].want);
    }
}

static void the_name_is_sent(void **state)
{
    static const struct {
        const char *host, *servername, *want;
    } cases[] = {
        {"localhost", NULL, "localhost"},
        {"localhost.", NULL, "localhost"},
        {"127.0.0.1", NULL, "-"},
        {"::1", NULL, "-"},
        {"127.0.0.1", "localhost", "localhost"},
        {"example.org", "127.0.0.1", "-"},
        {"localhost", "", "-"},
    };
    static const struct tls_rules any = {0};
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tls_options options = {.servername = cases[i].servername};
        assert_string_equal(meet(options, &any, cases[i].host).sni, cases[i].want);
    }
}

/* Whatever this machine trusts, it is not a certificate made just now. */
static void the_machine_does_not_trust_anyone(void **state)
{
    struct tls_bed bed;
    struct tls_options options = {0};
    struct tls_server_options server_options = {.identity = f.identity};
    (void)state;
    struct tls_context *client = bed_client(&options, "localhost");
    struct tls_context *server = bed_server(&server_options);
    bed_open(&bed, client, server);
    bed_run(&bed);
    assert_int_equal(bed.client.tls.trouble, TLS_TROUBLE_SELF_SIGNED);
    bed_close(&bed);
    tls_context_free(client);
    tls_context_free(server);
}

/* Contexts of one client, which is gone before they are used. */
static void contexts_share_what_was_loaded(void **state)
{
    struct tls_options options = {.cert_file = f.certificate, .key_file = f.key};
    struct tls_server_options server_options = {.identity = f.identity};
    struct err err = {0};
    (void)state;
    str_list_add(&options.ca_files, f.certificate);
    str_list_add(&server_options.client_ca_files, f.certificate);
    struct tls_client *client = tls_client_new(&options, &err);
    assert_non_null(client);
    struct tls_context *contexts[] = {tls_client_context(client, "localhost", &err),
                                      tls_client_context(client, "127.0.0.1", &err)};
    struct tls_context *server = bed_server(&server_options);
    tls_client_free(client);
    for (size_t i = 0; i < LEN(contexts); i++) {
        struct tls_bed bed;
        assert_non_null(contexts[i]);
        bed_open(&bed, contexts[i], server);
        bed_run(&bed);
        bed_check_open(&bed);
        bed_close(&bed);
        tls_context_free(contexts[i]);
    }
    tls_context_free(server);
    str_list_fini(&options.ca_files);
    str_list_fini(&server_options.client_ca_files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_list_of_authorities_is_told),
        cmocka_unit_test(a_bad_pair_is_told),
        cmocka_unit_test(bad_rules_are_told),
        cmocka_unit_test(protocols_have_255_bytes),
        cmocka_unit_test(bad_names_are_told),
        cmocka_unit_test(versions_are_parsed),
        cmocka_unit_test(ciphers_choose_the_version),
        cmocka_unit_test(the_server_chooses_the_protocol),
        cmocka_unit_test(the_name_is_sent),
        cmocka_unit_test(the_machine_does_not_trust_anyone),
        cmocka_unit_test(contexts_share_what_was_loaded),
    };
    return cmocka_run_group_tests(tests, up, down);
}
