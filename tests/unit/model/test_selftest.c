#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "model/selftest.h"

static void add(struct selftest *s, double truth, double measured, double limit)
{
    selftest_add(s, &(struct selftest_figure){.key = "a.key",
                                              .text = "a figure",
                                              .unit = METRIC_TIME,
                                              .truth = truth,
                                              .measured = measured,
                                              .limit = limit});
}

static void a_figure_is_judged_by_its_error(void **state)
{
    (void)state;
    static const struct {
        double truth, measured, limit;
        enum selftest_verdict verdict;
    } cases[] = {
        {100, 110, 10, SELFTEST_HOLDS},   {100, 90, 10, SELFTEST_HOLDS},
        {100, 111, 10, SELFTEST_BEYOND},  {100, 89, 10, SELFTEST_BEYOND},
        {100, 100, 0, SELFTEST_HOLDS},    {100, 101, 0, SELFTEST_BEYOND},
        {0, 5000, NAN, SELFTEST_STATED},  {NAN, 5000, NAN, SELFTEST_STATED},
        {100, NAN, 10, SELFTEST_UNKNOWN}, {NAN, 100, 0, SELFTEST_UNKNOWN},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct selftest_figure f = {
            .truth = cases[i].truth, .measured = cases[i].measured, .limit = cases[i].limit};
        assert_int_equal(selftest_judge(&f), cases[i].verdict);
    }
}

static void the_exit_code_is_that_of_the_worst(void **state)
{
    (void)state;
    struct selftest s;
    selftest_init(&s);
    assert_int_equal(selftest_kind(&s), ERR_INVALID); /* nothing was measured */
    add(&s, NAN, 5, NAN);
    add(&s, 1, 1, 0);
    assert_int_equal(selftest_kind(&s), ERR_NONE);
    assert_null(selftest_meaning(&s));
    add(&s, 1, 2, 0.5);
    assert_int_equal(selftest_kind(&s), ERR_GATE);
    assert_int_equal(selftest_count(&s, SELFTEST_HOLDS), 1);
    assert_int_equal(selftest_count(&s, SELFTEST_BEYOND), 1);
    add(&s, 1, NAN, 0.5);
    assert_int_equal(selftest_kind(&s), ERR_INVALID);
    selftest_fini(&s);
}

static void a_limit_that_does_not_hold_is_explained_by_the_machine(void **state)
{
    (void)state;
    struct selftest s;
    selftest_init(&s);
    add(&s, 1, 2, 0.5);
    s.cores = 8;
    s.others = 0.5;
    assert_non_null(strstr(selftest_meaning(&s), "other programs"));
    s.others = 0.01;
    assert_non_null(strstr(selftest_meaning(&s), "cores to spare"));
    s.cores = 2;
    assert_non_null(strstr(selftest_meaning(&s), "too few cores"));
    selftest_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_is_judged_by_its_error),
        cmocka_unit_test(the_exit_code_is_that_of_the_worst),
        cmocka_unit_test(a_limit_that_does_not_hold_is_explained_by_the_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
