#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/base64.h"
#include "base/mem.h"
#include "base/rng.h"
#include "stat/hist.h"
#include "stat/hist_codec.h"

#define PLAIN_MAX 400 /* bytes of the inner part, as the tests write it */

/* The inner part as hex, blanks between the fields:
 * cookie, length of the counts, index offset, digits, lowest, highest, ratio, counts. */
#define HEAD(length, digits, lowest, highest)                                                      \
    "1c849313 " length " 00000000 " digits " " lowest " " highest " 3ff0000000000000 "
#define ONE            "0000000000000001"
#define HOUR           "00000346 30b8a000"
#define HEAD_3(length) HEAD(length, "00000003", ONE, HOUR)

static size_t from_hex(const char *hex, uint8_t *out, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t nibbles = 0;
    for (; *hex != '\0'; hex++) {
        const char *digit = strchr(digits, *hex);
        if (digit == NULL)
            continue; /* the blanks */
        assert_true(nibbles / 2 < size);
        uint8_t *byte = &out[nibbles++ / 2];
        *byte = (uint8_t)(*byte << 4 | (digit - digits));
    }
    return nibbles / 2;
}

/* Compresses the inner part and puts it into the outer one, with nothing wrong in between. */
static char *wrap(const uint8_t *plain, size_t len)
{
    uint8_t outer[8 + PLAIN_MAX * 2] = {0x1c, 0x84, 0x93, 0x14};
    uLongf packed_len = sizeof outer - 8;
    assert_int_equal(compress(outer + 8, &packed_len, plain, len), Z_OK);
    outer[6] = (uint8_t)(packed_len >> 8);
    outer[7] = (uint8_t)packed_len;
    return base64_encode(outer, 8 + packed_len);
}

static struct hist *decode_hex(const char *hex, struct err *err)
{
    uint8_t plain[PLAIN_MAX] = {0};
    char *text = wrap(plain, from_hex(hex, plain, sizeof plain));
    struct hist *h = hist_decode(text, err);
    free(text);
    return h;
}

static void assert_round_trip(const struct hist *h)
{
    struct err err = {0};
    char *text = hist_encode(h);
    struct hist *back = hist_decode(text, &err);
    assert_non_null(back);
    assert_true(hist_same_shape(h, back));
    size_t at_h = 0;
    size_t at_back = 0;
    struct hist_bucket a = {0};
    struct hist_bucket b = {0};
    while (hist_next(h, &at_h, &a)) {
        assert_true(hist_next(back, &at_back, &b));
        assert_int_equal(at_h, at_back);
        assert_int_equal(a.count, b.count);
    }
    assert_false(hist_next(back, &at_back, &b));
    assert_int_equal(hist_over(back), 0);
    char *again = hist_encode(back);
    assert_string_equal(again, text);
    free(again);
    free(text);
    hist_free(back);
}

static void round_trip_keeps_every_bucket(void **state)
{
    (void)state;
    static const struct {
        int64_t max_ns;
        int digits;
    } cases[] = {{2, 1},           {2, 5},           {1000, 3},      {2048, 3},     {2047, 3},
                 {HIST_MAX_NS, 1}, {HIST_MAX_NS, 3}, {INT64_MAX, 2}, {INT64_MAX, 5}};
    struct rng r;
    rng_init(&r, 1);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct hist *h = hist_new(cases[i].max_ns, cases[i].digits);
        assert_round_trip(h);
        for (int k = 0; k < 300; k++) {
            int64_t ns = (int64_t)(rng_next(&r) >> (1 + rng_next(&r) % 63));
            hist_record_n(h, ns, rng_next(&r) >> (30 + rng_next(&r) % 34));
        }
        assert_round_trip(h);
        hist_free(h);
    }
}

static void round_trip_keeps_counts_of_every_length(void **state)
{
    (void)state;
    struct hist *h = hist_new_latency();
    for (size_t bit = 0; bit < 53; bit++)
        hist_add_at(h, bit * 3, UINT64_C(1) << bit); /* runs of two zeros between */
    assert_round_trip(h);
    hist_add_at(h, 1, 1); /* which makes the sum 2^53 */
    assert_round_trip(h);
    hist_add_at(h, hist_slots(h) - 1, 1);
    struct err err = {0};
    char *text = hist_encode(h);
    assert_null(hist_decode(text, &err));
    assert_non_null(strstr(err.text, "2^53"));
    free(text);
    hist_free(h);
}

/* Written by hdr-histogram-js 3.0.1, with the numbers that it reads from them itself. */
static void reads_what_another_library_wrote(void **state)
{
    (void)state;
    /* Counts 1 2 3 4 1 1000 50 1 1 of the values 0 1 2047 2048 2049 1234567 195000000 1800e9
     * 3600e9; its 2048 and 2049 share a bucket. */
    static const struct {
        double q;
        int64_t want_ns;
    } cases[] = {
        {0, 0},
        {0.0005, 0},
        {0.002, 1},
        {0.5, 1234943},
        {0.99, 195035135},
        {0.999, 1800665038847},
        {0.9999, 3601330077695},
        {1, 3601330077695},
    };
    struct err err = {0};
    struct hist *h = hist_decode("HISTFAAAADt4nJNpmSzMwMAgysDAwMjAwMDMAAGMDAzMbgY7FjDA+EwsP+XZuJ5"
                                 "PYrzAv7Ek5fslRqa//EwA3sILHQ==",
                                 &err);
    assert_non_null(h);
    assert_int_equal(hist_count(h), 1063);
    assert_int_equal(hist_max_trackable_ns(h), HIST_MAX_NS);
    assert_int_equal(hist_digits(h), 3);
    assert_int_equal(hist_min_ns(h), 0);
    assert_int_equal(hist_max_ns(h), 3601330077695);
    assert_true(fabs(hist_mean_ns(h) - 5090656098.020696) < 1e-3);
    assert_true(fabs(hist_stddev_ns(h) - 123353737249.66309) < 1e-3);
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(hist_percentile_ns(h, cases[i].q), cases[i].want_ns);
    hist_free(h);
}

static void reads_other_shapes_of_that_library(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t count;
        int64_t max_trackable_ns, max_ns;
        int digits;
    } cases[] = {
        {"HISTFAAAACB4nJNpmSzMwMDACMXMDBDAyMDA7GawYwEDnA8ASQ8DHw==", 0, HIST_MAX_NS, -1, 3},
        /* 42 in a histogram of max 2: the first 2048 buckets are always there. */
        {"HISTFAAAACJ4nJNpmSzMwMDAxMDAwMjAwMDMAAGMUJoJxg9mAgA1TQGm", 1, 2, 42, 3},
        {"HISTFAAAACp4nJNpmSzMwMDAwcDAwMjAwMDKAAGMYJLfyQHG/9/Bz/T1kwoTAFqqBY0=", 2, 1000000, 654323,
         5},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        struct hist *h = hist_decode(cases[i].text, &err);
        assert_non_null(h);
        assert_int_equal(hist_count(h), cases[i].count);
        assert_int_equal(hist_max_trackable_ns(h), cases[i].max_trackable_ns);
        assert_int_equal(hist_max_ns(h), cases[i].max_ns);
        assert_int_equal(hist_digits(h), cases[i].digits);
        hist_free(h);
    }
}

static void reads_inner_parts(void **state)
{
    (void)state;
    static const struct {
        const char *what, *hex;
        uint64_t count;
        int64_t min_ns;
    } cases[] = {
        {"no counts at all", HEAD_3("00000000"), 0, -1},
        {"three of 0", HEAD_3("00000001") "06", 3, 0},
        {"a zero count, then 1", HEAD_3("00000002") "0002", 1, 1},
        {"two zeros, then 1", HEAD_3("00000002") "0302", 1, 2},
        {"a number longer than it need be", HEAD_3("00000003") "868000", 3, 0},
        {"a number of nine bytes", HEAD_3("00000009") "868080808080808000", 3, 0},
        {"zeros up to the last bucket", HEAD_3("00000004") "fd8f0402", 1,
         INT64_C(2147483648) * 2047},
        {"zeros over all buckets", HEAD_3("00000003") "ff8f04", 0, -1},
        {"another ratio and offset",
         "1c849303 00000001 00000001 00000003" ONE HOUR "0000000000000001 02", 1, 0},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        struct hist *h = decode_hex(cases[i].hex, &err);
        if (h == NULL)
            fail_msg("%s: %s", cases[i].what, err.text);
        assert_int_equal(hist_count(h), cases[i].count);
        assert_int_equal(hist_min_ns(h), cases[i].min_ns);
        hist_free(h);
    }
}

static void refuses_malformed_inner_parts(void **state)
{
    (void)state;
    static const struct {
        const char *hex, *want;
    } cases[] = {
        {"", "too short"},
        {"1c849313", "too short"},
        {"1c849314 00000001 00000000 00000003" ONE HOUR "3ff0000000000000 06", "inner cookie"},
        {"1c849301 00000001 00000000 00000003" ONE HOUR "3ff0000000000000 06", "inner cookie"},
        {HEAD("00000001", "00000000", ONE, HOUR) "06", "digits"},
        {HEAD("00000001", "00000006", ONE, HOUR) "06", "digits"},
        {HEAD("00000001", "ffffffff", ONE, HOUR) "06", "digits"},
        {HEAD("00000001", "00000003", "0000000000000000", HOUR) "06", "lowest"},
        {HEAD("00000001", "00000003", "00000000000003e8", HOUR) "06", "lowest"},
        {HEAD("00000001", "00000003", ONE, ONE) "06", "highest"},
        {HEAD("00000001", "00000003", ONE, "0000000000000000") "06", "highest"},
        {HEAD("00000001", "00000003", ONE, "8000000000000000") "06", "highest"},
        {HEAD("00000001", "00000003", ONE, "ffffffffffffffff") "06", "highest"},
        {HEAD_3("00000002") "06", "another length"},
        {HEAD_3("00000000") "06", "another length"},
        {HEAD_3("00000001") "0606", "another length"},
        {HEAD_3("ffffffff") "06", "longer than"},
        {HEAD("00004801", "00000003", ONE, "0000000000000002") "06", "longer than"},
        {HEAD_3("00000001") "80", "within a count"},
        {HEAD_3("00000008") "ffffffffffffffff", "within a count"},
        {HEAD_3("00000009") "ffffffffffffffffff", "more counts"}, /* a run of 2^63 */
        {HEAD_3("00000009") "fdffffffffffffffff", "more counts"},
        {HEAD_3("00000003") "81 9004", "more counts"}, /* one zero past the last bucket */
        {HEAD_3("00000005") "fd8f0402 02", "more counts"},
        {HEAD_3("00000004") "ff8f0402", "more counts"},
        {HEAD_3("00000004") "ff8f0400", "more counts"},
        {HEAD_3("00000004") "ff8f0401", "more counts"},
        {HEAD_3("0000000a") "03 ffffffffffffffffff", "more counts"},
        {HEAD_3("00000009") "feffffffffffffffff", "2^53"},
        {HEAD_3("00000008") "8280808080808020", "2^53"},
        {HEAD_3("00000009") "8080808080808020 02", "2^53"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        struct hist *h = decode_hex(cases[i].hex, &err);
        if (h != NULL || strstr(err.text, cases[i].want) == NULL)
            fail_msg("%s: got '%s', not '%s'", cases[i].hex, err.text, cases[i].want);
        assert_int_equal(err.kind, ERR_USAGE);
    }
}

static void refuses_malformed_outer_parts(void **state)
{
    (void)state;
    uint8_t plain[PLAIN_MAX] = {0};
    char *good = wrap(plain, from_hex(HEAD_3("00000001") "06", plain, sizeof plain));
    size_t len = 0;
    uint8_t *bytes = base64_decode(good, &len);
    assert_non_null(bytes);
    /* One byte changed, added or taken off where a case says so. */
    const struct {
        size_t at;
        uint8_t value;
        size_t len;
        const char *want;
    } cases[] = {
        {0, 0x1d, len, "outer cookie"},
        {3, 0x03, len, "outer cookie"},
        {3, 0x02, len, "outer cookie"},
        {4, 0x80, len, "another length"},
        {7, 0xff, len, "another length"},
        {0, 0x1c, len + 1, "another length"},
        {0, 0x1c, len - 1, "another length"},
        {0, 0x1c, 8, "another length"},
        {0, 0x1c, 7, "outer cookie"},
        {0, 0x1c, 0, "outer cookie"},
        {8, 0x79, len, "too short"},
        {9, 0xbb, len, "too short"}, /* wants a dictionary */
        {len - 1, 0, len, "damaged"},
        {7, (uint8_t)(len - 7), len + 1, "damaged"},
        {7, (uint8_t)(len - 9), len - 1, "damaged"},
        {7, 0, 8, "too short"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        uint8_t changed[PLAIN_MAX] = {0};
        memcpy(changed, bytes, len);
        changed[cases[i].at] = cases[i].value;
        char *text = base64_encode(changed, cases[i].len);
        struct err err = {0};
        struct hist *h = hist_decode(text, &err);
        if (h != NULL || strstr(err.text, cases[i].want) == NULL)
            fail_msg("case %zu: got '%s', not '%s'", i, err.text, cases[i].want);
        free(text);
    }
    free(bytes);
    free(good);
}

/* 16 MiB of zeros in 16 KiB: only as much comes out as the range can need. */
static void stops_a_bomb_at_the_length_it_said(void **state)
{
    (void)state;
    size_t plain_len = (size_t)16 << 20;
    uint8_t *plain = mem_zalloc(plain_len);
    (void)from_hex(HEAD_3("00000010"), plain, PLAIN_MAX);
    uLongf packed_len = compressBound(plain_len);
    uint8_t *outer = mem_zalloc(8 + packed_len);
    (void)from_hex("1c849314", outer, 4);
    assert_int_equal(compress(outer + 8, &packed_len, plain, plain_len), Z_OK);
    for (size_t i = 0; i < 4; i++)
        outer[4 + i] = (uint8_t)(packed_len >> (24 - 8 * i));
    char *text = base64_encode(outer, 8 + packed_len);
    struct err err = {0};
    assert_null(hist_decode(text, &err));
    assert_non_null(strstr(err.text, "another length"));
    free(text);
    free(outer);
    free(plain);
}

static void refuses_what_is_not_base64(void **state)
{
    (void)state;
    static const char *const cases[] = {"H", "HISTFAAA=", "HIST FAA", "HISTFAAA\n", "{\"a\": 1}"};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        assert_null(hist_decode(cases[i], &err));
        assert_non_null(strstr(err.text, "base64"));
    }
}

/* Whatever a decoded histogram came from, it can be read and written again. */
static void use(struct hist *h)
{
    if (h == NULL)
        return;
    assert_true(hist_count(h) <= HIST_CODEC_COUNT_MAX);
    assert_true(hist_percentile_ns(h, 0.5) <= hist_max_ns(h));
    hist_record(h, 1);
    free(hist_encode(h));
    hist_free(h);
}

static void mutate(struct rng *r, uint8_t *bytes, size_t len)
{
    for (uint64_t changes = 1 + rng_next(r) % 4; changes > 0; changes--) {
        uint8_t *byte = &bytes[rng_next(r) % len];
        uint64_t bit = UINT64_C(1) << rng_next(r) % 8;
        *byte = (uint8_t)(rng_next(r) % 2 == 0 ? rng_next(r) : *byte ^ bit);
    }
}

static void mutated_inner_parts_do_no_harm(void **state)
{
    (void)state;
    uint8_t good[PLAIN_MAX] = {0};
    size_t len = from_hex(
        HEAD("0000000d", "00000002", ONE, "00000000000f4240") "06 0302 8601 ff01 ff0f04 fe03 00",
        good, sizeof good);
    struct rng r;
    rng_init(&r, 4);
    size_t taken = 0;
    for (int i = 0; i < 1000; i++) {
        uint8_t plain[PLAIN_MAX];
        memcpy(plain, good, sizeof plain);
        /* Mostly the counts and the digits: a changed cookie ends at once. */
        size_t from = rng_next(&r) % 4 == 0 ? 0 : 40;
        mutate(&r, plain + from, len - from);
        char *text = wrap(plain, len);
        struct err err = {0};
        struct hist *h = hist_decode(text, &err);
        assert_true((h == NULL) == (err.kind == ERR_USAGE));
        taken += h != NULL;
        use(h);
        free(text);
    }
    assert_in_range(taken, 50, 950); /* both ways out were tried */
}

static void mutated_texts_do_no_harm(void **state)
{
    (void)state;
    static const char good[] = "HISTFAAAADt4nJNpmSzMwMAgysDAwMjAwMDMAAGMDAzMbgY7FjDA+EwsP+XZuJ5"
                               "PYrzAv7Ek5fslRqa//EwA3sILHQ==";
    struct rng r;
    rng_init(&r, 5);
    for (int i = 0; i < 5000; i++) {
        char text[sizeof good];
        memcpy(text, good, sizeof good);
        size_t len = 1 + rng_next(&r) % (sizeof good - 1);
        static const char letters[] = "AQgwHISTFz09+/=.";
        for (uint64_t changes = 1 + rng_next(&r) % 3; changes > 0; changes--)
            text[rng_next(&r) % (sizeof good - 1)] = letters[rng_next(&r) % (sizeof letters - 1)];
        if (i % 2 == 0)
            text[len / 4 * 4] = '\0';
        struct err err = {0};
        use(hist_decode(text, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip_keeps_every_bucket),
        cmocka_unit_test(round_trip_keeps_counts_of_every_length),
        cmocka_unit_test(reads_what_another_library_wrote),
        cmocka_unit_test(reads_other_shapes_of_that_library),
        cmocka_unit_test(reads_inner_parts),
        cmocka_unit_test(refuses_malformed_inner_parts),
        cmocka_unit_test(refuses_malformed_outer_parts),
        cmocka_unit_test(stops_a_bomb_at_the_length_it_said),
        cmocka_unit_test(refuses_what_is_not_base64),
        cmocka_unit_test(mutated_inner_parts_do_no_harm),
        cmocka_unit_test(mutated_texts_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
