#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "analysis/recovery/spike.h"
#include "base/mem.h"

static bool find(const char *text, double first_rps, struct spike *out)
{
    struct plan_stages stages;
    struct err err;
    assert_int_equal(stages_parse(text, &stages, &err), 0);
    return spike_of(&stages, first_rps, out);
}

static void a_spike_lies_between_its_rise_and_the_plateau_below_it(void **state)
{
    (void)state;
    static const struct {
        const char *stages;
        double first_rps, from_s, to_s, end_s, peak_rps, after_rps;
    } cases[] = {
        {"10s:=100,5s:=1000,20s:=100", NAN, 10, 15, 35, 1000, 100},
        /* ramps are a part of it */
        {"10s:=100,2s:1000,5s:=1000,3s:100,20s:=100", NAN, 10, 20, 40, 1000, 100},
        {"10s:100,2s:1000,3s:100,20s:=100", 100, 10, 15, 35, 1000, 100},
        /* a plateau that is higher than the one before it, and a step down after a ramp */
        {"10s:=100,5s:=1000,20s:=300", NAN, 10, 15, 35, 1000, 300},
        {"10s:=100,5s:=1000,5s:500,20s:=100", NAN, 10, 20, 40, 1000, 100},
        /* of two of one height, from the first to the last; of a later lower one, up to it */
        {"5s:=100,5s:=1000,5s:=100,5s:=1000,5s:=100", NAN, 5, 20, 25, 1000, 100},
        {"5s:=100,5s:=1000,5s:=100,5s:=500,5s:=100", NAN, 5, 10, 15, 1000, 100},
        {"5s:=100,5s:=1000,5s:=100,5s:500", NAN, 5, 10, 15, 1000, 100},
        /* it begins with it */
        {"5s:=1000,20s:=100", NAN, 0, 5, 25, 1000, 100},
        {"5s:1000,20s:=100", NAN, 0, 5, 25, 1000, 100},
        /* down to nothing */
        {"5s:=100,5s:=1000,20s:=0", NAN, 5, 10, 30, 1000, 0},
        /* and the end on the way down */
        {"5s:=100,5s:=1000,5s:100", NAN, 5, 15, 15, 1000, 100},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct spike s;
        assert_true(find(cases[i].stages, cases[i].first_rps, &s));
        assert_true(s.from_s == cases[i].from_s);
        assert_true(s.to_s == cases[i].to_s);
        assert_true(s.end_s == cases[i].end_s);
        assert_true(s.peak_rps == cases[i].peak_rps);
        assert_true(s.after_rps == cases[i].after_rps);
    }
}

static void a_rate_that_does_not_come_down_has_none(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "10s:=100", "10s:100,30s:1000", "10s:=100,10s:=1000", "10s:=100,10s:=105,10s:=100", "10s:0",
        "10s:=0"};
    struct spike s;
    for (size_t i = 0; i < LEN(cases); i++)
        assert_false(find(cases[i], NAN, &s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_spike_lies_between_its_rise_and_the_plateau_below_it),
        cmocka_unit_test(a_rate_that_does_not_come_down_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
