/* One measurement, judged by several goals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "analysis/sweep/ranking.h"
#include "base/mem.h"
#include "cases/sweep_cases.h"

static struct sweep s;

static void begin(const char *name)
{
    assert_int_equal(sweep_case(name, &s), 0);
}

static void expect_best(const char *goal, size_t point, size_t count, size_t first)
{
    struct ranking r;
    struct err err = {0};
    if (ranking_init(&r, &s, goal, &err) < 0)
        fail_msg("%s", err.text);
    assert_int_equal(r.bests[point].count, count);
    if (count > 0)
        assert_int_equal(r.bests[point].arms[0], first);
    ranking_fini(&r);
}

/* Of an arm at all points: what its server used in each round. */
static void set_cpu(size_t arm, double seconds)
{
    for (size_t point = 0; point < s.npoints; point++) {
        struct arm *at = &s.comparison.arms[point * s.narms + arm];
        for (size_t i = 0; i < at->nresults; i++)
            at->results[i].server.total.cpu_user_s = seconds;
    }
}

/* The arms of a case complete the more, the faster they are; here inline costs more. */
static void another_goal_ranks_the_same_rounds_anew(void **state)
{
    (void)state;
    begin("curves");
    expect_best(NULL, 0, 1, 0);
    expect_best("lowest p99", 0, 1, 0);
    set_cpu(0, 50);
    set_cpu(1, 20);
    set_cpu(2, 20);
    expect_best("least CPU", 0, 1, 2);
    expect_best("p99<1us", 0, 0, 0);
    expect_best("p99<10s at least cost", 5, 1, 2); /* where inline failed */
    sweep_fini(&s);
}

static void expect_told(const char *name, const char *goal, const char *told)
{
    struct ranking r;
    struct err err;
    struct buf out;
    begin(name);
    assert_int_equal(ranking_init(&r, &s, goal, &err), 0);
    buf_init(&out, BUF_TEXT_MAX);
    ranking_tell_goal(&r, &out);
    assert_string_equal(out.data, told);
    buf_fini(&out);
    ranking_fini(&r);
    sweep_fini(&s);
}

static void the_goal_of_the_measurement_is_told_where_it_is_another(void **state)
{
    (void)state;
    expect_told("curves", NULL, "most work");
    expect_told("curves", "Most Work", "Most Work");
    expect_told("curves", "lowest p99",
                "lowest p99; the sweep was measured for 'most work', and its values were placed "
                "for that");
    expect_told("ties", "lowest p99", "lowest p99; the sweep was measured for 'most work'");
}

static void expect_refused(const char *goal, const char *why)
{
    struct ranking r;
    struct err err = {0};
    if (ranking_init(&r, &s, goal, &err) == 0)
        fail_msg("'%s' is taken", goal);
    assert_int_equal(err.kind, ERR_USAGE);
    if (strstr(err.text, why) == NULL)
        fail_msg("'%s': %s", goal, err.text);
}

static void what_no_round_of_an_arm_tells_is_refused(void **state)
{
    (void)state;
    begin("curves");
    expect_refused("fastest", "--goal: 'fastest' is no goal of a sweep");
    expect_refused("achieved>99% at least cost",
                   "--goal: achieved cannot be measured of inline; it needs a rate (-R)");
    expect_refused("p99<1s and job.p99<1s",
                   "job.p99 cannot be measured of inline; it needs a queue");
    expect_refused("GET /a:p99<1s", "it needs a request of that name");
    for (size_t i = 1; i < s.comparison.narms; i += s.narms) {
        for (size_t k = 0; k < s.comparison.arms[i].nresults; k++)
            s.comparison.arms[i].results[k].server.total.cpu_per_request_us = NAN;
    }
    expect_refused("p99<1s at least cost", "--goal: cpu_per_request cannot be measured of threads; "
                                           "it needs a server started by bench");
    expect_best("p99<10s", 0, 1, 0);
    sweep_fini(&s);
}

/* An arm that got no response at all is judged by nothing, and does not keep the others from it. */
static void an_arm_without_responses_is_no_reason(void **state)
{
    (void)state;
    begin("curves");
    for (size_t i = 0; i < s.narms; i++)
        set_cpu(i, 20);
    for (size_t i = 1; i < s.comparison.narms; i += s.narms) {
        for (size_t k = 0; k < s.comparison.arms[i].nresults; k++) {
            s.comparison.arms[i].results[k].server.total.cpu_per_request_us = NAN;
            s.comparison.arms[i].results[k].accounting.completed = 0;
        }
    }
    expect_best("least CPU", 0, 1, 0);
    sweep_fini(&s);
}

static void a_rate_decides_the_work(void **state)
{
    (void)state;
    begin("one-arm");
    for (size_t i = 0; i < s.comparison.narms; i++) {
        for (size_t k = 0; k < s.comparison.arms[i].nresults; k++)
            s.comparison.arms[i].results[k].accounting.due = 1000;
    }
    expect_refused("most work", "--goal: with a rate all arms that keep up do the same work; use "
                                "'lowest p99' or 'least CPU'");
    expect_refused("p99<1s", "use '... at least cost' or '... at lowest p99'");
    expect_best("lowest p50", 0, 1, 0);
    sweep_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(another_goal_ranks_the_same_rounds_anew),
        cmocka_unit_test(the_goal_of_the_measurement_is_told_where_it_is_another),
        cmocka_unit_test(what_no_round_of_an_arm_tells_is_refused),
        cmocka_unit_test(an_arm_without_responses_is_no_reason),
        cmocka_unit_test(a_rate_decides_the_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
