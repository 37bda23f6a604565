#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/hist.h"
#include "support/random_ns.h"

/* The highest value that shares a bucket with value_ns, found by doubling alone. */
static int64_t bucket_end_ns(int64_t value_ns, int64_t units)
{
    int64_t width_ns = 1;
    while (value_ns / width_ns >= units)
        width_ns *= 2;
    return value_ns / width_ns * width_ns + (width_ns - 1);
}

static int by_value(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void percentile_is_nearest_rank(void **state)
{
    (void)state;
    static const struct {
        double q;
        int64_t want_ns;
    } cases[] = {{0.0, 100}, {0.5, 200}, {0.75, 300}, {1.0, 400}};
    struct hist *h = hist_new(1000, 3);
    for (int64_t ns = 100; ns <= 400; ns += 100)
        hist_record(h, ns);
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(hist_percentile_ns(h, cases[i].q), cases[i].want_ns);
    hist_free(h);
}

static void percentile_survives_rounding(void **state)
{
    (void)state;
    /* Values 1..n: the value is the rank. In doubles several of these products are not whole. */
    static const struct {
        double q;
        int64_t n, want_rank;
    } cases[] = {
        {0.99, 100, 99},
        {0.07, 100, 7},
        {0.29, 100, 29},
        {0.57, 100, 57},
        {0.58, 100, 58},
        {0.975, 1000, 975},
        {0.9, 10, 9},
        {0.999, 1000, 999},
        {0.9999, 1000, 1000},
        {0.5, 1, 1},
        {0.5, 3, 2},
        {0.001, 10, 1},
        {0.55, 1800, 990},
        {0.565, 1000, 565},
        {0.991, 1000, 991},
        {0.9999999, 7, 7},
        {1e-300, 5, 1},
        {1.0, 2000, 2000},
        {1.5, 10, 10},
        {-1, 10, 1},
        {NAN, 10, 1},
        {70.0 / 100.0, 10, 7},
        {35.0 / 100, 20, 7},
        {0.56, 25, 14},
        {0.5000001, 1000, 501},
        {0.4999999, 1000, 500},
        {0.14, 50, 7},
        {0.28, 25, 7},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct hist *h = hist_new(4000, 4);
        for (int64_t ns = 1; ns <= cases[i].n; ns++)
            hist_record(h, ns);
        assert_int_equal(hist_percentile_ns(h, cases[i].q), cases[i].want_rank);
        hist_free(h);
    }
}

static void compare_with_sorted(struct rng *r, size_t n, int64_t max_ns)
{
    struct hist *h = hist_new(max_ns, 3);
    int64_t *sorted = mem_array(n, sizeof *sorted);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = random_ns(r, max_ns);
        hist_record(h, sorted[i]);
    }
    qsort(sorted, n, sizeof *sorted, by_value);
    for (size_t mille = 12; mille <= 1000; mille += 13) {
        size_t rank = (mille * n + 999) / 1000; /* whole numbers, so nothing is rounded */
        assert_int_equal(hist_percentile_ns(h, (double)mille / 1000),
                         bucket_end_ns(sorted[rank - 1], 2048));
    }
    assert_int_equal(hist_count(h), n);
    assert_int_equal(hist_over(h), 0);
    assert_int_equal(hist_max_ns(h), bucket_end_ns(sorted[n - 1], 2048));
    assert_true(hist_min_ns(h) <= sorted[0]);
    assert_int_equal(bucket_end_ns(hist_min_ns(h), 2048), bucket_end_ns(sorted[0], 2048));
    assert_int_equal(hist_percentile_ns(h, 0), hist_min_ns(h));
    free(sorted);
    hist_free(h);
}

static void percentiles_match_sorted_samples(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 3, 7, 10, 100, 333, 1000, 4999};
    static const int64_t ranges_ns[] = {1, 2047, 2048, 1000000, HIST_MAX_NS};
    struct rng r;
    rng_init(&r, 1);
    for (size_t i = 0; i < LEN(sizes); i++) {
        for (size_t k = 0; k < LEN(ranges_ns); k++)
            compare_with_sorted(&r, sizes[i], ranges_ns[k]);
    }
}

/* Of one value alone, the bucket holds it and is narrow enough for the digits. */
static void check_bucket(struct hist *h, int64_t value_ns, int64_t steps)
{
    hist_record(h, value_ns);
    size_t at = 0;
    struct hist_bucket b;
    assert_true(hist_next(h, &at, &b));
    assert_int_equal(b.count, 1);
    assert_true(b.low_ns <= value_ns && value_ns <= b.high_ns);
    assert_true((b.high_ns - b.low_ns) <= value_ns / steps);
    assert_false(hist_next(h, &at, &b));
    hist_reset(h);
    assert_int_equal(hist_count(h), 0);
}

static void buckets_keep_their_digits(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 2);
    int64_t steps = 1;
    for (int digits = HIST_DIGITS_MIN; digits <= HIST_DIGITS_MAX; digits++) {
        steps *= 10;
        /* A reset walks every bucket, so where there are many the range is small. */
        struct hist *h = hist_new(digits < 4 ? INT64_MAX : 1000000, digits);
        int64_t max_ns = hist_max_trackable_ns(h);
        for (int64_t bound_ns = 1; bound_ns > 0 && bound_ns <= max_ns / 2; bound_ns *= 2) {
            for (int64_t off = -1; off <= 1; off++)
                check_bucket(h, bound_ns + off, steps);
        }
        check_bucket(h, max_ns, steps);
        for (int i = 0; i < 50; i++)
            check_bucket(h, random_ns(&r, max_ns - 1), steps);
        hist_free(h);
    }
}

static void buckets_follow_each_other(void **state)
{
    (void)state;
    struct hist *h = hist_new_latency();
    for (size_t slot = 0; slot < hist_slots(h); slot++)
        hist_add_at(h, slot, slot + 1);
    size_t at = 0;
    int64_t next_ns = 0;
    struct hist_bucket b;
    while (hist_next(h, &at, &b)) {
        assert_int_equal(b.low_ns, next_ns);
        assert_int_equal(b.count, at);
        next_ns = b.high_ns + 1;
    }
    assert_int_equal(at, hist_slots(h));
    assert_int_equal(next_ns, INT64_C(1) << 42); /* the power of two above an hour */
    hist_free(h);
}

static void empty_has_no_numbers(void **state)
{
    (void)state;
    struct hist *h = hist_new_latency();
    assert_int_equal(hist_count(h), 0);
    assert_int_equal(hist_percentile_ns(h, 0), -1);
    assert_int_equal(hist_percentile_ns(h, 0.5), -1);
    assert_int_equal(hist_min_ns(h), -1);
    assert_int_equal(hist_max_ns(h), -1);
    assert_true(isnan(hist_mean_ns(h)));
    assert_true(isnan(hist_stddev_ns(h)));
    assert_int_equal(hist_digits(h), HIST_DIGITS);
    assert_int_equal(hist_max_trackable_ns(h), HIST_MAX_NS);
    hist_free(h);
    hist_free(NULL);
}

static void over_is_counted_and_ranks_highest(void **state)
{
    (void)state;
    struct hist *h = hist_new(10000, 3);
    for (int i = 0; i < 8; i++)
        hist_record(h, 10);
    hist_record(h, 10000); /* the max itself is not over */
    assert_int_equal(hist_over(h), 0);
    assert_int_equal(hist_max_ns(h), 10007);
    hist_record(h, 10001);
    hist_record_n(h, INT64_MAX, 10);
    assert_int_equal(hist_over(h), 11);
    assert_int_equal(hist_count(h), 9);
    /* 20 in all: ranks 1..8 are 10, 9 is the max, 10..20 are over. */
    assert_int_equal(hist_percentile_ns(h, 0), 10);
    assert_int_equal(hist_percentile_ns(h, 0.4), 10);
    assert_int_equal(hist_percentile_ns(h, 0.45), 10007);
    assert_int_equal(hist_percentile_ns(h, 0.5), 10007);
    assert_int_equal(hist_percentile_ns(h, 1), 10007);
    /* The mean leaves them out. */
    assert_true(hist_mean_ns(h) == (8 * 10 + 10004) / 9.0);
    hist_reset(h);
    assert_int_equal(hist_over(h), 0);
    hist_free(h);
}

static void only_over_is_not_empty(void **state)
{
    (void)state;
    struct hist *h = hist_new(1000, 3);
    hist_record(h, 5000);
    assert_int_equal(hist_count(h), 0);
    assert_int_equal(hist_percentile_ns(h, 0), 1000);
    assert_int_equal(hist_percentile_ns(h, 0.5), 1000);
    assert_int_equal(hist_min_ns(h), 1000);
    assert_int_equal(hist_max_ns(h), 1000);
    assert_true(isnan(hist_mean_ns(h)));
    hist_free(h);
}

static void negative_is_zero(void **state)
{
    (void)state;
    struct hist *h = hist_new_latency();
    hist_record(h, -1);
    hist_record(h, INT64_MIN);
    hist_record_n(h, -5, 3);
    hist_record_n(h, 7, 0);
    assert_int_equal(hist_count(h), 5);
    assert_int_equal(hist_over(h), 0);
    assert_int_equal(hist_max_ns(h), 0);
    hist_free(h);
}

static void mean_and_stddev_use_the_middle(void **state)
{
    (void)state;
    struct hist *h = hist_new_latency();
    for (int64_t ns = 1; ns <= 5; ns++)
        hist_record(h, ns);
    assert_true(hist_mean_ns(h) == 3);
    assert_true(fabs(hist_stddev_ns(h) - sqrt(2)) < 1e-12);
    hist_reset(h);
    hist_record(h, 4097); /* its bucket is 4096..4099 */
    assert_true(hist_mean_ns(h) == 4098);
    assert_true(hist_stddev_ns(h) == 0);
    hist_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentile_is_nearest_rank),
        cmocka_unit_test(percentile_survives_rounding),
        cmocka_unit_test(percentiles_match_sorted_samples),
        cmocka_unit_test(buckets_keep_their_digits),
        cmocka_unit_test(buckets_follow_each_other),
        cmocka_unit_test(empty_has_no_numbers),
        cmocka_unit_test(over_is_counted_and_ranks_highest),
        cmocka_unit_test(only_over_is_not_empty),
        cmocka_unit_test(negative_is_zero),
        cmocka_unit_test(mean_and_stddev_use_the_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
