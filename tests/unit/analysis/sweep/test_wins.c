#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sweep/borders.h"
#include "analysis/sweep/wins.h"
#include "base/mem.h"
#include "cases/sweep_cases.h"

static struct sweep s;
static struct ranking r;

/* Judged by the most work, whatever its goal is. */
static void begin(const char *name)
{
    struct err err;
    assert_int_equal(sweep_case(name, &s), 0);
    assert_int_equal(ranking_init(&r, &s, "most work", &err), 0);
}

static void end(void)
{
    ranking_fini(&r);
    sweep_fini(&s);
}

static void expect_told(const char *name, const char *text)
{
    struct buf out;
    begin(name);
    buf_init(&out, BUF_TEXT_MAX);
    wins_tell(&r, &out);
    assert_string_equal(out.data, text);
    buf_fini(&out);
    end();
}

static void arms_are_told_by_their_points(void **state)
{
    (void)state;
    expect_told("map", "inline completes the most work at 5 of 12 points, pool at 3, offload at 1; "
                       "3 points are too close to call");
    expect_told("tied-map", "4 points are too close to call");
    expect_told("once", "2 points could not be ranked");
    expect_told("one-point", "pool completes the most work at 1 of 1 points");
}

static void the_arm_with_the_most_points_is_first(void **state)
{
    (void)state;
    struct wins w;
    begin("map");
    wins_init(&w, &r);
    size_t points = w.shared + w.undecided;
    for (size_t i = 0; i < s.narms; i++) {
        points += w.alone[i];
        if (i > 0)
            assert_true(w.alone[w.order[i - 1]] >= w.alone[w.order[i]]);
    }
    assert_int_equal(points, s.npoints);
    wins_fini(&w);
    end();
}

/* Neither a tie nor a failure ends the stretch of an arm that is best again after it. */
static void a_stretch_has_its_first_and_its_last_value(void **state)
{
    (void)state;
    struct stretch *all = NULL;
    begin("curves");
    assert_int_equal(borders_stretches(&r, &all), 2);
    assert_true(all[0].arm == 0 && all[0].from == 1 && all[0].to == 16);
    assert_true(all[1].arm == 2 && all[1].from == 64 && all[1].to == 512);
    free(all);
    end();
    begin("ties");
    assert_int_equal(borders_stretches(&r, &all), 0);
    free(all);
    end();
}

static void expect_standing(const char *name, size_t point, size_t arm, enum best_standing standing)
{
    begin(name);
    assert_int_equal(best_standing(&r.bests[point], &s, point, arm), standing);
    end();
}

static void each_arm_stands_somehow(void **state)
{
    (void)state;
    expect_standing("curves", 0, 0, BEST_ALONE);
    expect_standing("curves", 0, 1, BEST_BEHIND);
    expect_standing("curves", 5, 0, BEST_FAILED);
    expect_standing("map", 11, 1, BEST_UNMEASURED);
    expect_standing("map", 5, 0, BEST_SHARED);
    expect_standing("map", 5, 1, BEST_SHARED);
    expect_standing("once", 0, 0, BEST_UNRANKED);
    for (int i = 0; i <= BEST_UNMEASURED; i++)
        assert_non_null(best_standing_names[i]);
}

/* Points that were placed later stand last in a sweep. */
static void points_are_ordered_by_their_values(void **state)
{
    (void)state;
    sweep_init(&s);
    s.naxes = 2;
    for (size_t i = 0; i < s.naxes; i++)
        s.axes[i].option = mem_strdup(i == 0 ? "work" : "connections");
    const double values[][SWEEP_AXES_MAX] = {{9, 1}, {1, 4}, {9, 0}, {1, 2}};
    for (size_t i = 0; i < LEN(values); i++)
        sweep_add_point(&s, (const char *const[]){"a", "b"}, values[i]);
    size_t *order = sweep_order(&s);
    assert_true(order[0] == 3 && order[1] == 1 && order[2] == 2 && order[3] == 0);
    free(order);
    sweep_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arms_are_told_by_their_points),
        cmocka_unit_test(the_arm_with_the_most_points_is_first),
        cmocka_unit_test(a_stretch_has_its_first_and_its_last_value),
        cmocka_unit_test(each_arm_stands_somehow),
        cmocka_unit_test(points_are_ordered_by_their_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
