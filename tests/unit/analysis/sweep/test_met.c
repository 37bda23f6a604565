/* Which arms hold a limit, and what is the best of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sweep/borders.h"
#include "analysis/sweep/met.h"
#include "analysis/sweep/stage.h"
#include "base/mem.h"
#include "support/findings_bed.h"

#define ROUNDS 3

static struct sweep sweep;
static struct sweep_goal goal;

/* By the goal that the test began with. */
static void rank_all(struct ranking *r)
{
    struct err err;
    assert_int_equal(ranking_init(r, &sweep, NULL, &err), 0);
}

static void begin(const char *text)
{
    struct err err;
    assert_int_equal(sweep_goal_parse(text, false, &goal, &err), 0);
    sweep_init(&sweep);
    sweep.goal = mem_strdup(text);
    sweep.comparison.rounds = ROUNDS;
    sweep.naxes = 1;
    sweep.axes[0] = (struct sweep_axis){mem_strdup("work"), mem_strdup("1..9"), AXIS_LOG, true};
    sweep_add_arm(&sweep, "inline");
    sweep_add_arm(&sweep, "pool");
}

static void end(void)
{
    sweep_fini(&sweep);
    sweep_goal_fini(&goal);
}

/* All is well, and p99 is a little below `high_ms`. */
static struct trial_shape within(double high_ms, double cpu_s)
{
    struct trial_shape shape = plain_trial;
    shape.open = 0;
    shape.low_ms = high_ms * 0.9;
    shape.high_ms = high_ms;
    shape.cpu_s = cpu_s;
    return shape;
}

static void add_point(double work)
{
    char *text = mem_printf("%g", work);
    const char *texts[] = {text, NULL};
    sweep_add_point(&sweep, texts, (const double[]){work, 0});
    free(text);
}

/* The rounds of an arm at the last point, from the first shape to the last in equal steps of p99.
 */
static void measure(size_t arm, struct trial_shape shape, double step)
{
    size_t cell = (sweep.npoints - 1) * sweep.narms + arm;
    double high_ms = shape.high_ms;
    for (int64_t round = 1; round <= ROUNDS; round++) {
        struct result r;
        shape.high_ms = high_ms + (double)(round - 2) * step;
        shape.low_ms = shape.high_ms * 0.9;
        trial_of(&shape, &r);
        comparison_add_result(&sweep.comparison, cell, round, &r);
    }
}

static void add(double work, double inline_ms, double pool_ms)
{
    add_point(work);
    measure(0, within(inline_ms, 10), 2);
    measure(1, within(pool_ms, 20), 2);
}

static void expect_met(size_t point, enum met inline_met, enum met pool_met)
{
    enum met met[2];
    met_judge(&sweep, point, &goal, met);
    assert_int_equal(met[0], inline_met);
    assert_int_equal(met[1], pool_met);
}

static void tell(struct str_list *told)
{
    struct ranking r;
    rank_all(&r);
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

static void rounds_are_told_apart_from_the_limit(void **state)
{
    (void)state;
    begin("p99<200ms");
    add(1, 100, 300);
    add_point(3); /* all rounds are below, but not by more than they differ */
    measure(0, within(190, 10), 8);
    measure(1, within(212, 10), 8);
    add_point(5); /* on both sides */
    measure(0, within(201, 10), 6);
    measure(1, within(100, 10), 1);
    expect_met(0, MET_YES, MET_NO);
    expect_met(1, MET_CLOSE, MET_CLOSE);
    expect_met(2, MET_CLOSE, MET_YES);
    end();
}

static void few_rounds_tell_nothing(void **state)
{
    (void)state;
    begin("p99<200ms");
    add(1, 100, 100);
    sweep.comparison.arms[0].results[0].machine.is_disturbed = true;
    sweep.comparison.arms[0].results[1].machine.is_disturbed = true;
    sweep.comparison.arms[1].results[0].machine.is_disturbed = true;
    expect_met(0, MET_UNKNOWN, MET_YES);
    end();
}

/* Shares may be 0, which has no logarithm: all rounds have to agree. */
static void every_clause_must_hold(void **state)
{
    (void)state;
    begin("p99<200ms and timeouts<1%");
    struct trial_shape late = within(100, 10);
    late.timed_out = 300;
    add_point(1);
    measure(0, within(100, 10), 2);
    measure(1, late, 2);
    add_point(2);
    measure(0, within(100, 10), 2);
    measure(1, within(100, 10), 2);
    expect_met(0, MET_YES, MET_NO);
    expect_met(1, MET_YES, MET_YES);
    sweep.comparison.arms[2].results[2].accounting.timed_out = 300;
    expect_met(1, MET_CLOSE, MET_YES);
    end();
}

/* A fast refusal is no fast reply, though no clause is about it. */
static void errors_that_no_clause_is_about_break_a_goal(void **state)
{
    (void)state;
    begin("p99<200ms");
    struct trial_shape refusing = within(100, 10);
    refusing.refused = 600;
    add_point(1);
    measure(0, within(100, 10), 2);
    measure(1, refusing, 2);
    expect_met(0, MET_YES, MET_NO);
    end();
}

static void a_percentile_of_few_requests_counts_as_it_is(void **state)
{
    (void)state;
    begin("p99<200ms");
    struct trial_shape few = within(100, 10);
    few.completed = 50;
    add_point(1);
    measure(0, few, 2);
    few.high_ms = 400;
    measure(1, few, 2);
    expect_met(0, MET_YES, MET_NO);
    end();
}

static void expect_best(size_t point, size_t count, size_t first, enum best_lack lack)
{
    struct ranking r;
    rank_all(&r);
    const struct best *best = &r.bests[point];
    assert_int_equal(best->count, count);
    if (count > 0)
        assert_int_equal(best->arms[0], first);
    else
        assert_int_equal(best->lack, lack);
    ranking_fini(&r);
}

/* inline costs half of pool, and is the best wherever it holds the goal. */
static void the_best_is_one_of_those_that_hold_it(void **state)
{
    (void)state;
    begin("p99<200ms at least cost");
    add(1, 100, 100);
    add(3, 300, 100);
    add(5, 300, 300);
    add(7, 200, 300);
    expect_best(0, 1, 0, BEST_LACKS_ROUNDS);
    expect_best(1, 1, 1, BEST_LACKS_ROUNDS);
    expect_best(2, 0, 0, BEST_LACKS_HOLDER);
    expect_best(3, 0, 0, BEST_LACKS_CERTAINTY);
    expect_told(0, "up to work=1 inline uses the least CPU per unit of work within p99<200ms; at "
                   "work=3 pool uses the least CPU per unit of work within p99<200ms; at work=5 no "
                   "arm holds p99<200ms; at work=7 it is too close to call whether an arm holds "
                   "p99<200ms");
    end();
}

/* Of an arm whose rounds tell nothing it may be true; one that failed holds nothing. */
static void no_arm_holds_it_only_where_that_is_known(void **state)
{
    (void)state;
    begin("p99<200ms at least cost");
    add(1, 300, 300);
    add_point(3);
    measure(0, within(300, 10), 2);
    comparison_add_problem(&sweep.comparison, 3, 1, "it died");
    for (size_t i = 0; i < ROUNDS; i++)
        sweep.comparison.arms[1].results[i].machine.is_disturbed = true;
    expect_best(0, 0, 0, BEST_LACKS_ROUNDS);
    expect_best(1, 0, 0, BEST_LACKS_HOLDER);
    end();
}

static void a_stretch_ends_where_no_arm_holds_it(void **state)
{
    (void)state;
    begin("p99<200ms at least cost");
    add(1, 100, 100);
    add(3, 300, 300);
    add(5, 300, 300);
    add(9, 100, 100);
    expect_told(0, "up to work=1 inline uses the least CPU per unit of work within p99<200ms; at "
                   "work=3 to 5 no arm holds p99<200ms; from work=9 on inline uses the least CPU "
                   "per unit of work within p99<200ms");
    end();
}

static void a_limit_that_decides_nothing_is_said(void **state)
{
    (void)state;
    begin("p99<10s at least cost");
    add(1, 100, 300);
    add(3, 100, 300);
    expect_told(0, "at every work inline uses the least CPU per unit of work within p99<10s");
    expect_told(1, "every arm holds p99<10s at every point, so it decides nothing here; give a "
                   "closer limit, or more load");
    end();
    begin("p99<1us");
    add(1, 100, 300);
    add(3, 100, 300);
    expect_told(0, "at every work no arm holds p99<1us");
    struct str_list told = {0};
    tell(&told);
    assert_int_equal(told.count, 1);
    str_list_fini(&told);
    end();
}

static double middle(void *ctx, size_t axis, double lo, double hi)
{
    (void)ctx;
    (void)axis;
    return (lo + hi) / 2;
}

/* Between 3 and 9 inline breaks the limit: the next value goes there. */
static void the_next_value_goes_where_the_limit_is_broken(void **state)
{
    (void)state;
    begin("p99<200ms at least cost");
    add(1, 100, 100);
    add(3, 100, 100);
    add(9, 300, 100);
    add(27, 300, 100);
    const size_t more[] = {1, 0};
    struct stage_value next;
    assert_true(stage_next(&sweep, &goal, more, middle, NULL, &next));
    assert_true(next.axis == 0 && next.value == 6);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_are_told_apart_from_the_limit),
        cmocka_unit_test(few_rounds_tell_nothing),
        cmocka_unit_test(every_clause_must_hold),
        cmocka_unit_test(errors_that_no_clause_is_about_break_a_goal),
        cmocka_unit_test(a_percentile_of_few_requests_counts_as_it_is),
        cmocka_unit_test(the_best_is_one_of_those_that_hold_it),
        cmocka_unit_test(no_arm_holds_it_only_where_that_is_known),
        cmocka_unit_test(a_stretch_ends_where_no_arm_holds_it),
        cmocka_unit_test(a_limit_that_decides_nothing_is_said),
        cmocka_unit_test(the_next_value_goes_where_the_limit_is_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
