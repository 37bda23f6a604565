/* Student's t: against the critical values of the printed tables, and Cauchy's closed form. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stat/student.h"

/* cmocka compares floats, which are too short here. */
static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.15g instead of %.15g", got, want);
}

static void critical_values_are_those_of_the_tables(void **state)
{
    (void)state;
    static const struct {
        int df;
        double t, p;
    } cases[] = {
        {1, 63.657, 0.01}, {2, 9.925, 0.01},   {3, 5.841, 0.01},    {4, 4.604, 0.01},
        {5, 4.032, 0.01},  {8, 3.355, 0.01},   {16, 2.921, 0.01},   {20, 2.845, 0.01},
        {40, 2.704, 0.01}, {120, 2.617, 0.01}, {1000, 2.581, 0.01}, {1, 12.706, 0.05},
        {2, 4.303, 0.05},  {7, 2.365, 0.05},   {30, 2.042, 0.05},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        near(student_two_sided(cases[i].t, cases[i].df), cases[i].p, 5e-5);
}

static void one_degree_is_cauchy(void **state)
{
    (void)state;
    for (int i = 1; i < 1000; i++)
        near(student_two_sided(i / 8.0, 1), 1 - 2 * atan(i / 8.0) / M_PI, 1e-12);
}

static void both_signs_are_the_same_and_the_ends_are_exact(void **state)
{
    (void)state;
    near(student_two_sided(-2.5, 7), student_two_sided(2.5, 7), 0);
    near(student_two_sided(0, 7), 1, 0);
    near(student_two_sided(INFINITY, 8), 0, 1e-12);
    assert_true(isnan(student_two_sided(NAN, 3)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(critical_values_are_those_of_the_tables),
        cmocka_unit_test(one_degree_is_cauchy),
        cmocka_unit_test(both_signs_are_the_same_and_the_ends_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
