#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "base/mem.h"
#include "cases/compare_cases.h"
#include "support/findings_bed.h"

static void unanswered_requests_are_told(void **state)
{
    (void)state;
    struct trial_shape some = plain_trial;
    struct trial_shape most = trial_completing(14);
    struct comparison c;
    some.timed_out = 21;
    most.open = 86;
    most.open_ms = 9990;
    comparison_init(&c);
    add_arm(&c, "some", &some);
    add_arm(&c, "plain", &plain_trial);
    findings_add(&c);
    expect_finding(
        &c, "unanswered",
        "some left 121 of 3121 requests unanswered: 21 timed out, 100 were in flight at the end.");
    comparison_fini(&c);
    comparison_init(&c);
    add_arm(&c, "threads", &most);
    add_arm(&c, "plain", &plain_trial);
    c.arms[0].results[0].target_end = mem_strdup("max-rss");
    findings_add(&c);
    expect_finding(&c, "unanswered",
                   "threads answered only 14 of 100 requests: 86 were in flight at the end.");
    c.arms[0].results[0].accounting.completed = 0;
    findings_add(&c);
    expect_finding(&c, "unanswered",
                   "threads answered none of 100 requests: 86 were in flight at the end.");
    expect_finding(
        &c, "stopped",
        "threads was stopped because it used more memory than --max-rss allows: 10.0 MB.");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unanswered_requests_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
