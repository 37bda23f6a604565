#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "analysis/capacity/goal.h"
#include "base/mem.h"

static void clauses_become_thresholds_of_the_bad_case(void **state)
{
    (void)state;
    struct goal goal;
    struct err err;
    assert_int_equal(goal_parse(" p99<200ms  and errors <= 0.1% and completed>99% ", &goal, &err),
                     0);
    assert_int_equal(goal.clauses.count, 3);
    assert_string_equal(goal.clauses.items[0], "p99<200ms");
    assert_string_equal(goal.clauses.items[1], "errors <= 0.1%");
    assert_int_equal(goal.thresholds[0].op, GATE_AT_LEAST);
    assert_int_equal(goal.thresholds[1].op, GATE_ABOVE);
    assert_int_equal(goal.thresholds[2].op, GATE_AT_MOST);
    assert_true(goal.thresholds[0].value == 200e6);
    assert_true(gate_crosses(&goal.thresholds[0], 200e6));
    assert_false(gate_crosses(&goal.thresholds[0], 199e6));
    assert_false(gate_crosses(&goal.thresholds[1], 0.001));
    goal_fini(&goal);
}

/* Each says what is wrong, and where something else would do, that. */
static void what_is_no_goal_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"", "a clause is empty"},
        {"p99<200ms and", "a clause is empty"},
        {"p99<200ms and ", "a clause is empty"},
        {"p99", "'p99' is not a clause"},
        {"p99<200ms, errors<1%", "clauses are joined by 'and'"},
        {"p99<200ms && errors<1%", "clauses are joined by 'and'"},
        {"p99>200ms", "a goal tells what is good: p99<200ms"},
        {"p99>=200ms", "a goal tells what is good: p99<=200ms"},
        {"errors>1%", "a goal tells what is good: errors<1%"},
        {"rps<100", "a goal tells what is good: rps>100"},
        {"completed<99%", "a goal tells what is good: completed>99%"},
        {"errors<=100%", "errors<=100%' holds for every run"},
        {"completed>=0%", "completed>=0%' holds for every run"},
        {"rps>=0", "rps>=0' holds for every run"},
        {"errors<0", "errors<0' holds for no run; write errors<=0"},
        {"errors<0%", "write errors<=0%"},
        {"completed>100%", "write completed>=100%"},
        {"p99<200ms and p99<100ms", "p99 stands in it twice"},
        {"p99<200ms and p99>300ms", "a goal tells what is good: p99<300ms"},
        {"p99<200", "has no unit"},
        {"latency<200ms", "unknown metric 'latency'"},
        {"p50<1ms and p60<1ms and p70<1ms and p80<1ms and p90<1ms and p95<1ms and p99<1ms and "
         "max<1s and errors<1%",
         "at most 8 clauses"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct goal goal;
        struct err err = {0};
        if (goal_parse(cases[i].text, &goal, &err) == 0)
            fail_msg("'%s' is taken", cases[i].text);
        if (strstr(err.text, cases[i].part) == NULL)
            fail_msg("'%s': %s", cases[i].text, err.text);
        assert_int_equal(err.kind, ERR_USAGE);
    }
}

static void a_search_has_no_goal_of_throughput(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part; /* NULL: it is fine */
    } cases[] = {
        {"p99<1s and rps>100", "'rps>100': the rate is what is searched for"},
        {"completed>100", "a share such as completed>99%"},
        {"capacity>100", "the rate is what is searched for"},
        {"completed>99% and p99<1s", NULL},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct goal goal;
        struct err err = {0};
        assert_int_equal(goal_parse(cases[i].text, &goal, &err), 0);
        assert_int_equal(goal_check_search(&goal, &err), cases[i].part == NULL ? 0 : -1);
        if (cases[i].part != NULL)
            assert_non_null(strstr(err.text, cases[i].part));
        goal_fini(&goal);
    }
}

static void a_trial_lasts_until_its_percentile_is_known(void **state)
{
    (void)state;
    struct goal goal;
    struct err err;
    assert_int_equal(goal_parse("p99<200ms and mean<1s and errors<1%", &goal, &err), 0);
    int64_t second_ns = 1000000000;
    assert_true(goal_samples(&goal) > 999 && goal_samples(&goal) < 1001);
    assert_int_equal(goal_trial_ns(&goal, 1000, 5 * second_ns), 5 * second_ns);
    assert_in_range(goal_trial_ns(&goal, 125, 5 * second_ns), 10 * second_ns - 1000,
                    10 * second_ns + 1000);
    assert_int_equal(goal_trial_ns(&goal, 1, 5 * second_ns), 25 * second_ns);
    assert_true(goal_least_rps(&goal, 5 * second_ns) > 49.9 &&
                goal_least_rps(&goal, 5 * second_ns) < 50.1);
    goal_fini(&goal);
    assert_int_equal(goal_parse("errors<1%", &goal, &err), 0);
    assert_int_equal(goal_trial_ns(&goal, 1, 5 * second_ns), 5 * second_ns);
    goal_fini(&goal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clauses_become_thresholds_of_the_bad_case),
        cmocka_unit_test(what_is_no_goal_is_refused),
        cmocka_unit_test(a_search_has_no_goal_of_throughput),
        cmocka_unit_test(a_trial_lasts_until_its_percentile_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
