/* Which certificates are accepted, of servers and of clients. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/count_of.h"
#include "support/tls_meeting.h"

static void certificates_are_verified(void **state)
{
    (void)state;
    check_both((struct tls_meeting){.ca = w.other_file,
                                    .trouble = TLS_TROUBLE_SELF_SIGNED,
                                    .server_trouble = TLS_TROUBLE_ALERT,
                                    .says = "CN = localhost"});
    check_both((struct tls_meeting){.server.identity = w.leaf,
                                    .ca = w.other_file,
                                    .trouble = TLS_TROUBLE_UNKNOWN_AUTHORITY,
                                    .server_trouble = TLS_TROUBLE_ALERT,
                                    .says = "(CN = authority)"});
    check_both((struct tls_meeting){.server.identity = w.expired,
                                    .ca = w.expired_file,
                                    .trouble = TLS_TROUBLE_EXPIRED,
                                    .server_trouble = TLS_TROUBLE_ALERT,
                                    .says = "expired (on 2"});
    check_both((struct tls_meeting){.server.identity = w.early,
                                    .ca = w.early_file,
                                    .trouble = TLS_TROUBLE_NOT_YET_VALID,
                                    .server_trouble = TLS_TROUBLE_ALERT,
                                    .says = "yet (before 2"});
    check_both((struct tls_meeting){.server.identity = w.below_leaf,
                                    .ca = w.leaf_file,
                                    .trouble = TLS_TROUBLE_BAD_CERTIFICATE,
                                    .server_trouble = TLS_TROUBLE_ALERT,
                                    .says = "invalid CA certificate"});
}

static void certificates_that_are_right_are_accepted(void **state)
{
    (void)state;
    check_both((struct tls_meeting){.trouble = TLS_TROUBLE_NONE});
    check_both((struct tls_meeting){.server.identity = w.leaf, .ca = w.authority_file});
    check_both((struct tls_meeting){.server.identity = w.leaf, .ca = w.leaf_file});
}

static void names_are_compared(void **state)
{
    static const char *const right[] = {"localhost", "LocalHost", "localhost.", "127.0.0.1", "::1"};
    static const char *const wrong[] = {"localhos",    "example.org", "127.0.0.2",
                                        "a.localhost", "::2",         "0"};
    (void)state;
    for (size_t i = 0; i < LEN(right); i++)
        check_meeting((struct tls_meeting){.host = right[i]});
    for (size_t i = 0; i < LEN(wrong); i++) {
        char *says = mem_printf("(not %s: it has DNS:localhost, IP Address:127.0.0.1", wrong[i]);
        check_both((struct tls_meeting){.host = wrong[i],
                                        .trouble = TLS_TROUBLE_WRONG_NAME,
                                        .server_trouble = TLS_TROUBLE_ALERT,
                                        .says = says});
        free(says);
    }
    check_meeting((struct tls_meeting){.host = "example.org", .client.servername = "localhost"});
    check_meeting((struct tls_meeting){.host = "example.org", .client.servername = "::1"});
    check_meeting((struct tls_meeting){.host = "localhost", .client.servername = ""});
    check_meeting((struct tls_meeting){.host = "localhost",
                                       .client.servername = "example.org",
                                       .trouble = TLS_TROUBLE_WRONG_NAME,
                                       .server_trouble = TLS_TROUBLE_ALERT});
}

/* An asterisk is one whole label, and the first (RFC 9525, 6.3). */
static void an_asterisk_is_one_label(void **state)
{
    static const struct {
        const char *names, *host;
        enum tls_trouble trouble;
    } cases[] = {
        {"DNS:*.example.org", "a.example.org", TLS_TROUBLE_NONE},
        {"DNS:*.example.org", "example.org", TLS_TROUBLE_WRONG_NAME},
        {"DNS:*.example.org", "a.b.example.org", TLS_TROUBLE_WRONG_NAME},
        {"DNS:a*.example.org", "ab.example.org", TLS_TROUBLE_WRONG_NAME},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct tls_identity *identity = bed_identity(&(struct tls_identity_spec){
            .name = "asterisk", .names = cases[i].names, .to_s = HOUR_S});
        char *file = bed_certificate_file("asterisk.pem", identity);
        bool is_right = cases[i].trouble == TLS_TROUBLE_NONE;
        check_meeting((struct tls_meeting){
            .server.identity = identity,
            .host = cases[i].host,
            .ca = file,
            .trouble = cases[i].trouble,
            .server_trouble = is_right ? TLS_TROUBLE_NONE : TLS_TROUBLE_ALERT,
        });
        free(file);
        tls_identity_free(identity);
    }
}

static void insecure_takes_any_certificate(void **state)
{
    struct tls_identity *const any[] = {w.local, w.leaf, w.below_leaf, w.expired, w.early};
    (void)state;
    for (size_t i = 0; i < LEN(any); i++)
        check_both((struct tls_meeting){.host = "example.org",
                                        .client.insecure = true,
                                        .server.identity = any[i],
                                        .ca = w.other_file});
}

/* A peer's certificate may say anything, also what a terminal or a CI server would obey. */
static void names_do_no_harm(void **state)
{
    static const char nasty[] = "a\x1b[2J\r\n::error::\xc2\x9b";
    static const struct tls_identity_spec spec = {.name = nasty, .to_s = HOUR_S};
    static const char *const hosts[] = {"localhost", "127.0.0.1"};
    struct tls_identity *identity = bed_identity(&spec);
    char *file = bed_certificate_file("nasty.pem", identity);
    (void)state;
    for (size_t i = 0; i < 2 * LEN(hosts); i++) {
        struct tls_bed bed;
        struct tls_options options = {0};
        struct tls_server_options server_options = {.identity = identity};
        str_list_add(&options.ca_files, i < LEN(hosts) ? file : w.other_file);
        struct tls_context *client = bed_client(&options, hosts[i % LEN(hosts)]);
        struct tls_context *server = bed_server(&server_options);
        bed_open(&bed, client, server);
        bed_run(&bed);
        check_kind(&bed.client, i < LEN(hosts) ? TLS_TROUBLE_WRONG_NAME : TLS_TROUBLE_SELF_SIGNED);
        assert_says(bed.client.tls.detail, "CN = a\\1B[2J\\0D\\0A::error::\\C2\\9B");
        bed_close(&bed);
        tls_context_free(client);
        tls_context_free(server);
        str_list_fini(&options.ca_files);
    }
    free(file);
    tls_identity_free(identity);
}

/* Without a list nothing is loaded. */
static void insecure_needs_no_list(void **state)
{
    struct tls_bed bed;
    struct tls_options options = {.insecure = true};
    struct tls_server_options server_options = {.identity = w.leaf};
    (void)state;
    struct tls_context *client = bed_client(&options, "example.org");
    struct tls_context *server = bed_server(&server_options);
    bed_open(&bed, client, server);
    bed_run(&bed);
    bed_check_open(&bed);
    bed_close(&bed);
    tls_context_free(client);
    tls_context_free(server);
}

static void clients_need_certificates(void **state)
{
    (void)state;
    check_both((struct tls_meeting){.client = {.cert_file = w.leaf_file, .key_file = w.leaf_key},
                                    .client_ca = w.authority_file});
    check_both((struct tls_meeting){.client = {.cert_file = w.leaf_file, .key_file = w.leaf_key},
                                    .client_ca = w.leaf_file});
    check_both((struct tls_meeting){.client_ca = w.authority_file,
                                    .trouble = TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING,
                                    .server_trouble = TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING,
                                    .says = "--cert FILE"});
    check_both((struct tls_meeting){.client = {.cert_file = w.other_file, .key_file = w.other_key},
                                    .client_ca = w.authority_file,
                                    .trouble = TLS_TROUBLE_CLIENT_CERTIFICATE_REFUSED,
                                    .server_trouble = TLS_TROUBLE_SELF_SIGNED});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_verified),
        cmocka_unit_test(certificates_that_are_right_are_accepted),
        cmocka_unit_test(names_are_compared),
        cmocka_unit_test(an_asterisk_is_one_label),
        cmocka_unit_test(insecure_takes_any_certificate),
        cmocka_unit_test(names_do_no_harm),
        cmocka_unit_test(insecure_needs_no_list),
        cmocka_unit_test(clients_need_certificates),
    };
    return cmocka_run_group_tests(tests, tls_world_up, tls_world_down);
}
