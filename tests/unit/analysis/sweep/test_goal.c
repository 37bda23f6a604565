#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "analysis/sweep/goal.h"
#include "base/mem.h"

static void a_goal_is_a_figure_or_a_limit_and_a_figure(void **state)
{
    (void)state;
    static const struct {
        const char *text, *key, *must, *wins;
        size_t clauses;
        enum rank_order order;
        bool is_open_loop;
    } cases[] = {
        {NULL, "work_per_second", NULL, "completes the most work", 0, RANK_MOST, false},
        {NULL, "p99", NULL, "has the lowest p99", 0, RANK_LEAST, true},
        {"Lowest P50", "p50", NULL, "has the lowest p50", 0, RANK_LEAST, false},
        {"least cost", "cpu_per_work", NULL, "uses the least CPU per unit of work", 0, RANK_LEAST,
         false},
        {"p99<200ms", "work_per_second", "p99<200ms", "completes the most work within p99<200ms", 1,
         RANK_MOST, false},
        {"p99<200ms and errors<0.1%  at least cost", "cpu_per_work", "p99<200ms and errors<0.1%",
         "uses the least CPU per unit of work within p99<200ms and errors<0.1%", 2, RANK_LEAST,
         false},
        {"errors<1% at lowest p99", "p99", "errors<1%", "has the lowest p99 within errors<1%", 1,
         RANK_LEAST, true},
        {"rps>100 at least CPU", "cpu_per_work", "rps>100",
         "uses the least CPU per unit of work within rps>100", 1, RANK_LEAST, false},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct sweep_goal g;
        struct err err = {0};
        if (sweep_goal_parse(cases[i].text, cases[i].is_open_loop, &g, &err) < 0)
            fail_msg("%s: %s", cases[i].text, err.text);
        assert_string_equal(g.key, cases[i].key);
        assert_string_equal(g.wins, cases[i].wins);
        assert_int_equal(g.order, cases[i].order);
        assert_int_equal(g.limits.clauses.count, cases[i].clauses);
        if (cases[i].must == NULL)
            assert_null(g.must);
        else
            assert_string_equal(g.must, cases[i].must);
        if (cases[i].text != NULL)
            assert_string_equal(g.text, cases[i].text);
        sweep_goal_fini(&g);
    }
}

static void what_is_no_goal_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "'' is no goal of a sweep"},
        {"fastest", "'fastest' is no goal of a sweep; use 'most work'"},
        {"p99<200ms at", "'200ms at' is not a time"},
        {"p99<200ms at ", "'at ': those that hold the goal are ranked by"},
        {"p99<200ms at best", "'at best': those that hold the goal are ranked by 'most work'"},
        {"p99<200ms at least cost and errors<1%", "'at least cost and errors<1%'"},
        {" at least cost<1", "ranked by"},
        {"p99>200ms", "a goal tells what is good: p99<200ms"},
        {"p99<200ms and at least cost", "a clause is empty"},
        {"p9x<1s", "unknown metric 'p9x'"},
        {"errors<0", "holds for no run"},
        {"errors<=100%", "holds for every run"},
        {"p99<1s and p99<2s", "stands in it twice"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct sweep_goal g;
        struct err err = {0};
        if (sweep_goal_parse(cases[i].text, false, &g, &err) == 0)
            fail_msg("'%s' is taken", cases[i].text);
        if (strstr(err.text, cases[i].part) == NULL)
            fail_msg("'%s': %s", cases[i].text, err.text);
        assert_int_equal(err.kind, ERR_USAGE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_goal_is_a_figure_or_a_limit_and_a_figure),
        cmocka_unit_test(what_is_no_goal_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
