/* The power of the sequential plan: against closed forms and what is known of its ends. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stat/operating_point.h"

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.15g instead of %.15g", got, want);
}

/* All six blocks beyond the margin: the plan of one look has a power in closed form. */
static void one_look_has_a_closed_form(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++)
        near(operating_point(i / 2.0, 1, 6), pow(erfc(-i / sqrt(8)) / 2, 6), .012);
}

/* A million sessions each, by the same plan, with other seeds. */
static void on_the_margin_the_plan_spends_its_alpha(void **state)
{
    (void)state;
    near(operating_point(0, 1, 6), .0156, .004);
    near(operating_point(0, 1, 10), .0251, .005);
    near(operating_point(0, 1, 16), .0356, .005);
    near(operating_point(0, 1, 24), .0463, .006);
}

static void a_larger_change_is_caught_more_often(void **state)
{
    (void)state;
    double last = 0;
    for (int i = -2; i <= 6; i++) {
        double now = operating_point(i / 2.0, 1, 16);
        assert_true(now >= last);
        last = now;
    }
    near(last, 1, .001);
    assert_true(operating_point(1, 1, 24) > operating_point(1, 1, 16));
    assert_true(operating_point(1, 1, 16) > operating_point(1, 1, 10));
    near(operating_point(1, 1, 10), operating_point(1, 1, 15), 0); /* no look between */
    near(operating_point(1, 1, 24), operating_point(1, 1, 999), 0);
}

static void only_the_ratio_to_the_noise_matters(void **state)
{
    (void)state;
    near(operating_point(.04, .05, 16), operating_point(.8, 1, 16), .0005);
    near(operating_point(.01, .05, 10), operating_point(.01, .05, 10), 0); /* nothing is kept */
}

static void the_ends(void **state)
{
    (void)state;
    near(operating_point(1, 1, 5), 0, 0);
    near(operating_point(1, 1, -1), 0, 0);
    near(operating_point(.01, 0, 6), 1, 0);
    near(operating_point(0, 0, 6), 0, 0);
    near(operating_point(-.01, 0, 6), 0, 0);
    near(operating_point(INFINITY, 1, 6), 1, 0);
    near(operating_point(-INFINITY, 1, 6), 0, 0);
    assert_true(isnan(operating_point(NAN, 1, 6)));
    assert_true(isnan(operating_point(1, NAN, 6)));
    assert_true(isnan(operating_point(1, -1, 6)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_look_has_a_closed_form),
        cmocka_unit_test(on_the_margin_the_plan_spends_its_alpha),
        cmocka_unit_test(a_larger_change_is_caught_more_often),
        cmocka_unit_test(only_the_ratio_to_the_noise_matters),
        cmocka_unit_test(the_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
