#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/gate/arm.h"
#include "base/clock.h"
#include "base/mem.h"
#include "support/gate_bed.h"

#define ROUNDS_MOST 6

/* An arm of a comparison with as many planned rounds as were added, and more. */
struct bed {
    struct comparison c;
    int64_t planned;
    struct gate_policy policy;
};

static void bed_open(struct bed *bed)
{
    *bed = (struct bed){.policy = {.allow_errors = true}};
    comparison_init(&bed->c);
    (void)comparison_add_arm(&bed->c, "pool");
}

/* A round whose memory is so many MiB, and whose latencies are a ramp of `samples` ms. */
static struct result *add_round(struct bed *bed, int64_t mib, uint64_t samples)
{
    struct result r;
    gate_full_run(&r);
    r.server.total.rss_peak_bytes = mib << 20;
    hist_free(r.latency);
    r.latency = gate_ramp(samples);
    comparison_add_result(&bed->c, 0, ++bed->planned, &r);
    struct arm *arm = &bed->c.arms[0];
    return &arm->results[arm->nresults - 1];
}

static struct gate_outcome judged(const struct bed *bed, const char *text)
{
    static struct gate_threshold threshold; /* outlives the outcome */
    threshold = gate_threshold_of(text);
    struct gate_round *rounds = gate_rounds_of(&bed->c.arms[0], bed->planned, &bed->policy);
    struct gate_outcome o = gate_judge_arm(&threshold, rounds, (size_t)bed->planned, &bed->policy);
    free(rounds);
    return o;
}

static void expect(const struct bed *bed, const char *text, enum gate_verdict want,
                   enum gate_reason reason, size_t beyond)
{
    struct gate_outcome o = judged(bed, text);
    if (o.verdict != want || o.reason != reason || o.rounds.beyond != beyond)
        fail_msg("%s: verdict %d, reason '%s', %zu beyond, %g to %g", text, o.verdict,
                 gate_reason_codes[o.reason], o.rounds.beyond, o.measured.low, o.measured.high);
}

static void bed_close(struct bed *bed)
{
    comparison_fini(&bed->c);
}

static void the_median_of_the_rounds_is_judged(void **state)
{
    (void)state;
    static const struct {
        int64_t mib[ROUNDS_MOST];
        const char *text;
        enum gate_verdict want;
        size_t beyond;
        double median_mib;
    } cases[] = {
        {{10, 20, 30, 40, 50}, "rss>30MiB", GATE_PASSED, 2, 30},
        {{50, 10, 40, 20, 30}, "rss>=30MiB", GATE_CROSSED, 3, 30},
        {{10, 20, 30, 40, 50}, "rss<30MiB", GATE_PASSED, 2, 30},
        {{10, 20, 30, 40, 50}, "rss<=30MiB", GATE_CROSSED, 3, 30},
        {{10, 20, 30, 400}, "rss>25MiB", GATE_PASSED, 2, 25},
        {{10, 20, 31, 400}, "rss>25MiB", GATE_CROSSED, 2, 25.5},
        {{10}, "rss>25MiB", GATE_PASSED, 0, 10},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed bed;
        bed_open(&bed);
        for (size_t k = 0; k < ROUNDS_MOST && cases[i].mib[k] > 0; k++)
            (void)add_round(&bed, cases[i].mib[k], 1000);
        expect(&bed, cases[i].text, cases[i].want, GATE_NONE, cases[i].beyond);
        struct gate_outcome o = judged(&bed, cases[i].text);
        assert_true(o.measured.low == cases[i].median_mib * 1048576);
        assert_true(o.measured.high == o.measured.low);
        assert_int_equal(o.rounds.judged, bed.planned);
        bed_close(&bed);
    }
}

static void disturbed_rounds_are_left_out(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed);
    (void)add_round(&bed, 10, 1000);
    for (int64_t i = 0; i < 2; i++)
        add_round(&bed, 100, 1000)->machine.is_disturbed = true;
    expect(&bed, "rss>50MiB", GATE_PASSED, GATE_NONE, 0);
    struct gate_outcome o = judged(&bed, "rss>50MiB");
    char text[320];
    assert_int_equal(o.rounds.judged, 1);
    assert_int_equal(o.rounds.left_out, 2);
    assert_non_null(strstr(gate_explain(&o, text, sizeof text), "2 of 3 rounds left out"));
    /* Unless there are no others. */
    bed.c.arms[0].results[0].machine.is_disturbed = true;
    expect(&bed, "rss>50MiB", GATE_CROSSED, GATE_NONE, 2);
    bed_close(&bed);
}

static void a_round_without_a_valid_result_lets_nothing_pass(void **state)
{
    (void)state;
    struct bed bed;
    char text[320];
    bed_open(&bed);
    (void)add_round(&bed, 10, 1000);
    (void)add_round(&bed, 10, 1000);
    comparison_add_problem(&bed.c, 0, ++bed.planned, "the target exited");
    expect(&bed, "rss>50MiB", GATE_UNKNOWN, GATE_INVALID, 0);
    expect(&bed, "rss>1MiB", GATE_UNKNOWN, GATE_INVALID, 0);
    struct gate_outcome o = judged(&bed, "rss>50MiB");
    assert_true(isnan(o.measured.low));
    assert_non_null(strstr(gate_explain(&o, text, sizeof text), "round 3 of 3"));
    bed.policy.partial = GATE_PARTIAL_JUDGED; /* a problem is no interrupt */
    expect(&bed, "rss>50MiB", GATE_UNKNOWN, GATE_INVALID, 0);
    bed_close(&bed);

    bed_open(&bed);
    (void)add_round(&bed, 10, 1000);
    add_round(&bed, 10, 1000)->valid = false;
    expect(&bed, "rss>50MiB", GATE_UNKNOWN, GATE_INVALID, 0);
    /* Even when it was disturbed. */
    bed.c.arms[0].results[1].machine.is_disturbed = true;
    expect(&bed, "rss>50MiB", GATE_UNKNOWN, GATE_INVALID, 0);
    bed_close(&bed);
}

static void an_interrupted_arm_is_judged_when_a_part_is_enough(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed);
    (void)add_round(&bed, 10, 1000);
    add_round(&bed, 100, 1000)->interrupted = true;
    bed.planned = 5; /* three were not run */
    expect(&bed, "rss>60MiB", GATE_UNKNOWN, GATE_INTERRUPTED, 0);
    bed.policy.partial = GATE_PARTIAL_JUDGED;
    expect(&bed, "rss>60MiB", GATE_PASSED, GATE_NONE, 1);
    assert_int_equal(judged(&bed, "rss>60MiB").rounds.judged, 2);
    bed_close(&bed);

    bed_open(&bed); /* nothing at all is no part */
    bed.planned = 2;
    expect(&bed, "rss>60MiB", GATE_UNKNOWN, GATE_INTERRUPTED, 0);
    bed.policy.partial = GATE_PARTIAL_JUDGED;
    expect(&bed, "rss>60MiB", GATE_UNKNOWN, GATE_INVALID, 0);
    bed_close(&bed);
}

/* A round with few samples may be anything: it counts on the side that is worse for certainty. */
static void a_verdict_is_given_only_when_unknown_rounds_cannot_change_it(void **state)
{
    (void)state;
    static const struct {
        uint64_t samples[ROUNDS_MOST];
        const char *text;
        enum gate_verdict want;
        enum gate_reason reason;
        size_t beyond;
    } cases[] = {
        {{1000, 1000, 15}, "p50>600ms", GATE_PASSED, GATE_NONE, 0},
        {{1000, 1000, 15}, "p50>400ms", GATE_CROSSED, GATE_NONE, 2},
        {{1000, 200, 15}, "p50>400ms", GATE_UNKNOWN, GATE_FEW, 1},
        {{1000, 15, 15}, "p50>400ms", GATE_UNKNOWN, GATE_FEW, 1},
        {{1000, 15}, "p50>400ms", GATE_UNKNOWN, GATE_FEW, 1},
        {{1000, 15}, "p50>200ms", GATE_CROSSED, GATE_NONE, 1}, /* half of 500 ms, and more */
        {{15, 15, 15}, "p50<1ns", GATE_UNKNOWN, GATE_FEW, 0},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed bed;
        bed_open(&bed);
        for (size_t k = 0; k < ROUNDS_MOST && cases[i].samples[k] > 0; k++)
            (void)add_round(&bed, 10, cases[i].samples[k]);
        expect(&bed, cases[i].text, cases[i].want, cases[i].reason, cases[i].beyond);
        bed_close(&bed);
    }
}

static void the_first_doubt_is_told(void **state)
{
    (void)state;
    char text[320];
    struct bed bed;
    bed_open(&bed);
    (void)add_round(&bed, 10, 1000);
    (void)add_round(&bed, 10, 15);
    struct gate_outcome o = judged(&bed, "p50>400ms");
    assert_non_null(strstr(gate_explain(&o, text, sizeof text), "round 2: too few samples: p50 "
                                                                "needs 20 requests"));
    assert_int_equal(o.rounds.unknown, 1);
    assert_int_equal(o.rounds.doubted, 2);
    bed_close(&bed);
}

/* What was given up may have taken any time: the high ends of the rounds decide as well. */
static void both_ends_of_the_median_must_agree(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed);
    for (int64_t i = 0; i < 3; i++) {
        struct result *r = add_round(&bed, 10, 100);
        r->accounting.sent = 300;
        r->accounting.completed = 100;
        r->accounting.timed_out = 200;
        r->unfinished = hist_new_latency();
        hist_record_n(r->unfinished, NS_PER_S, 200);
    }
    expect(&bed, "p50>500ms", GATE_CROSSED, GATE_NONE, 3);
    expect(&bed, "p50>2s", GATE_UNKNOWN, GATE_UNFINISHED, 0);
    /* One round of three changes nothing. */
    struct result *good = bed.c.arms[0].results;
    for (int64_t i = 0; i < 2; i++) {
        good[i].accounting.timed_out = 0;
        good[i].accounting.sent = 100;
        hist_free(good[i].unfinished);
        good[i].unfinished = NULL;
    }
    expect(&bed, "p50>2s", GATE_PASSED, GATE_NONE, 0);
    bed_close(&bed);
}

static void a_round_full_of_errors_lets_nothing_pass(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed);
    for (int64_t i = 0; i < 3; i++) {
        struct result *r = add_round(&bed, 10, 1000);
        r->accounting.non_2xx = r->accounting.mismatches = 0;
    }
    bed.policy.allow_errors = false;
    expect(&bed, "p50>1h", GATE_PASSED, GATE_NONE, 0);
    bed.c.arms[0].results[1].accounting.non_2xx = 20;
    expect(&bed, "p50>1h", GATE_UNKNOWN, GATE_ERRORS, 0);
    assert_int_equal(judged(&bed, "p50>1h").error, GATE_ERROR_NON_2XX);
    expect(&bed, "p50>400ms", GATE_CROSSED, GATE_NONE, 2); /* by the two others */
    expect(&bed, "rss>50MiB", GATE_PASSED, GATE_NONE, 0);  /* not distorted */
    /* Errors are told before a doubt of another kind. */
    hist_free(bed.c.arms[0].results[0].latency);
    bed.c.arms[0].results[0].latency = gate_ramp(15);
    expect(&bed, "p50>1h", GATE_UNKNOWN, GATE_ERRORS, 0);
    assert_int_equal(judged(&bed, "p50>1h").rounds.doubted, 2);
    bed.policy.allow_errors = true;
    bed.c.arms[0].results[0].machine.is_disturbed = true;
    expect(&bed, "p50>1h", GATE_PASSED, GATE_NONE, 0);
    bed_close(&bed);
}

static void what_no_round_measured_is_not_measured(void **state)
{
    (void)state;
    struct bed bed;
    bed_open(&bed);
    for (int64_t i = 0; i < 3; i++)
        (void)add_round(&bed, 10, 1000);
    expect(&bed, "job.p50>1s", GATE_UNKNOWN, GATE_MISSING, 0);
    expect(&bed, "backlog<1", GATE_UNKNOWN, GATE_MISSING, 0);
    bed_close(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_median_of_the_rounds_is_judged),
        cmocka_unit_test(disturbed_rounds_are_left_out),
        cmocka_unit_test(a_round_without_a_valid_result_lets_nothing_pass),
        cmocka_unit_test(an_interrupted_arm_is_judged_when_a_part_is_enough),
        cmocka_unit_test(a_verdict_is_given_only_when_unknown_rounds_cannot_change_it),
        cmocka_unit_test(the_first_doubt_is_told),
        cmocka_unit_test(both_ends_of_the_median_must_agree),
        cmocka_unit_test(a_round_full_of_errors_lets_nothing_pass),
        cmocka_unit_test(what_no_round_measured_is_not_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
