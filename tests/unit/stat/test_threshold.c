#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/threshold.h"
#include "support/skewed_sample.h"

/* A trial of something whose limit is `truth`, and which fades over `width`. */
static bool try_at(struct rng *r, double x, double truth, double width)
{
    return rng_unit(r) < 1 / (1 + exp(log(x / truth) / width));
}

static struct threshold_estimate search(uint64_t seed, double truth, double width, int trials)
{
    struct threshold t;
    struct rng r;
    rng_init(&r, seed);
    threshold_init(&t, 100, 10000);
    for (int i = 0; i < trials; i++) {
        double x = threshold_estimate(&t).median;
        threshold_add(&t, x, try_at(&r, x, truth, width));
    }
    return threshold_estimate(&t);
}

static void nothing_is_known_at_first(void **state)
{
    (void)state;
    struct threshold t;
    threshold_init(&t, 100, 10000);
    struct threshold_estimate e = threshold_estimate(&t);
    expect_near(e.median, 1000, 1); /* the middle of a logarithmic scale */
    expect_near(e.lo, 100 * pow(100, 0.05), 1);
    expect_near(e.hi, 100 * pow(100, 0.95), 10);
}

static void answers_move_it_where_they_say(void **state)
{
    (void)state;
    struct threshold t;
    threshold_init(&t, 100, 10000);
    threshold_add(&t, 1000, true);
    assert_true(threshold_estimate(&t).median > 1000);
    struct threshold_estimate before = threshold_estimate(&t);
    threshold_add(&t, 5000, false);
    struct threshold_estimate after = threshold_estimate(&t);
    assert_true(after.median < before.median && after.hi < before.hi);
    assert_true(after.lo < after.median && after.median < after.hi);
}

/* Of sharp limits and of faded ones, a search of 20 trials ends within a few percent. */
static void few_trials_find_it(void **state)
{
    (void)state;
    static const double widths[] = {0.001, 0.01, 0.03};
    for (size_t w = 0; w < LEN(widths); w++) {
        double worst = 0;
        for (uint64_t seed = 1; seed <= 50; seed++) {
            double truth = 150 + 190 * (double)seed;
            double median = search(seed, truth, widths[w], 20).median;
            worst = fmax(worst, fabs(log(median / truth)));
        }
        assert_true(worst < 4 * widths[w] + 0.03);
    }
}

/* The truth is outside of an interval of 90 % about one time in ten. */
static void intervals_hold_what_they_say(void **state)
{
    (void)state;
    enum { CASES = 300 };
    int inside = 0;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        double truth = 200 + 20 * (double)seed;
        struct threshold_estimate e = search(seed, truth, 0.03, 16);
        inside += e.lo <= truth && truth <= e.hi;
    }
    assert_in_range(inside, CASES * 82 / 100, CASES * 98 / 100);
}

/* A trial that went wrong for a reason of its own is outweighed by those after it. */
static void one_wrong_answer_is_no_end(void **state)
{
    (void)state;
    struct threshold t;
    struct rng r;
    rng_init(&r, 1);
    threshold_init(&t, 100, 10000);
    for (int i = 0; i < 24; i++) {
        double x = threshold_estimate(&t).median;
        threshold_add(&t, x, i == 3 ? x > 2000 : x < 2000);
    }
    expect_near(threshold_estimate(&t).median, 2000, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_at_first),
        cmocka_unit_test(answers_move_it_where_they_say),
        cmocka_unit_test(few_trials_find_it),
        cmocka_unit_test(intervals_hold_what_they_say),
        cmocka_unit_test(one_wrong_answer_is_no_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
