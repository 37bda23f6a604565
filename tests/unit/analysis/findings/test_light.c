#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "cases/compare_cases.h"
#include "support/findings_bed.h"

static void a_blocked_probe_endpoint_is_named(void **state)
{
    (void)state;
    struct trial_shape blocked = plain_trial;
    struct comparison c;
    blocked.probe_low_ms = 50;
    blocked.probe_high_ms = 400;
    comparison_init(&c);
    add_arm(&c, "plain", &plain_trial);
    add_arm(&c, "inline", &blocked);
    findings_add(&c);
    expect_finding(
        &c, "light-path-blocked",
        "inline blocks the probe endpoint: under load, /ping has a p50 of 224 ms and a p99 of "
        "396 ms (plain: p99 8.90 ms).");
    expect_no_finding(&c, "light-path-free");
    expect_finding(
        &c, "recommendation",
        "Recommended for synchronous requests, on this machine and under this load: plain "
        "(300/s, p50 315 ms).");
    comparison_fini(&c);
}

/* A few late replies in the tail are no blocked loop, and nor is a path that is evenly slow. */
static void a_probe_that_is_only_slow_at_times_is_not_blocked(void **state)
{
    (void)state;
    struct trial_shape uneven = plain_trial;
    struct comparison c;
    uneven.probe_low_ms = 0;
    uneven.probe_high_ms = 19;
    comparison_init(&c);
    add_arm(&c, "plain", &plain_trial);
    add_arm(&c, "uneven", &uneven);
    hist_record_n(c.arms[1].results[0].probe, 400 * NS_PER_MS, 9);
    c.arms[1].results[0].probe_counts.all.due += 9;
    c.arms[1].results[0].probe_counts.all.completed += 9;
    findings_add(&c);
    expect_no_finding(&c, "light-path-blocked");
    expect_no_finding(&c, "light-path-free");
    expect_finding(
        &c, "light-path-uneven",
        "uneven delays the probe endpoint at times: under load, /ping has a p99 of 400 ms but a "
        "p50 of 9.93 ms.");
    comparison_fini(&c);
}

/* A wait of 186 ms blocks, whatever the other arms do: it need not be ten times the least. */
static void who_blocks_does_not_hang_on_the_others(void **state)
{
    (void)state;
    struct trial_shape slow = plain_trial;
    struct trial_shape worse = plain_trial;
    struct comparison c;
    slow.probe_low_ms = 5;
    slow.probe_high_ms = 60;
    worse.probe_low_ms = 50;
    worse.probe_high_ms = 188;
    comparison_init(&c);
    add_arm(&c, "slow", &slow);
    add_arm(&c, "worse", &worse);
    findings_add(&c);
    expect_finding(
        &c, "light-path-blocked",
        "worse blocks the probe endpoint: under load, /ping has a p50 of 119 ms and a p99 of "
        "186 ms (slow: p99 59.3 ms).");
    expect_finding(
        &c, "recommendation",
        "Recommended for synchronous requests, on this machine and under this load: slow "
        "(300/s, p50 315 ms).");
    c.arms[1].results[0].interrupted = true;
    findings_add(&c);
    assert_non_null(finding_of(&c, "light-path-blocked"));
    expect_no_finding(&c, "light-path-free");
    comparison_fini(&c);
}

static void what_was_not_probed_is_not_called_free(void **state)
{
    (void)state;
    struct trial_shape unknown = trial_completing(4000);
    struct trial_shape early = plain_trial;
    struct comparison c;
    unknown.probe_high_ms = 0;
    early.strategy = "queue";
    early.jobs = 2000;
    early.probe_high_ms = 0;
    comparison_init(&c);
    add_ranked_arm(&c, "pool", &plain_trial);
    add_ranked_arm(&c, "offload", &plain_trial);
    findings_add(&c);
    expect_finding(
        &c, "light-path-free",
        "No arm blocks the probe endpoint: the highest /ping p99 under load is 8.90 ms (pool).");
    add_ranked_arm(&c, "py", &unknown);
    add_ranked_arm(&c, "queue", &early);
    findings_add(&c);
    expect_finding(
        &c, "light-path-free",
        "pool and offload do not block the probe endpoint: the highest /ping p99 under load is "
        "8.90 ms (pool); py and queue were not probed (use --probe PATH).");
    expect_finding(
        &c, "recommendation",
        "Recommended for synchronous requests, on this machine and under this load: py (400/s, "
        "p50 315 ms, not probed).");
    expect_finding(
        &c, "recommendation-later",
        "Recommended for work that can be done later: queue, which accepts in 315 ms (p50) and "
        "completed 200/s under this load; jobs beyond that rate wait (not probed).");
    c.arms[1].results[0].interrupted = true;
    findings_add(&c);
    expect_finding(
        &c, "light-path-free",
        "pool does not block the probe endpoint: the /ping p99 under load is 8.90 ms; py and "
        "queue were not probed (use --probe PATH).");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_blocked_probe_endpoint_is_named),
        cmocka_unit_test(a_probe_that_is_only_slow_at_times_is_not_blocked),
        cmocka_unit_test(who_blocks_does_not_hang_on_the_others),
        cmocka_unit_test(what_was_not_probed_is_not_called_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
