#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "model/arm_figure.h"
#include "support/findings_bed.h"

static const struct {
    int64_t a[5], b[5];
    size_t rounds;
    const char *want;
} cases[] = {
    {{3000, 3000}, {0, 0}, 2, "No ranking by work/s: too few samples from b (run longer with -d)."},
    {{3000, 3000},
     {29, 29},
     2,
     "No ranking by work/s: too few samples from b (run longer with -d)."},
    {{3000, 3000}, {30, 30}, 2, "a completes the most work: 300/s, 100 times as much as b (3/s)."},
    {{0, 0}, {0, 0}, 2, "No arm completed any work."},
    /* told apart by far, and the gap is too small to matter */
    {{3000, 3001},
     {2862, 2863},
     2,
     "Most work: a (300/s, from 300 to 300) and b (286/s, from 286 to 286) are too close to "
     "call after 2 rounds."},
    {{3000, 3001}, {2852, 2853}, 2, "a completes the most work: 300/s, 5 % more than b (285/s)."},
    /* ranges that do not overlap: in 10 % of equal arms */
    {{3600, 3500, 3400},
     {3000, 3100, 3300},
     3,
     "Most work: a (350/s, from 340 to 360) and b (310/s, from 300 to 330) are too close to "
     "call after 3 rounds."},
    /* p = .0147 and .0062 */
    {{3600, 3500, 3400, 3550, 3450},
     {3000, 3250, 3450, 3220, 3300},
     5,
     "Most work: a (350/s, from 340 to 360) and b (325/s, from 300 to 345) are too close to "
     "call after 5 rounds."},
    {{3600, 3500, 3400, 3550, 3450},
     {3000, 3250, 3370, 3220, 3300},
     5,
     "a completes the most work: 350/s, 8 % more than b (325/s)."},
    /* twice the rate at a spread of 14 % */
    {{3000, 3500, 2600, 3300, 2800},
     {1500, 1800, 1300, 1650, 1450},
     5,
     "a completes the most work: 300/s, 2 times as much as b (150/s)."},
    /* the medians are apart, one burst makes the logs too uncertain */
    {{3000, 3010, 2990, 3005, 900},
     {2000, 2010, 1990, 2005, 1995},
     5,
     "Most work: a (300/s, from 90 to 301) and b (200/s, from 199 to 201) are too close to "
     "call after 5 rounds."},
};

static void work_is_ranked_and_ties_are_called_ties(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct comparison c;
        comparison_init(&c);
        add_arm_of_rounds(&c, "a", cases[i].a, cases[i].rounds);
        add_arm_of_rounds(&c, "b", cases[i].b, cases[i].rounds);
        findings_add(&c);
        expect_finding(&c, "most-work", cases[i].want);
        expect_no_finding(&c, "not-ranked");
        comparison_fini(&c);
    }
}

/* The spread is that of all arms, so a third arm's noise keeps two from being told apart. */
static void the_spread_is_pooled_over_all_arms(void **state)
{
    (void)state;
    static const int64_t a[] = {3000, 3010};
    static const int64_t b[] = {2500, 2510};
    static const int64_t noisy[] = {900, 2400};
    struct comparison c;
    comparison_init(&c);
    add_arm_of_rounds(&c, "a", a, LEN(a));
    add_arm_of_rounds(&c, "b", b, LEN(b));
    findings_add(&c);
    expect_finding(&c, "most-work", "a completes the most work: 300/s, 20 % more than b (250/s).");
    add_arm_of_rounds(&c, "noisy", noisy, LEN(noisy));
    findings_add(&c);
    expect_finding(&c, "most-work",
                   "Most work: a (300/s, from 300 to 301), b (250/s, from 250 to 251) and noisy "
                   "(165/s, from 90 to 240) are too close to call after 2 rounds.");
    comparison_fini(&c);
}

static void nothing_is_less_than_something(void **state)
{
    (void)state;
    struct trial_shape refusing = plain_trial;
    struct comparison c;
    refusing.refused = refusing.completed;
    comparison_init(&c);
    add_ranked_arm(&c, "a", &plain_trial);
    add_ranked_arm(&c, "b", &refusing);
    findings_add(&c);
    expect_finding(&c, "most-work", "a completes the most work: 300/s, more than b (0/s).");
    comparison_fini(&c);
    comparison_init(&c);
    add_ranked_arm(&c, "a", &plain_trial);
    add_ranked_arm(&c, "b", &plain_trial);
    struct accounting *refused = &c.arms[1].results[1].accounting;
    refused->non_2xx = refused->statuses[503] = refused->completed;
    refused->statuses[200] = 0;
    findings_add(&c);
    assert_non_null(strstr(finding_of(&c, "most-work")->text,
                           " cannot be ranked: one of them did nothing in some round."));
    comparison_fini(&c);
}

/* However far apart: a second round may turn out the other way. */
static void one_round_ranks_nothing(void **state)
{
    (void)state;
    struct trial_shape slow = trial_completing(1000);
    struct comparison c;
    slow.low_ms = 900;
    slow.high_ms = 990;
    slow.cpu_s = 40;
    slow.rss_mb = 1000;
    slow.threads = 400;
    slow.switches = 1000000;
    comparison_init(&c);
    add_arm(&c, "fast", &plain_trial);
    add_arm(&c, "slow", &slow);
    findings_add(&c);
    static const char *const winners[] = {"most-work", "fastest-p50",   "fastest-p99",
                                          "least-cpu", "cost-memory",   "cost-threads",
                                          "cost-cpu",  "cost-switches", "recommendation"};
    for (size_t i = 0; i < LEN(winners); i++)
        expect_no_finding(&c, winners[i]);
    expect_finding(&c, "not-ranked",
                   "One round ranks nothing, because the next may turn out the other way: use "
                   "--rounds 5, or leave --rounds out.");
    expect_finding(&c, "no-recommendation",
                   "No recommendation for synchronous requests: fast and slow (too few rounds to "
                   "rank).");
    comparison_fini(&c);
}

static void add_disturbed(struct comparison *c, size_t arm, size_t rounds)
{
    for (size_t i = 0; i < rounds; i++)
        c->arms[arm].results[i].machine.is_disturbed = true;
}

/* A round that other programs disturbed is in no median, and with one left nothing is ranked. */
static void disturbed_rounds_rank_nothing(void **state)
{
    (void)state;
    static const int64_t a[] = {900, 3000, 3010};
    static const int64_t b[] = {2500, 2510, 2520};
    struct comparison c;
    comparison_init(&c);
    add_arm_of_rounds(&c, "a", a, LEN(a));
    add_arm_of_rounds(&c, "b", b, LEN(b));
    findings_add(&c);
    expect_finding(&c, "most-work",
                   "Most work: a (300/s, from 90 to 301) and b (251/s, from 250 to 252) are too "
                   "close to call after 3 rounds.");
    add_disturbed(&c, 0, 1);
    findings_add(&c);
    expect_finding(&c, "most-work", "a completes the most work: 300/s, 20 % more than b (251/s).");
    add_disturbed(&c, 0, 2);
    findings_add(&c);
    expect_no_finding(&c, "most-work");
    expect_finding(&c, "not-ranked",
                   "Nothing is ranked: fewer than 2 rounds of a can be judged; other programs or "
                   "steal took over 10 % of the cores in 2 of 6 runs, so repeat it when the "
                   "machine is idle.");
    add_arm_of_rounds(&c, "c", b, LEN(b));
    findings_add(&c);
    expect_finding(&c, "most-work",
                   "Most work: b (251/s, from 250 to 252) and c (251/s, from 250 to 252) are too "
                   "close to call after 3 rounds; too few rounds to rank a.");
    comparison_fini(&c);
}

/* What ranks nothing recommends nothing: neither the only arm that is left, nor one of two. */
static void disturbed_arms_are_not_recommended(void **state)
{
    (void)state;
    static const int64_t rounds[] = {3000, 3010, 3020};
    struct comparison c;
    comparison_init(&c);
    add_arm_of_rounds(&c, "a", rounds, LEN(rounds));
    add_arm_of_rounds(&c, "b", rounds, LEN(rounds));
    add_disturbed(&c, 0, 3);
    add_disturbed(&c, 1, 3);
    findings_add(&c);
    expect_finding(&c, "not-ranked",
                   "Nothing is ranked: fewer than 2 rounds of a and b can be judged; other "
                   "programs or steal took over 10 % of the cores in 6 of 6 runs, so repeat it "
                   "when the machine is idle.");
    expect_no_finding(&c, "recommendation");
    expect_finding(&c, "no-recommendation",
                   "No recommendation for synchronous requests: a and b (other programs or steal "
                   "disturbed every round).");
    c.arms[0].results[0].machine.is_disturbed = false;
    c.arms[0].results[1].machine.is_disturbed = false;
    findings_add(&c);
    assert_non_null(finding_of(&c, "not-ranked"));
    expect_no_finding(&c, "recommendation"); /* b might be as good */
    c.arms[1].results[0].machine.is_disturbed = false;
    findings_add(&c);
    expect_finding(&c, "no-recommendation",
                   "No recommendation for synchronous requests: b (too few rounds to rank).");
    c.arms[1].results[1].machine.is_disturbed = false;
    findings_add(&c);
    assert_non_null(finding_of(&c, "recommendation"));
    comparison_fini(&c);
}

static void a_disturbed_queue_is_not_recommended(void **state)
{
    (void)state;
    struct trial_shape queueing = trial_queueing(100000, 3000);
    struct comparison c;
    comparison_init(&c);
    add_ranked_arm(&c, "pool", &plain_trial);
    add_ranked_arm(&c, "queue", &queueing);
    findings_add(&c);
    assert_non_null(finding_of(&c, "recommendation-later"));
    add_disturbed(&c, 1, 3);
    findings_add(&c);
    expect_no_finding(&c, "recommendation-later");
    assert_non_null(finding_of(&c, "recommendation")); /* the only one that is answered at once */
    comparison_fini(&c);
}

/* Its memory may be that of what other programs left it. */
static void a_disturbed_arm_is_neither_the_least_nor_the_most(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_ranked_arm(&c, "a", &plain_trial);
    add_ranked_arm(&c, "b", &plain_trial);
    add_ranked_arm(&c, "c", &plain_trial);
    for (size_t i = 0; i < 3; i++) {
        c.arms[0].results[i].server.total.rss_peak_bytes = INT64_C(1) << 30;
        c.arms[2].results[i].server.total.rss_peak_bytes = INT64_C(1) << 30;
    }
    add_disturbed(&c, 2, 3);
    findings_add(&c);
    expect_finding(&c, "cost-memory",
                   "a uses the most memory: 1.07 GB peak RSS, 107 times b (10.0 MB).");
    comparison_fini(&c);
}

/* A round without the figure is left out; one that is zero has no logarithm, so nothing is said. */
static void missing_and_zero_figures_break_nothing(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_ranked_arm(&c, "a", &plain_trial);
    add_ranked_arm(&c, "b", &plain_trial);
    for (size_t i = 0; i < c.arms[0].nresults; i++)
        c.arms[0].results[i].server.total.rss_peak_bytes = INT64_C(1) << 30;
    c.arms[1].results[1].server.total.rss_peak_bytes = MISSING;
    findings_add(&c);
    expect_finding(&c, "cost-memory",
                   "a uses the most memory: 1.07 GB peak RSS, 107 times b (10.0 MB).");
    c.arms[1].results[1].server.total.rss_peak_bytes = 0;
    findings_add(&c);
    expect_no_finding(&c, "cost-memory");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_is_ranked_and_ties_are_called_ties),
        cmocka_unit_test(the_spread_is_pooled_over_all_arms),
        cmocka_unit_test(nothing_is_less_than_something),
        cmocka_unit_test(one_round_ranks_nothing),
        cmocka_unit_test(disturbed_rounds_rank_nothing),
        cmocka_unit_test(disturbed_arms_are_not_recommended),
        cmocka_unit_test(a_disturbed_queue_is_not_recommended),
        cmocka_unit_test(a_disturbed_arm_is_neither_the_least_nor_the_most),
        cmocka_unit_test(missing_and_zero_figures_break_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
