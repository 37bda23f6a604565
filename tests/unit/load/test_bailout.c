/* bailout: the fault that reaches the limit is told of, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "load/bailout.h"

static void a_number_is_reached_by_the_last_fault(void **state)
{
    (void)state;
    struct bailout b = {.spec = {.faults = 3}};
    assert_true(bailout_has_limit(&b.spec));
    assert_false(bailout_count(&b, 1, true));
    assert_false(bailout_count(&b, 1, false));
    assert_false(bailout_count(&b, 0, true)); /* a connect */
    assert_true(bailout_count(&b, 1, true));
    assert_true(b.reached);
    assert_false(bailout_count(&b, 1, true)); /* once */
}

static void a_share_needs_a_hundred_requests(void **state)
{
    (void)state;
    struct bailout b = {.spec = {.share = 0.02}};
    assert_true(bailout_has_limit(&b.spec));
    assert_false(bailout_count(&b, 1, true));
    assert_false(bailout_count(&b, 1, true));
    for (int i = 3; i < BAILOUT_LEAST; i++)
        assert_false(bailout_count(&b, 1, false));
    assert_true(bailout_count(&b, 1, false)); /* 2 of 100 */
}

static void a_share_that_fell_below_is_not_reached(void **state)
{
    (void)state;
    struct bailout b = {.spec = {.share = 0.5}};
    for (int i = 0; i < 49; i++)
        assert_false(bailout_count(&b, 1, true));
    for (int i = 49; i < 101; i++)
        assert_false(bailout_count(&b, 1, false));
    assert_false(bailout_count(&b, 1, true)); /* 50 of 102 */
    assert_false(b.reached);
}

static void without_a_limit_there_is_none(void **state)
{
    (void)state;
    const struct bailout_spec none = {.errors = true};
    assert_false(bailout_has_limit(&none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_reached_by_the_last_fault),
        cmocka_unit_test(a_share_needs_a_hundred_requests),
        cmocka_unit_test(a_share_that_fell_below_is_not_reached),
        cmocka_unit_test(without_a_limit_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
