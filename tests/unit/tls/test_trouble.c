/* What two sides must agree on, and bytes that are not those of a handshake: each trouble by its
 * kind. */
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
#include "support/tls_meeting.h"
#include "tls/tls_internal.h"

static void versions_must_meet(void **state)
{
    static const struct {
        struct tls_rules client, server;
    } cases[] = {
        {{.min = TLS_VERSION_1_3}, {.max = TLS_VERSION_1_2}},
        {{.max = TLS_VERSION_1_2}, {.min = TLS_VERSION_1_3}},
        {{.min = TLS_VERSION_ANY}, {.max = TLS_VERSION_1_0}},
        {{.min = TLS_VERSION_ANY}, {.max = TLS_VERSION_1_1}},
        {{.max = TLS_VERSION_1_1}, {.min = TLS_VERSION_1_2}},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        check_meeting((struct tls_meeting){.client.rules = cases[i].client,
                                           .server.rules = cases[i].server,
                                           .trouble = TLS_TROUBLE_VERSION,
                                           .server_trouble = TLS_TROUBLE_VERSION,
                                           .says = "--tls-min"});
    check_meeting((struct tls_meeting){.client.rules.min = TLS_VERSION_1_0,
                                       .server.rules.max = TLS_VERSION_1_0});
    check_meeting((struct tls_meeting){.client.rules.max = TLS_VERSION_1_1,
                                       .server.rules.min = TLS_VERSION_1_1});
}

static void ciphers_must_meet(void **state)
{
    (void)state;
    check_meeting((struct tls_meeting){.client.rules.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256",
                                       .server.rules.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384",
                                       .trouble = TLS_TROUBLE_CIPHER,
                                       .server_trouble = TLS_TROUBLE_CIPHER,
                                       .says = "alert \"handshake failure\""});
    check_meeting((struct tls_meeting){.client.rules.ciphers = "TLS_AES_128_GCM_SHA256",
                                       .server.rules.ciphers = "TLS_AES_256_GCM_SHA384",
                                       .trouble = TLS_TROUBLE_CIPHER,
                                       .server_trouble = TLS_TROUBLE_CIPHER});
}

static void protocols_must_meet(void **state)
{
    (void)state;
    check_both((struct tls_meeting){.client.rules.alpn = "h2",
                                    .server.rules.alpn = "http/1.1",
                                    .trouble = TLS_TROUBLE_ALPN,
                                    .server_trouble = TLS_TROUBLE_ALPN,
                                    .says = "alert \"no application protocol\""});
    check_both((struct tls_meeting){.client.rules.alpn = "h2"});
    check_both((struct tls_meeting){.server.rules.alpn = "http/1.1"});
}

static int refuse_name(SSL *ssl, int *alert, void *arg)
{
    (void)ssl;
    (void)arg;
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

static void a_name_may_be_unknown(void **state)
{
    struct tls_bed bed;
    struct tls_options options = {.insecure = true};
    struct tls_server_options server_options = {.identity = w.local};
    (void)state;
    struct tls_context *client = bed_client(&options, "localhost");
    struct tls_context *server = bed_server(&server_options);
    assert_int_equal(SSL_CTX_set_tlsext_servername_callback(server->ssl, refuse_name), 1);
    bed_open(&bed, client, server);
    bed_run(&bed);
    check_kind(&bed.client, TLS_TROUBLE_SERVERNAME);
    bed_close(&bed);
    tls_context_free(client);
    tls_context_free(server);
}

/* --- bytes that no server of ours sends --- */

/* Fed whole, and byte by byte; then the wire ends. */
static void check_bytes(bool is_client, const char *bytes, size_t len, enum tls_trouble trouble,
                        const char *says)
{
    struct tls_options options = {.insecure = true};
    struct tls_server_options server_options = {.identity = w.local};
    struct tls_context *client = bed_client(&options, "localhost");
    struct tls_context *server = bed_server(&server_options);
    static const size_t pieces[] = {1, BED_WHOLE};
    for (size_t i = 0; i < LEN(pieces); i++) {
        char text[600];
        struct tls_bed bed;
        bed_open(&bed, client, server);
        struct bed_side *side = is_client ? &bed.client : &bed.server;
        bed.piece = pieces[i];
        bed_feed(&bed, side, bytes, len);
        assert_int_equal(tls_eof(&side->tls), TLS_FAILED);
        bed_check_queue();
        side->failed = true;
        check_kind(side, trouble);
        tls_explain(&side->tls, text, sizeof text);
        assert_says(text, says);
        bed_close(&bed);
    }
    tls_context_free(client);
    tls_context_free(server);
}

static void other_bytes_are_told_apart(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
        enum tls_trouble trouble;
        const char *says;
    } cases[] = {
        {"HTTP/1.1 400 Bad Request\r\n\r\n", 28, TLS_TROUBLE_NOT_TLS, "it begins with \"HTTP/"},
        {"SSH-2.0-x\r\n", 11, TLS_TROUBLE_NOT_TLS, "\"SSH-2"},
        {"-\r\n", 3, TLS_TROUBLE_NOT_TLS, "\"-\""},
        {"\x16HTTP", 5, TLS_TROUBLE_NOT_TLS, "\"?HTTP\""},
        {"\0\0\0\0\0\0\0", 7, TLS_TROUBLE_NOT_TLS, "it begins with"},
        {"", 0, TLS_TROUBLE_CLOSED, "closed during the handshake"},
        {"\x16", 1, TLS_TROUBLE_CLOSED, "closed during the handshake"},
        {"\x16\x03\x03\x40", 4, TLS_TROUBLE_CLOSED, "closed during the handshake"},
        {"\x15\x03\x03\0\x02\x01\0", 7, TLS_TROUBLE_CLOSED, "closed during the handshake"},
        {"\x15\x03\x03\0\x02\x02\x50", 7, TLS_TROUBLE_ALERT, "alert \"internal error\""},
        {"\x15\x03\x03\0\x02\x02\x46", 7, TLS_TROUBLE_VERSION, "alert \"protocol version\""},
        {"\x16\x03\x01\0\x2a\x02\0\0\x26\x03\x01" /* a server that has only TLS 1.0 */
         "its random number of 32 bytes..."
         "\0\xc0\x09\0",
         47, TLS_TROUBLE_VERSION, "unsupported protocol"},
        {"\x15\x03\x03\0\x01\x02", 6, TLS_TROUBLE_BAD_RECORD, "damaged"},
        {"\x16\x03\x03\xff\xff", 5, TLS_TROUBLE_BAD_RECORD, "damaged"},
        {"\x16\x03\x03\0\x04\x63\0\0\0", 9, TLS_TROUBLE_OTHER, "unexpected message"},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++)
        check_bytes(true, cases[i].bytes, cases[i].len, cases[i].trouble, cases[i].says);
    check_bytes(false, "GET / HTTP/1.1\r\n\r\n", 18, TLS_TROUBLE_NOT_TLS, "\"GET /");
    check_bytes(false, "", 0, TLS_TROUBLE_CLOSED, "closed");
}

static void every_trouble_has_its_words(void **state)
{
    (void)state;
    for (int i = 0; i < TLS_TROUBLES; i++) {
        enum tls_trouble trouble = (enum tls_trouble)i;
        assert_true(strlen(tls_trouble_key(trouble)) > 2);
        assert_true(strlen(tls_trouble_what(trouble)) > 10);
        assert_true(i == TLS_TROUBLE_NONE || strlen(tls_trouble_remedy(trouble)) > 10);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(tls_trouble_key(trouble), tls_trouble_key((enum tls_trouble)j));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(versions_must_meet),         cmocka_unit_test(ciphers_must_meet),
        cmocka_unit_test(protocols_must_meet),        cmocka_unit_test(a_name_may_be_unknown),
        cmocka_unit_test(other_bytes_are_told_apart), cmocka_unit_test(every_trouble_has_its_words),
    };
    return cmocka_run_group_tests(tests, tls_world_up, tls_world_down);
}
