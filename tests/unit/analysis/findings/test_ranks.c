#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "model/arm_figure.h"
#include "support/findings_bed.h"

/* What the user's own servers do may be comparable only among them. */
static void own_servers_are_first_ranked_among_themselves(void **state)
{
    (void)state;
    struct trial_shape own = trial_completing(2000);
    struct trial_shape slower = trial_completing(1000);
    struct comparison c;
    own.strategy = slower.strategy = NULL;
    comparison_init(&c);
    add_ranked_arm(&c, "pool", &plain_trial);
    add_ranked_arm(&c, "mine", &own);
    findings_add(&c);
    expect_no_finding(&c, "own-most-work");
    add_ranked_arm(&c, "other", &slower);
    findings_add(&c);
    expect_finding(&c, "own-most-work",
                   "Of your own servers, mine completes the most work: 200/s, 2 times as much as "
                   "other (100/s).");
    expect_finding(&c, "own-fastest-p50",
                   "Of your own servers, lowest p50: mine (315 ms) and other (315 ms) are too "
                   "close to call after 3 rounds.");
    expect_finding(&c, "most-work",
                   "pool completes the most work: 300/s, 50 % more than mine (200/s).");
    assert_true(finding_of(&c, "own-most-work") < finding_of(&c, "most-work"));
    comparison_fini(&c);
}

/* A window that short measures its own ends, however many requests it has. */
static void a_rate_of_an_instant_is_not_ranked(void **state)
{
    (void)state;
    struct trial_shape quick = trial_completing(9000);
    struct comparison c;
    comparison_init(&c);
    add_ranked_arm(&c, "a", &plain_trial);
    add_ranked_arm(&c, "b", &plain_trial);
    add_ranked_arm(&c, "quick", &quick);
    for (size_t i = 0; i < c.arms[2].nresults; i++)
        c.arms[2].results[i].duration_s = 0.49;
    findings_add(&c);
    expect_finding(
        &c, "most-work",
        "Most work: a (300/s) and b (300/s) are too close to call after 3 rounds; too few "
        "samples to rank quick.");
    expect_finding(
        &c, "recommendation",
        "Recommended for synchronous requests, on this machine and under this load: a (300/s, "
        "p50 315 ms) or b (300/s, p50 315 ms).");
    for (size_t i = 0; i < c.arms[2].nresults; i++)
        c.arms[2].results[i].duration_s = 0.5;
    findings_add(&c);
    expect_finding(&c, "most-work",
                   "quick completes the most work: 18.0k/s, 60 times as much as a (300/s).");
    comparison_fini(&c);
}

static void one_arm_is_in_no_ranking(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_ranked_arm(&c, "alone", &plain_trial);
    findings_add(&c);
    expect_no_finding(&c, "most-work");
    expect_no_finding(&c, "fastest-p50");
    expect_no_finding(&c, "recommendation");
    comparison_fini(&c);
}

/* Its figures are those of bench: the arm may be faster than they say, but not slower. */
static void a_saturated_generator_bears_no_ranking_above_it(void **state)
{
    (void)state;
    struct trial_shape limited = trial_completing(1000);
    struct comparison c;
    limited.bench_core = 0.97;
    comparison_init(&c);
    add_ranked_arm(&c, "limited", &limited);
    add_ranked_arm(&c, "plain", &plain_trial);
    findings_add(&c);
    expect_finding(
        &c, "most-work",
        "Most work: plain (300/s) and limited (at least 100/s) cannot be ranked, because of the "
        "lower bound.");
    expect_finding(
        &c, "generator-limit",
        "bench was the bottleneck for limited (busiest thread at 97 % of a core): the req/s of "
        "that arm show what bench can send, not what the server can handle, and its latencies are "
        "not ranked; use more threads (-w) or another machine.");
    expect_no_finding(&c, "generator-free");
    expect_no_finding(&c, "generator-late");
    expect_no_finding(&c, "fastest-p50");
    expect_no_finding(&c, "recommendation");
    expect_finding(
        &c, "no-recommendation",
        "No recommendation for synchronous requests: limited (bench was the bottleneck).");
    comparison_fini(&c);

    limited.completed = 9000;
    comparison_init(&c);
    add_ranked_arm(&c, "limited", &limited);
    add_ranked_arm(&c, "plain", &plain_trial);
    findings_add(&c);
    expect_finding(
        &c, "most-work",
        "limited completes the most work: at least 900/s, 3 times as much as plain (300/s).");
    comparison_fini(&c);
}

static void a_late_generator_bears_no_ranking_by_latency(void **state)
{
    (void)state;
    struct trial_shape slow = trial_completing(1000);
    struct comparison c;
    comparison_init(&c);
    add_ranked_arm(&c, "behind", &slow);
    add_ranked_arm(&c, "plain", &plain_trial);
    findings_add(&c);
    expect_no_finding(&c, "generator-late");
    c.arms[0].results[1].client.late = true;
    findings_add(&c);
    expect_finding(&c, "generator-late",
                   "bench sent requests late for behind: the latencies of that arm are bench's own "
                   "in part, and are not ranked; use more threads (-w), give bench a core of its "
                   "own, or lower the rate.");
    expect_finding(&c, "most-work",
                   "plain completes the most work: 300/s, 3 times as much as behind (100/s).");
    expect_no_finding(&c, "fastest-p50");
    expect_no_finding(&c, "fastest-p99");
    comparison_fini(&c);
}

static void fastest_answers_leave_out_what_is_no_answer(void **state)
{
    (void)state;
    struct trial_shape slow = plain_trial;
    struct trial_shape refusing = plain_trial;
    struct trial_shape early = plain_trial;
    struct trial_shape few = trial_completing(500);
    struct comparison c;
    slow.low_ms = 600;
    slow.high_ms = 630;
    refusing.refused = 2900;
    refusing.low_ms = 1;
    refusing.high_ms = 2;
    early.strategy = "queue";
    early.low_ms = 1;
    early.high_ms = 2;
    few.low_ms = 10;
    few.high_ms = 20;
    few.open = 0;
    comparison_init(&c);
    add_ranked_arm(&c, "slow", &slow);
    add_ranked_arm(&c, "plain", &plain_trial);
    add_ranked_arm(&c, "refusing", &refusing);
    add_ranked_arm(&c, "queue", &early);
    findings_add(&c);
    expect_finding(&c, "fastest-p50", "plain has the lowest p50: 315 ms; next is slow (616 ms).");
    expect_finding(&c, "fastest-p99", "plain has the lowest p99: 330 ms; next is slow (630 ms).");
    expect_finding(
        &c, "refusals",
        "refusing did no work for 8700 of 9000 responses (8700 non-2xx): they count in its "
        "req/s, p50 and p99, but not in its work/s.");
    add_ranked_arm(&c, "few", &few);
    findings_add(&c);
    expect_finding(
        &c, "fastest-p99",
        "plain has the lowest p99: 330 ms; next is slow (630 ms); too few samples to rank few.");
    comparison_fini(&c);
}

/* A request that timed out may have taken any time, so its arm cannot be shown to be the fastest.
 */
static void a_lower_bound_never_wins(void **state)
{
    (void)state;
    struct trial_shape cut = plain_trial;
    struct comparison c;
    cut.timed_out = 400;
    cut.low_ms = 100;
    cut.high_ms = 110;
    comparison_init(&c);
    add_ranked_arm(&c, "cut", &cut);
    add_ranked_arm(&c, "plain", &plain_trial);
    findings_add(&c);
    expect_finding(&c, "fastest-p50", "cut has the lowest p50: 105 ms; next is plain (315 ms).");
    expect_finding(&c, "fastest-p99",
                   "plain has the lowest p99: 330 ms; next is cut (at least 10.0 s).");
    comparison_fini(&c);
}

static void recommended_is_who_answers_at_once_and_harms_nobody(void **state)
{
    (void)state;
    struct trial_shape queue = trial_queueing(30000, 1500);
    struct trial_shape near = trial_completing(2900);
    struct trial_shape losing = trial_completing(9000);
    struct comparison c;
    losing.timed_out = 400;
    comparison_init(&c);
    add_ranked_arm(&c, "queue", &queue);
    add_ranked_arm(&c, "pool", &plain_trial);
    add_ranked_arm(&c, "losing", &losing);
    add_ranked_arm(&c, "offload", &near);
    findings_add(&c);
    expect_finding(
        &c, "recommendation",
        "Recommended for synchronous requests, on this machine and under this load: pool "
        "(300/s, p50 315 ms) or offload (290/s, p50 315 ms).");
    expect_finding(
        &c, "recommendation-later",
        "Recommended for work that can be done later: queue, which accepts in 6.00 ms (p50) and "
        "completed 150/s under this load; jobs beyond that rate wait.");
    comparison_fini(&c);
}

static void why_nobody_is_recommended_is_told(void **state)
{
    (void)state;
    struct trial_shape blocked = plain_trial;
    struct trial_shape losing = plain_trial;
    struct comparison c;
    blocked.probe_low_ms = 50;
    blocked.probe_high_ms = 400;
    losing.timed_out = 400;
    comparison_init(&c);
    add_ranked_arm(&c, "inline", &blocked);
    add_ranked_arm(&c, "losing", &losing);
    add_ranked_arm(&c, "threads", &blocked);
    findings_add(&c);
    expect_no_finding(&c, "recommendation");
    expect_finding(&c, "no-recommendation",
                   "No recommendation for synchronous requests: inline and threads (probe endpoint "
                   "blocked); losing (over 1 % of requests unanswered).");
    add_ranked_arm(&c, "pool", &plain_trial);
    findings_add(&c);
    expect_no_finding(&c, "no-recommendation");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_servers_are_first_ranked_among_themselves),
        cmocka_unit_test(a_rate_of_an_instant_is_not_ranked),
        cmocka_unit_test(one_arm_is_in_no_ranking),
        cmocka_unit_test(a_saturated_generator_bears_no_ranking_above_it),
        cmocka_unit_test(a_late_generator_bears_no_ranking_by_latency),
        cmocka_unit_test(fastest_answers_leave_out_what_is_no_answer),
        cmocka_unit_test(a_lower_bound_never_wins),
        cmocka_unit_test(recommended_is_who_answers_at_once_and_harms_nobody),
        cmocka_unit_test(why_nobody_is_recommended_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
