#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/diff_bed.h"
#include "support/findings_bed.h"

static void arms_are_matched_by_name(void **state)
{
    (void)state;
    static const char *const olds[] = {"gone", "pool", "inline"};
    static const char *const news[] = {"inline", "fresh", "pool"};
    struct comparison old;
    struct comparison new;
    comparison_init(&old);
    comparison_init(&new);
    for (size_t i = 0; i < LEN(olds); i++) {
        struct trial_shape shape = trial_completing(1000 * (int64_t)(i + 1));
        add_arm(&old, olds[i], &shape);
        add_arm(&new, news[i], &shape);
    }
    struct diff_file file = diff_bed_comparisons(&old, &new);
    assert_int_equal(file.narms, 2);
    assert_string_equal(file.arms[0].name, "pool");
    assert_string_equal(file.arms[1].name, "inline");
    assert_true(diff_bed_change(&file.arms[0], "requests_per_second")->change == 0.5);
    assert_true(file.only_old.count == 1 && strcmp(file.only_old.items[0], "gone") == 0);
    assert_true(file.only_new.count == 1 && strcmp(file.only_new.items[0], "fresh") == 0);
    assert_null(file.new_side.target);
    diff_file_fini(&file);
    comparison_fini(&old);
    comparison_fini(&new);
}

/* The figures are medians over the rounds that nothing disturbed. */
static void a_disturbed_round_is_left_out(void **state)
{
    (void)state;
    static const int64_t counts[] = {3000, 3300, 9000, 3600};
    struct comparison old;
    struct comparison new;
    comparison_init(&old);
    comparison_init(&new);
    add_arm_of_rounds(&old, "a", counts, 1);
    add_arm_of_rounds(&new, "a", counts, LEN(counts));
    new.arms[0].results[2].machine.is_disturbed = true;
    struct diff_file file = diff_bed_comparisons(&old, &new);
    const struct diff_change *c = diff_bed_change(&file.arms[0], "requests_per_second");
    assert_true(c->new_sum.median == 330 && c->new_sum.low == 300 && c->new_sum.high == 360);
    assert_true(file.arms[0].old_rounds == 1 && file.arms[0].new_rounds == 3);
    diff_file_fini(&file);
    comparison_fini(&old);
    comparison_fini(&new);
}

static void expect_refused(enum diff_kind old_kind, const struct comparison *old,
                           enum diff_kind new_kind, const struct comparison *new, const char *why)
{
    static const char *const nothing[] = {NULL};
    const struct diff_document sides[] = {{old_kind, old}, {new_kind, new}};
    struct diff_file file;
    struct err err = {0};
    assert_int_equal(diff_documents(&sides[0], &sides[1], nothing, &file, &err), -1);
    assert_int_equal(err.kind, ERR_INCOMPARABLE);
    if (strstr(err.text, why) == NULL)
        fail_msg("%s", err.text);
}

static void what_has_nothing_in_common_is_refused(void **state)
{
    (void)state;
    struct comparison old;
    struct comparison new;
    struct comparison none;
    comparison_init(&old);
    comparison_init(&new);
    comparison_init(&none);
    add_arm(&old, "pool", &plain_trial);
    add_arm(&new, "a\nb", &plain_trial);
    expect_refused(DIFF_RESULTS, &old, DIFF_COMPARISONS, &old, "one is a result");
    expect_refused(DIFF_COMPARISONS, &old, DIFF_COMPARISONS, &new, "pool, the other a?b;");
    expect_refused(DIFF_COMPARISONS, &none, DIFF_COMPARISONS, &new, "no arm in common");
    comparison_fini(&old);
    comparison_fini(&new);
    comparison_fini(&none);
}

/* Nothing was measured on either side: an arm without figures, but not an error. */
static void arms_without_results_can_be_shown(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "node");
    comparison_add_problem(&c, 0, 1, "exit 127");
    struct diff_file file = diff_bed_comparisons(&c, &c);
    assert_int_equal(file.arms[0].nchanges, 0);
    assert_int_equal(file.arms[0].shift.count, 0);
    diff_bed_expect(&file, DIFF_STATE, "without a result: 1 of 1 round > 1 of 1 round");
    diff_file_fini(&file);
    comparison_fini(&c);
}

static void curves_have_names_that_tell_them_apart(void **state)
{
    (void)state;
    struct comparison c;
    struct diff d = {.is_folders = true};
    comparison_init(&c);
    add_arm(&c, "pool", &plain_trial);
    struct diff_file results = diff_bed_results(&c, &c);
    struct diff_file comparisons = diff_bed_comparisons(&c, &c);
    struct diff_file plain = diff_bed_results(&c, &c);
    results.name = mem_strdup("a.json");
    comparisons.name = mem_strdup("b.json");
    diff_add_file(&d, &results);
    diff_add_file(&d, &comparisons);
    diff_add_file(&d, &plain);
    struct shift shift = diff_shift(&d);
    assert_int_equal(shift.count, 3);
    assert_string_equal(shift.curves[0].name, "a.json");
    assert_string_equal(shift.curves[1].name, "b.json: pool");
    assert_string_equal(shift.curves[2].name, "pool");
    shift_fini(&shift);
    diff_fini(&d);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms_are_matched_by_name),
        cmocka_unit_test(a_disturbed_round_is_left_out),
        cmocka_unit_test(what_has_nothing_in_common_is_refused),
        cmocka_unit_test(arms_without_results_can_be_shown),
        cmocka_unit_test(curves_have_names_that_tell_them_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
