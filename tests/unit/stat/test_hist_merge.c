/* Histograms that are added to each other and subtracted from each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "stat/hist.h"
#include "support/random_ns.h"

static void assert_same(const struct hist *a, const struct hist *b)
{
    size_t at_a = 0;
    size_t at_b = 0;
    struct hist_bucket in_a = {0};
    struct hist_bucket in_b = {0};
    while (hist_next(a, &at_a, &in_a)) {
        assert_true(hist_next(b, &at_b, &in_b));
        assert_int_equal(in_a.low_ns, in_b.low_ns);
        assert_int_equal(in_a.count, in_b.count);
    }
    assert_false(hist_next(b, &at_b, &in_b));
    assert_int_equal(hist_over(a), hist_over(b));
}

static void merge_is_the_sum_of_threads(void **state)
{
    (void)state;
    struct hist *all = hist_new_latency();
    struct hist *merged = hist_new_latency();
    struct rng r;
    rng_init(&r, 3);
    for (int thread = 0; thread < 3; thread++) {
        struct hist *own = hist_new_latency();
        for (int i = 0; i < 5000; i++) {
            int64_t ns = random_ns(&r, 2 * HIST_MAX_NS);
            hist_record(own, ns);
            hist_record(all, ns);
        }
        hist_merge(merged, own);
        hist_free(own);
    }
    assert_int_equal(hist_count(merged) + hist_over(merged), 15000);
    assert_true(hist_over(merged) > 0);
    assert_same(merged, all);
    struct hist *copy = hist_copy(all);
    assert_same(copy, all);
    hist_free(copy);
    hist_free(all);
    hist_free(merged);
}

static void merge_takes_another_shape_at_its_middle(void **state)
{
    (void)state;
    struct hist *fine = hist_new(1000000, 5);
    struct hist *coarse = hist_new(20000, 1);
    hist_record_n(fine, 9001, 2); /* 8704..9215 of one digit */
    hist_record(fine, 500000);
    hist_record_n(coarse, 9001, 3);
    hist_record(coarse, 30000);
    assert_false(hist_same_shape(fine, coarse));
    assert_false(hist_is_latency_shape(fine));
    hist_merge(coarse, fine);
    assert_int_equal(hist_count(coarse), 5);
    assert_int_equal(hist_over(coarse), 2);
    assert_int_equal(hist_min_ns(coarse), 8704);
    hist_merge(fine, coarse);
    assert_int_equal(hist_count(fine), 8);
    assert_int_equal(hist_over(fine), 2);
    assert_int_equal(hist_percentile_ns(fine, 0.5), 8960);
    assert_int_equal(hist_percentile_ns(fine, 0.6), 9001);
    hist_free(fine);
    hist_free(coarse);
}

static void delta_is_what_came_since(void **state)
{
    (void)state;
    struct hist *h = hist_new(10000, 3);
    struct hist *seen = hist_copy(h);
    struct hist *into = hist_copy(h);
    hist_record(h, 5);
    hist_record(h, 20000);
    hist_take_delta(into, h, seen);
    assert_same(into, h);
    assert_same(seen, h);
    hist_reset(into);
    hist_record(h, 5);
    hist_record(h, 7);
    hist_record(h, 20000);
    hist_record(h, 20000);
    hist_take_delta(into, h, seen);
    assert_int_equal(hist_count(into), 2);
    assert_int_equal(hist_over(into), 2);
    assert_int_equal(hist_min_ns(into), 5);
    assert_int_equal(hist_max_trackable_ns(into), 10000);
    hist_take_delta(into, h, seen); /* nothing new */
    assert_int_equal(hist_count(into), 2);
    hist_free(h);
    hist_free(seen);
    hist_free(into);
}

static void subtract_stops_at_zero(void **state)
{
    (void)state;
    struct hist *h = hist_new(10000, 3);
    hist_record_n(h, 5, 3);
    hist_record_n(h, 20000, 2);
    struct hist *before = hist_copy(h);
    hist_record_n(h, 5, 4);
    hist_record(h, 9);
    hist_subtract(h, before);
    assert_int_equal(hist_count(h), 5);
    assert_int_equal(hist_over(h), 0);
    hist_subtract(before, h);
    assert_int_equal(hist_count(before), 0);
    assert_int_equal(hist_over(before), 2);
    hist_free(h);
    hist_free(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merge_is_the_sum_of_threads),
        cmocka_unit_test(merge_takes_another_shape_at_its_middle),
        cmocka_unit_test(delta_is_what_came_since),
        cmocka_unit_test(subtract_stops_at_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
