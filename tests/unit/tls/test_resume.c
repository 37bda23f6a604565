/* Sessions: offered again when that is wanted, and never otherwise. */
#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/tls_bed.h"
#include "tls/tls_internal.h"

static const enum tls_version versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};

/* How a connection is left. */
enum leaving { ENDED, CUT };

/* A connection with a few bytes each way. Returns whether it was resumed. */
static bool meet(const struct bed_pair *p, struct tls_context *client, enum leaving leaving)
{
    struct tls_bed bed;
    struct tls_facts of_client;
    struct tls_facts of_server;
    char shown[TLS_FINGERPRINT_SIZE];
    char *fingerprint = tls_identity_fingerprint(p->identity);
    bed_open(&bed, client, p->server);
    bed_run(&bed);
    bed_check_open(&bed);
    tls_describe(&bed.client.tls, &of_client);
    tls_describe(&bed.server.tls, &of_server);
    assert_int_equal(of_client.resumed, of_server.resumed);
    tls_fingerprint(&bed.client.tls, shown);
    assert_string_equal(shown, fingerprint);
    if (leaving == ENDED) {
        tls_end(&bed.client.tls);
        bed_run(&bed);
        assert_true(bed.server.closed);
    }
    bed_close(&bed);
    free(fingerprint);
    return of_client.resumed;
}

static void a_session_is_offered_again(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {.options.resume = true};
        bed_pair_open(&p, versions[v]);
        assert_false(meet(&p, p.client, ENDED));
        for (int i = 0; i < 5; i++)
            assert_true(meet(&p, p.client, i % 2 == 0 ? CUT : ENDED));
        bed_pair_close(&p);
    }
}

static void a_session_survives_a_cut(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {.options.resume = true};
        bed_pair_open(&p, versions[v]);
        assert_false(meet(&p, p.client, CUT));
        assert_true(meet(&p, p.client, CUT));
        bed_pair_close(&p);
    }
}

/* In TLS 1.2 it does not ask for a ticket either; in 1.3 a server sends them unasked. */
static void each_handshake_is_full_without_the_option(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {0};
        struct tls_bed bed;
        bed_pair_open(&p, versions[v]);
        for (int i = 0; i < 4; i++)
            assert_false(meet(&p, p.client, i % 2 == 0 ? CUT : ENDED));
        bed_open(&bed, p.client, p.server);
        bed_run(&bed);
        bed_check_open(&bed);
        int has_ticket = SSL_SESSION_has_ticket(SSL_get0_session(bed.client.tls.ssl));
        assert_int_equal(has_ticket, versions[v] == TLS_VERSION_1_3);
        bed_close(&bed);
        assert_int_equal(SSL_CTX_sess_number(p.server->ssl), 0);
        bed_pair_close(&p);
    }
}

/* A server that wants certificates resumes the client that showed one. */
static void a_client_is_known_again(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {.options.resume = true};
        bed_pair_open(&p, versions[v]);
        char *certificate = bed_certificate_file("client.pem", p.identity);
        char *key = bed_key_file("client.key", p.identity, NULL);
        p.options.cert_file = certificate;
        p.options.key_file = key;
        str_list_add(&p.server_options.client_ca_files, certificate);
        tls_context_free(p.client);
        tls_context_free(p.server);
        p.server = bed_server(&p.server_options);
        p.client = bed_client(&p.options, "localhost");
        assert_false(meet(&p, p.client, ENDED));
        assert_true(meet(&p, p.client, ENDED));
        bed_pair_close(&p);
        free(certificate);
        free(key);
    }
}

static void contexts_do_not_share_sessions(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {.options.resume = true};
        bed_pair_open(&p, versions[v]);
        struct tls_context *other = bed_client(&p.options, "127.0.0.1");
        assert_false(meet(&p, p.client, ENDED));
        assert_false(meet(&p, other, ENDED));
        assert_true(meet(&p, other, ENDED));
        assert_true(meet(&p, p.client, ENDED));
        tls_context_free(other);
        bed_pair_close(&p);
    }
}

/* All of them begin before any gets a session, then all with the same one. */
static void many_may_offer_the_same_session(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {.options.resume = true};
        struct tls_bed beds[10];
        bed_pair_open(&p, versions[v]);
        for (int round = 0; round < 2; round++) {
            for (size_t i = 0; i < LEN(beds); i++)
                bed_open(&beds[i], p.client, p.server);
            for (size_t i = 0; i < LEN(beds); i++) {
                struct tls_facts facts;
                bed_run(&beds[i]);
                bed_check_open(&beds[i]);
                tls_describe(&beds[i].client.tls, &facts);
                assert_int_equal(facts.resumed, round == 1);
            }
            for (size_t i = 0; i < LEN(beds); i++)
                bed_close(&beds[i]);
        }
        bed_pair_close(&p);
    }
}

/* As with connections that begin before the server has given another session. */
static void one_session_is_good_for_several(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {.options.resume = true};
        bed_pair_open(&p, versions[v]);
        assert_false(meet(&p, p.client, ENDED));
        assert_int_equal(SSL_CTX_set_num_tickets(p.server->ssl, 0), 1);
        for (int i = 0; i < 5; i++)
            assert_true(meet(&p, p.client, i % 2 == 0 ? CUT : ENDED));
        bed_pair_close(&p);
    }
}

/* A server that was started again has other keys for its tickets. */
static void a_new_server_means_a_full_handshake(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {.options.resume = true};
        bed_pair_open(&p, versions[v]);
        assert_false(meet(&p, p.client, ENDED));
        tls_context_free(p.server);
        p.server = bed_server(&p.server_options);
        assert_false(meet(&p, p.client, ENDED));
        assert_true(meet(&p, p.client, ENDED));
        bed_pair_close(&p);
    }
}

/* The session may be what a handshake fails for: the next one is full. */
static void a_failed_handshake_drops_the_session(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {.options.resume = true};
        struct tls_bed bed;
        bed_pair_open(&p, versions[v]);
        assert_false(meet(&p, p.client, ENDED));
        bed_open(&bed, p.client, p.server);
        assert_int_equal(tls_eof(&bed.client.tls), TLS_FAILED);
        bed_close(&bed);
        assert_false(meet(&p, p.client, ENDED));
        assert_true(meet(&p, p.client, ENDED));
        bed_pair_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_is_offered_again),
        cmocka_unit_test(a_session_survives_a_cut),
        cmocka_unit_test(each_handshake_is_full_without_the_option),
        cmocka_unit_test(a_client_is_known_again),
        cmocka_unit_test(contexts_do_not_share_sessions),
        cmocka_unit_test(many_may_offer_the_same_session),
        cmocka_unit_test(one_session_is_good_for_several),
        cmocka_unit_test(a_new_server_means_a_full_handshake),
        cmocka_unit_test(a_failed_handshake_drops_the_session),
    };
    return cmocka_run_group_tests(tests, bed_files_up, bed_files_down);
}
