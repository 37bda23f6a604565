/* stretch: the time axis of an arm. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/plot/stretch.h"
#include "stat/hist_text.h"
#include "support/timed_arm.h"

static void a_short_tail_is_part_of_the_stretch_before_it(void **state)
{
    (void)state;
    static const struct {
        size_t seconds;
        double last_s;
        size_t want;
    } cases[] = {{1, 1, 1},      {1, 0.001, 1}, {10, 1, 10}, {11, 0.002, 10},
                 {11, 0.49, 10}, {11, 0.5, 11}, {2, 0.1, 1}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c = timed_arm("a");
        struct stretches all;
        (void)timed_round(&c, cases[i].seconds, cases[i].last_s);
        assert_true(stretches_of(&c.arms[0], stretch_has_series, STRETCH_POINTS_MAX, &all));
        assert_int_equal(all.count, cases[i].want);
        assert_true(stretch_from_s(&all, 0) == 0);
        assert_int_equal(stretch_end(&all, all.count - 1), cases[i].seconds);
        assert_true(stretch_to_s(&all, all.count - 1) == c.arms[0].results[0].duration_s);
        comparison_fini(&c);
    }
}

static void a_long_run_has_no_more_than_asked_for(void **state)
{
    (void)state;
    static const size_t seconds[] = {600, 601, 3600, 86400};
    for (size_t i = 0; i < LEN(seconds); i++) {
        struct comparison c = timed_arm("a");
        struct stretches all;
        (void)timed_round(&c, seconds[i], 1);
        assert_true(stretches_of(&c.arms[0], stretch_has_series, STRETCH_POINTS_MAX, &all));
        assert_in_range(all.count, STRETCH_POINTS_MAX / 2, STRETCH_POINTS_MAX);
        for (size_t k = 1; k < all.count; k++)
            assert_int_equal(stretch_first(&all, k), stretch_end(&all, k - 1));
        assert_int_equal(stretch_end(&all, all.count - 1), seconds[i]);
        comparison_fini(&c);
    }
}

/* Each request is in one stretch, whatever the intervals of the rounds. */
static void latencies_of_all_rounds_are_in_it_once(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct stretches all;
    uint64_t requests = 0;
    (void)timed_latencies(&c, 3, 0.1);
    (void)timed_latencies(&c, HIST_SERIES_INTERVALS_MAX + 1, 0.1);
    assert_true(stretches_of(&c.arms[0], stretch_has_latencies, STRETCH_POINTS_MAX, &all));
    assert_int_equal(all.step, 2);
    struct hist *h = hist_text_new();
    for (size_t i = 0; i < all.count; i++) {
        hist_reset(h);
        stretch_latencies(&c.arms[0], &all, i, h);
        requests += hist_count(h);
    }
    assert_int_equal(requests, 100 * (3 + HIST_SERIES_INTERVALS_MAX + 1));
    hist_free(h);
    comparison_fini(&c);
}

static void without_a_series_there_is_none(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct stretches all;
    assert_false(stretches_of(&c.arms[0], stretch_has_series, 10, &all));
    (void)timed_round(&c, 0, 1);
    assert_false(stretches_of(&c.arms[0], stretch_has_series, 10, &all));
    (void)timed_round(&c, 1, 1);
    assert_false(stretches_of(&c.arms[0], stretch_has_latencies, 10, &all));
    assert_true(stretches_of(&c.arms[0], stretch_has_series, 10, &all));
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_tail_is_part_of_the_stretch_before_it),
        cmocka_unit_test(a_long_run_has_no_more_than_asked_for),
        cmocka_unit_test(latencies_of_all_rounds_are_in_it_once),
        cmocka_unit_test(without_a_series_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
