/* Why a gate is not judged: blocks that gave no value, and errors that a figure does not show. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/session_bed.h"

static void begin(struct session *s, const char *limit)
{
    bed_session(s);
    bed_gate(s, SESSION_GATE_FAIL, limit);
}

/* --- blocks --- */

static void a_block_that_stayed_flawed_ends_the_judging(void **state)
{
    (void)state;
    static const struct {
        enum session_flaw flaw;
        enum verdict_state state;
        enum verdict_reason reason;
    } cases[] = {
        {SESSION_FLAW_STOLEN, VERDICT_INCONCLUSIVE, VERDICT_REASON_MACHINE},
        {SESSION_FLAW_FOREIGN, VERDICT_INCONCLUSIVE, VERDICT_REASON_MACHINE},
        {SESSION_FLAW_THROTTLED, VERDICT_INCONCLUSIVE, VERDICT_REASON_MACHINE},
        {SESSION_FLAW_CLOCK, VERDICT_INCONCLUSIVE, VERDICT_REASON_MACHINE},
        {SESSION_FLAW_DIED, VERDICT_INVALID, VERDICT_REASON_DIED},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        for (int at = 0; at < 6; at++) {
            struct session s;
            begin(&s, "rps<-5%");
            bed_shift(&s, "rps", .5, at + 1);
            bed_redo(&s, (size_t)at, cases[i].flaw, BED_HEAD);
            bed_judge(&s, cases[i].state, cases[i].reason, at);
            bed_shift(&s, "rps", .5, 23 - at);
            bed_judge(&s, cases[i].state, cases[i].reason, at);
            session_fini(&s);
        }
}

static void what_was_decided_before_that_block_stays(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps<-5%");
    bed_shift(&s, "rps", .5, 7);
    bed_redo(&s, 6, SESSION_FLAW_DIED, BED_HEAD);
    bed_judge(&s, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    session_fini(&s);
}

/* A block that was redone and is fine counts; so does one whose redone entry is another's. */
static void a_block_that_was_repaired_counts(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps<-5%");
    bed_shift(&s, "rps", .5, 6);
    bed_redo(&s, 2, SESSION_FLAW_DIED, BED_HEAD);
    s.blocks[2].is_valid = true;
    bed_judge(&s, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    bed_redo(&s, 4, SESSION_FLAW_STOLEN, BED_HEAD);
    bed_judge(&s, VERDICT_INCONCLUSIVE, VERDICT_REASON_MACHINE, 4);
    session_fini(&s);
}

static void an_arm_that_disturbs_itself_is_not_judged(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "rps<-5%");
    bed_shift(&s, "rps", .5, 6);
    for (size_t block = 2; block <= 4; block++) {
        bed_redo(&s, block, SESSION_FLAW_THROTTLED, BED_HEAD);
        s.blocks[block].is_valid = true;
    }
    bed_judge(&s, VERDICT_FAIL, VERDICT_REASON_NONE, 6);
    s.is_one_sided = true;
    bed_judge(&s, VERDICT_INCONCLUSIVE, VERDICT_REASON_ONE_SIDED, 4);
    session_fini(&s);
}

static void what_a_block_did_not_measure_is_missing(void **state)
{
    (void)state;
    for (enum bed_arm arm = BED_BASE; arm <= BED_HEAD; arm++) {
        struct session s;
        begin(&s, "cpu_per_request>+5%");
        bed_shift(&s, "cpu_per_request", .5, 6);
        s.blocks[3].sides[arm].result.server.total.cpu_per_request_us = NAN;
        bed_judge(&s, VERDICT_INVALID, VERDICT_REASON_MISSING, 3);
        s.blocks[3].sides[arm].result.server.total.cpu_per_request_us = 0; /* not a tick */
        struct verdict v = bed_verdict(&s);
        bed_expect(&v, 0, VERDICT_INVALID, VERDICT_REASON_FEW_SAMPLES, 3);
        assert_int_equal(v.gates[0].at_arm, arm);
        verdict_fini(&v);
        session_fini(&s);
    }
}

/* 10000 requests are enough for p99.9, and 9999 are not. */
static void a_percentile_needs_ten_samples_beyond_it(void **state)
{
    (void)state;
    for (enum bed_arm arm = BED_BASE; arm <= BED_HEAD; arm++) {
        struct session s;
        begin(&s, "p99.9>+5%");
        bed_blocks(&s, 6);
        bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
        hist_reset(s.blocks[5].sides[arm].result.latency);
        hist_record_n(s.blocks[5].sides[arm].result.latency, 1000, 9999);
        bed_judge(&s, VERDICT_INVALID, VERDICT_REASON_FEW_SAMPLES, 5);
        s.gates[0].is_default = true; /* a slow endpoint must not break a build */
        bed_judge(&s, VERDICT_INCONCLUSIVE, VERDICT_REASON_FEW_SAMPLES, 5);
        session_fini(&s);
    }
}

static void requests_given_up_can_hide_a_percentile(void **state)
{
    (void)state;
    for (enum bed_arm arm = BED_BASE; arm <= BED_HEAD; arm++) {
        struct session s;
        begin(&s, "p99>+5%");
        s.allow_errors = true;
        bed_blocks(&s, 6);
        bed_losses(&s, 2, arm, 90);
        bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
        bed_losses(&s, 2, arm, 200);
        bed_judge(&s, VERDICT_INVALID, VERDICT_REASON_UNFINISHED, 2);
        session_fini(&s);
    }
}

static void a_generator_that_is_busy_or_late_hides_what_it_times(void **state)
{
    (void)state;
    static const struct {
        const char *gate;
        bool when_busy, when_late;
    } cases[] = {
        {"rps<-5%", true, false},     {"p99>+5%", true, true},
        {"mean>250ms", true, true},   {"rss>+5%", false, false},
        {"errors>+1%", false, false}, {"cpu_per_request>+5%", false, false},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        begin(&s, cases[i].gate);
        bed_blocks(&s, 6);
        struct client_cost *client = &s.blocks[1].sides[BED_BASE].result.client;
        struct client_cost *other = &s.blocks[1].sides[BED_HEAD].result.client;
        client->saturated = other->saturated = true;
        if (cases[i].when_busy)
            bed_judge(&s, VERDICT_INVALID, VERDICT_REASON_SATURATED, 1);
        else
            bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
        client->saturated = other->saturated = false;
        client->late = other->late = true;
        if (cases[i].when_late)
            bed_judge(&s, VERDICT_INVALID, VERDICT_REASON_LATE, 1);
        else
            bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
        session_fini(&s);
    }
}

/* --- errors --- */

enum bad { NON_2XX, MISMATCH, LOSS };

/* 2 % of what that arm was asked, in all of six equal blocks. */
static void add_errors(struct session *s, enum bad bad, enum bed_arm arm)
{
    static void (*const set[])(struct session *, size_t, enum bed_arm, int64_t) = {
        [NON_2XX] = bed_non_2xx, [MISMATCH] = bed_mismatches, [LOSS] = bed_losses};
    bed_blocks(s, 6);
    for (size_t i = 0; i < 6; i++)
        set[bad](s, i, arm, 200);
}

static void errors_distort_latency_rate_and_cost(void **state)
{
    (void)state;
    static const struct {
        const char *gate;
        bool is_distorted;
    } cases[] = {
        {"p50>+5%", true},     {"mean>250ms", true},          {"rps<-5%", true},
        {"rps<1", true},       {"cpu_per_request>+5%", true}, {"rss>+5%", false},
        {"non2xx>+5%", false}, {"mismatches>+5%", false},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        for (enum bad bad = NON_2XX; bad <= MISMATCH; bad++) {
            struct session s;
            begin(&s, cases[i].gate);
            add_errors(&s, bad, BED_HEAD);
            if (cases[i].is_distorted)
                bed_judge(&s, VERDICT_INVALID, VERDICT_REASON_ERRORS, 6);
            else
                bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
            s.allow_errors = true;
            bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
            session_fini(&s);
        }
}

static void errors_of_the_reference_count_as_well(void **state)
{
    (void)state;
    for (enum bad bad = NON_2XX; bad <= LOSS; bad++) {
        struct session s;
        begin(&s, "cpu_per_request>+5%");
        add_errors(&s, bad, BED_BASE);
        struct verdict v = bed_verdict(&s);
        bed_expect(&v, 0, VERDICT_INVALID, VERDICT_REASON_ERRORS, 6);
        assert_int_equal(v.gates[0].at_arm, BED_BASE);
        assert_int_equal(v.gates[0].error, (int)bad);
        assert_true(fabs(v.gates[0].errors - .02) < 1e-12);
        verdict_fini(&v);
        session_fini(&s);
        begin(&s, "cpu_per_request>250us"); /* of head alone */
        add_errors(&s, bad, BED_BASE);
        bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
        session_fini(&s);
    }
}

static void one_percent_is_not_too_many(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "cpu_per_request>+5%");
    bed_blocks(&s, 6);
    bed_non_2xx(&s, 0, BED_HEAD, 600); /* 1 % of all six */
    bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    bed_non_2xx(&s, 0, BED_HEAD, 601);
    bed_judge(&s, VERDICT_INVALID, VERDICT_REASON_ERRORS, 6);
    bed_non_2xx(&s, 0, BED_HEAD, 0);
    bed_blocks(&s, 2);
    bed_non_2xx(&s, 7, BED_HEAD, 10000); /* after the look that decided */
    bed_judge(&s, VERDICT_PASS, VERDICT_REASON_NONE, 6);
    session_fini(&s);
}

static void each_kind_is_excused_by_a_gate_of_its_own(void **state)
{
    (void)state;
    static const struct {
        const char *gate;
        bool excuses[3]; /* by enum bad */
    } cases[] = {
        {"non2xx>+5%", {[NON_2XX] = true}}, {"4xx>+5%", {[NON_2XX] = true}},
        {"5xx>90%", {[NON_2XX] = true}},    {"mismatches>5%", {[MISMATCH] = true}},
        {"errors>5%", {[LOSS] = true}},     {"failed>+5%", {[LOSS] = true}},
        {"timeouts>5%", {[LOSS] = true}},   {"p99>1s", {false}},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        for (enum bad bad = NON_2XX; bad <= LOSS; bad++) {
            struct session s;
            begin(&s, "cpu_per_request>+5%");
            bed_gate(&s, SESSION_GATE_FAIL, cases[i].gate);
            add_errors(&s, bad, BED_HEAD);
            struct verdict v = bed_verdict(&s);
            assert_int_equal(v.gates[0].state,
                             cases[i].excuses[bad] ? VERDICT_PASS : VERDICT_INVALID);
            verdict_fini(&v);
            session_fini(&s);
        }
}

static void neither_a_default_nor_a_warning_excuses_a_failure(void **state)
{
    (void)state;
    struct session s;
    begin(&s, "cpu_per_request>+5%");
    bed_gate(&s, SESSION_GATE_WARN, "mean>+5%");
    session_add_gate(&s, SESSION_GATE_FAIL, "errors>+5%", true);
    add_errors(&s, LOSS, BED_HEAD);
    struct verdict v = bed_verdict(&s);
    assert_int_equal(v.gates[0].reason, VERDICT_REASON_ERRORS);
    verdict_fini(&v);
    bed_gate(&s, SESSION_GATE_WARN, "errors>+5%");
    v = bed_verdict(&s);
    assert_int_equal(v.gates[0].reason, VERDICT_REASON_ERRORS);
    assert_int_equal(v.gates[1].reason, VERDICT_REASON_UNFINISHED); /* of 2 %, no mean is known */
    verdict_fini(&v);
    bed_gate(&s, SESSION_GATE_DETECT, "errors 5%");
    v = bed_verdict(&s);
    assert_int_equal(v.gates[0].state, VERDICT_PASS);
    verdict_fini(&v);
    session_fini(&s);
}

/* What is worse although errors make it look better is worse. */
static void a_failure_that_errors_only_hide_is_one(void **state)
{
    (void)state;
    static const struct {
        const char *gate, *metric;
        enum bad bad;
        enum bed_arm arm;
        enum verdict_state state;
    } cases[] = {
        {"rps<-5%", "rps", NON_2XX, BED_HEAD, VERDICT_FAIL},
        {"rps<-5%", "rps", LOSS, BED_HEAD, VERDICT_FAIL},
        {"rps<-5%", "rps", NON_2XX, BED_BASE, VERDICT_INVALID},
        {"p50>+5%", "p99", LOSS, BED_HEAD, VERDICT_FAIL},
        {"p50>+5%", "p99", LOSS, BED_BASE, VERDICT_INVALID},
        {"p50>+5%", "p99", NON_2XX, BED_HEAD, VERDICT_INVALID},
        {"cpu_per_request>+5%", "cpu_per_request", LOSS, BED_HEAD, VERDICT_INVALID},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct session s;
        begin(&s, cases[i].gate);
        add_errors(&s, cases[i].bad, cases[i].arm);
        for (size_t block = 0; block < 6; block++)
            bed_set(&s, block, BED_HEAD, cases[i].metric, .5);
        struct verdict v = bed_verdict(&s);
        if (v.gates[0].state != cases[i].state)
            fail_msg("case %zu: %s", i, verdict_state_names[v.gates[0].state]);
        verdict_fini(&v);
        session_fini(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_that_stayed_flawed_ends_the_judging),
        cmocka_unit_test(what_was_decided_before_that_block_stays),
        cmocka_unit_test(a_block_that_was_repaired_counts),
        cmocka_unit_test(an_arm_that_disturbs_itself_is_not_judged),
        cmocka_unit_test(what_a_block_did_not_measure_is_missing),
        cmocka_unit_test(a_percentile_needs_ten_samples_beyond_it),
        cmocka_unit_test(requests_given_up_can_hide_a_percentile),
        cmocka_unit_test(a_generator_that_is_busy_or_late_hides_what_it_times),
        cmocka_unit_test(errors_distort_latency_rate_and_cost),
        cmocka_unit_test(errors_of_the_reference_count_as_well),
        cmocka_unit_test(one_percent_is_not_too_many),
        cmocka_unit_test(each_kind_is_excused_by_a_gate_of_its_own),
        cmocka_unit_test(neither_a_default_nor_a_warning_excuses_a_failure),
        cmocka_unit_test(a_failure_that_errors_only_hide_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
