#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/capacity/judge.h"
#include "base/mem.h"

#define SECONDS INT64_C(20)
#define RATE    INT64_C(500)
#define MS      INT64_C(1000000)

struct bed {
    struct capacity c;
    struct goal goal;
    struct result r;
    struct capacity_trial *trial;
};

/* A run in which all was answered in time: 20 s at 500/s, in 10 ms each. */
static int set_up(void **state)
{
    struct bed *b = mem_zalloc(sizeof *b);
    struct err err;
    *state = b;
    capacity_init(&b->c);
    if (goal_parse("p99<200ms and errors<0.1%", &b->goal, &err) < 0)
        return -1;
    for (size_t i = 0; i < b->goal.clauses.count; i++)
        str_list_add(&b->c.clauses, b->goal.clauses.items[i]);
    b->trial = capacity_add_trial(&b->c);
    struct result *r = &b->r;
    result_init(r);
    r->duration_s = SECONDS;
    r->offered.rate_rps = RATE;
    r->accounting.due = r->accounting.sent = r->accounting.completed = SECONDS * RATE;
    r->accounting.unsent = 0;
    r->latency = hist_new(INT64_C(60) * 1000 * MS, 3);
    r->unfinished = hist_new(INT64_C(60) * 1000 * MS, 3);
    for (int i = 0; i < SECONDS * RATE; i++)
        hist_record(r->latency, 10 * MS);
    r->seconds = mem_array(SECONDS, sizeof *r->seconds);
    r->nseconds = SECONDS;
    for (int i = 0; i < SECONDS; i++)
        r->seconds[i] = (struct second){
            .at_s = i + 1, .length_s = 1, .due = RATE, .sent = RATE, .requests = RATE};
    return 0;
}

static int tear_down(void **state)
{
    struct bed *b = *state;
    result_fini(&b->r);
    goal_fini(&b->goal);
    capacity_fini(&b->c);
    free(b);
    return 0;
}

static void judged(struct bed *b, enum capacity_outcome want, const char *why)
{
    judge_trial(&b->goal, &b->r, b->trial);
    if (b->trial->outcome != want)
        fail_msg("it is %s: %s", capacity_outcome_names[b->trial->outcome],
                 b->trial->why == NULL ? "" : b->trial->why);
    if (why == NULL)
        assert_null(b->trial->why);
    else if (b->trial->why == NULL || strstr(b->trial->why, why) == NULL)
        fail_msg("%s", b->trial->why == NULL ? "no reason" : b->trial->why);
}

static void all_in_time_holds(void **state)
{
    struct bed *b = *state;
    judged(b, CAPACITY_HELD, NULL);
    assert_true(b->trial->answered_rps == RATE);
    assert_true(fabs(b->trial->figures[0] - 10 * MS) < 0.01 * MS);
    assert_true(b->trial->figures[1] == 0);
    assert_true(b->trial->growth == 0);
}

static void a_clause_is_broken(void **state)
{
    struct bed *b = *state;
    for (int i = 0; i < SECONDS * RATE / 50; i++)
        hist_record(b->r.latency, 300 * MS);
    judged(b, CAPACITY_BROKEN, NULL);
    assert_true(b->trial->figures[0] > 299 * MS);
}

/* What waits grows by 5 % of what is due, second by second. */
static void a_backlog_that_grows_is_not_sustained(void **state)
{
    struct bed *b = *state;
    for (int i = 0; i < SECONDS; i++)
        b->r.seconds[i].requests -= RATE / 20;
    judged(b, CAPACITY_UNSUSTAINED, "more requests waited at the end");
    assert_true(b->trial->growth > 400);
    assert_true(b->trial->growth_chance < 0.001);
}

/* As sure, and too little to matter. */
static void a_backlog_that_grows_by_little_is(void **state)
{
    struct bed *b = *state;
    for (int i = 0; i < SECONDS; i++)
        b->r.seconds[i].requests -= RATE / 100;
    judged(b, CAPACITY_HELD, NULL);
    assert_true(b->trial->growth > 0);
}

/* As much, but up and down: that is a burst. */
static void a_backlog_that_comes_and_goes_is(void **state)
{
    struct bed *b = *state;
    for (int i = 0; i < SECONDS; i++)
        b->r.seconds[i].requests += (i / 2) % 2 == 0 ? -200 : 200;
    judged(b, CAPACITY_HELD, NULL);
}

static void what_was_not_sent_was_not_sustained(void **state)
{
    struct bed *b = *state;
    b->r.accounting.unsent = 3;
    judged(b, CAPACITY_UNSUSTAINED, "3 of 10000 requests that were due could not be sent");
}

/* It is the generator's, whatever was broken. */
static void a_late_generator_is_no_failure_of_the_server(void **state)
{
    struct bed *b = *state;
    b->r.client.late = true;
    judged(b, CAPACITY_HELD, NULL); /* a delay of bench made nothing better */
    for (int i = 0; i < SECONDS * RATE / 50; i++)
        hist_record(b->r.latency, 300 * MS);
    judged(b, CAPACITY_GENERATOR, "late");
    free(b->trial->why);
    b->trial->why = NULL;
    b->r.client.saturated = true;
    b->r.accounting.unsent = 3;
    judged(b, CAPACITY_GENERATOR, "bottleneck");
}

static void record_all(struct hist **hist, int64_t ns)
{
    *hist = hist_new(INT64_C(60) * 1000 * MS, 3);
    for (int i = 0; i < SECONDS * RATE; i++)
        hist_record(*hist, ns);
}

/* 300 ms where 200 are allowed: 30 ms of bench's own explain no more than 60 of them. */
static void a_late_one_excuses_only_what_it_explains(void **state)
{
    struct bed *b = *state;
    hist_free(b->r.latency);
    record_all(&b->r.latency, 300 * MS);
    record_all(&b->r.service, 270 * MS);
    record_all(&b->r.slip, 30 * MS);
    b->r.client.late = true;
    judged(b, CAPACITY_BROKEN, NULL);
    hist_free(b->r.service);
    hist_free(b->r.slip);
    record_all(&b->r.service, 230 * MS);
    record_all(&b->r.slip, 70 * MS);
    judged(b, CAPACITY_GENERATOR, "late");
}

static void a_server_that_died_is_marked(void **state)
{
    struct bed *b = *state;
    b->r.valid = false;
    b->r.target_end = mem_strdup("signal 9");
    judged(b, CAPACITY_DIED, "the server ended: signal 9");
}

/* Errors that no clause is about must not make a rate look good. */
static void other_errors_break_the_goal(void **state)
{
    struct bed *b = *state;
    b->r.accounting.non_2xx = 500;
    b->r.accounting.statuses[200] = SECONDS * RATE - 500;
    b->r.accounting.statuses[503] = 500;
    judged(b, CAPACITY_BROKEN, "of the responses were not 2xx");
}

static void few_requests_cannot_tell(void **state)
{
    struct bed *b = *state;
    hist_free(b->r.latency);
    b->r.latency = hist_new(INT64_C(60) * 1000 * MS, 3);
    for (int i = 0; i < 50; i++)
        hist_record(b->r.latency, 10 * MS);
    judged(b, CAPACITY_INVALID, "p99 needs 1000 requests and has 50");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_in_time_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_clause_is_broken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_backlog_that_grows_is_not_sustained, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_backlog_that_grows_by_little_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_backlog_that_comes_and_goes_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_sent_was_not_sustained, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_late_generator_is_no_failure_of_the_server, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_late_one_excuses_only_what_it_explains, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_died_is_marked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_errors_break_the_goal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(few_requests_cannot_tell, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
