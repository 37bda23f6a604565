#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/mem.h"
#include "selftest/sample.h"
#include "stat/hist.h"

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.17g is not %.17g", got, want);
}

static void percentiles_are_those_of_a_histogram(void **state)
{
    (void)state;
    static const double qs[] = {0, 0.001, 0.07, 0.5, 0.9, 0.99, 0.999, 1};
    int64_t values[1000];
    for (size_t n = 1; n <= LEN(values); n += n < 20 ? 1 : 97) {
        struct hist *h = hist_new_latency();
        for (size_t i = 0; i < n; i++) {
            values[i] = (int64_t)((i * 7919) % n) + 1; /* below 2048 a bucket holds one value */
            hist_record(h, values[i]);
        }
        sample_sort(values, n);
        for (size_t i = 0; i < LEN(qs); i++)
            assert_int_equal(sample_percentile_ns(values, n, qs[i]), hist_percentile_ns(h, qs[i]));
        hist_free(h);
    }
    assert_int_equal(sample_percentile_ns(values, 0, 0.5), -1);
}

static void a_mean_needs_a_value(void **state)
{
    (void)state;
    const int64_t values[] = {1, 2, 6};
    near(sample_mean_ns(values, LEN(values)), 3, 1e-12);
    assert_true(isnan(sample_mean_ns(values, 0)));
}

static void one_late_arrival_hardly_changes_the_rate(void **state)
{
    (void)state;
    const int64_t start_ns = 5000000 * NS_PER_S;
    int64_t arrivals[1000];
    for (size_t i = 0; i < LEN(arrivals); i++)
        arrivals[i] = start_ns + (int64_t)i * 1250000;
    near(sample_rate_rps(arrivals, LEN(arrivals)), 800, 1e-6);
    arrivals[LEN(arrivals) - 1] += 1000000;
    near(sample_rate_rps(arrivals, LEN(arrivals)), 800, 0.01);
    assert_true(isnan(sample_rate_rps(arrivals, 1)));
    const int64_t same[] = {5, 5};
    assert_true(isnan(sample_rate_rps(same, LEN(same))));
}

static void gaps_deviate_from_their_median(void **state)
{
    (void)state;
    static const int64_t gaps[] = {8, 10, 12};
    int64_t arrivals[100] = {0};
    for (size_t i = 1; i < LEN(arrivals); i++)
        arrivals[i] = arrivals[i - 1] + gaps[i % LEN(gaps)];
    near(sample_gap_spread(arrivals, LEN(arrivals)), 0.2, 1e-12);
    for (size_t i = 1; i < LEN(arrivals); i++)
        arrivals[i] = (int64_t)i * 10;
    arrivals[50] += 7; /* two gaps of a hundred */
    near(sample_gap_spread(arrivals, LEN(arrivals)), 0, 1e-12);
    assert_true(isnan(sample_gap_spread(arrivals, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentiles_are_those_of_a_histogram),
        cmocka_unit_test(a_mean_needs_a_value),
        cmocka_unit_test(one_late_arrival_hardly_changes_the_rate),
        cmocka_unit_test(gaps_deviate_from_their_median),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
