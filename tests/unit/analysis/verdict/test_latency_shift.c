#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/verdict/latency_shift.h"
#include "cases/session_cases.h"

static void a_longer_tail_shows_in_the_tail(void **state)
{
    (void)state;
    struct session s;
    struct shift_curve curve;
    double level = NAN;
    assert_int_equal(session_case("urls", &s), 0); /* its p99 is half as long again */
    latency_shift(&s, &curve, &level);
    assert_string_equal(curve.name, "head");
    assert_true(curve.count > 60);
    assert_float_equal(level, 0.96875, 1e-9); /* of six blocks */
    const struct shift_point *last = &curve.points[curve.count - 1];
    assert_true(last->q > 0.99);
    assert_true(last->low <= last->ratio && last->ratio <= last->high);
    assert_true(last->low > 1.2 && last->high < 1.8);
    assert_true(fabs(curve.points[10].ratio - 1) < 0.1);
    for (size_t i = 0; i < curve.count; i++) {
        assert_int_equal(curve.points[i].known, SHIFT_EXACT);
        assert_true(i == 0 || curve.points[i].q > curve.points[i - 1].q);
    }
    shift_curve_fini(&curve);
    session_fini(&s);
}

static void it_ends_where_a_block_has_too_few_samples(void **state)
{
    (void)state;
    struct session s;
    struct shift_curve curve;
    double level = NAN;
    assert_int_equal(session_case("pass", &s), 0);
    struct result *r = &s.blocks[3].sides[0].result;
    hist_reset(r->latency);
    hist_record_n(r->latency, 8000000, 200);
    hist_reset(r->unfinished);
    latency_shift(&s, &curve, &level);
    assert_true(curve.points[curve.count - 1].q < 0.951); /* ten of 200 */
    assert_true(curve.points[curve.count - 1].q > 0.9);
    shift_curve_fini(&curve);
    s.blocks[3].is_valid = false; /* then it is the others that count */
    latency_shift(&s, &curve, &level);
    assert_true(curve.points[curve.count - 1].q > 0.99);
    shift_curve_fini(&curve);
    session_fini(&s);
}

static void without_a_block_it_is_empty(void **state)
{
    (void)state;
    struct session s;
    struct shift_curve curve;
    double level = 0;
    assert_int_equal(session_case("nothing", &s), 0);
    latency_shift(&s, &curve, &level);
    assert_int_equal(curve.count, 0);
    assert_true(isnan(level));
    shift_curve_fini(&curve);
    session_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_longer_tail_shows_in_the_tail),
        cmocka_unit_test(it_ends_where_a_block_has_too_few_samples),
        cmocka_unit_test(without_a_block_it_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
