/* Probes that failed: a fast error is no stall, and no proof that there is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "base/clock.h"
#include "base/mem.h"
#include "support/findings_bed.h"

/* An arm of which `failed` of 200 probes got a 500, and the others took `ms`. */
static struct result *add_failing(struct comparison *c, const char *name, int64_t failed,
                                  int64_t ms)
{
    add_arm(c, name, &plain_trial);
    struct result *r = &c->arms[c->narms - 1].results[0];
    r->probe_counts.all =
        (struct probe_fate){.due = 200, .completed = 200 - failed, .non_2xx = failed};
    r->probe_counts.statuses[500] = failed;
    hist_reset(r->probe);
    hist_record_n(r->probe, ms * NS_PER_MS, (uint64_t)(200 - failed));
    return r;
}

static void an_error_is_no_stall_and_named(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    (void)add_failing(&c, "mine", 200, 1);
    findings_add(&c);
    expect_no_finding(&c, "light-path-blocked");
    expect_no_finding(&c, "light-path-uneven");
    expect_no_finding(&c, "light-path-free");
    expect_finding(&c, "light-path-failed",
                   "Whether mine blocks the probe endpoint is not known: 200 of 200 probes failed "
                   "(200 x 500) on /ping.");
    comparison_fini(&c);
}

static void the_others_are_still_called_free(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_arm(&c, "pool", &plain_trial);
    (void)add_failing(&c, "mine", 100, 1);
    findings_add(&c);
    expect_finding(&c, "light-path-free",
                   "pool does not block the probe endpoint: the /ping p99 under load is 8.90 ms.");
    expect_finding(&c, "light-path-failed",
                   "Whether mine blocks the probe endpoint is not known: 100 of 200 probes failed "
                   "(100 x 500) on /ping.");
    comparison_fini(&c);
}

static void a_recommendation_says_that_probes_failed(void **state)
{
    (void)state;
    struct trial_shape blocked = plain_trial;
    struct comparison c;
    blocked.probe_low_ms = 50;
    blocked.probe_high_ms = 400;
    comparison_init(&c);
    add_arm(&c, "inline", &blocked);
    (void)add_failing(&c, "mine", 100, 1);
    findings_add(&c);
    expect_finding(&c, "recommendation",
                   "Recommended for synchronous requests, on this machine and under this load: "
                   "mine (300/s, p50 315 ms, probes failed).");
    comparison_fini(&c);
}

/* Those that were answered waited: that is what the finding rests on, and it says so. */
static void a_stall_beside_errors_is_told_with_them(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    (void)add_failing(&c, "mine", 50, 400);
    findings_add(&c);
    expect_finding(&c, "light-path-blocked",
                   "mine blocks the probe endpoint: under load, /ping has a p50 of 400 ms and a "
                   "p99 of 400 ms; 50 of 200 probes failed (50 x 500) and do not count here.");
    expect_no_finding(&c, "light-path-failed");
    comparison_fini(&c);
}

/* Older files have the ages of failures among those of probes without a reply. */
static void ages_of_failures_in_older_files_block_nothing(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    struct result *r = add_failing(&c, "mine", 0, 1);
    r->probe_counts.all = (struct probe_fate){.due = 400, .completed = 200, .failed = 200};
    r->probe_unfinished = hist_new_latency();
    hist_record_n(r->probe_unfinished, 2 * NS_PER_S, 200);
    findings_add(&c);
    expect_no_finding(&c, "light-path-blocked");
    expect_no_finding(&c, "light-path-uneven");
    assert_non_null(finding_of(&c, "light-path-failed"));
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_error_is_no_stall_and_named),
        cmocka_unit_test(the_others_are_still_called_free),
        cmocka_unit_test(a_recommendation_says_that_probes_failed),
        cmocka_unit_test(a_stall_beside_errors_is_told_with_them),
        cmocka_unit_test(ages_of_failures_in_older_files_block_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
