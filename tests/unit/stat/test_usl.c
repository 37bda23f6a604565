#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/mem.h"
#include "stat/normal.h"
#include "stat/usl.h"
#include "support/skewed_sample.h"

#define REPEATS ((size_t)3)

static const double sizes[] = {1, 2, 4, 8, 16, 32, 64, 128};

/* Each size REPEATS times, with noise of that share. */
static size_t measure(double lambda, double sigma, double kappa, double noise, uint64_t seed,
                      struct usl_point *out)
{
    struct rng r;
    size_t count = 0;
    rng_init(&r, seed);
    for (size_t i = 0; i < LEN(sizes); i++) {
        double n = sizes[i];
        double x = lambda * n / (1 + sigma * (n - 1) + kappa * n * (n - 1));
        for (size_t j = 0; j < REPEATS; j++)
            out[count++] = (struct usl_point){n, x * exp(noise * normal_draw(&r))};
    }
    return count;
}

static void exact_points_give_the_law_back(void **state)
{
    (void)state;
    static const struct {
        double lambda, sigma, kappa;
    } laws[] = {{1000, 0.05, 0.0002}, {0.3, 0.5, 0}, {5e6, 0, 0.001}, {200, 0, 0}, {40, 1, 0}};
    struct usl_point points[LEN(sizes) * REPEATS];
    struct usl_fit fit;
    for (size_t i = 0; i < LEN(laws); i++) {
        size_t count = measure(laws[i].lambda, laws[i].sigma, laws[i].kappa, 0, 1, points);
        assert_int_equal(usl_fit(points, count, &fit), 0);
        expect_near(fit.lambda.value / laws[i].lambda, 1, 1e-6);
        expect_near(fit.contention.value, laws[i].sigma, 1e-6);
        expect_near(fit.coherency.value, laws[i].kappa, 1e-8);
        expect_near(fit.residual, 0, 1e-6);
        expect_near(usl_at(&fit, 8), points[REPEATS * 3].x, points[REPEATS * 3].x / 1e6);
    }
}

/* Gunther's formulas: sqrt((1 - sigma) / kappa), and without coherency lambda / sigma. */
static void the_peak_is_where_the_curve_turns(void **state)
{
    (void)state;
    struct usl_point points[LEN(sizes) * REPEATS];
    struct usl_fit fit;
    size_t count = measure(100, 0.04, 0.0006, 0, 1, points);
    assert_int_equal(usl_fit(points, count, &fit), 0);
    expect_near(fit.peak_n, 40, 0.01);
    assert_true(usl_at(&fit, 39) < fit.peak_x && usl_at(&fit, 41) < fit.peak_x);
    /* A size of less than 1 is none. */
    count = measure(100, 1.2, 0.1, 0, 1, points);
    assert_int_equal(usl_fit(points, count, &fit), 0);
    expect_near(fit.peak_n, 1, 0);
    /* What was never slower has contention at the most, and comes from where coherency was 0. */
    for (size_t i = 0; i < count; i++)
        points[i].x = 100 * points[i].n / (1 + 0.25 * (points[i].n - 1));
    assert_int_equal(usl_fit(points, count, &fit), 0);
    if (fit.coherency.value == 0) {
        assert_true(isinf(fit.peak_n));
        expect_near(fit.peak_x, 400, 0.1);
    } else {
        assert_true(fit.peak_n > 1000);
    }
}

/* Each true parameter lies within its interval in about 95 % of the cases. */
static void intervals_hold_what_they_say(void **state)
{
    (void)state;
    enum { CASES = 400 };
    struct usl_point points[LEN(sizes) * REPEATS];
    struct usl_fit fit;
    int lambda = 0;
    int sigma = 0;
    int kappa = 0;
    for (uint64_t seed = 1; seed <= CASES; seed++) {
        size_t count = measure(1000, 0.05, 0.0005, 0.05, seed, points);
        assert_int_equal(usl_fit(points, count, &fit), 0);
        lambda += fit.lambda.lo <= 1000 && 1000 <= fit.lambda.hi;
        sigma += fit.contention.lo <= 0.05 && 0.05 <= fit.contention.hi;
        kappa += fit.coherency.lo <= 0.0005 && 0.0005 <= fit.coherency.hi;
    }
    assert_in_range(lambda, CASES * 91 / 100, CASES * 99 / 100);
    assert_in_range(sigma, CASES * 91 / 100, CASES * 99 / 100);
    assert_in_range(kappa, CASES * 91 / 100, CASES * 99 / 100);
}

/* Noise alone would make coherency negative in half of the cases: throughput beyond linear. */
static void no_parameter_is_negative(void **state)
{
    (void)state;
    struct usl_point points[LEN(sizes) * REPEATS];
    struct usl_fit fit;
    int held = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        size_t count = measure(1000, 0.1, 0, 0.05, seed, points);
        assert_int_equal(usl_fit(points, count, &fit), 0);
        assert_true(fit.contention.value >= 0 && fit.coherency.value >= 0);
        assert_true(fit.coherency.lo >= 0 && fit.coherency.hi > 0);
        held += fit.coherency.value == 0;
    }
    assert_in_range(held, 20, 80);
}

static void what_is_no_curve_is_refused(void **state)
{
    (void)state;
    struct usl_point points[LEN(sizes) * REPEATS];
    struct usl_fit fit;
    size_t count = measure(1000, 0.05, 0.0005, 0.6, 7, points);
    assert_int_equal(usl_fit(points, count, &fit), -1);
    assert_int_equal(fit.reason, USL_BAD);
    count = measure(1000, 0.05, 0.0005, 0.01, 7, points);
    assert_int_equal(usl_fit(points, 3 * REPEATS, &fit), -1); /* three sizes */
    assert_int_equal(fit.reason, USL_TOO_FEW);
    assert_int_equal(usl_fit(points, 0, &fit), -1);
    assert_int_equal(fit.reason, USL_TOO_FEW);
    for (size_t i = 0; i < count; i++) {
        const size_t size = i / REPEATS;
        points[i].n = 10 + (double)size;
    }
    assert_int_equal(usl_fit(points, count, &fit), -1);
    assert_int_equal(fit.reason, USL_TOO_NARROW);
    static const double wrong[] = {0, -1, NAN, INFINITY};
    for (size_t i = 0; i < LEN(wrong); i++) {
        count = measure(1000, 0.05, 0.0005, 0.01, 7, points);
        points[5].x = wrong[i];
        assert_int_equal(usl_fit(points, count, &fit), -1);
        assert_int_equal(fit.reason, USL_TOO_FEW);
    }
    for (int reason = USL_FITS + 1; reason < USL_REASONS; reason++)
        assert_non_null(usl_reason_texts[reason]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_points_give_the_law_back),
        cmocka_unit_test(the_peak_is_where_the_curve_turns),
        cmocka_unit_test(intervals_hold_what_they_say),
        cmocka_unit_test(no_parameter_is_negative),
        cmocka_unit_test(what_is_no_curve_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
