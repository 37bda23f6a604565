#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "analysis/sweep/scaling.h"
#include "base/mem.h"
#include "support/findings_bed.h"

static struct sweep sweep;

static void begin(const char *option, size_t naxes)
{
    sweep_init(&sweep);
    sweep.comparison.rounds = 2;
    sweep.naxes = naxes;
    sweep.axes[0] = (struct sweep_axis){mem_strdup(option), mem_strdup("1..32"), AXIS_LOG, true};
    if (naxes > 1)
        sweep.axes[1] = (struct sweep_axis){mem_strdup("work"), mem_strdup("1"), AXIS_LOG, false};
    sweep_add_arm(&sweep, "pool");
}

/* Two rounds, and one that other programs disturbed. */
static void add(double n, double completed)
{
    char *text = mem_printf("%g", n);
    const char *texts[] = {text, "1"};
    sweep_add_point(&sweep, texts, (const double[]){n, 1});
    for (int64_t round = 1; round <= 3; round++) {
        struct result r;
        const struct trial_shape shape =
            trial_completing((int64_t)(round < 3 ? completed : completed / 9));
        trial_of(&shape, &r);
        r.machine.is_disturbed = round == 3;
        comparison_add_result(&sweep.comparison, sweep.npoints - 1, round, &r);
    }
    free(text);
}

/* Ten seconds at 100/s alone, 5 % contention and 0.2 % coherency: the peak is where N^2 is
 * (1 - 0.05) / 0.002. */
static void the_curve_of_a_known_law_is_found(void **state)
{
    (void)state;
    static const double sizes[] = {1, 2, 4, 8, 16, 32};
    struct usl_fit fit;
    begin("connections", 1);
    for (size_t i = 0; i < LEN(sizes); i++) {
        double n = sizes[i];
        add(n, 1000 * n / (1 + 0.05 * (n - 1) + 0.002 * n * (n - 1)));
    }
    assert_true(scaling_applies(&sweep));
    scaling_fit(&sweep, 0, &fit);
    assert_int_equal(fit.reason, USL_FITS);
    assert_true(fabs(fit.lambda.value / 100 - 1) < 0.01);
    assert_true(fabs(fit.contention.value / 0.05 - 1) < 0.05);
    assert_true(fabs(fit.coherency.value / 0.002 - 1) < 0.05);
    assert_true(fabs(fit.peak_n / sqrt(0.95 / 0.002) - 1) < 0.05);
    sweep_fini(&sweep);
}

static void few_points_are_no_curve(void **state)
{
    (void)state;
    struct usl_fit fit;
    begin("pool-size", 1);
    add(1, 1000);
    add(2, 1500);
    add(8, 2000);
    assert_true(scaling_applies(&sweep));
    scaling_fit(&sweep, 0, &fit);
    assert_int_equal(fit.reason, USL_TOO_FEW);
    sweep_fini(&sweep);
}

static void other_options_have_no_law(void **state)
{
    (void)state;
    static const struct {
        const char *option;
        size_t naxes;
    } cases[] = {{"work", 1}, {"rate", 1}, {"connections", 2}};
    for (size_t i = 0; i < LEN(cases); i++) {
        begin(cases[i].option, cases[i].naxes);
        add(1, 1000);
        assert_false(scaling_applies(&sweep));
        sweep_fini(&sweep);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_curve_of_a_known_law_is_found),
        cmocka_unit_test(few_points_are_no_curve),
        cmocka_unit_test(other_options_have_no_law),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
