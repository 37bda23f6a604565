#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stat/anderson_darling.h"
#include "support/skewed_sample.h"

/* Of n values with mean 1, whose distribution is 1 - e^-x raised to `power`. */
static double chance_of(uint64_t seed, size_t n, double power)
{
    double *values = skewed_sample(seed, n, power);
    double chance = anderson_darling_chance(anderson_darling_exponential(values, n, 1));
    free(values);
    return chance;
}

/* One value at the median: -1 - 2 ln(1/2). Two at the quartiles: -2 - (ln(1/4) + 3 ln(3/4)). */
static void the_statistic_is_that_of_its_definition(void **state)
{
    (void)state;
    const double one = 5 * log(2);
    expect_near(anderson_darling_exponential(&one, 1, 5), 2 * log(2) - 1, 1e-12);
    const double two[] = {-3 * log(0.75), -3 * log(0.25)};
    expect_near(anderson_darling_exponential(two, 2, 3), -2 - log(0.25) - 3 * log(0.75), 1e-12);
    const double at_once[] = {0, 1};
    assert_true(isinf(anderson_darling_exponential(at_once, 2, 1)));
    assert_true(isnan(anderson_darling_exponential(two, 0, 3)));
}

/* The published points of the limit distribution. */
static void the_chance_is_that_of_the_tables(void **state)
{
    (void)state;
    static const struct {
        double statistic, chance;
    } points[] = {{1.933, 0.10}, {2.492, 0.05}, {3.070, 0.025}, {3.878, 0.01}, {5.969, 0.001}};
    for (size_t i = 0; i < LEN(points); i++) {
        expect_near(anderson_darling_chance(points[i].statistic), points[i].chance,
                    points[i].chance / 100);
        expect_near(anderson_darling_critical(points[i].chance), points[i].statistic,
                    points[i].statistic / 100);
    }
    expect_near(anderson_darling_chance(0), 1, 0);
    expect_near(anderson_darling_chance(1000), 0, 1e-12);
    expect_near(anderson_darling_chance(INFINITY), 0, 1e-12);
    expect_near(anderson_darling_chance(2), anderson_darling_chance(nextafter(2, 0)), 1e-5);
    assert_true(isnan(anderson_darling_chance(NAN)));
}

/* About one sample in twenty is rejected at 5 %, and nearly all of another distribution. */
static void it_rejects_as_often_as_it_says(void **state)
{
    (void)state;
    int rejected = 0;
    int others = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        rejected += chance_of(seed, 500, 1) < 0.05;
        others += chance_of(seed, 500, 1.5) < 0.05;
    }
    assert_in_range(rejected, 5, 40);
    assert_in_range(others, 390, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_statistic_is_that_of_its_definition),
        cmocka_unit_test(the_chance_is_that_of_the_tables),
        cmocka_unit_test(it_rejects_as_often_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
