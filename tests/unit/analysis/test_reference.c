#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/reference.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "support/reference_bed.h"

/* --- the direction of each metric, and whose it is --- */

static void each_metric_has_its_direction(void **state)
{
    (void)state;
    static const struct {
        enum metric metric;
        struct change worse, better;
    } cases[] = {
        {RPS, {.rate = .8}, {.rate = 1.25}}, {P50, {.time = 1.25}, {.time = .8}},
        {P99, {.tail = 1.3}, {.tail = .8}},  {CPU, {.cpu = 1.25}, {.cpu = .8}},
        {RSS, {.rss = 1.25}, {.rss = .8}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        bool more = reference_metrics[cases[i].metric].more_is_better;
        begin_reference(&c, 6);
        add_changed(&c, "bad", &cases[i].worse);
        add_changed(&c, "good", &cases[i].better);
        reference_judge(&c, 0);
        expect_verdict(&c, "bad", cases[i].metric, REFERENCE_WORSE, NULL);
        expect_verdict(&c, "good", cases[i].metric, REFERENCE_BETTER, NULL);
        const struct reference_verdict *bad = verdict_of(&c, "bad", cases[i].metric);
        const struct reference_verdict *good = verdict_of(&c, "good", cases[i].metric);
        assert_true(more ? bad->high < 0 : bad->low > 0);
        assert_true(more ? good->low > 0 : good->high < 0);
        assert_true(bad->low <= bad->change && bad->change <= bad->high);
        assert_true(good->low <= good->change && good->change <= good->high);
        /* The others are as they were. */
        for (enum metric k = RPS; k <= ERRORS; k++) {
            bool moves = k == cases[i].metric || (cases[i].metric == P50 && k == P99) ||
                         (cases[i].metric == P99 && k == P50);
            if (!moves)
                assert_int_equal(verdict_of(&c, "bad", k)->word, REFERENCE_SAME);
        }
        /* Seen from the worse one, the other way round. */
        reference_judge(&c, 1);
        expect_verdict(&c, "base", cases[i].metric, REFERENCE_BETTER, NULL);
        expect_verdict(&c, "good", cases[i].metric, REFERENCE_BETTER, NULL);
        reference_judge(&c, 2);
        expect_verdict(&c, "base", cases[i].metric, REFERENCE_WORSE, NULL);
        comparison_fini(&c);
    }
}

static void the_change_is_a_ratio_of_the_figures(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 6);
    add_changed(&c, "head", &(struct change){.rate = .8, .rss = 1.25});
    reference_judge(&c, 0);
    const struct reference_verdict *rate = verdict_of(&c, "head", RPS);
    const struct reference_verdict *rss = verdict_of(&c, "head", RSS);
    assert_true(fabs(rate->change + 0.2) < 1e-3 && fabs(rss->change - 0.25) < 1e-6);
    assert_true(fabs(rate->level - 0.96875) < 1e-12 && rate->p == 1 / 32.0);
    assert_int_equal(c.reference->tests, 5);
    assert_int_equal(c.reference->arms[0].pairs, 6);
    comparison_fini(&c);
}

/* --- the band --- */

static void what_does_not_matter_is_no_difference(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 6);
    add_changed(&c, "twin", &(struct change){0}); /* every pair is a tie */
    add_changed(&c, "near", &(struct change){.time = 1.015, .rss = 1.015});
    reference_judge(&c, 0);
    for (enum metric k = RPS; k <= RSS; k++)
        expect_verdict(&c, "twin", k, REFERENCE_SAME, NULL);
    assert_true(verdict_of(&c, "twin", P50)->p == 1);
    expect_verdict(&c, "near", P50, REFERENCE_SAME, "detectable, but negligible");
    expect_verdict(&c, "near", P99, REFERENCE_SAME, "detectable, but negligible");
    expect_verdict(&c, "near", RSS, REFERENCE_WORSE, NULL); /* its band is 1 % */
    comparison_fini(&c);
    begin_reference(&c, 6);
    add_changed(&c, "near", &(struct change){.time = 1.04});
    reference_judge(&c, 0);
    expect_verdict(&c, "near", P50, REFERENCE_WORSE, NULL);
    expect_verdict(&c, "near", P99, REFERENCE_SAME, "detectable, but negligible"); /* 5 % */
    comparison_fini(&c);
}

static void noise_is_no_verdict(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 8);
    add_changed(&c, "noisy", &(struct change){.noise = .1});
    reference_judge(&c, 0);
    for (enum metric k = RPS; k <= RSS; k++)
        expect_verdict(&c, "noisy", k, REFERENCE_INCONCLUSIVE, "too noisy");
    comparison_fini(&c);
}

/* Six differences of one sign are shown alone. Beside a family whose largest t often reaches theirs
 * they may be chance. */
static void many_tests_are_one_family(void **state)
{
    (void)state;
    static const double ours[] = {1.3, 1.01, 1.02, 1.25, 1.01, 1.015};
    struct comparison c;
    begin_reference(&c, 6);
    add_changed(&c, "head", &(struct change){0});
    for (size_t i = 0; i < LEN(ours); i++) {
        struct process_cost *cost = &c.arms[1].results[i].server.total;
        cost->rss_peak_bytes = (int64_t)(ours[i] * (double)cost->rss_peak_bytes);
    }
    reference_judge(&c, 0);
    expect_verdict(&c, "head", RSS, REFERENCE_WORSE, NULL);
    for (size_t i = 0; i < 15; i++) {
        char name[] = {(char)('a' + i), '\0'};
        add_changed(&c, name, &(struct change){0});
        for (size_t k = 0; k < 6; k++) { /* each arm has a sign of its own in each round */
            struct process_cost *cost = &c.arms[i + 2].results[k].server.total;
            bool is_more = ((i + 1) >> k & 1) == 1;
            cost->rss_peak_bytes += cost->rss_peak_bytes / (is_more ? 10 : -10);
        }
    }
    reference_judge(&c, 0);
    expect_verdict(&c, "head", RSS, REFERENCE_INCONCLUSIVE, "it may be chance among 80 tests");
    assert_true(verdict_of(&c, "head", RSS)->p > 0.05);
    assert_true(verdict_of(&c, "head", RSS)->low > 0);
    comparison_fini(&c);
}

/* --- pairs --- */

/* The machine drifts by more than a factor of two, so that rounds that do not belong together show
 * nothing, or the wrong thing. */
static void rounds_are_paired_by_their_number(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 9);
    (void)comparison_add_arm(&c, "head");
    for (int64_t round = 1; round <= 9; round++) {
        struct trial_shape shape = changed_trial(&(struct change){.time = 1.1}, (size_t)round - 1);
        struct result r;
        trial_of(&shape, &r);
        if (round == 2)
            comparison_add_problem(&c, 1, round, "no port");
        else
            comparison_add_result(&c, 1, round, &r);
        result_fini(&r);
    }
    /* What was measured in a round that is not used counts for nothing. */
    c.arms[0].results[4].machine.is_disturbed = true;
    c.arms[1].results[7].valid = false; /* of round 9 */
    c.arms[1].results[7].server.total.rss_peak_bytes = 1;
    reference_judge(&c, 0);
    const struct reference_arm *head = &c.reference->arms[0];
    assert_int_equal(head->pairs, 6);
    assert_int_equal(head->disturbed, 1);
    assert_int_equal(head->invalid, 1);
    assert_int_equal(head->missing, 1);
    expect_verdict(&c, "head", P50, REFERENCE_WORSE, NULL);
    assert_true(fabs(verdict_of(&c, "head", P50)->change - 0.1) < 0.002);
    expect_verdict(&c, "head", RSS, REFERENCE_SAME, NULL);
    /* One pair less is too few. */
    c.arms[1].results[0].interrupted = true;
    reference_judge(&c, 0);
    assert_int_equal(c.reference->arms[0].pairs, 5);
    for (enum metric k = RPS; k <= ERRORS; k++) {
        expect_verdict(&c, "head", k, REFERENCE_INCONCLUSIVE, "fewer than 6 pairs of rounds");
        assert_true(isnan(verdict_of(&c, "head", k)->change) &&
                    isnan(verdict_of(&c, "head", k)->p));
    }
    assert_int_equal(c.reference->tests, 0);
    comparison_fini(&c);
}

/* An arm that misses rounds leaves those of the others. */
static void each_arm_has_pairs_of_its_own(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 10);
    add_changed(&c, "whole", &(struct change){.time = 1.1});
    add_changed(&c, "part", &(struct change){.time = 1.1});
    for (size_t i = 0; i < 4; i++)
        c.arms[2].results[2 * i].machine.is_disturbed = true;
    reference_judge(&c, 0);
    assert_int_equal(c.reference->arms[0].pairs, 10);
    assert_int_equal(c.reference->arms[1].pairs, 6);
    expect_verdict(&c, "whole", P50, REFERENCE_WORSE, NULL);
    assert_true(verdict_of(&c, "whole", P50)->level < verdict_of(&c, "part", P50)->level);
    assert_true(fabs(verdict_of(&c, "part", P50)->change - 0.1) < 0.002);
    comparison_fini(&c);
}

static void nothing_measured_is_no_verdict(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 6);
    (void)comparison_add_arm(&c, "gone");
    reference_judge(&c, 1);
    expect_verdict(&c, "base", P50, REFERENCE_INCONCLUSIVE, "fewer than 6 pairs of rounds");
    reference_judge(&c, 0);
    expect_verdict(&c, "gone", ERRORS, REFERENCE_INCONCLUSIVE, "fewer than 6 pairs of rounds");
    assert_int_equal(c.reference->arms[0].missing, 6);
    comparison_fini(&c);
}

/* Judged twice there are the same verdicts, not twice as many. */
static void judging_again_replaces(void **state)
{
    (void)state;
    struct comparison c;
    begin_reference(&c, 7);
    add_changed(&c, "a", &(struct change){.time = 2});
    reference_judge(&c, 0);
    reference_judge(&c, 0);
    assert_int_equal(c.reference->narms, 1);
    assert_int_equal(c.reference->arms[0].arm, 1);
    expect_verdict(&c, "a", P50, REFERENCE_WORSE, NULL);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_metric_has_its_direction),
        cmocka_unit_test(the_change_is_a_ratio_of_the_figures),
        cmocka_unit_test(what_does_not_matter_is_no_difference),
        cmocka_unit_test(noise_is_no_verdict),
        cmocka_unit_test(many_tests_are_one_family),
        cmocka_unit_test(rounds_are_paired_by_their_number),
        cmocka_unit_test(each_arm_has_pairs_of_its_own),
        cmocka_unit_test(nothing_measured_is_no_verdict),
        cmocka_unit_test(judging_again_replaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
