#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stat/kolmogorov.h"
#include "support/skewed_sample.h"

#define MANY ((size_t)1000000)

/* Of n values with mean 1, whose distribution is 1 - e^-x raised to `power`. */
static double chance_of(uint64_t seed, size_t n, double power)
{
    double *values = skewed_sample(seed, n, power);
    double chance = kolmogorov_chance(kolmogorov_exponential(values, n, 1), n);
    free(values);
    return chance;
}

static void the_distance_is_the_largest_difference(void **state)
{
    (void)state;
    double values[100];
    const size_t count = LEN(values);
    for (size_t i = 0; i < LEN(values); i++) /* in the middle of each step */
        values[i] = -5 * log1p(-((double)i + 0.5) / (double)count);
    expect_near(kolmogorov_exponential(values, LEN(values), 5), 0.005, 1e-12);
    const double one = 5 * log(2);
    expect_near(kolmogorov_exponential(&one, 1, 5), 0.5, 1e-12);
    const double early[] = {0, 0, 0};
    expect_near(kolmogorov_exponential(early, LEN(early), 5), 1, 1e-12);
    assert_true(isnan(kolmogorov_exponential(early, 0, 5)));
}

/* The published points of the limit distribution. */
static void the_chance_is_that_of_the_tables(void **state)
{
    (void)state;
    static const struct {
        double x, chance;
    } points[] = {{1.2238, 0.10}, {1.3581, 0.05}, {1.6276, 0.01}, {1.9495, 0.001}};
    double root = sqrt((double)MANY) + 0.12;
    for (size_t i = 0; i < LEN(points); i++) {
        double distance = points[i].x / root;
        expect_near(kolmogorov_chance(distance, MANY), points[i].chance, points[i].chance / 100);
        expect_near(kolmogorov_critical(points[i].chance, MANY), distance, distance / 1000);
    }
    expect_near(kolmogorov_chance(0, MANY), 1, 0);
    expect_near(kolmogorov_chance(1, MANY), 0, 1e-12);
    assert_true(isnan(kolmogorov_chance(0.1, 0)));
    assert_true(isnan(kolmogorov_critical(0.01, 0)));
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
    assert_in_range(others, 380, 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_distance_is_the_largest_difference),
        cmocka_unit_test(the_chance_is_that_of_the_tables),
        cmocka_unit_test(it_rejects_as_often_as_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
