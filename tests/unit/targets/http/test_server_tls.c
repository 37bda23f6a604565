/* The certificate of a server of HTTPS, and the protocol that it agrees on. */
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
#include "targets/http/server_tls.h"

/* A client that trusts the certificate which the server tells. */
static struct tls_context *client_of(const struct server_tls *s, const char *alpn)
{
    struct tls_options options = {.rules.alpn = alpn};
    char *file = bed_file("told.pem", s->certificate);
    str_list_add(&options.ca_files, file);
    struct tls_context *client = bed_client(&options, "localhost");
    str_list_fini(&options.ca_files);
    free(file);
    return client;
}

static void check_server(struct server_tls *s)
{
    static const struct {
        const char *offered, *chosen; /* NULL: refused */
    } cases[] = {{NULL, ""}, {"http/1.1", "http/1.1"}, {"h2,http/1.1", "http/1.1"}, {"h2", NULL}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tls_bed bed;
        struct tls_facts facts;
        char shown[TLS_FINGERPRINT_SIZE];
        struct tls_context *client = client_of(s, cases[i].offered);
        bed_open(&bed, client, s->context);
        bed_run(&bed);
        assert_int_equal(bed.server.opened, cases[i].chosen != NULL);
        if (cases[i].chosen != NULL) {
            bed_check_open(&bed);
            tls_describe(&bed.client.tls, &facts);
            assert_string_equal(facts.alpn, cases[i].chosen);
            tls_fingerprint(&bed.client.tls, shown);
            assert_string_equal(shown, s->fingerprint);
        }
        bed_close(&bed);
        tls_context_free(client);
    }
}

static void a_certificate_is_made(void **state)
{
    static const struct server_options options = {.tls = true};
    struct server_tls *s = mem_zalloc(sizeof *s);
    struct err err = {0};
    (void)state;
    assert_int_equal(server_tls_open(s, &options, &err), 0);
    bed_check_queue();
    check_server(s);
    server_tls_fini(s);
    free(s);
}

static void the_users_own_is_taken(void **state)
{
    struct tls_identity *identity = bed_local();
    char *certificate = bed_certificate_file("own.pem", identity);
    char *key = bed_key_file("own.key", identity, NULL);
    char *fingerprint = tls_identity_fingerprint(identity);
    struct server_options options = {.tls_cert = certificate, .tls_key = key};
    struct server_tls *s = mem_zalloc(sizeof *s);
    struct err err = {0};
    (void)state;
    tls_identity_free(identity);
    assert_int_equal(server_tls_open(s, &options, &err), 0);
    assert_string_equal(s->fingerprint, fingerprint);
    check_server(s);
    server_tls_fini(s);
    free(s);
    free(certificate);
    free(key);
    free(fingerprint);
}

static void what_cannot_be_used_is_told(void **state)
{
    struct tls_identity *identity = bed_local();
    struct tls_identity *other = bed_local();
    char *certificate = bed_certificate_file("a.pem", identity);
    char *keys[] = {bed_key_file("b.key", other, NULL), bed_key_file("a.key", identity, "secret"),
                    mem_strdup("/nowhere/key.pem")};
    static const char *const wants[] = {"is not that of", "is encrypted", "cannot read /nowhere"};
    (void)state;
    for (size_t i = 0; i < LEN(keys); i++) {
        struct server_options options = {.tls_cert = certificate, .tls_key = keys[i]};
        struct server_tls *s = mem_zalloc(sizeof *s);
        struct err err = {0};
        assert_int_equal(server_tls_open(s, &options, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_says(err.text, wants[i]);
        bed_check_queue();
        free(s);
        free(keys[i]);
    }
    tls_identity_free(identity);
    tls_identity_free(other);
    free(certificate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_certificate_is_made),
        cmocka_unit_test(the_users_own_is_taken),
        cmocka_unit_test(what_cannot_be_used_is_told),
    };
    return cmocka_run_group_tests(tests, bed_files_up, bed_files_down);
}
