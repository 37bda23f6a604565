#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "analysis/keeping_up.h"
#include "base/mem.h"
#include "support/findings_bed.h"

#define SECONDS 10

/* As if the trial had been an open loop of so many requests a second. */
static void offer(struct result *r, int64_t due, int64_t answered)
{
    free(r->seconds);
    r->seconds = mem_array(SECONDS, sizeof *r->seconds);
    r->nseconds = SECONDS;
    for (size_t i = 0; i < SECONDS; i++)
        r->seconds[i] = (struct second){.at_s = (double)i + 1,
                                        .length_s = 1,
                                        .requests = answered,
                                        .due = due,
                                        .sent = due,
                                        .late = 0};
    r->offered.rate_rps = (double)due;
    r->offered.arrivals = mem_strdup("constant");
    r->offered.max_connections = 10000;
    r->accounting.due = due * SECONDS;
    r->accounting.unsent = 0;
    r->duration_s = SECONDS;
}

static void add_offered(struct comparison *c, const char *name, int64_t due, int64_t answered)
{
    struct trial_shape shape = trial_completing(answered * SECONDS);
    add_ranked_arm(c, name, &shape);
    struct arm *arm = &c->arms[c->narms - 1];
    for (size_t i = 0; i < arm->nresults; i++)
        offer(&arm->results[i], due, answered);
}

static void all_that_keep_up_are_told_together(void **state)
{
    struct comparison c;
    (void)state;
    comparison_init(&c);
    add_offered(&c, "inline", 300, 300);
    add_offered(&c, "pool", 300, 300);
    findings_add(&c);
    expect_finding(&c, "keeps-up",
                   "inline and pool keep up with the 300 requests/s that were due.");
    expect_no_finding(&c, "falls-behind");
    expect_no_finding(&c, "most-work"); /* the rate decides that */
    assert_true(arm_keeps_up(&c.arms[0]));
    assert_true(arm_due_rps(&c.arms[0]) == 300);
    assert_true(arm_backlog_growth_rps(&c.arms[0]) == 0);
    const struct finding *best = finding_of(&c, "recommendation");
    assert_non_null(best);
    assert_non_null(strstr(best->text, "inline (p99 "));
    comparison_fini(&c);
}

/* Neither praised nor blamed; one round that was not disturbed is enough to tell. */
static void of_a_disturbed_arm_it_is_not_known(void **state)
{
    struct comparison c;
    (void)state;
    comparison_init(&c);
    add_offered(&c, "inline", 300, 120);
    add_offered(&c, "pool", 300, 300);
    for (size_t i = 0; i < c.arms[0].nresults; i++)
        c.arms[0].results[i].machine.is_disturbed = true;
    findings_add(&c);
    expect_finding(&c, "keeps-up", "pool keeps up with the 300 requests/s that were due.");
    expect_no_finding(&c, "falls-behind");
    expect_finding(&c, "keeping-up-unknown",
                   "Whether inline keeps up with the 300 requests/s that were due is not known: "
                   "other programs or steal took over 10 % of the cores in every round.");
    c.arms[0].results[0].machine.is_disturbed = false;
    findings_add(&c);
    assert_non_null(finding_of(&c, "falls-behind"));
    expect_no_finding(&c, "keeping-up-unknown");
    comparison_fini(&c);
}

static void one_that_falls_behind_is_told_and_not_recommended(void **state)
{
    struct comparison c;
    (void)state;
    comparison_init(&c);
    add_offered(&c, "inline", 300, 120);
    add_offered(&c, "pool", 300, 300);
    findings_add(&c);
    expect_finding(&c, "keeps-up", "pool keeps up with the 300 requests/s that were due.");
    expect_finding(&c, "falls-behind",
                   "inline does not keep up with the 300 requests/s that were due: it answered "
                   "120/s, and its backlog grew by 180 requests/s. Its latencies would be longer "
                   "in a longer run.");
    const struct finding *best = finding_of(&c, "recommendation");
    assert_non_null(best);
    assert_null(strstr(best->text, "inline"));
    comparison_fini(&c);
}

static void a_closed_loop_has_no_rate_to_keep_up_with(void **state)
{
    struct comparison c;
    (void)state;
    comparison_init(&c);
    add_ranked_arm(&c, "inline", &plain_trial);
    add_ranked_arm(&c, "pool", &plain_trial);
    findings_add(&c);
    expect_no_finding(&c, "keeps-up");
    expect_no_finding(&c, "falls-behind");
    assert_non_null(finding_of(&c, "most-work"));
    assert_true(isnan(arm_due_rps(&c.arms[0])));
    assert_true(isnan(arm_backlog_growth_rps(&c.arms[0])));
    comparison_fini(&c);
}

/* Answers that are in flight all the time are no backlog, and a burst at the end is none yet. */
static void what_grows_is_told_from_what_is_there_all_the_time(void **state)
{
    static const struct {
        int64_t in_first, in_each, in_last; /* that were not answered of 1000 */
        bool keeps_up;
    } cases[] = {{0, 0, 0, true},   {500, 0, 0, true},  {0, 0, 90, true},    {0, 0, 110, false},
                 {0, 19, 19, true}, {0, 25, 25, false}, {300, 0, -300, true}};
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        result_init(&r);
        offer(&r, 1000, 1000);
        for (size_t k = 0; k < SECONDS; k++)
            r.seconds[k].requests -= cases[i].in_each;
        r.seconds[0].requests -= cases[i].in_first;
        r.seconds[SECONDS - 1].requests = 1000 - cases[i].in_last;
        if (result_keeps_up(&r) != cases[i].keeps_up)
            fail_msg("case %zu: grew by %g/s", i, result_backlog_growth_rps(&r));
        result_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_keep_up_are_told_together),
        cmocka_unit_test(of_a_disturbed_arm_it_is_not_known),
        cmocka_unit_test(one_that_falls_behind_is_told_and_not_recommended),
        cmocka_unit_test(a_closed_loop_has_no_rate_to_keep_up_with),
        cmocka_unit_test(what_grows_is_told_from_what_is_there_all_the_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
