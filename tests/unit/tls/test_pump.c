/* A connection that is all right: handshakes, data of every size, the end, what comes in between.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/tls_bed.h"

#define LARGE_BYTES ((size_t)3 << 20)

static const enum tls_version versions[] = {TLS_VERSION_1_2, TLS_VERSION_1_3};

/* The text that the byte at `at` is of, so that nothing can be in another's place. */
static char *make_text(size_t len)
{
    char *text = mem_zalloc(len);
    for (size_t i = 0; i < len; i++)
        text[i] = (char)(i * 31 + i / 251);
    return text;
}

static void check_facts(const struct bed_pair *p, const struct tls_bed *bed,
                        enum tls_version version)
{
    struct tls_facts client;
    struct tls_facts server;
    char of_client[TLS_FINGERPRINT_SIZE];
    char of_server[TLS_FINGERPRINT_SIZE];
    char *fingerprint = tls_identity_fingerprint(p->identity);
    tls_fingerprint(&bed->client.tls, of_client);
    tls_fingerprint(&bed->server.tls, of_server);
    tls_describe(&bed->client.tls, &client);
    tls_describe(&bed->server.tls, &server);
    bed_check_queue();
    assert_string_equal(client.version, version == TLS_VERSION_1_2 ? "TLSv1.2" : "TLSv1.3");
    assert_string_equal(client.version, server.version);
    assert_string_equal(client.cipher, server.cipher);
    assert_string_equal(client.alpn, "");
    assert_string_equal(of_client, fingerprint);
    assert_string_equal(of_server, "");
    assert_false(client.resumed || server.resumed);
    free(fingerprint);
}

static void handshakes_are_cut_into_pieces(void **state)
{
    static const size_t pieces[] = {1, 2, 3, 5, 7, 64, 333, BED_WHOLE};
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {0};
        bed_pair_open(&p, versions[v]);
        for (size_t i = 0; i < LEN(pieces); i++) {
            struct tls_bed bed;
            bed_open(&bed, p.client, p.server);
            bed.piece = pieces[i];
            bed_run(&bed);
            bed_check_open(&bed);
            check_facts(&p, &bed, versions[v]);
            bed_close(&bed);
        }
        bed_pair_close(&p);
    }
}

static void check_size(struct tls_bed *bed, const char *text, size_t len)
{
    struct bed_side *sides[] = {&bed->client, &bed->server};
    for (size_t i = 0; i < LEN(sides); i++) {
        struct bed_side *to = sides[1 - i];
        buf_clear(&to->got);
        bed_send(bed, sides[i], text, len);
        assert_int_equal(to->got.len, len);
        assert_memory_equal(to->got.data, text, len);
    }
}

/* Small ones one by one, then those around the size of a record. */
static void check_sizes(struct tls_bed *bed)
{
    static const size_t sizes[] = {1000,  4095,  8191,  16383, 16384, 16385,
                                   32767, 32768, 32769, 65535, 65536, 65537};
    char *text = make_text(65537);
    for (size_t len = 1; len <= 300; len++)
        check_size(bed, text, len);
    for (size_t i = 0; i < LEN(sizes); i++)
        check_size(bed, text, sizes[i]);
    free(text);
}

static void every_size_goes_through(void **state)
{
    static const struct {
        size_t piece, plain_size;
        bool lean;
    } cases[] = {
        {BED_WHOLE, TLS_PLAIN_BYTES, false},
        {BED_WHOLE, TLS_PLAIN_BYTES, true},
        {BED_WHOLE, 101, false},
        {BED_WHOLE, 101, true},
        {65536, TLS_PLAIN_BYTES, true},
        {4097, TLS_PLAIN_BYTES, false},
        {13, 1000, true},
        {13, 1000, false},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases) * LEN(versions); i++) {
        size_t at = i / LEN(versions);
        struct bed_pair p = {.options.lean = cases[at].lean};
        struct tls_bed bed;
        bed_pair_open(&p, versions[i % LEN(versions)]);
        bed_open(&bed, p.client, p.server);
        bed.piece = cases[at].piece;
        bed.plain_size = cases[at].plain_size;
        bed_run(&bed);
        check_sizes(&bed);
        bed_close(&bed);
        bed_pair_close(&p);
    }
}

static void single_bytes_go_through_single_bytes(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {.options.lean = true};
        struct tls_bed bed;
        bed_pair_open(&p, versions[v]);
        bed_open(&bed, p.client, p.server);
        bed.piece = bed.plain_size = 1;
        bed_run(&bed);
        check_size(&bed, "0123456789", 10);
        bed_close(&bed);
        bed_pair_close(&p);
    }
}

/* `out` never has more than tls_write allows (bed_send looks). */
static void a_large_write_is_taken_in_parts(void **state)
{
    char *text = make_text(LARGE_BYTES);
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {0};
        struct tls_bed bed;
        bed_pair_open(&p, versions[v]);
        bed_open(&bed, p.client, p.server);
        bed_run(&bed);
        size_t took = tls_write(&bed.client.tls, text, LARGE_BYTES);
        assert_int_equal(took, TLS_WRITE_BYTES);
        assert_int_equal(tls_write(&bed.client.tls, text + took, LARGE_BYTES - took), 0);
        bed_run(&bed);
        bed_send(&bed, &bed.client, text + took, LARGE_BYTES - took);
        assert_int_equal(bed.server.got.len, LARGE_BYTES);
        assert_memory_equal(bed.server.got.data, text, LARGE_BYTES);
        bed_close(&bed);
        bed_pair_close(&p);
    }
    free(text);
}

/* The end of the data, cut at each byte of the records that say it. */
static void check_end(struct bed_pair *p, size_t cut, bool *was_whole)
{
    struct tls_bed bed;
    bed_open(&bed, p->client, p->server);
    bed_run(&bed);
    assert_int_equal(tls_write(&bed.server.tls, "last", 4), 4);
    size_t data_len = bed.server.out.len;
    tls_end(&bed.server.tls);
    bed_check_queue();
    size_t len = bed.server.out.len;
    *was_whole = cut >= len;
    bed_feed(&bed, &bed.client, bed.server.out.data, *was_whole ? len : cut);
    assert_int_equal(bed.client.got.len, cut < data_len ? 0 : 4);
    assert_int_equal(bed.client.closed, *was_whole);
    assert_int_equal(tls_eof(&bed.client.tls), *was_whole ? TLS_CLOSED : TLS_FAILED);
    assert_int_equal(bed.client.tls.trouble, *was_whole ? TLS_TROUBLE_NONE : TLS_TROUBLE_CUT);
    bed_check_queue();
    bed_close(&bed);
}

static void an_end_is_told_from_a_cut(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {0};
        bool was_whole = false;
        bed_pair_open(&p, versions[v]);
        for (size_t cut = 0; !was_whole; cut++)
            check_end(&p, cut, &was_whole);
        bed_pair_close(&p);
    }
}

/* What follows the end does not count, and the other way stays open. */
static void one_side_may_end_before_the_other(void **state)
{
    (void)state;
    for (size_t v = 0; v < LEN(versions); v++) {
        struct bed_pair p = {0};
        struct tls_bed bed;
        size_t got = 0;
        char plain[16];
        bed_pair_open(&p, versions[v]);
        bed_open(&bed, p.client, p.server);
        bed_run(&bed);
        bed_send(&bed, &bed.client, "last", 4);
        tls_end(&bed.client.tls);
        bed_run(&bed);
        assert_true(bed.server.closed);
        assert_int_equal(tls_next(&bed.server.tls, plain, sizeof plain, &got), TLS_CLOSED);
        bed_feed(&bed, &bed.server, "garbage", 7);
        assert_false(bed.server.failed);
        bed_send(&bed, &bed.server, "reply", 5);
        assert_int_equal(bed.client.got.len, 5);
        assert_int_equal(tls_eof(&bed.server.tls), TLS_CLOSED);
        bed_close(&bed);
        bed_pair_close(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshakes_are_cut_into_pieces),
        cmocka_unit_test(every_size_goes_through),
        cmocka_unit_test(single_bytes_go_through_single_bytes),
        cmocka_unit_test(a_large_write_is_taken_in_parts),
        cmocka_unit_test(an_end_is_told_from_a_cut),
        cmocka_unit_test(one_side_may_end_before_the_other),
    };
    return cmocka_run_group_tests(tests, bed_files_up, bed_files_down);
}
