#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sweep/borders.h"
#include "analysis/sweep/stage.h"
#include "base/mem.h"
#include "support/findings_bed.h"

static struct sweep sweep;
static struct sweep_goal goal;

static void set_goal(const char *text)
{
    struct err err;
    sweep_goal_fini(&goal);
    assert_int_equal(sweep_goal_parse(text, false, &goal, &err), 0);
}

static void begin(size_t naxes)
{
    set_goal(NULL);
    sweep_init(&sweep);
    sweep.comparison.rounds = 3;
    sweep.naxes = naxes;
    sweep.axes[0] = (struct sweep_axis){mem_strdup("work"), mem_strdup("1..9"), AXIS_LOG, true};
    if (naxes > 1)
        sweep.axes[1] =
            (struct sweep_axis){mem_strdup("connections"), mem_strdup("1,2"), AXIS_LOG, false};
    sweep_add_arm(&sweep, "inline");
    sweep_add_arm(&sweep, "pool");
}

/* Three rounds of one arm that complete about so many requests. */
static void measure(size_t cell, int64_t completed)
{
    for (int64_t round = 1; round <= 3; round++) {
        struct result r;
        const struct trial_shape shape = trial_completing(completed + round - 2);
        trial_of(&shape, &r);
        comparison_add_result(&sweep.comparison, cell, round, &r);
    }
}

static void add(double work, double connections, int64_t inline_completed, int64_t pool_completed)
{
    char *text = mem_printf("%g", work);
    char *second = mem_printf("%g", connections);
    const char *texts[] = {text, sweep.naxes > 1 ? second : NULL};
    const double values[] = {work, connections};
    sweep_add_point(&sweep, texts, values);
    measure(2 * sweep.npoints - 2, inline_completed);
    measure(2 * sweep.npoints - 1, pool_completed);
    free(text);
    free(second);
}

static void add_three(double work, int64_t first, int64_t second, int64_t third)
{
    char *text = mem_printf("%g", work);
    const char *texts[] = {text, NULL};
    const double values[] = {work, 0};
    sweep_add_point(&sweep, texts, values);
    measure(3 * sweep.npoints - 3, first);
    measure(3 * sweep.npoints - 2, second);
    measure(3 * sweep.npoints - 1, third);
    free(text);
}

static void tell(struct str_list *told)
{
    struct ranking r;
    struct err err;
    assert_int_equal(ranking_init(&r, &sweep, NULL, &err), 0);
    borders_tell(&r, told);
    ranking_fini(&r);
}

static void expect_told(size_t at, const char *text)
{
    struct str_list told = {0};
    tell(&told);
    assert_true(at < told.count);
    assert_string_equal(told.items[at], text);
    str_list_fini(&told);
}

/* Points are told in the order of their values, whatever order they were placed in. */
static void a_border_lies_between_two_points(void **state)
{
    (void)state;
    begin(1);
    add(1, 0, 2000, 1000);
    add(9, 0, 1000, 2000);
    add(3, 0, 2000, 1000);
    add(5, 0, 1000, 2000);
    expect_told(0, "up to work=3 inline completes the most work; from work=5 on pool completes the "
                   "most work");
    sweep_fini(&sweep);
}

static void what_is_too_close_widens_it(void **state)
{
    (void)state;
    begin(1);
    add(1, 0, 2000, 1000);
    add(3, 0, 1500, 1500);
    add(9, 0, 1000, 2000);
    expect_told(0, "up to work=1 inline completes the most work; at work=3 it is too close to call "
                   "(inline and pool); from work=9 on pool completes the most work");
    sweep_fini(&sweep);
}

static void several_ties_name_the_arms_of_all_of_them(void **state)
{
    (void)state;
    begin(1);
    sweep_add_arm(&sweep, "offload");
    add_three(1, 2000, 1000, 1000);
    add_three(3, 1000, 1500, 1500);
    add_three(5, 1500, 1500, 1000);
    expect_told(0, "up to work=1 inline completes the most work; at work=3 to 5 it is too close to "
                   "call, with pool among the best at all of them");
    sweep_fini(&sweep);
    begin(1);
    add(1, 0, 2000, 1000);
    add(3, 0, 1500, 1500);
    add(5, 0, 1500, 1500);
    expect_told(0, "up to work=1 inline completes the most work; at work=3 to 5 it is too close to "
                   "call (inline and pool)");
    sweep_fini(&sweep);
}

/* Rounds of a sweep are no pairs: round by round, the last one would hide the difference. */
static void six_rounds_are_told_apart_by_their_spread(void **state)
{
    (void)state;
    static const int64_t completed[2][6] = {{2000, 2010, 1990, 2005, 1995, 2000},
                                            {1600, 1610, 1590, 1605, 1595, 2050}};
    const char *texts[] = {"1", NULL};
    const double values[] = {1, 0};
    begin(1);
    sweep.comparison.rounds = 6;
    sweep_add_point(&sweep, texts, values);
    for (size_t arm = 0; arm < 2; arm++) {
        for (int64_t round = 1; round <= 6; round++) {
            struct result r;
            const struct trial_shape shape = trial_completing(completed[arm][round - 1]);
            trial_of(&shape, &r);
            comparison_add_result(&sweep.comparison, arm, round, &r);
        }
    }
    expect_told(0, "at every work inline completes the most work");
    sweep_fini(&sweep);
}

static void a_tie_inside_of_a_stretch_is_no_border(void **state)
{
    (void)state;
    begin(1);
    add(1, 0, 2000, 1000);
    add(3, 0, 1500, 1500);
    add(9, 0, 2000, 1000);
    expect_told(0, "at every work inline completes the most work");
    sweep_fini(&sweep);
}

static void each_value_of_the_second_option_has_a_sentence(void **state)
{
    (void)state;
    begin(2);
    add(1, 1, 2000, 1000);
    add(1, 2, 1000, 2000);
    add(9, 1, 2000, 1000);
    add(9, 2, 2000, 1000);
    expect_told(0, "connections=1: at every work inline completes the most work");
    expect_told(1,
                "connections=2: up to work=1 pool completes the most work; from work=9 on inline "
                "completes the most work");
    sweep_fini(&sweep);
}

static void one_round_ranks_nothing(void **state)
{
    (void)state;
    begin(1);
    sweep.comparison.rounds = 1;
    add(1, 0, 2000, 1000);
    struct str_list told = {0};
    tell(&told);
    assert_int_equal(told.count, 1);
    assert_non_null(strstr(told.items[0], "one round ranks nothing"));
    str_list_fini(&told);
    sweep_fini(&sweep);
}

/* As an axis of a picture has it. */
static void an_amount_of_work_is_told_by_its_number(void **state)
{
    (void)state;
    begin(1);
    sweep_add_point(&sweep, (const char *const[]){"count:10k"}, (const double[]){1e4});
    measure(0, 2000);
    measure(1, 1000);
    sweep_add_point(&sweep, (const char *const[]){"sleep:1ms"}, (const double[]){2e4});
    measure(2, 1000);
    measure(3, 2000);
    assert_string_equal(sweep.comparison.arms[1].name, "pool work=10k");
    assert_string_equal(sweep_label(&sweep, 0, 1e4), "10k");
    assert_string_equal(sweep_text(&sweep, 0, 1e4), "count:10k");
    expect_told(0, "up to work=10k inline completes the most work; from work=sleep:1ms on pool "
                   "completes the most work");
    sweep_fini(&sweep);
}

static double middle(void *ctx, size_t axis, double lo, double hi)
{
    (void)ctx;
    (void)axis;
    return hi - lo < 2 ? NAN : (lo + hi) / 2;
}

/* The best changes between 3 and 9: the next value goes there, and not where nothing happens. */
static void the_next_value_goes_to_the_border(void **state)
{
    (void)state;
    begin(1);
    add(1, 0, 2000, 1000);
    add(3, 0, 2000, 1000);
    add(9, 0, 1000, 2000);
    add(27, 0, 1000, 2000);
    const size_t more[] = {1, 0};
    const size_t none[] = {0, 0};
    struct stage_value next;
    assert_true(stage_next(&sweep, &goal, more, middle, NULL, &next));
    assert_true(next.axis == 0 && next.value == 6);
    assert_false(stage_next(&sweep, &goal, none, middle, NULL, &next));
    sweep_fini(&sweep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_border_lies_between_two_points),
        cmocka_unit_test(what_is_too_close_widens_it),
        cmocka_unit_test(several_ties_name_the_arms_of_all_of_them),
        cmocka_unit_test(six_rounds_are_told_apart_by_their_spread),
        cmocka_unit_test(a_tie_inside_of_a_stretch_is_no_border),
        cmocka_unit_test(each_value_of_the_second_option_has_a_sentence),
        cmocka_unit_test(one_round_ranks_nothing),
        cmocka_unit_test(an_amount_of_work_is_told_by_its_number),
        cmocka_unit_test(the_next_value_goes_to_the_border),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sweep_goal_fini(&goal);
    return failed;
}
