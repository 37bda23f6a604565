#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/findings/findings.h"
#include "cases/compare_cases.h"
#include "support/findings_bed.h"

static void a_finding_names_its_figures(void **state)
{
    (void)state;
    struct comparison c;
    struct trial_shape quick = trial_completing(4500);
    comparison_init(&c);
    add_ranked_arm(&c, "quick", &quick);
    add_ranked_arm(&c, "plain", &plain_trial);
    findings_add(&c);
    const struct finding *f = finding_of(&c, "most-work");
    assert_non_null(f);
    assert_int_equal(f->nfigures, 2);
    assert_string_equal(f->figures[0].arm, "quick");
    assert_string_equal(f->figures[0].metric, "work_per_second");
    assert_true(f->figures[0].value == 450);
    assert_string_equal(f->figures[1].arm, "plain");
    assert_true(f->figures[1].value == 300);
    comparison_fini(&c);
}

static void arms_that_cannot_be_used_are_named(void **state)
{
    (void)state;
    struct trial_shape quick = trial_completing(9000);
    struct comparison c;
    comparison_init(&c);
    add_arm(&c, "quick", &quick);
    add_arm(&c, "plain", &plain_trial);
    add_arm(&c, "half", &quick);
    (void)comparison_add_arm(&c, "none");
    c.arms[0].results[0].valid = false;
    c.arms[2].results[0].interrupted = true;
    findings_add(&c);
    expect_finding(&c, "left-out", "quick is not ranked: its run is invalid.");
    size_t count = 0;
    for (size_t i = 0; i < c.nfindings; i++)
        count += strcmp(c.findings[i].code, "left-out") == 0;
    assert_int_equal(count, 3);
    expect_no_finding(&c, "most-work");
    expect_no_finding(&c, "recommendation");
    comparison_fini(&c);
}

/* The problems say why there is no result. */
static void what_failed_is_not_told_twice(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "none");
    (void)comparison_add_arm(&c, "neither");
    comparison_add_problem(&c, 0, 1, "it did not start");
    comparison_add_problem(&c, 1, 1, "it did not start");
    findings_add(&c);
    assert_int_equal(c.nfindings, 0);
    comparison_fini(&c);
}

static void findings_replace_those_there_were(void **state)
{
    (void)state;
    struct comparison c;
    assert_int_equal(compare_case("five", &c), 0);
    size_t count = c.nfindings;
    assert_true(count >= 10);
    findings_add(&c);
    assert_int_equal(c.nfindings, count);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_names_its_figures),
        cmocka_unit_test(arms_that_cannot_be_used_are_named),
        cmocka_unit_test(what_failed_is_not_told_twice),
        cmocka_unit_test(findings_replace_those_there_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
