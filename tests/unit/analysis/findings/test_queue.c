#include <math.h>
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

static void a_backlog_is_told_with_its_meaning(void **state)
{
    (void)state;
    struct trial_shape shape = trial_queueing(30000, 1500);
    struct comparison c;
    comparison_init(&c);
    add_arm(&c, "queue", &shape);
    add_arm(&c, "pool", &plain_trial);
    struct queue_account *q = &c.arms[0].results[0].queue;
    findings_add(&c);
    expect_finding(
        &c, "backlog",
        "queue accepts more than it completes: 3000/s accepted, 150/s completed, and 28.5k jobs "
        "were waiting at the end; at that rate, under the load, they would take 190 s to "
        "drain (projected; once the load ends it may be faster), and the last accepted job would "
        "wait that long.");
    expect_finding(
        &c, "early-answer",
        "queue responds before the work is done: its p50 of 6.00 ms is the time to "
        "accept a job; when the load ended, 5% of the accepted jobs were completed, too few "
        "for a job time.");
    assert_true(arm_figure_value(&c.arms[0], arm_figure_find("work_per_second")) == 150);

    q->drain = DRAIN_MEASURED;
    q->drain_s = 201;
    q->drain_left = 0;
    findings_add(&c);
    expect_finding(
        &c, "backlog",
        "queue accepts more than it completes: 3000/s accepted, 142/s completed by the time the "
        "last was done, and 28.5k jobs were waiting at the end; they took 201 s to drain "
        "(measured), and the last accepted job waited that long.");

    /* The wait was to the end, so all of the work counts, and all of the time. */
    q->drain_s = 90;
    assert_true(arm_figure_value(&c.arms[0], arm_figure_find("work_per_second")) == 300);

    q->drain = DRAIN_CUT;
    q->drain_s = 30;
    q->drain_left = 24000;
    findings_add(&c);
    expect_finding(
        &c, "backlog",
        "queue accepts more than it completes: 3000/s accepted, 150/s completed, and 28.5k jobs "
        "were waiting at the end; 24.0k were left when bench stopped waiting.");

    q->drain = DRAIN_PROJECTED;
    q->drain_s = NAN;
    findings_add(&c);
    expect_finding(
        &c, "backlog",
        "queue accepts more than it completes: 3000/s accepted, 150/s completed, and 28.5k jobs "
        "were waiting at the end; at that rate, under the load, they never drain.");
    comparison_fini(&c);
}

/* The drain of one round would not fit the backlog and the rate that stand beside it. */
static void over_rounds_a_drain_is_that_of_the_medians(void **state)
{
    (void)state;
    static const int64_t jobs[] = {100, 150, 600};
    static const int64_t accepted[] = {100150, 200000, 300000};
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "queue");
    for (size_t i = 0; i < LEN(jobs); i++) {
        struct trial_shape shape = trial_queueing(accepted[i], jobs[i]);
        struct result r;
        trial_of(&shape, &r);
        comparison_add_result(&c, 0, (int64_t)i + 1, &r);
    }
    findings_add(&c);
    expect_finding(
        &c, "backlog",
        "queue accepts more than it completes: 20.0k/s accepted, 15/s completed, and 200k jobs "
        "were waiting at the end (medians of 3 rounds); at that rate, under the load, they would "
        "take 3.7 h to drain (projected; once the load ends it may be faster), and the last "
        "accepted job would wait that long.");
    comparison_fini(&c);
}

static void a_queue_that_keeps_up_has_no_backlog(void **state)
{
    (void)state;
    struct trial_shape shape = trial_queueing(1500, 1499);
    struct comparison c;
    comparison_init(&c);
    add_arm(&c, "queue", &shape);
    findings_add(&c);
    expect_finding(
        &c, "keeps-up",
        "queue keeps up: 150/s accepted, 150/s completed, and 1 job was waiting at the end.");
    expect_no_finding(&c, "backlog");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backlog_is_told_with_its_meaning),
        cmocka_unit_test(over_rounds_a_drain_is_that_of_the_medians),
        cmocka_unit_test(a_queue_that_keeps_up_has_no_backlog),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
