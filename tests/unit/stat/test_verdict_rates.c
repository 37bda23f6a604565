/* The statistics of a verdict on noise with a known truth: a short round of what
 * tests/perf/verdict_rates prints. Seeded, so a bound is either kept always or never; each leaves
 * three standard errors to the rate that many sessions have. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "tests/perf/verdict_sessions.h"

static void within(double got, double least, double most)
{
    if (!(got >= least && got <= most))
        fail_msg("%g is not within %g and %g", got, least, most);
}

static void the_noise_has_no_mean_and_an_sd_of_1(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    struct rng r;
    rng_init(&r, 20);
    for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
        double sum = 0;
        double squares = 0;
        double differences = 0;
        for (int i = 0; i < DRAWS; i++) {
            double x = noise_arm(&r, shape);
            double d = noise_difference(&r, shape);
            sum += x;
            squares += x * x;
            differences += d * d;
        }
        within(sum / DRAWS, -.01, .01);
        within(squares / DRAWS, .9, 1.1);
        within(differences / DRAWS, .9, 1.1);
    }
}

static void intervals_cover_at_their_level(void **state)
{
    (void)state;
    static const int counts[] = {6, 10, 24};
    for (size_t i = 0; i < LEN(counts); i++)
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rates_coverage got = rates_fixed_coverage(shape, counts[i], 4000);
            within(got.covered, got.level - .011, got.level + .011);
        }
}

/* On the margin the plan fails what it spends; the interval of the stopping look keeps 90 %. */
static void the_plan_keeps_its_word_on_the_margin(void **state)
{
    (void)state;
    for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
        struct rates_stopping got = rates_stopping(shape, 0, 6000);
        within(got.failed, .038, .055);
        within(got.passed, .038, .055);
        within(got.covered, .895, 1);
    }
}

static void intervals_cover_wherever_a_session_stops(void **state)
{
    (void)state;
    static const double beyond[] = {-1, -.5, .25, .5};
    for (size_t i = 0; i < LEN(beyond); i++)
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++)
            within(rates_stopping(shape, beyond[i], 1500).covered, .90, 1);
}

static void worse_fails_and_better_passes(void **state)
{
    (void)state;
    for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
        struct rates_stopping worse = rates_stopping(shape, 1, 1500);
        struct rates_stopping better = rates_stopping(shape, -1, 1500);
        within(worse.failed, .98, 1);
        within(worse.passed, 0, .002);
        within(better.passed, .98, 1);
        within(better.failed, 0, .002);
        within(worse.blocks, 8, 12);
    }
}

static void equal_arms_hardly_ever_fail_at_the_default_gates(void **state)
{
    (void)state;
    for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
        within(rates_equal_arms(shape, 1, 3000).failed, 0, .005);
        within(rates_equal_arms(shape, 3, 3000).failed, 0, .02);
    }
}

static void what_the_forecast_calls_decidable_is_decided(void **state)
{
    (void)state;
    static const double noise[] = {.5, 1.4, 2.5};
    for (size_t i = 0; i < LEN(noise); i++)
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rates_detection got = rates_detection(shape, noise[i], 1500);
            within(got.failed_of_decidable, .9, 1);
            within(got.failed, got.point - .03,
                   1); /* other noise than normal is caught more often */
            if (shape == NOISE_NORMAL)
                within(got.failed, got.point - .03, got.point + .03);
        }
    within(rates_detection(NOISE_NORMAL, .5, 1500).decidable, .98, 1);
    within(rates_detection(NOISE_NORMAL, 2.5, 1500).decidable, 0, .15);
}

static void a_family_has_a_false_alarm_in_one_of_twenty(void **state)
{
    (void)state;
    static const struct rates_family_case cases[] = {
        {.arms = 3, .reference_sd = 1, .n = 6},
        {.arms = 3, .reference_sd = 1, .n = 9},
        {.arms = 3, .reference_sd = 1, .n = 9, .different = 2},
        {.arms = 5, .reference_sd = 1, .n = 7, .different = 1},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        for (enum noise_shape shape = 0; shape < NOISE_SHAPES; shape++) {
            struct rates_family got = rates_family(shape, &cases[i], 1000);
            within(got.alarmed, 0, .07);
            if (cases[i].different > 0)
                within(got.found, .5, 1);
        }
}

/* Why blocks are what they are: the other layouts see a difference where there is none. If these
 * did not, the machine that is simulated would be too kind to show a mistake. */
static void only_slices_in_random_order_can_be_trusted(void **state)
{
    (void)state;
    within(rates_layout(LAYOUT_COIN, 0, 0, 1500).failed, 0, .06);
    within(rates_layout(LAYOUT_FIXED, 0, 0, 500).failed, .2, 1);
    within(rates_layout(LAYOUT_SEQUENTIAL, 0, 0, 500).failed, .2, 1);
    within(rates_layout(LAYOUT_POOLED, 0, 0, 500).failed, .1, 1);
    within(rates_layout(LAYOUT_COIN, log(1.1), log(1.1) / 2, 500).failed, .98, 1);
    within(rates_layout(LAYOUT_COIN, -log(1.1), log(1.1) / 2, 500).passed, .98, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_noise_has_no_mean_and_an_sd_of_1),
        cmocka_unit_test(intervals_cover_at_their_level),
        cmocka_unit_test(the_plan_keeps_its_word_on_the_margin),
        cmocka_unit_test(intervals_cover_wherever_a_session_stops),
        cmocka_unit_test(worse_fails_and_better_passes),
        cmocka_unit_test(equal_arms_hardly_ever_fail_at_the_default_gates),
        cmocka_unit_test(what_the_forecast_calls_decidable_is_decided),
        cmocka_unit_test(a_family_has_a_false_alarm_in_one_of_twenty),
        cmocka_unit_test(only_slices_in_random_order_can_be_trusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
