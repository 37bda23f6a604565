/* What comes between the data: messages of TLS, errors of others, a buffer that is full. */
#include <openssl/err.h>
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

static void keys_are_updated(void **state)
{
    struct bed_pair p = {.options.lean = true};
    struct tls_bed bed;
    (void)state;
    bed_pair_open(&p, TLS_VERSION_1_3);
    bed_open(&bed, p.client, p.server);
    bed.piece = 3;
    bed_run(&bed);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(SSL_key_update(bed.server.tls.ssl, SSL_KEY_UPDATE_REQUESTED), 1);
        bed_send(&bed, &bed.server, "new keys", 8);
        bed_send(&bed, &bed.client, "also", 4);
    }
    assert_int_equal(bed.client.got.len, 40);
    assert_int_equal(bed.server.got.len, 20);
    bed_close(&bed);
    bed_pair_close(&p);
}

/* A server that asks for another handshake is told no by the client, and the reverse; the side that
 * was asked goes on. */
static void nothing_is_renegotiated(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct bed_pair p = {0};
        struct tls_bed bed;
        bed_pair_open(&p, TLS_VERSION_1_2);
        (void)SSL_CTX_clear_options(i == 0 ? p.server->ssl : p.client->ssl,
                                    SSL_OP_NO_RENEGOTIATION);
        bed_open(&bed, p.client, p.server);
        bed_run(&bed);
        struct bed_side *asks = i == 0 ? &bed.server : &bed.client;
        struct bed_side *asked = i == 0 ? &bed.client : &bed.server;
        assert_int_equal(SSL_renegotiate(asks->tls.ssl), 1);
        (void)SSL_do_handshake(asks->tls.ssl);
        bed_feed(&bed, asked, asks->out.data, asks->out.len);
        buf_clear(&asks->out);
        assert_int_equal(asked->tls.state, TLS_OPEN);
        assert_int_equal(SSL_num_renegotiations(asked->tls.ssl), 0);
        bed_feed(&bed, asks, asked->out.data, asked->out.len);
        assert_true(asks->failed);
        assert_int_equal(tls_write(&asked->tls, "on", 2), 2);
        bed_close(&bed);
        bed_pair_close(&p);
    }
}

/* Bytes that cannot be kept for the wire end a connection: it could never be read to its end. */
static void a_full_buffer_ends_a_connection(void **state)
{
    struct bed_pair p = {0};
    struct tls_bed bed;
    char text[400];
    struct tls t;
    struct buf small;
    size_t got = 0;
    (void)state;
    bed_pair_open(&p, TLS_VERSION_1_3);
    bed_open(&bed, p.client, p.server);
    bed_run(&bed);
    bed.client.out.max = 20;
    assert_int_equal(tls_write(&bed.client.tls, "more than that", 14), 0);
    assert_int_equal(bed.client.tls.trouble, TLS_TROUBLE_OTHER);
    tls_explain(&bed.client.tls, text, sizeof text);
    assert_non_null(strstr(text, "too much is to be sent"));
    bed_close(&bed);
    buf_init(&small, 20);
    tls_open(&t, p.client, &small);
    bed_check_queue();
    assert_int_equal(tls_next(&t, text, sizeof text, &got), TLS_FAILED);
    assert_int_equal(t.trouble, TLS_TROUBLE_OTHER);
    tls_close(&t);
    buf_fini(&small);
    bed_pair_close(&p);
}

/* The length of the record that begins there. */
static size_t record_len(const char *record)
{
    const unsigned char *bytes = (const unsigned char *)record;
    return 5 + ((size_t)bytes[3] << 8 | bytes[4]);
}

/* A ticket is a message of the server's that may come in several records. Until it is whole nothing
 * can be written, and nothing is lost. */
static void a_write_waits_for_a_message_in_parts(void **state)
{
    struct tls_bed bed;
    struct tls_identity *identity = bed_local();
    char *certificate = bed_certificate_file("certificate.pem", identity);
    char *key = bed_key_file("key.pem", identity, NULL);
    struct tls_options options = {.cert_file = certificate, .key_file = key};
    struct tls_server_options server_options = {.identity = identity};
    (void)state;
    str_list_add(&options.ca_files, certificate);
    str_list_add(&server_options.client_ca_files, certificate);
    struct tls_context *client = bed_client(&options, "localhost");
    struct tls_context *server = bed_server(&server_options);
    assert_int_equal(SSL_CTX_set_max_send_fragment(server->ssl, 512), 1);
    bed_open(&bed, client, server);
    bed_feed(&bed, &bed.server, bed.client.out.data, bed.client.out.len);
    buf_clear(&bed.client.out);
    bed_feed(&bed, &bed.client, bed.server.out.data, bed.server.out.len);
    buf_clear(&bed.server.out);
    bed_feed(&bed, &bed.server, bed.client.out.data, bed.client.out.len);
    buf_clear(&bed.client.out);
    assert_int_equal(bed.client.opened + bed.server.opened, 2);
    size_t first = record_len(bed.server.out.data);
    assert_true(first > 512 && first < bed.server.out.len);
    bed_feed(&bed, &bed.client, bed.server.out.data, first);
    assert_int_equal(tls_write(&bed.client.tls, "later", 5), 0);
    bed_check_queue();
    assert_int_equal(bed.client.out.len, 0);
    assert_int_equal(bed.client.tls.trouble, TLS_TROUBLE_NONE);
    bed_feed(&bed, &bed.client, bed.server.out.data + first, bed.server.out.len - first);
    buf_clear(&bed.server.out);
    bed_send(&bed, &bed.client, "later", 5);
    assert_string_equal(bed.server.got.data, "later");
    bed_close(&bed);
    tls_context_free(client);
    tls_context_free(server);
    tls_identity_free(identity);
    str_list_fini(&options.ca_files);
    str_list_fini(&server_options.client_ca_files);
    free(certificate);
    free(key);
}

/* An error that is nobody's any more: the one that a call would be blamed for is another. */
static void leave_error(void)
{
    ERR_clear_error();
    ERR_raise(ERR_LIB_SSL, SSL_R_HTTP_REQUEST);
}

static enum tls_event next_after_error(struct tls *t, const char *bytes, size_t len)
{
    char plain[64];
    size_t got = 0;
    leave_error();
    tls_feed(t, bytes, len);
    enum tls_event event = tls_next(t, plain, sizeof plain, &got);
    ERR_clear_error();
    return event;
}

/* Errors that were in the queue before are not taken for those of a call. */
static void errors_of_others_do_no_harm(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {0};
        struct tls_bed bed;
        bed_pair_open(&p, versions[v]);
        bed_open(&bed, p.client, p.server);
        struct buf *out = &bed.client.out;
        assert_int_equal(next_after_error(&bed.server.tls, out->data, 9), TLS_MORE);
        assert_int_equal(next_after_error(&bed.server.tls, out->data + 9, out->len - 9), TLS_MORE);
        buf_clear(out);
        bed_run(&bed);
        leave_error();
        assert_int_equal(tls_write(&bed.client.tls, "text", 4), 4);
        assert_int_equal(next_after_error(&bed.server.tls, out->data, 7), TLS_MORE);
        assert_int_equal(next_after_error(&bed.server.tls, out->data + 7, out->len - 7), TLS_DATA);
        buf_clear(out);
        leave_error();
        tls_end(&bed.client.tls);
        assert_int_equal(next_after_error(&bed.server.tls, out->data, out->len), TLS_CLOSED);
        bed_close(&bed);
        bed_pair_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_updated),
        cmocka_unit_test(nothing_is_renegotiated),
        cmocka_unit_test(a_full_buffer_ends_a_connection),
        cmocka_unit_test(a_write_waits_for_a_message_in_parts),
        cmocka_unit_test(errors_of_others_do_no_harm),
    };
    return cmocka_run_group_tests(tests, bed_files_up, bed_files_down);
}
