#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "analysis/sweep/placing.h"
#include "base/mem.h"

#define MOST 32

/* Two curves that are measured where they are asked for. */
struct course {
    double places[MOST], values[2 * MOST];
    size_t count;
    double (*of[2])(double x);
};

static void measure(struct course *c, double x)
{
    size_t at = c->count++;
    for (; at > 0 && c->places[at - 1] > x; at--)
        c->places[at] = c->places[at - 1];
    c->places[at] = x;
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < c->count; i++)
            c->values[k * c->count + i] = c->of[k](c->places[i]);
}

/* Five places that are spaced evenly over 0 to 8, and then `more`. Returns how many of them lie
 * from lo to hi. */
static size_t place(struct course *c, size_t more, double lo, double hi)
{
    static const bool open[MOST] = {true, true, true, true, true, true, true, true, true, true,
                                    true, true, true, true, true, true, true, true, true, true};
    size_t inside = 0;
    c->count = 0;
    for (int i = 0; i <= 4; i++)
        measure(c, 2 * i);
    for (size_t i = 0; i < more; i++) {
        size_t at = 0;
        const struct placing p = {c->places, c->count, c->values, 2, 2, true, open};
        assert_true(placing_next(&p, &at));
        double x = (c->places[at] + c->places[at + 1]) / 2;
        inside += lo <= x && x <= hi;
        measure(c, x);
    }
    return inside;
}

static double even(double x)
{
    return x;
}

static double lower(double x)
{
    return x - 3;
}

static double knee(double x)
{
    return x < 5 ? x : 5;
}

static double falling(double x)
{
    return 8 - x * 0.4;
}

/* Straight lines that do not cross: there is nothing to see anywhere, so gaps are halved in turn.
 */
static void straight_lines_are_filled_evenly(void **state)
{
    (void)state;
    struct course c = {.of = {even, lower}};
    assert_int_equal(place(&c, 4, 0, 8), 4);
    for (size_t i = 0; i + 1 < c.count; i++)
        assert_true(c.places[i + 1] - c.places[i] == 1);
}

static void values_go_where_a_curve_bends(void **state)
{
    (void)state;
    struct course c = {.of = {knee, lower}};
    assert_true(place(&c, 5, 4, 6) >= 4);
}

/* 8 - 0.4 x = x at 5.7 */
static void values_go_where_curves_cross(void **state)
{
    (void)state;
    struct course c = {.of = {even, falling}};
    assert_true(place(&c, 4, 4, 7) >= 3);
    double nearest = INFINITY;
    for (size_t i = 0; i < c.count; i++)
        nearest = fmin(nearest, fabs(c.places[i] - 8 / 1.4));
    assert_true(nearest < 0.5);
}

static void what_has_no_middle_is_left(void **state)
{
    (void)state;
    const double places[] = {0, 1, 2};
    const double values[] = {0, 5, 0, 1, 1, 1};
    const bool none[] = {false, false};
    const bool one[] = {false, true};
    size_t at = 9;
    struct placing p = {places, 3, values, 2, 2, true, none};
    assert_false(placing_next(&p, &at));
    p.open = one;
    assert_true(placing_next(&p, &at));
    assert_int_equal(at, 1);
    p.nplaces = 1;
    assert_false(placing_next(&p, &at));
}

/* A point at which an arm died bends no curve, and the arm is not the best there. */
static void what_was_not_measured_is_passed_over(void **state)
{
    (void)state;
    const double places[] = {0, 1, 2, 3};
    const double values[] = {1, NAN, NAN, 1, 0, 0, 0, 0};
    const bool open[] = {true, true, true};
    const struct placing p = {places, 4, values, 2, 2, true, open};
    double first = placing_worth(&p, 0);
    assert_true(isfinite(first) && first > placing_worth(&p, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(straight_lines_are_filled_evenly),
        cmocka_unit_test(values_go_where_a_curve_bends),
        cmocka_unit_test(values_go_where_curves_cross),
        cmocka_unit_test(what_has_no_middle_is_left),
        cmocka_unit_test(what_was_not_measured_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
