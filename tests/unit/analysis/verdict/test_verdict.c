/* What a gate is decided for, by differences within blocks. The margin of "10%" is ln(1.1)/2 =
 * .0477 in d; after six blocks the interval is from the least to the greatest of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/session_bed.h"

static void begin(struct session *s, const char *detection)
{
    bed_session(s);
    bed_gate(s, SESSION_GATE_DETECT, detection);
}

/* --- the direction --- */

static void each_metric_fails_when_it_is_worse_and_passes_when_better(void **state)
{
    (void)state;
    static const struct {
        const char *gate, *metric;
        double worse, better;
    } cases[] = {
        {"rps 10%", "rps", .06, -.06},        {"cpu_per_request 10%", "cpu_per_request", .06, -.06},
        {"p99 10%", "p99", .06, -.06},        {"p50 10%", "p99", .06, -.06},
        {"mean 10%", "p99", .06, -.06},       {"max 10%", "p99", .06, -.06},
        {"rss 10%", "rss", .06, -.06},        {"errors 1%", "errors", .006, -.003},
        {"failed 1%", "errors", .006, -.003},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        begin(&s, cases[i].gate);
        bed_shift(&s, cases[i].metric, cases[i].worse, 6);
        bed_judge(&s, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
        session_fini(&s);
        begin(&s, cases[i].gate);
        bed_shift(&s, cases[i].metric, cases[i].better, 6);
        bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
        session_fini(&s);
    }
}

static void refusals_have_gates_too(void **state)
{
    (void)state;
    static const char *const gates[] = {"non2xx>+1%", "5xx>+1%", "mismatches>+1%"};
    for (size_t i = 0; i < LEN(gates); i++)
        for (enum bed_arm arm = BED_BASE; arm <= BED_HEAD; arm++) {
            struct session s;
            bed_session(&s);
            bed_gate(&s, SESSION_GATE_FAIL, gates[i]);
            bed_blocks(&s, 6);
            for (size_t block = 0; block < 6; block++) {
                bed_non_2xx(&s, block, arm, 150);
                bed_mismatches(&s, block, arm, 150);
            }
            bed_judge(&s, arm == BED_HEAD ? VERDICT_FAIL : VERDICT_PASS, VERDICT_REASON_NONE, 6);
            session_fini(&s);
        }
}

static void the_figures_of_both_arms_are_medians(void **state)
{
    (void)state;
    struct session s;
    static const double d[] = {.01, -.02, .03, .00, .02, -.01};
    begin(&s, "cpu_per_request 10%");
    bed_differences(&s, "cpu_per_request", d, 6);
    bed_set(&s, 5, BED_BASE, "cpu_per_request", log(3));
    bed_set(&s, 5, BED_HEAD, "cpu_per_request", log(3));
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    assert_true(v.gates[0].reference == 100e3);
    assert_true(fabs(v.gates[0].other - 100e3 * (exp(.01) + exp(.02)) / 2) < 1);
    assert_true(v.gates[0].has_interval);
    assert_true(fabs(v.gates[0].interval.lo + .02) < 1e-12);
    assert_true(fabs(v.gates[0].interval.hi - .03) < 1e-12);
    assert_true(fabs(v.gates[0].interval.level - (1 - 1.0 / 32)) < 1e-12);
    verdict_fini(&v);
    session_fini(&s);
}

/* The machine is twice as fast in one block as in the next; within each block head is 6 % worse. */
static void arms_are_compared_within_blocks(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "cpu_per_request 10%");
    bed_blocks(&s, 6);
    for (size_t i = 0; i < 6; i++) {
        double machine = log(2) * (double)(i % 3);
        bed_set(&s, i, BED_BASE, "cpu_per_request", machine);
        bed_set(&s, i, BED_HEAD, "cpu_per_request", machine + .06);
    }
    bed_judge(&s, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    session_fini(&s);
}

/* --- on the margin --- */

static void a_shift_on_the_margin_is_neither(void **state)
{
    (void)state;
    static const struct {
        const char *gate;
        enum verdict_state state;
    } cases[] = {
        {"p99>1us", VERDICT_INCONCLUSIVE},
        {"p99>1001ns", VERDICT_PASS},
        {"p99>999ns", VERDICT_FAIL},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        bed_session(&s);
        bed_gate(&s, SESSION_GATE_FAIL, cases[i].gate);
        bed_blocks(&s, 24);
        bool is_tie = cases[i].state == VERDICT_INCONCLUSIVE;
        bed_judge(&s, cases[i].state, is_tie ? VERDICT_REASON_NOISE : VERDICT_REASON_NONE,
                  is_tie ? 24 : 6);
        session_fini(&s);
    }
}

static void equal_figures_pass(void **state)
{
    (void)state;
    static const char *const gates[] = {"rps 10%", "cpu_per_request 1%", "rss 5%", "errors 1%",
                                        "p99 20%", "non2xx 1%"};
    for (size_t i = 0; i < LEN(gates); i++) {
        struct session s;
        begin(&s, gates[i]);
        bed_blocks(&s, 6);
        struct verdict v = bed_verdict(&s);
        bed_expect(&v, 0, VERDICT_PASS, VERDICT_REASON_NONE, 6);
        assert_true(v.gates[0].interval.lo == 0 && v.gates[0].interval.hi == 0);
        verdict_fini(&v);
        session_fini(&s);
    }
}

/* Five on one side, and one that is not: the interval of six blocks is all of them. */
static void one_of_six_blocks_keeps_it_open(void **state)
{
    (void)state;
    static const double worse[] = {.2, .2, .2, .2, .2, .047};
    static const double better[] = {-.2, -.2, -.2, -.2, -.2, .048};
    struct session s;
    begin(&s, "rps 10%");
    bed_differences(&s, "rps", worse, 6);
    bed_judge(&s, VERDICT_OPEN, VERDICT_REASON_NONE, 6);
    session_fini(&s);
    begin(&s, "rps 10%");
    bed_differences(&s, "rps", better, 6);
    bed_judge(&s, VERDICT_OPEN, VERDICT_REASON_NONE, 6);
    session_fini(&s);
}

/* --- two bounds, and limits --- */

static void both_bounds_must_be_exceeded(void **state)
{
    (void)state;
    static const struct {
        const char *gate;
        enum verdict_state state;
    } cases[] = {
        {"cpu_per_request>+10% and +10us", VERDICT_FAIL}, /* 100 us to 128 us */
        {"cpu_per_request>+10% and +30us", VERDICT_PASS},
        {"cpu_per_request>+50% and +10us", VERDICT_PASS},
        {"cpu_per_request>+10us and +10%", VERDICT_FAIL},
        {"cpu_per_request 10% and +30us", VERDICT_PASS},
        {"cpu_per_request 10% and +20us", VERDICT_FAIL},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        bed_session(&s);
        bed_gate(&s, strchr(cases[i].gate, '>') == NULL ? SESSION_GATE_DETECT : SESSION_GATE_FAIL,
                 cases[i].gate);
        bed_shift(&s, "cpu_per_request", .25, 6);
        bed_judge(&s, cases[i].state, VERDICT_REASON_NONE, 6);
        session_fini(&s);
    }
}

static void a_small_server_may_grow_by_less_than_a_megabyte(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rss 10%");
    bed_blocks(&s, 6);
    for (size_t i = 0; i < 6; i++) {
        s.blocks[i].sides[BED_BASE].result.server.total.rss_peak_bytes = 2 << 20;
        s.blocks[i].sides[BED_HEAD].result.server.total.rss_peak_bytes = (3 << 20) - 4096;
    }
    bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    for (size_t i = 0; i < 6; i++)
        s.blocks[i].sides[BED_HEAD].result.server.total.rss_peak_bytes = (3 << 20) + 4096;
    bed_judge(&s, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    session_fini(&s);
}

static void a_limit_is_for_the_second_arm_unless_it_names_the_first(void **state)
{
    (void)state;
    static const struct {
        const char *gate;
        enum bed_arm slow;
        enum verdict_state state;
    } cases[] = {
        {"cpu_per_request>110us", BED_HEAD, VERDICT_FAIL},
        {"cpu_per_request>110us", BED_BASE, VERDICT_PASS},
        {"head: cpu_per_request>110us", BED_HEAD, VERDICT_FAIL},
        {"base: cpu_per_request>110us", BED_HEAD, VERDICT_PASS},
        {"base: cpu_per_request>110us", BED_BASE, VERDICT_FAIL},
        {"cpu_per_request>130us", BED_HEAD, VERDICT_PASS},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        bed_session(&s);
        bed_gate(&s, SESSION_GATE_FAIL, cases[i].gate);
        bed_blocks(&s, 6);
        for (size_t block = 0; block < 6; block++)
            bed_set(&s, block, cases[i].slow, "cpu_per_request", .2);
        bed_judge(&s, cases[i].state, VERDICT_REASON_NONE, 6);
        session_fini(&s);
    }
}

/* Of a limit on one arm, the other may have measured nothing. */
static void a_limit_needs_its_own_arm_only(void **state)
{
    (void)state;
    struct session s;
    bed_session(&s);
    bed_gate(&s, SESSION_GATE_FAIL, "cpu_per_request>110us");
    bed_blocks(&s, 6);
    s.blocks[3].sides[BED_BASE].result.server.total.cpu_per_request_us = NAN;
    bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    session_fini(&s);
}

/* --- the same from a document --- */

static void figures_are_those_that_a_document_keeps(void **state)
{
    (void)state;
    struct session s;
    struct session stored;
    begin(&s, "rps 10%");
    begin(&stored, "rps 10%");
    bed_gate(&s, SESSION_GATE_DETECT, "cpu_per_request 10%");
    bed_gate(&stored, SESSION_GATE_DETECT, "cpu_per_request 10%");
    bed_blocks(&s, 8);
    bed_blocks(&stored, 8);
    int changed = 0;
    for (size_t i = 0; i < 8; i++)
        for (size_t arm = 0; arm < 2; arm++) {
            struct result *r = &s.blocks[i].sides[arm].result;
            struct result *again = &stored.blocks[i].sides[arm].result;
            r->duration_s = 10 + 1.0 / (3 + (double)(2 * i + arm));
            r->server.total.cpu_per_request_us = 100 + 1.0 / (7 + (double)(2 * i + arm));
            again->duration_s = result_stored(r->duration_s);
            again->server.total.cpu_per_request_us =
                result_stored(r->server.total.cpu_per_request_us);
            changed += again->duration_s != r->duration_s;
        }
    struct verdict v = bed_verdict(&s);
    struct verdict w = bed_verdict(&stored);
    assert_true(changed > 8);
    for (size_t g = 0; g < 2; g++)
        assert_memory_equal(v.gates[g].bounds[0].d, w.gates[g].bounds[0].d, 8 * sizeof(double));
    verdict_fini(&v);
    verdict_fini(&w);
    session_fini(&s);
    session_fini(&stored);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_metric_fails_when_it_is_worse_and_passes_when_better),
        cmocka_unit_test(refusals_have_gates_too),
        cmocka_unit_test(the_figures_of_both_arms_are_medians),
        cmocka_unit_test(arms_are_compared_within_blocks),
        cmocka_unit_test(a_shift_on_the_margin_is_neither),
        cmocka_unit_test(equal_figures_pass),
        cmocka_unit_test(one_of_six_blocks_keeps_it_open),
        cmocka_unit_test(both_bounds_must_be_exceeded),
        cmocka_unit_test(a_small_server_may_grow_by_less_than_a_megabyte),
        cmocka_unit_test(a_limit_is_for_the_second_arm_unless_it_names_the_first),
        cmocka_unit_test(a_limit_needs_its_own_arm_only),
        cmocka_unit_test(figures_are_those_that_a_document_keeps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
