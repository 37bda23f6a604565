#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "analysis/gate/capacity.h"
#include "analysis/gate/sheet.h"
#include "base/mem.h"

static struct gate_outcome judged(const char *text, double lo, double hi, enum capacity_end end)
{
    static struct gate_threshold threshold;
    struct capacity c;
    struct err err;
    assert_int_equal(gate_parse(text, GATE_FAIL, &threshold, &err), 0);
    capacity_init(&c);
    (void)capacity_add_arm(&c, "a", "a");
    c.arms[0].estimate = (struct capacity_estimate){
        .end = end, .median = isinf(hi) ? NAN : (lo + hi) / 2, .lo = lo, .hi = hi, .held = 3};
    struct gate_outcome o = gate_judge_capacity(&threshold, &c, 0, GATE_PARTIAL_REFUSED);
    capacity_fini(&c);
    return o;
}

/* By all of the interval, and not by its middle. */
static void the_interval_decides(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double lo, hi;
        enum gate_verdict verdict;
    } cases[] = {
        {"capacity<800/s", 810, 850, GATE_PASSED},
        {"capacity<800/s", 750, 790, GATE_CROSSED},
        {"capacity<800", 790, 850, GATE_UNKNOWN},
        {"capacity<0.8k", 700, 800, GATE_UNKNOWN},
        {"capacity<=800/s", 700, 800, GATE_CROSSED},
        {"capacity<800/s", 900, INFINITY, GATE_PASSED},
        {"capacity<800/s", 700, INFINITY, GATE_UNKNOWN},
        {"capacity<800/s", 0, 3, GATE_CROSSED},
        {"capacity>800/s", 900, 950, GATE_CROSSED},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_outcome o = judged(cases[i].text, cases[i].lo, cases[i].hi, CAPACITY_FOUND);
        if (o.verdict != cases[i].verdict)
            fail_msg("%s, %g to %g: %s", cases[i].text, cases[i].lo, cases[i].hi,
                     gate_verdict_code(&o));
    }
}

static void an_undecided_one_says_where_it_lies(void **state)
{
    (void)state;
    char text[320];
    struct gate_sheet sheet = {0};
    struct gate_outcome o = judged("capacity<800/s", 790, 850, CAPACITY_WIDE);
    assert_int_equal(o.reason, GATE_INTERVAL);
    assert_non_null(strstr(gate_explain(&o, text, sizeof text), "from 790 to 850/s"));
    gate_sheet_add(&sheet, &o);
    assert_int_equal(gate_sheet_kind(&sheet), ERR_INCONCLUSIVE);
    o = judged("capacity<800/s", 790, INFINITY, CAPACITY_NEVER_BROKEN);
    assert_non_null(strstr(gate_explain(&o, text, sizeof text), "790/s or more"));
    struct gate_outcome partial = judged("capacity<800/s", 810, 850, CAPACITY_SEARCHING);
    assert_int_equal(partial.reason, GATE_INTERRUPTED);
    gate_sheet_add(&sheet, &partial);
    assert_int_equal(gate_sheet_kind(&sheet), ERR_INVALID);
    gate_sheet_fini(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_interval_decides),
        cmocka_unit_test(an_undecided_one_says_where_it_lies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
