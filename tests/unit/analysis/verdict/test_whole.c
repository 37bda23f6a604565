/* What all gates say together: the worst, what one failure stops, the control, and the exit code.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/session_bed.h"

#define RPS "rps 10%"
#define CPU "cpu_per_request 10%"

static void begin(struct session *s)
{
    bed_session(s);
    bed_gate(s, SESSION_GATE_DETECT, RPS);
    bed_gate(s, SESSION_GATE_DETECT, CPU);
}

/* Both metrics in each new block. */
static void add(struct session *s, double rps, double cpu, int count)
{
    for (int i = 0; i < count; i++) {
        bed_shift(s, "rps", rps, 1);
        bed_set(s, s->nblocks - 1, BED_HEAD, "cpu_per_request", cpu);
    }
}

/* Blocks that are undecided until the sixteenth: six of them spread over the margin. */
static void add_undecided_cpu(struct session *s, double rps, int count)
{
    static const double cpu[] = {.35, -.20, .25, -.22};
    for (int i = 0; i < count; i++)
        add(s, rps, cpu[s->nblocks % LEN(cpu)], 1);
}

/* --- one failure --- */

static void one_failure_stops_the_rest(void **state)
{
    (void)state;
    struct session s;
    begin(&s);
    add_undecided_cpu(&s, .06, 6);
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 1, VERDICT_INCONCLUSIVE, VERDICT_REASON_STOPPED, 6);
    bed_expect_all(&v, VERDICT_FAIL, false);
    verdict_fini(&v);
    add(&s, .06, .9, 18); /* whatever came later */
    v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 1, VERDICT_INCONCLUSIVE, VERDICT_REASON_STOPPED, 6);
    bed_expect_all(&v, VERDICT_FAIL, false);
    verdict_fini(&v);
    session_fini(&s);
}

static void with_all_gates_it_does_not(void **state)
{
    (void)state;
    struct session s;
    begin(&s);
    s.all_gates = true;
    add_undecided_cpu(&s, .06, 6);
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 1, VERDICT_OPEN, VERDICT_REASON_NONE, 6);
    bed_expect_all(&v, VERDICT_FAIL, true);
    verdict_fini(&v);
    add(&s, -.5, .9, 18);
    v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 1, VERDICT_FAIL, VERDICT_REASON_NONE, 16);
    bed_expect_all(&v, VERDICT_FAIL, false);
    verdict_fini(&v);
    session_fini(&s);
}

/* A pass at the same look, or a block that had no value before it, is not undone. */
static void what_was_decided_by_then_stays(void **state)
{
    (void)state;
    struct session s;
    begin(&s);
    bed_gate(&s, SESSION_GATE_DETECT, "rss 10%");
    add(&s, .06, 0, 7);
    s.blocks[5].sides[BED_BASE].result.server.total.rss_peak_bytes = MISSING;
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 1, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 2, VERDICT_INVALID, VERDICT_REASON_MISSING, 5);
    bed_expect_all(&v, VERDICT_FAIL, false);
    verdict_fini(&v);
    session_fini(&s);
}

static void a_warning_changes_nothing_else(void **state)
{
    (void)state;
    struct session s;
    bed_session(&s);
    bed_gate(&s, SESSION_GATE_WARN, "rps<-5%");
    bed_gate(&s, SESSION_GATE_DETECT, CPU);
    add_undecided_cpu(&s, .3, 6);
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 1, VERDICT_OPEN, VERDICT_REASON_NONE, 6);
    bed_expect_all(&v, VERDICT_OPEN, true);
    verdict_fini(&v);
    add(&s, .3, -.9, 4);
    add(&s, .3, -.9, 6);
    v = bed_verdict(&s);
    bed_expect_all(&v, VERDICT_PASS, false);
    assert_int_equal(verdict_kind(&v, true), ERR_NONE);
    verdict_fini(&v);
    session_fini(&s);
}

static void a_warning_that_cannot_be_checked_changes_nothing_either(void **state)
{
    (void)state;
    struct session s;
    bed_session(&s);
    bed_gate(&s, SESSION_GATE_WARN, "p99.99>+5%");
    bed_gate(&s, SESSION_GATE_DETECT, CPU);
    bed_blocks(&s, 6);
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_INVALID, VERDICT_REASON_FEW_SAMPLES, 0);
    bed_expect_all(&v, VERDICT_PASS, false);
    verdict_fini(&v);
    session_fini(&s);
}

/* --- the worst --- */

static void the_worst_is_the_verdict(void **state)
{
    (void)state;
    struct session s;
    begin(&s);
    bed_gate(&s, SESSION_GATE_FAIL, "p99.99>1s"); /* too few samples: invalid */
    s.max_blocks = 6;
    add(&s, 0, 0, 6);
    struct verdict v = bed_verdict(&s);
    bed_expect_all(&v, VERDICT_INVALID, false);
    assert_int_equal(v.reason, VERDICT_REASON_FEW_SAMPLES);
    assert_int_equal(verdict_kind(&v, false), ERR_INVALID);
    verdict_fini(&v);
    for (size_t i = 0; i < 6; i++)
        bed_set(&s, i, BED_HEAD, "rps", .06);
    v = bed_verdict(&s);
    bed_expect_all(&v, VERDICT_FAIL, false);
    assert_int_equal(verdict_kind(&v, false), ERR_GATE);
    assert_int_equal(verdict_kind(&v, true), ERR_GATE);
    verdict_fini(&v);
    session_fini(&s);
}

static void inconclusive_is_worse_than_pass(void **state)
{
    (void)state;
    struct session s;
    begin(&s);
    s.max_blocks = 6;
    add_undecided_cpu(&s, 0, 6);
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 1, VERDICT_INCONCLUSIVE, VERDICT_REASON_NOISE, 6);
    bed_expect_all(&v, VERDICT_INCONCLUSIVE, false);
    assert_int_equal(v.reason, VERDICT_REASON_NOISE);
    assert_int_equal(verdict_kind(&v, false), ERR_NONE);
    assert_int_equal(verdict_kind(&v, true), ERR_INCONCLUSIVE);
    verdict_fini(&v);
    bed_gate(&s, SESSION_GATE_FAIL, "p99.99>1s"); /* invalid, which is worse again */
    v = bed_verdict(&s);
    bed_expect_all(&v, VERDICT_INVALID, false);
    verdict_fini(&v);
    session_fini(&s);
}

/* Killed in the middle: nothing says why it ended. */
static void a_session_that_was_left_open_passes_nothing(void **state)
{
    (void)state;
    struct session s;
    begin(&s);
    add(&s, 0, 0, 3);
    struct verdict v = bed_verdict(&s);
    bed_expect_all(&v, VERDICT_OPEN, true);
    assert_int_equal(verdict_kind(&v, false), ERR_NONE);
    assert_int_equal(verdict_kind(&v, true), ERR_INCONCLUSIVE);
    verdict_fini(&v);
    bed_gate(&s, SESSION_GATE_FAIL, "p99.99>1s");
    v = bed_verdict(&s);
    bed_expect_all(&v, VERDICT_OPEN, true);
    assert_int_equal(verdict_kind(&v, false), ERR_INVALID);
    verdict_fini(&v);
    session_fini(&s);
}

static void an_interrupted_session_passes_nothing(void **state)
{
    (void)state;
    struct session s;
    begin(&s);
    s.interrupted = true;
    add_undecided_cpu(&s, 0, 7);
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 1, VERDICT_INCONCLUSIVE, VERDICT_REASON_INTERRUPTED, 6);
    bed_expect_all(&v, VERDICT_INCONCLUSIVE, false);
    verdict_fini(&v);
    session_fini(&s);
}

static void a_session_that_could_not_go_on_is_invalid(void **state)
{
    (void)state;
    struct session s;
    begin(&s);
    s.problem = mem_strdup("head ended with exit 1");
    add_undecided_cpu(&s, 0, 7);
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 1, VERDICT_INVALID, VERDICT_REASON_DIED, 6);
    bed_expect_all(&v, VERDICT_INVALID, false);
    verdict_fini(&v);
    session_fini(&s);
}

static void what_cannot_be_read_is_an_error(void **state)
{
    (void)state;
    static const char *const gates[] = {"p99<+10%", "old: p99>1s", "base: p99>+5%", ""};
    for (size_t i = 0; i < LEN(gates); i++) {
        struct session s;
        struct verdict v;
        struct err err = {0};
        begin(&s);
        bed_gate(&s, SESSION_GATE_FAIL, gates[i]);
        assert_int_equal(verdict_make(&s, &v, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        session_fini(&s);
    }
    struct session s;
    struct verdict v;
    struct err err = {0};
    bed_session(&s);
    assert_int_equal(verdict_make(&s, &v, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    session_fini(&s);
}

/* --- the control --- */

/* head as `head`, the control as `control`, in every block. */
static void with_control(struct session *s, double head, double control, int blocks)
{
    bed_session_with_control(s);
    bed_gate(s, SESSION_GATE_DETECT, RPS);
    bed_gate(s, SESSION_GATE_DETECT, CPU);
    bed_gate(s, SESSION_GATE_FAIL, "p99>1s");
    for (int i = 0; i < blocks; i++) {
        bed_shift(s, "rps", head, 1);
        bed_set(s, s->nblocks - 1, BED_CONTROL, "rps", control);
    }
}

static void a_control_that_differs_makes_all_inconclusive(void **state)
{
    (void)state;
    static const struct {
        double head, control;
        enum verdict_state state; /* with that control */
    } cases[] = {
        {0, 0, VERDICT_PASS},
        {0, .023, VERDICT_PASS}, /* half of the margin is .0238 */
        {0, .025, VERDICT_INCONCLUSIVE},
        {0, -.023, VERDICT_PASS},
        {0, -.025, VERDICT_INCONCLUSIVE},
        {.06, .023, VERDICT_FAIL},
        {.06, .025, VERDICT_INCONCLUSIVE},
        {.06, .06, VERDICT_INCONCLUSIVE},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        with_control(&s, cases[i].head, cases[i].control, 6);
        struct verdict v = bed_verdict(&s);
        bed_expect_all(&v, cases[i].state, false);
        assert_true(v.gates[0].has_control);
        assert_true(fabs(v.gates[0].control.estimate - cases[i].control) < 1e-12);
        assert_false(v.gates[2].has_control); /* a limit on head alone */
        bool differs = cases[i].state == VERDICT_INCONCLUSIVE;
        assert_int_equal(v.control_differs, differs);
        for (size_t g = 0; g < 3 && differs; g++)
            bed_expect(&v, g, VERDICT_INCONCLUSIVE, VERDICT_REASON_CONTROL, 6);
        assert_int_equal(v.control_gate, 0);
        verdict_fini(&v);
        session_fini(&s);
    }
}

/* The look that decided counts, and neither what came later nor an open gate. */
static void a_control_is_judged_where_the_gate_was(void **state)
{
    (void)state;
    struct session s;
    with_control(&s, 0, 0, 6);
    for (int i = 0; i < 4; i++) {
        bed_shift(&s, "rps", 0, 1);
        bed_set(&s, s.nblocks - 1, BED_CONTROL, "rps", .9);
    }
    struct verdict v = bed_verdict(&s);
    bed_expect_all(&v, VERDICT_PASS, false);
    verdict_fini(&v);
    session_fini(&s);
    with_control(&s, 0, .9, 5);
    v = bed_verdict(&s);
    bed_expect_all(&v, VERDICT_OPEN, true);
    assert_false(v.control_differs);
    verdict_fini(&v);
    session_fini(&s);
}

static void a_control_without_a_figure_passes_nothing(void **state)
{
    (void)state;
    struct session s;
    with_control(&s, 0, 0, 6);
    s.blocks[2].sides[BED_CONTROL].result.server.total.cpu_per_request_us = NAN;
    struct verdict v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    bed_expect(&v, 1, VERDICT_INVALID, VERDICT_REASON_MISSING, 2);
    assert_int_equal(v.gates[1].at_arm, BED_CONTROL);
    verdict_fini(&v);
    session_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_failure_stops_the_rest),
        cmocka_unit_test(with_all_gates_it_does_not),
        cmocka_unit_test(what_was_decided_by_then_stays),
        cmocka_unit_test(a_warning_changes_nothing_else),
        cmocka_unit_test(a_warning_that_cannot_be_checked_changes_nothing_either),
        cmocka_unit_test(the_worst_is_the_verdict),
        cmocka_unit_test(inconclusive_is_worse_than_pass),
        cmocka_unit_test(a_session_that_was_left_open_passes_nothing),
        cmocka_unit_test(an_interrupted_session_passes_nothing),
        cmocka_unit_test(a_session_that_could_not_go_on_is_invalid),
        cmocka_unit_test(what_cannot_be_read_is_an_error),
        cmocka_unit_test(a_control_that_differs_makes_all_inconclusive),
        cmocka_unit_test(a_control_is_judged_where_the_gate_was),
        cmocka_unit_test(a_control_without_a_figure_passes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
