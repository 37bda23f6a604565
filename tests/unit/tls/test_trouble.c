/* Each trouble, made to happen: its kind, the words for it, the alert that the other side gets. */
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
#include "tls/tls_internal.h"

#define HOUR_S 3600

/* What the cases are made of. */
static struct world {
    struct tls_identity *authority, *other, *leaf, *below_leaf, *local, *expired, *early;
    char *authority_file, *other_file, *leaf_file, *local_file, *expired_file, *early_file;
    char *leaf_key, *other_key;
} w;

static struct tls_identity *make(const char *name, const struct tls_identity *issuer,
                                 int64_t from_s, int64_t to_s)
{
    return bed_identity(&(struct tls_identity_spec){.name = name,
                                                    .names = "DNS:localhost,IP:127.0.0.1,IP:::1",
                                                    .issuer = issuer,
                                                    .from_s = from_s,
                                                    .to_s = to_s});
}

static int world_up(void **state)
{
    if (bed_files_up(state) != 0)
        return -1;
    w.authority = make("authority", NULL, -HOUR_S, HOUR_S);
    w.other = make("other authority", NULL, -HOUR_S, HOUR_S);
    w.leaf = make("leaf", w.authority, -HOUR_S, HOUR_S);
    w.below_leaf = make("below the leaf", w.leaf, -HOUR_S, HOUR_S);
    w.local = bed_local();
    w.expired = make("old", NULL, -2 * HOUR_S, -HOUR_S);
    w.early = make("new", NULL, HOUR_S, 2 * HOUR_S);
    w.authority_file = bed_certificate_file("authority.pem", w.authority);
    w.other_file = bed_certificate_file("other.pem", w.other);
    w.leaf_file = bed_certificate_file("leaf.pem", w.leaf);
    w.local_file = bed_certificate_file("local.pem", w.local);
    w.expired_file = bed_certificate_file("expired.pem", w.expired);
    w.early_file = bed_certificate_file("early.pem", w.early);
    w.leaf_key = bed_key_file("leaf.key", w.leaf, NULL);
    w.other_key = bed_key_file("other.key", w.other, NULL);
    return 0;
}

static int world_down(void **state)
{
    struct tls_identity *identities[] = {w.authority, w.other,   w.leaf, w.below_leaf,
                                         w.local,     w.expired, w.early};
    char *files[] = {w.authority_file, w.other_file, w.leaf_file, w.local_file,
                     w.expired_file,   w.early_file, w.leaf_key,  w.other_key};
    for (size_t i = 0; i < LEN(identities); i++)
        tls_identity_free(identities[i]);
    for (size_t i = 0; i < LEN(files); i++)
        free(files[i]);
    return bed_files_down(state);
}

/* --- a client and a server --- */

struct meeting {
    struct tls_options client;
    struct tls_server_options server;
    const char *host;      /* NULL: localhost */
    const char *ca;        /* NULL: that of the local server */
    const char *client_ca; /* NULL: clients need no certificate */
    enum tls_trouble trouble, server_trouble;
    const char *says; /* what the client's words have, or NULL */
};

static void check_words(const struct bed_side *side, const struct meeting *m)
{
    char text[600];
    tls_explain(&side->tls, text, sizeof text);
    assert_says(text, tls_trouble_what(side->tls.trouble));
    assert_says(text, tls_trouble_remedy(side->tls.trouble));
    if (m->says != NULL)
        assert_says(text, m->says);
}

static void check_kind(const struct bed_side *side, enum tls_trouble trouble)
{
    if (side->tls.trouble != trouble)
        print_error("%s, not %s: %s\n", tls_trouble_key(side->tls.trouble),
                    tls_trouble_key(trouble), side->tls.detail);
    assert_int_equal(side->tls.trouble, trouble);
    assert_int_equal(side->failed, trouble != TLS_TROUBLE_NONE);
}

static void check_meeting(struct meeting m)
{
    struct tls_bed bed;
    if (m.server.identity == NULL)
        m.server.identity = w.local;
    if (m.client_ca != NULL)
        str_list_add(&m.server.client_ca_files, m.client_ca);
    str_list_add(&m.client.ca_files, m.ca == NULL ? w.local_file : m.ca);
    struct tls_context *client = bed_client(&m.client, m.host == NULL ? "localhost" : m.host);
    struct tls_context *server = bed_server(&m.server);
    bed_open(&bed, client, server);
    bed_run(&bed);
    check_kind(&bed.client, m.trouble);
    check_kind(&bed.server, m.server_trouble);
    if (m.trouble == TLS_TROUBLE_NONE)
        bed_check_open(&bed);
    else
        check_words(&bed.client, &m);
    bed_close(&bed);
    tls_context_free(client);
    tls_context_free(server);
    str_list_fini(&m.client.ca_files);
    str_list_fini(&m.server.client_ca_files);
}

/* In both versions of today. */
static void check_both(struct meeting m)
{
    m.client.rules.max = TLS_VERSION_1_2;
    check_meeting(m);
    m.client.rules.max = TLS_VERSION_ANY;
    m.client.rules.min = TLS_VERSION_1_3;
    check_meeting(m);
}

static void certificates_are_verified(void **state)
{
    (void)state;
    check_both((struct meeting){.ca = w.other_file,
                                .trouble = TLS_TROUBLE_SELF_SIGNED,
                                .server_trouble = TLS_TROUBLE_ALERT,
                                .says = "CN = localhost"});
    check_both((struct meeting){.server.identity = w.leaf,
                                .ca = w.other_file,
                                .trouble = TLS_TROUBLE_UNKNOWN_AUTHORITY,
                                .server_trouble = TLS_TROUBLE_ALERT,
                                .says = "(CN = authority)"});
    check_both((struct meeting){.server.identity = w.expired,
                                .ca = w.expired_file,
                                .trouble = TLS_TROUBLE_EXPIRED,
                                .server_trouble = TLS_TROUBLE_ALERT,
                                .says = "expired (on 2"});
    check_both((struct meeting){.server.identity = w.early,
                                .ca = w.early_file,
                                .trouble = TLS_TROUBLE_NOT_YET_VALID,
                                .server_trouble = TLS_TROUBLE_ALERT,
                                .says = "yet (before 2"});
    check_both((struct meeting){.server.identity = w.below_leaf,
                                .ca = w.leaf_file,
                                .trouble = TLS_TROUBLE_BAD_CERTIFICATE,
                                .server_trouble = TLS_TROUBLE_ALERT,
                                .says = "invalid CA certificate"});
}

static void certificates_that_are_right_are_accepted(void **state)
{
    (void)state;
    check_both((struct meeting){.trouble = TLS_TROUBLE_NONE});
    check_both((struct meeting){.server.identity = w.leaf, .ca = w.authority_file});
    check_both((struct meeting){.server.identity = w.leaf, .ca = w.leaf_file});
}

static void names_are_compared(void **state)
{
    static const char *const right[] = {"localhost", "LocalHost", "localhost.", "127.0.0.1", "::1"};
    static const char *const wrong[] = {"localhos",    "example.org", "127.0.0.2",
                                        "a.localhost", "::2",         "0"};
    (void)state;
    for (size_t i = 0; i < LEN(right); i++)
        check_meeting((struct meeting){.host = right[i]});
    for (size_t i = 0; i < LEN(wrong); i++) {
        char *says = mem_printf("(not %s: it has DNS:localhost, IP Address:127.0.0.1", wrong[i]);
        check_both((struct meeting){.host = wrong[i],
                                    .trouble = TLS_TROUBLE_WRONG_NAME,
                                    .server_trouble = TLS_TROUBLE_ALERT,
                                    .says = says});
        free(says);
    }
    check_meeting((struct meeting){.host = "example.org", .client.servername = "localhost"});
    check_meeting((struct meeting){.host = "example.org", .client.servername = "::1"});
    check_meeting((struct meeting){.host = "localhost", .client.servername = ""});
    check_meeting((struct meeting){.host = "localhost",
                                   .client.servername = "example.org",
                                   .trouble = TLS_TROUBLE_WRONG_NAME,
                                   .server_trouble = TLS_TROUBLE_ALERT});
}

static void insecure_takes_any_certificate(void **state)
{
    struct tls_identity *const any[] = {w.local, w.leaf, w.below_leaf, w.expired, w.early};
    (void)state;
    for (size_t i = 0; i < LEN(any); i++)
        check_both((struct meeting){.host = "example.org",
                                    .client.insecure = true,
                                    .server.identity = any[i],
                                    .ca = w.other_file});
}

static void clients_need_certificates(void **state)
{
    (void)state;
    check_both((struct meeting){.client = {.cert_file = w.leaf_file, .key_file = w.leaf_key},
                                .client_ca = w.authority_file});
    check_both((struct meeting){.client_ca = w.authority_file,
                                .trouble = TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING,
                                .server_trouble = TLS_TROUBLE_CLIENT_CERTIFICATE_MISSING,
                                .says = "--cert FILE"});
    check_both((struct meeting){.client = {.cert_file = w.other_file, .key_file = w.other_key},
                                .client_ca = w.authority_file,
                                .trouble = TLS_TROUBLE_CLIENT_CERTIFICATE_REFUSED,
                                .server_trouble = TLS_TROUBLE_SELF_SIGNED});
}

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
        check_meeting((struct meeting){.client.rules = cases[i].client,
                                       .server.rules = cases[i].server,
                                       .trouble = TLS_TROUBLE_VERSION,
                                       .server_trouble = TLS_TROUBLE_VERSION,
                                       .says = "--tls-min"});
    check_meeting(
        (struct meeting){.client.rules.min = TLS_VERSION_1_0, .server.rules.max = TLS_VERSION_1_0});
    check_meeting(
        (struct meeting){.client.rules.max = TLS_VERSION_1_1, .server.rules.min = TLS_VERSION_1_1});
}

static void ciphers_must_meet(void **state)
{
    (void)state;
    check_meeting((struct meeting){.client.rules.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256",
                                   .server.rules.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384",
                                   .trouble = TLS_TROUBLE_CIPHER,
                                   .server_trouble = TLS_TROUBLE_CIPHER,
                                   .says = "alert \"handshake failure\""});
    check_meeting((struct meeting){.client.rules.ciphers = "TLS_AES_128_GCM_SHA256",
                                   .server.rules.ciphers = "TLS_AES_256_GCM_SHA384",
                                   .trouble = TLS_TROUBLE_CIPHER,
                                   .server_trouble = TLS_TROUBLE_CIPHER});
}

static void protocols_must_meet(void **state)
{
    (void)state;
    check_both((struct meeting){.client.rules.alpn = "h2",
                                .server.rules.alpn = "http/1.1",
                                .trouble = TLS_TROUBLE_ALPN,
                                .server_trouble = TLS_TROUBLE_ALPN,
                                .says = "alert \"no application protocol\""});
    check_both((struct meeting){.client.rules.alpn = "h2"});
    check_both((struct meeting){.server.rules.alpn = "http/1.1"});
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
        cmocka_unit_test(certificates_are_verified),
        cmocka_unit_test(certificates_that_are_right_are_accepted),
        cmocka_unit_test(names_are_compared),
        cmocka_unit_test(insecure_takes_any_certificate),
        cmocka_unit_test(clients_need_certificates),
        cmocka_unit_test(versions_must_meet),
        cmocka_unit_test(ciphers_must_meet),
        cmocka_unit_test(protocols_must_meet),
        cmocka_unit_test(a_name_may_be_unknown),
        cmocka_unit_test(other_bytes_are_told_apart),
        cmocka_unit_test(every_trouble_has_its_words),
    };
    return cmocka_run_group_tests(tests, world_up, world_down);
}
