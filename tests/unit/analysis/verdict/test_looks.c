/* When a gate is decided, and what is to come. The margin of "10%" is ln(1.1)/2 = .0477 in d; after
 * six blocks the interval is from the least to the greatest of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stat/operating_point.h"
#include "stat/signed_rank.h"
#include "support/session_bed.h"

static void begin(struct session *s, const char *detection)
{
    bed_session(s);
    bed_gate(s, SESSION_GATE_DETECT, detection);
}

static void nothing_is_decided_before_six_blocks(void **state)
{
    (void)state;
    for (int blocks = 0; blocks < 6; blocks++) {
        struct session s;
        begin(&s, "rps 10%");
        bed_shift(&s, "rps", 1, blocks);
        bed_judge(&s, VERDICT_OPEN, VERDICT_REASON_NONE, blocks);
        session_fini(&s);
    }
}

static void nothing_is_decided_between_looks(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps 10%");
    bed_shift(&s, "rps", 0, 1);
    bed_shift(&s, "rps", .12, 5);
    for (int blocks = 6; blocks < 10; blocks++) {
        bed_judge(&s, VERDICT_OPEN, VERDICT_REASON_NONE, blocks);
        bed_shift(&s, "rps", .12, 1);
    }
    bed_judge(&s, VERDICT_FAIL, VERDICT_REASON_NONE, 10);
    session_fini(&s);
}

static void a_decided_gate_stays_decided(void **state)
{
    (void)state;
    static const struct {
        double first, later;
        enum verdict_state state;
    } cases[] = {{.06, -.5, VERDICT_FAIL}, {-.06, .5, VERDICT_PASS}, {0, .5, VERDICT_PASS}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        begin(&s, "rps 10%");
        bed_shift(&s, "rps", cases[i].first, 6);
        while (s.nblocks < 24) {
            bed_shift(&s, "rps", cases[i].later, 1);
            bed_judge(&s, cases[i].state, VERDICT_REASON_NONE, 6);
        }
        s.interrupted = true;
        s.out_of_time = true;
        bed_judge(&s, cases[i].state, VERDICT_REASON_NONE, 6);
        session_fini(&s);
    }
}

/* Blocks far on both sides of the margin, and so are their averages. */
static void add_noise(struct session *s, int count)
{
    static const double d[] = {.35, -.20, .25, -.22};
    for (int i = 0; i < count; i++)
        bed_shift(s, "rps", d[s->nblocks % LEN(d)], 1);
}

static void the_last_look_of_the_plan_ends_it(void **state)
{
    (void)state;
    static const struct {
        int max_blocks, last;
    } cases[] = {{6, 6},   {7, 6},   {9, 6},   {10, 10}, {12, 10},
                 {16, 16}, {23, 16}, {24, 24}, {99, 24}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        begin(&s, "rps 10%");
        s.max_blocks = cases[i].max_blocks;
        while ((int)s.nblocks < cases[i].last) {
            bed_judge(&s, VERDICT_OPEN, VERDICT_REASON_NONE, (int)s.nblocks);
            add_noise(&s, 1);
        }
        bed_judge(&s, VERDICT_INCONCLUSIVE, VERDICT_REASON_NOISE, cases[i].last);
        session_fini(&s);
    }
}

static void a_plan_without_a_look_says_so(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps 10%");
    s.max_blocks = 5;
    bed_shift(&s, "rps", .5, 5);
    bed_judge(&s, VERDICT_INCONCLUSIVE, VERDICT_REASON_FEW_BLOCKS, 5);
    session_fini(&s);
}

static void a_budget_only_cuts(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps 10%");
    s.out_of_time = true;
    bed_judge(&s, VERDICT_INCONCLUSIVE, VERDICT_REASON_FEW_BLOCKS, 0);
    bed_shift(&s, "rps", .5, 5);
    bed_judge(&s, VERDICT_INCONCLUSIVE, VERDICT_REASON_FEW_BLOCKS, 5);
    bed_shift(&s, "rps", .5, 1);
    bed_judge(&s, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    session_fini(&s);
    begin(&s, "rps 10%");
    s.out_of_time = true;
    add_noise(&s, 9);
    bed_judge(&s, VERDICT_INCONCLUSIVE, VERDICT_REASON_NOISE, 6);
    session_fini(&s);
}

/* --- what is to come --- */

static void a_forecast_is_made_from_the_first_look_on(void **state)
{
    (void)state;
    static const double quiet[] = {.04, .045, .05, .04, .045, .05};
    static const double loud[] = {.9, -.9, .9, -.9, .9, -.9};
    struct session s;
    begin(&s, "rps 10%");
    bed_differences(&s, "rps", quiet, 5);
    struct verdict v = bed_verdict(&s);
    assert_false(v.gates[0].has_forecast);
    assert_true(v.gates[0].can_be_decided);
    assert_true(isnan(verdict_caught(&v, &v.gates[0])));
    verdict_fini(&v);
    bed_differences(&s, "rps", quiet + 5, 1);
    v = bed_verdict(&s);
    bed_expect(&v, 0, VERDICT_OPEN, VERDICT_REASON_NONE, 6);
    assert_true(v.gates[0].has_forecast);
    assert_true(v.gates[0].can_be_decided);
    assert_int_equal(v.gates[0].forecast.nlooks, 3);
    assert_true(fabs(v.gates[0].caught_at - log(1.1)) < 1e-12);
    assert_true(verdict_caught(&v, &v.gates[0]) > .99);
    verdict_fini(&v);
    session_fini(&s);
    begin(&s, "rps 10%");
    bed_differences(&s, "rps", loud, 6);
    v = bed_verdict(&s);
    assert_true(v.gates[0].has_forecast);
    assert_false(v.gates[0].can_be_decided);
    assert_true(verdict_caught(&v, &v.gates[0]) < .1);
    verdict_fini(&v);
    session_fini(&s);
}

static void a_limit_is_caught_at_twice_its_margin(void **state)
{
    (void)state;
    struct session s;
    bed_session(&s);
    bed_gate(&s, SESSION_GATE_FAIL, "rps<-5%");
    bed_gate(&s, SESSION_GATE_FAIL, "rps<100");
    bed_blocks(&s, 6);
    struct verdict v = bed_verdict(&s);
    assert_true(fabs(v.gates[0].caught_at + 2 * log(.95)) < 1e-12);
    assert_true(verdict_caught(&v, &v.gates[0]) == 1);
    assert_true(isnan(v.gates[1].caught_at));
    assert_true(isnan(verdict_caught(&v, &v.gates[1])));
    verdict_fini(&v);
    session_fini(&s);
}

/* A fifth of 4 MiB is less than 1 MiB, so it is never caught; a fifth of 40 MiB is. */
static void a_change_is_caught_only_beyond_both_margins(void **state)
{
    (void)state;
    for (int64_t mib = 4; mib <= 40; mib += 36) {
        struct session s;
        bed_session(&s);
        bed_gate(&s, SESSION_GATE_FAIL, "rss>+10% and +1MiB");
        bed_blocks(&s, 6);
        for (size_t i = 0; i < s.nblocks; i++) {
            for (enum bed_arm arm = BED_BASE; arm <= BED_HEAD; arm++)
                s.blocks[i].sides[arm].result.server.total.rss_peak_bytes = mib << 20;
        }
        struct verdict v = bed_verdict(&s);
        assert_true(verdict_caught(&v, &v.gates[0]) == (mib == 4 ? 0 : 1));
        verdict_fini(&v);
        session_fini(&s);
    }
}

/* At the spread of the blocks, in the looks that the session may have. */
static void what_would_be_caught_is_that_of_the_plan(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps 10%");
    add_noise(&s, 8);
    for (int max_blocks = 24; max_blocks >= 10; max_blocks -= 14) {
        s.max_blocks = max_blocks;
        struct verdict v = bed_verdict(&s);
        const struct verdict_gate *g = &v.gates[0];
        double caught = verdict_caught(&v, g);
        assert_true(caught > 0 && caught < 1);
        assert_true(caught == operating_point(log(1.1) / 2, g->forecast.sd, max_blocks));
        verdict_fini(&v);
    }
    s.out_of_time = true;
    struct verdict v = bed_verdict(&s);
    assert_true(verdict_caught(&v, &v.gates[0]) ==
                operating_point(log(1.1) / 2, v.gates[0].forecast.sd, 6));
    verdict_fini(&v);
    session_fini(&s);
}

/* Of all blocks so far, for the eye: 95 % as nearly as there is such an interval from 6 on. */
static void between_looks_there_is_an_interval_for_the_eye(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps 10%");
    for (int blocks = 0; blocks < 10; blocks++) {
        struct verdict v = bed_verdict(&s);
        const struct verdict_gate *g = &v.gates[0];
        int c = blocks == 6 ? 0 : signed_rank_critical(blocks, 0.025);
        double level = 1 - 2 * signed_rank_tail(blocks, c < 0 ? 0 : c);
        assert_int_equal(g->has_interval, blocks >= 2);
        assert_true(!g->has_interval || fabs(g->interval.level - level) < 1e-12);
        assert_int_equal(g->gate.is_default, false);
        verdict_fini(&v);
        add_noise(&s, 1);
    }
    s.gates[0].is_default = true;
    struct verdict v = bed_verdict(&s);
    assert_int_equal(v.gates[0].gate.is_default, true);
    verdict_fini(&v);
    session_fini(&s);
}

static void the_next_look_is_counted_from_the_blocks_there_are(void **state)
{
    (void)state;
    static const int want[25] = {6, 5, 4, 3, 2, 1, 4, 3, 2, 1, 6, 5, 4,
                                 3, 2, 1, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    struct session s;
    begin(&s, "rps 10%");
    for (size_t i = 0; i < LEN(want); i++) {
        assert_int_equal(verdict_next_look(&s), want[i]);
        bed_blocks(&s, 1);
    }
    session_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_decided_before_six_blocks),
        cmocka_unit_test(nothing_is_decided_between_looks),
        cmocka_unit_test(a_decided_gate_stays_decided),
        cmocka_unit_test(the_last_look_of_the_plan_ends_it),
        cmocka_unit_test(a_plan_without_a_look_says_so),
        cmocka_unit_test(a_budget_only_cuts),
        cmocka_unit_test(a_forecast_is_made_from_the_first_look_on),
        cmocka_unit_test(a_limit_is_caught_at_twice_its_margin),
        cmocka_unit_test(a_change_is_caught_only_beyond_both_margins),
        cmocka_unit_test(what_would_be_caught_is_that_of_the_plan),
        cmocka_unit_test(between_looks_there_is_an_interval_for_the_eye),
        cmocka_unit_test(the_next_look_is_counted_from_the_blocks_there_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
