#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stat/product_limit.h"

#define MS NS_PER_MS

/* `count` samples of each whole number of ms from first to last. */
static struct hist *even(int64_t first, int64_t last, uint64_t count)
{
    struct hist *h = hist_new_latency();
    for (int64_t ms = first; ms <= last; ms++)
        hist_record_n(h, ms * MS, count);
    return h;
}

static void it_is_the_percentile_when_nothing_is_open(void **state)
{
    (void)state;
    static const double points[] = {0.01, 0.5, 0.9, 0.99};
    struct hist *ended = even(1, 100, 3);
    struct hist *open = hist_new_latency();
    for (size_t i = 0; i < LEN(points); i++)
        assert_int_equal(product_limit_percentile_ns(ended, open, points[i]),
                         hist_percentile_ns(ended, points[i]));
    hist_free(ended);
    hist_free(open);
}

/* Kaplan and Meier's own way, by hand: 1, 3 and 4 ms ended, 2 ms is open. 3 of 4 last longer than
 * 1 ms, half of these two longer than 3 ms, none longer than 4 ms. */
static void what_is_open_counts_only_until_its_age(void **state)
{
    (void)state;
    struct hist *ended = even(3, 4, 1);
    struct hist *open = even(2, 2, 1);
    hist_record(ended, MS);
    assert_in_range(product_limit_percentile_ns(ended, open, 0.25), MS, MS + MS / 500);
    assert_in_range(product_limit_percentile_ns(ended, open, 0.26), 3 * MS, 3 * MS + MS / 500);
    assert_in_range(product_limit_percentile_ns(ended, open, 0.625), 3 * MS, 3 * MS + MS / 500);
    assert_in_range(product_limit_percentile_ns(ended, open, 0.63), 4 * MS, 4 * MS + MS / 200);
    hist_free(ended);
    hist_free(open);
}

static void it_is_not_known_where_too_many_are_open(void **state)
{
    (void)state;
    struct hist *ended = even(1, 10, 1);
    struct hist *open = even(20, 20, 10);
    assert_int_equal(product_limit_percentile_ns(ended, open, 0.6), INT64_MAX);
    assert_in_range(product_limit_percentile_ns(ended, open, 0.5), 10 * MS, 10 * MS + MS / 50);
    hist_free(ended);
    hist_free(open);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_percentile_when_nothing_is_open),
        cmocka_unit_test(what_is_open_counts_only_until_its_age),
        cmocka_unit_test(it_is_not_known_where_too_many_are_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
