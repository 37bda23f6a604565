/* The chi-square distribution: against the printed tables and closed forms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stat/chi_square.h"

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.15g instead of %.15g", got, want);
}

static void quantiles_are_those_of_the_tables(void **state)
{
    (void)state;
    static const struct {
        int df;
        double p, x;
    } cases[] = {
        {1, .05, .00393},    {1, .95, 3.841},   {2, .10, .211},    {2, .99, 9.210},
        {3, .20, 1.005},     {4, .50, 3.357},   {5, .20, 2.343},   {5, .95, 11.070},
        {7, .10, 2.833},     {9, .20, 5.380},   {10, .95, 18.307}, {15, .20, 10.307},
        {20, .01, 8.260},    {23, .20, 17.187}, {30, .99, 50.892}, {60, .10, 46.459},
        {100, .95, 124.342},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        near(chi_square_quantile(cases[i].p, cases[i].df), cases[i].x, 6e-4);
        near(chi_square_below(chi_square_quantile(cases[i].p, cases[i].df), cases[i].df),
             cases[i].p, 1e-12);
    }
}

static void one_two_and_four_degrees_have_closed_forms(void **state)
{
    (void)state;
    for (int i = 1; i < 400; i++) {
        double x = i / 8.0;
        near(chi_square_below(x, 1), erf(sqrt(x / 2)), 1e-13);
        near(chi_square_below(x, 2), 1 - exp(-x / 2), 1e-13);
        near(chi_square_below(x, 4), 1 - exp(-x / 2) * (1 + x / 2), 1e-13);
    }
}

static void it_grows_from_0_to_1(void **state)
{
    (void)state;
    for (int df = 1; df <= 1000; df += df < 70 ? 1 : 93) {
        double last = 0;
        for (int i = 0; i < 120; i++) {
            double p = chi_square_below(i * (0.5 + df / 40.0), df);
            assert_true(p >= last - 1e-13 && p <= 1);
            last = p;
        }
        near(last, 1, 1e-6);
        near(chi_square_below(-1, df), 0, 0);
        near(chi_square_below(0, df), 0, 0);
        near(chi_square_below(INFINITY, df), 1, 0);
        near(chi_square_quantile(0, df), 0, 0);
        assert_true(isinf(chi_square_quantile(1, df)));
        /* Wilson and Hilferty (1931), which is close to the median of many degrees */
        near(chi_square_quantile(.5, df) / df, pow(1 - 2 / (9.0 * df), 3), df <= 2 ? .02 : .006);
    }
}

static void what_is_no_question_has_no_answer(void **state)
{
    (void)state;
    assert_true(isnan(chi_square_below(NAN, 3)));
    assert_true(isnan(chi_square_below(1, 0)));
    assert_true(isnan(chi_square_below(1, 1001)));
    assert_true(isnan(chi_square_quantile(NAN, 3)));
    assert_true(isnan(chi_square_quantile(-.1, 3)));
    assert_true(isnan(chi_square_quantile(1.1, 3)));
    assert_true(isnan(chi_square_quantile(.5, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_those_of_the_tables),
        cmocka_unit_test(one_two_and_four_degrees_have_closed_forms),
        cmocka_unit_test(it_grows_from_0_to_1),
        cmocka_unit_test(what_is_no_question_has_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
