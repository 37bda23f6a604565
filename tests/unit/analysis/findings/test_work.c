#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "support/findings_bed.h"

static void work_of_ones_own_is_named(void **state)
{
    (void)state;
    struct trial_shape own = plain_trial;
    struct comparison c;
    own.strategy = NULL;
    comparison_init(&c);
    add_arm(&c, "py", &own);
    add_arm(&c, "node", &own);
    findings_add(&c);
    expect_no_finding(&c, "own-work");
    add_arm(&c, "pool", &plain_trial);
    findings_add(&c);
    expect_finding(
        &c, "own-work",
        "py and node do their own work: work/s is comparable with the bundled strategies only "
        "if it is the same work.");
    comparison_fini(&c);
}

static void set_work(struct comparison *c, size_t arm, const char *kind, int64_t n)
{
    struct result *r = &c->arms[arm].results[0];
    free(r->work_kind);
    r->work_kind = mem_strdup_or_null(kind);
    r->work_n = n;
}

static void the_kind_of_work_is_named(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    add_arm(&c, "py", &plain_trial);
    add_arm(&c, "pool", &plain_trial);
    set_work(&c, 0, NULL, MISSING);
    set_work(&c, 1, "count", 20000000);
    findings_add(&c);
    expect_finding(
        &c, "computing-work",
        "Each request is 20.0M counts of CPU work: the cores limit what any arm can complete.");
    expect_no_finding(&c, "waiting-work");
    set_work(&c, 1, "sleep", 50000000);
    findings_add(&c);
    expect_finding(
        &c, "waiting-work",
        "Each request is 50.0 ms of waiting without using the CPU: throughput depends on how "
        "many requests an arm lets wait at once, not on the cores.");
    expect_no_finding(&c, "computing-work");
    set_work(&c, 1, NULL, MISSING);
    findings_add(&c);
    expect_no_finding(&c, "computing-work");
    expect_no_finding(&c, "waiting-work");
    comparison_fini(&c);
}

/* Ten times the rate at a hundredth of the work is not more work. */
static void other_work_is_in_no_ranking(void **state)
{
    (void)state;
    const struct trial_shape fast = trial_completing(30000);
    struct comparison c;
    comparison_init(&c);
    add_ranked_arm(&c, "pool", &plain_trial);
    add_ranked_arm(&c, "offload", &plain_trial);
    add_ranked_arm(&c, "light", &fast);
    set_work(&c, 0, "count", 20000000);
    set_work(&c, 1, "count", 20000000);
    set_work(&c, 2, "count", 200000);
    findings_add(&c);
    expect_finding(&c, "other-work",
                   "light is not ranked: it did different work, 200k counts per request.");
    expect_finding(
        &c, "most-work",
        "Most work: pool (300/s) and offload (300/s) are too close to call after 3 rounds.");
    assert_null(strstr(finding_of(&c, "recommendation")->text, "light"));
    set_work(&c, 2, "count", 20000000);
    findings_add(&c);
    expect_no_finding(&c, "other-work");
    expect_finding(&c, "most-work",
                   "light completes the most work: 3000/s, 10 times as much as pool (300/s).");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_of_ones_own_is_named),
        cmocka_unit_test(the_kind_of_work_is_named),
        cmocka_unit_test(other_work_is_in_no_ranking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
