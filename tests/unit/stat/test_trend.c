#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/trend.h"
#include "support/skewed_sample.h"

#define MANY 30

static void draw(uint64_t seed, double slope, double *values)
{
    struct rng r;
    rng_init(&r, seed);
    for (int i = 0; i < MANY; i++)
        values[i] = slope * i + rng_unit(&r);
}

/* By hand: 13 of 15 pairs in order, so the sum is 11, and the variance 6 x 5 x 17 / 18. */
static void the_test_is_kendalls(void **state)
{
    (void)state;
    const double values[] = {1, 3, 2, 5, 4, 6};
    expect_near(trend_chance(values, LEN(values)), erfc(10 / sqrt(6 * 5 * 17 / 18.0) / sqrt(2)) / 2,
                1e-12);
    const double tied[] = {1, 1, 2, 2, 3, 3}; /* 12 pairs in order, 3 equal ones */
    expect_near(trend_chance(tied, LEN(tied)),
                erfc(11 / sqrt((6 * 5 * 17 - 3 * 2 * 1 * 9) / 18.0) / sqrt(2)) / 2, 1e-12);
    const double flat[] = {2, 2, 2, 2, 2, 2, 2};
    expect_near(trend_chance(flat, LEN(flat)), 1, 0);
    expect_near(trend_slope(flat, LEN(flat)), 0, 0);
    assert_true(isnan(trend_chance(values, TREND_LEAST - 1)));
    assert_true(isnan(trend_slope(values, 0)));
}

static void the_slope_does_not_mind_an_outlier(void **state)
{
    (void)state;
    double values[MANY];
    for (int i = 0; i < MANY; i++)
        values[i] = 5 + 2 * i;
    values[7] = 1e9;
    expect_near(trend_slope(values, MANY), 2, 1e-12);
}

static void chance_passes_as_often_as_it_says(void **state)
{
    (void)state;
    enum { CASES = 2000 };
    double values[MANY];
    int even = 0;
    int growing = 0;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        draw(seed, 0, values);
        even += trend_chance(values, MANY) < 0.05;
        draw(seed, 0.05, values);
        growing += trend_chance(values, MANY) < 0.05;
    }
    assert_in_range(even, CASES * 35 / 1000, CASES * 65 / 1000);
    assert_true(growing > CASES * 9 / 10);
}

/* A series that falls is no growth. */
static void it_looks_to_one_side(void **state)
{
    (void)state;
    double values[MANY];
    draw(1, -0.2, values);
    assert_true(trend_chance(values, MANY) > 0.99);
    assert_true(trend_slope(values, MANY) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_test_is_kendalls),
        cmocka_unit_test(the_slope_does_not_mind_an_outlier),
        cmocka_unit_test(chance_passes_as_often_as_it_says),
        cmocka_unit_test(it_looks_to_one_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
