#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/hist.h"
#include "stat/hist_codec.h"
#include "support/hist_hex.h"

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

/* Written by hdr-histogram-js 3.0.1; the numbers are those that it reads back itself. */
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
        /* 42 fits into a histogram of max 2: the first 2048 buckets always exist. */
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
        struct hist *h = hist_decode_hex(cases[i].hex, &err);
        if (h == NULL)
            fail_msg("%s: %s", cases[i].what, err.text);
        assert_int_equal(hist_count(h), cases[i].count);
        assert_int_equal(hist_min_ns(h), cases[i].min_ns);
        hist_free(h);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
