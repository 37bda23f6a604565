#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/shift.h"

static void a_bound_on_one_side_bounds_the_change(void **state)
{
    (void)state;
    assert_int_equal(shift_known_of(false, false), SHIFT_EXACT);
    assert_int_equal(shift_known_of(false, true), SHIFT_AT_LEAST);
    assert_int_equal(shift_known_of(true, false), SHIFT_AT_MOST);
    assert_int_equal(shift_known_of(true, true), SHIFT_UNKNOWN);
}

static void a_curve_is_copied_under_its_name(void **state)
{
    (void)state;
    struct shift_point points[] = {{.q = 0.5, .ratio = 1.1}, {.q = 0.9, .ratio = 1.2}};
    const struct shift_curve curve = {.points = points, .count = 2};
    const struct shift_curve empty = {0};
    struct shift s = {0};
    shift_add(&s, "a", &curve);
    shift_add(&s, "b", &empty);
    points[0].ratio = 9;
    assert_int_equal(s.count, 2);
    assert_string_equal(s.curves[0].name, "a");
    assert_true(s.curves[0].count == 2 && s.curves[0].points[0].ratio == 1.1);
    assert_int_equal(s.curves[1].count, 0);
    shift_fini(&s);
    assert_int_equal(s.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bound_on_one_side_bounds_the_change),
        cmocka_unit_test(a_curve_is_copied_under_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
