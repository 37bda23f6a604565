#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/verdict/change.h"
#include "base/mem.h"

static struct change_gate parsed(enum session_gate_kind kind, const char *text)
{
    struct change_gate gate;
    struct err err;
    if (change_parse(kind, text, &gate, &err) < 0)
        fail_msg("%s", err.text);
    return gate;
}

static void near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-12 * fmax(1, fabs(want))))
        fail_msg("%.17g instead of %.17g", got, want);
}

/* --- the direction of each metric --- */

/* Twice of what is bad is worse, and half of it is better. */
static void more_is_worse_but_of_rps(void **state)
{
    (void)state;
    static const struct {
        const char *metric, *bad, *wrong;
        bool higher_is_better;
    } cases[] = {
        {"rps", "rps<-5%", "rps>+5%", true},
        {"mean", "mean>+5%", "mean<-5%", false},
        {"max", "max>+5%", "max<-5%", false},
        {"p50", "p50>+5%", "p50<-5%", false},
        {"p75", "p75>+5%", "p75<-5%", false},
        {"p90", "p90>+5%", "p90<-5%", false},
        {"p95", "p95>+5%", "p95<-5%", false},
        {"p99", "p99>+5%", "p99<-5%", false},
        {"p99.9", "p99.9>+5%", "p99.9<-5%", false},
        {"cpu_per_request", "cpu_per_request>+5%", "cpu_per_request<-5%", false},
        {"rss", "rss>+5%", "rss<-5%", false},
        {"errors", "errors>+5%", "errors<-5%", false},
        {"timeouts", "timeouts>+5%", "timeouts<-5%", false},
        {"failed", "failed>+5%", "failed<-5%", false},
        {"non2xx", "non2xx>+5%", "non2xx<-5%", false},
        {"4xx", "4xx>+5%", "4xx<-5%", false},
        {"5xx", "5xx>+5%", "5xx<-5%", false},
        {"mismatches", "mismatches>+5%", "mismatches<-5%", false},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct change_gate gate = parsed(SESSION_GATE_FAIL, cases[i].bad);
        struct err err = {0};
        double sign = cases[i].higher_is_better ? -1 : 1;
        assert_string_equal(gate.metric.name, cases[i].metric);
        assert_int_equal(gate.higher_is_better, cases[i].higher_is_better);
        assert_true(sign * change_d(&gate, &gate.bounds[0], 100, 200) > 0);
        assert_true(sign * change_d(&gate, &gate.bounds[0], 200, 100) < 0);
        assert_true(gate.bounds[0].tau > 0);
        assert_int_equal(change_parse(SESSION_GATE_FAIL, cases[i].wrong, &gate, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].bad) == NULL)
            fail_msg("%s", err.text);
    }
}

/* --- margins --- */

static void limits_have_the_margin_that_they_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum change_scale scale;
        double tau;
    } cases[] = {
        {"p99>+10%", CHANGE_RATIO, 0.09531017980432487},
        {" \tp99  > +10% ", CHANGE_RATIO, 0.09531017980432487},
        {"p99>=+10%", CHANGE_RATIO, 0.09531017980432487},
        {"p99>+100%", CHANGE_RATIO, 0.69314718055994531},
        {"rps<-5%", CHANGE_RATIO, 0.05129329438755058},
        {"rps<-50%", CHANGE_RATIO, 0.69314718055994531},
        {"errors>+0.5%", CHANGE_ADDED, 0.005},
        {"p99>+1ms", CHANGE_ADDED, 1e6},
        {"rss>+1MiB", CHANGE_ADDED, 1048576},
        {"rps<-1.5k", CHANGE_ADDED, 1500},
        {"p99>250ms", CHANGE_ABSOLUTE, 0},
        {"errors>1%", CHANGE_ABSOLUTE, 0},
        {"rps<1000", CHANGE_ABSOLUTE, 0},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct change_gate gate = parsed(SESSION_GATE_FAIL, cases[i].text);
        assert_int_equal(gate.nbounds, 1);
        assert_int_equal(gate.bounds[0].scale, cases[i].scale);
        assert_true(isnan(gate.detect));
        near(gate.bounds[0].tau, cases[i].tau);
    }
    near(parsed(SESSION_GATE_FAIL, "p99>250ms").bounds[0].limit, 250e6);
    near(parsed(SESSION_GATE_FAIL, "errors>1%").bounds[0].limit, 0.01);
    near(parsed(SESSION_GATE_WARN, "rps<1k").bounds[0].limit, 1000);
}

/* Half-way between no change and the one to detect, whichever way is worse. */
static void a_detection_has_half_of_its_size_as_margin(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double size, unchanged, changed;
    } cases[] = {
        {"p99 20%", 0.18232155679395463, 100, 120},
        {"cpu_per_request  10%", 0.09531017980432487, 100, 110},
        {"rps 10%", 0.09531017980432487, 110, 100},
        {"errors 1%", 0.01, 0.02, 0.03},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct change_gate gate = parsed(SESSION_GATE_DETECT, cases[i].text);
        double changed = change_d(&gate, &gate.bounds[0], cases[i].unchanged, cases[i].changed);
        assert_int_equal(gate.nbounds, 1);
        near(gate.detect, cases[i].size);
        near(changed, cases[i].size);
        near(gate.bounds[0].tau, cases[i].size / 2);
    }
}

static void memory_may_always_grow_by_a_megabyte(void **state)
{
    (void)state;
    struct change_gate gate = parsed(SESSION_GATE_DETECT, "rss 10%");
    assert_int_equal(gate.nbounds, 2);
    assert_int_equal(gate.bounds[1].scale, CHANGE_ADDED);
    near(gate.bounds[1].tau, 1048576);
    gate = parsed(SESSION_GATE_DETECT, "rss 10% and +5MiB");
    assert_int_equal(gate.nbounds, 2);
    near(gate.bounds[1].tau, 5 * 1048576);
    assert_int_equal(parsed(SESSION_GATE_FAIL, "rss>+10%").nbounds, 1);
}

static void a_second_bound_is_an_amount(void **state)
{
    (void)state;
    struct change_gate gate = parsed(SESSION_GATE_FAIL, "p99>+10% and +1ms");
    assert_int_equal(gate.nbounds, 2);
    near(gate.bounds[0].tau, log(1.1));
    assert_int_equal(gate.bounds[1].scale, CHANGE_ADDED);
    near(gate.bounds[1].tau, 1e6);
    near(change_d(&gate, &gate.bounds[1], 5e6, 7e6), 2e6);
    gate = parsed(SESSION_GATE_FAIL, "rps<-100  and   -5%");
    assert_int_equal(gate.bounds[0].scale, CHANGE_ADDED);
    near(gate.bounds[1].tau, -log(0.95));
    near(change_d(&gate, &gate.bounds[0], 500, 300), 200);
    gate = parsed(SESSION_GATE_DETECT, "p99 20% and +500us");
    near(gate.bounds[1].tau, 5e5);
}

static void a_limit_is_compared_with_the_arm_alone(void **state)
{
    (void)state;
    struct change_gate gate = parsed(SESSION_GATE_FAIL, "p99>250ms");
    near(change_d(&gate, &gate.bounds[0], 7, 500e6), log(2));
    gate = parsed(SESSION_GATE_FAIL, "rps<1000");
    near(change_d(&gate, &gate.bounds[0], 7, 500), log(2));
    near(change_d(&gate, &gate.bounds[0], 7, 2000), -log(2));
    gate = parsed(SESSION_GATE_FAIL, "errors>1%");
    near(change_d(&gate, &gate.bounds[0], 7, 0.03), 0.02);
    near(change_d(&gate, &gate.bounds[0], 7, 0), -0.01);
}

static void an_arm_may_be_named(void **state)
{
    (void)state;
    struct change_gate gate = parsed(SESSION_GATE_FAIL, "the: base : p99>250ms");
    assert_int_equal(gate.arm_len, strlen("the: base"));
    assert_memory_equal(gate.arm, "the: base", gate.arm_len);
    assert_string_equal(gate.metric.name, "p99");
    gate = parsed(SESSION_GATE_DETECT, "head: p99 20%");
    assert_int_equal(gate.arm_len, 4);
    assert_null(parsed(SESSION_GATE_FAIL, "p99>250ms").arm);
}

static void a_ratio_with_nothing_is_no_number(void **state)
{
    (void)state;
    struct change_gate gate = parsed(SESSION_GATE_FAIL, "rps<-5%");
    assert_true(isnan(change_d(&gate, &gate.bounds[0], 0, 100)));
    assert_true(isnan(change_d(&gate, &gate.bounds[0], 100, 0)));
}

/* --- in words --- */

static void a_change_is_shown_with_the_sign_of_its_metric(void **state)
{
    (void)state;
    static const struct {
        const char *gate;
        double d;
        const char *shown;
    } cases[] = {
        {"p99>+10%", 0.09531017980432487, "+10.0%"},
        {"p99>+10%", -0.10536051565782628, "-10.0%"},
        {"p99>+10%", 0.0001, "+0.0%"},
        {"p99>+10%", -0.0001, "+0.0%"},
        {"p99>+10%", 1.0986122886681098, "+200%"},
        {"rps<-5%", 0.05129329438755058, "-5.0%"},
        {"rps<-5%", -0.04879016416943205, "+5.0%"},
        {"errors>+0.5%", 0.0031, "+0.31 points"},
        {"errors>+0.5%", -1e-9, "+0.00 points"},
        {"p99>+1ms", 1240000, "+1.24 ms"},
        {"p99>+1ms", -1240000, "-1.24 ms"},
        {"rps<-100", 250, "-250"},
        {"p99>250ms", 0, "250 ms"},
        {"p99>250ms", -0.6931471805599453, "125 ms"},
        {"rps<1000", 0.6931471805599453, "500"},
        {"errors>1%", -0.005, "0.5%"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct change_gate gate = parsed(SESSION_GATE_FAIL, cases[i].gate);
        char text[40];
        assert_string_equal(change_format(&gate, cases[i].d, text, sizeof text), cases[i].shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_is_worse_but_of_rps),
        cmocka_unit_test(limits_have_the_margin_that_they_name),
        cmocka_unit_test(a_detection_has_half_of_its_size_as_margin),
        cmocka_unit_test(memory_may_always_grow_by_a_megabyte),
        cmocka_unit_test(a_second_bound_is_an_amount),
        cmocka_unit_test(a_limit_is_compared_with_the_arm_alone),
        cmocka_unit_test(an_arm_may_be_named),
        cmocka_unit_test(a_ratio_with_nothing_is_no_number),
        cmocka_unit_test(a_change_is_shown_with_the_sign_of_its_metric),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
