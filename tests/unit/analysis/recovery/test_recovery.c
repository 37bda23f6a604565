#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/recovery/recovery.h"
#include "base/buf.h"
#include "base/mem.h"
#include "model/recovery_words.h"
#include "stat/hist_series.h"

#define STAGES "4s:=100,2s:=500,8s:=100"

/* A second: what was due in it, what was answered in it, and how long that took. */
struct tick {
    int64_t due, done, ms, lost, refused;
};

#define CALM                                                                                       \
    {                                                                                              \
        100, 100, 10, 0, 0                                                                         \
    }
#define BEFORE CALM, CALM, CALM, CALM

static void fill(struct result *r, const char *stages, const struct tick *ticks, size_t count)
{
    result_init(r);
    r->accounting.due = 0;
    r->offered.arrivals = mem_strdup("constant");
    r->offered.stages = mem_strdup(stages);
    r->seconds = mem_array(count, sizeof *r->seconds);
    r->nseconds = count;
    r->series_latency = hist_series_new();
    for (size_t i = 0; i < count; i++) {
        struct hist *h = hist_new_latency();
        hist_record_n(h, ticks[i].ms * NS_PER_MS, (uint64_t)ticks[i].done);
        hist_series_add(r->series_latency, h);
        hist_free(h);
        r->accounting.due += ticks[i].due;
        r->seconds[i] = (struct second){.at_s = (double)(i + 1),
                                        .length_s = 1,
                                        .due = ticks[i].due,
                                        .sent = ticks[i].due,
                                        .requests = ticks[i].done,
                                        .errors = ticks[i].lost,
                                        .non_2xx = ticks[i].refused,
                                        .queue_backlog = MISSING};
    }
}

static struct recovery judged(const char *stages, const struct tick *ticks, size_t count,
                              const char *goal)
{
    struct result r;
    struct recovery_goal given;
    struct err err;
    fill(&r, stages, ticks, count);
    if (goal != NULL)
        assert_int_equal(recovery_goal_parse(goal, &given, &err), 0);
    struct recovery out = recovery_of(&r, goal == NULL ? NULL : &given);
    result_fini(&r);
    return out;
}

static void said(const struct recovery *r, const char *what)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    recovery_words(r, &text);
    recovery_goal_words(r, &text);
    recovery_backlog_words(r, &text);
    recovery_goodput_words(r, &text);
    if (strstr(text.data, what) == NULL)
        fail_msg("'%s' does not say '%s'", text.data, what);
    buf_fini(&text);
}

/* 800 pile up, and are gone 4 s after the spike. */
static const struct tick back[] = {
    BEFORE,
    {500, 100, 500, 0, 0},
    {500, 100, 1500, 0, 0},
    {100, 300, 3000, 0, 0},
    {100, 300, 2000, 0, 0},
    {100, 300, 1000, 0, 0},
    {100, 300, 300, 0, 0},
    CALM,
    CALM,
    CALM,
    CALM,
};

static void it_comes_back(void **state)
{
    (void)state;
    struct recovery r = judged(STAGES, back, LEN(back), NULL);
    assert_int_equal(r.state, RECOVERY_RECOVERED);
    assert_true(r.back_s == 4);
    assert_int_equal(r.losses, 0);
    assert_false(r.goal.is_given);
    assert_true(fabs(r.goal.ns - 20 * NS_PER_MS) < 0.3 * NS_PER_MS);
    assert_int_equal(r.requests.most, 800);
    assert_int_equal(r.requests.left, 0);
    assert_true(r.requests.drained_s == 3);
    assert_int_equal(r.jobs.most, MISSING);
    assert_true(r.before.good == 100 && r.spike.good == 0 && r.after.good == 50);
    assert_true(r.spike.due == 500 && r.spike.done == 100);
    said(&r, "held again 4.00 s after the spike (4.00 s to 6.00 s, up to 500/s), and to the end");
    said(&r, "gets less done");
}

/* The user's goal may be met earlier. */
static void the_goal_is_the_users(void **state)
{
    (void)state;
    struct recovery r = judged(STAGES, back, LEN(back), "p99<400ms");
    assert_int_equal(r.state, RECOVERY_RECOVERED);
    assert_true(r.goal.is_given && r.back_s == 3);
    r = judged(STAGES, back, LEN(back), "p50<5s");
    assert_int_equal(r.state, RECOVERY_UNHARMED);
    assert_true(r.back_s == 0);
    /* Nothing is as fast: not before either. */
    r = judged(STAGES, back, LEN(back), "p99<2ms");
    assert_int_equal(r.reason, RECOVERY_REASON_BAD_BEFORE);
}

static void it_comes_back_twice(void **state)
{
    (void)state;
    static const struct tick twice[] = {
        BEFORE,
        {500, 500, 900, 0, 0},
        {500, 500, 900, 0, 0},
        {100, 100, 900, 0, 0},
        CALM,
        CALM,
        CALM,
        {100, 100, 900, 0, 0},
        CALM,
        CALM,
        CALM,
    };
    struct recovery r = judged(STAGES, twice, LEN(twice), NULL);
    assert_int_equal(r.state, RECOVERY_RECOVERED);
    assert_true(r.back_s == 5 && r.first_s == 1);
    assert_int_equal(r.losses, 1);
    said(&r, "from 1.00 s after the spike on, and was lost again 1 time");
    /* Without the last seconds it was lost by the end. */
    r = judged("4s:=100,2s:=500,5s:=100", twice, LEN(twice) - 3, NULL);
    assert_int_equal(r.state, RECOVERY_UNSETTLED);
    assert_true(isnan(r.back_s) && r.first_s == 1);
    said(&r, "lost again by the end");
}

/* The rate comes back, the server does not. */
static void it_does_not_come_back(void **state)
{
    (void)state;
    static const struct tick stuck[] = {
        BEFORE,
        {500, 100, 500, 0, 0},
        {500, 100, 1500, 0, 0},
        {100, 100, 3000, 0, 0},
        {100, 100, 3000, 0, 0},
        {100, 100, 3000, 0, 0},
        {100, 100, 3000, 0, 0},
    };
    static const struct tick slow[] = {
        BEFORE,
        {500, 100, 500, 0, 0},
        {500, 100, 1500, 0, 0},
        {100, 200, 3000, 0, 0},
        {100, 200, 3000, 0, 0},
        {100, 200, 3000, 0, 0},
        {100, 200, 3000, 0, 0},
    };
    struct recovery r = judged("4s:=100,2s:=500,4s:=100", stuck, LEN(stuck), NULL);
    assert_int_equal(r.state, RECOVERY_METASTABLE);
    assert_true(isnan(r.back_s) && isnan(r.requests.drained_s));
    assert_int_equal(r.requests.left, 800);
    said(&r, "metastable: the rate has been back at 100/s for 4.00 s");
    said(&r, "at the end still 800");
    /* A backlog that gets less is no such state: 400 are left, and 100 of them go in a second. */
    r = judged("4s:=100,2s:=500,4s:=100", slow, LEN(slow), NULL);
    assert_int_equal(r.state, RECOVERY_RECOVERING);
    assert_true(r.left_s == 4);
    said(&r, "gone in about 4.00 s");
    /* Less time than the spike took does not tell. */
    r = judged("4s:=100,2s:=500,3s:=100", stuck, LEN(stuck) - 1, NULL);
    assert_int_equal(r.state, RECOVERY_METASTABLE);
    r = judged("2s:=100,5s:=500,3s:=100", stuck, LEN(stuck), NULL);
    assert_int_equal(r.state, RECOVERY_UNKNOWN);
    assert_int_equal(r.reason, RECOVERY_REASON_SHORT);
}

/* A server that answers nothing has no latencies, and is not fine. Nor is one whose responses are
 * fast because they do no work, or that loses requests. */
static void silence_is_not_health(void **state)
{
    (void)state;
    static const struct tick silent[] = {
        BEFORE,
        {500, 100, 10, 0, 0},
        {500, 100, 10, 0, 0},
        {100, 0, 0, 0, 0},
        {100, 0, 0, 0, 0},
        {100, 0, 0, 0, 0},
        {100, 0, 0, 0, 0},
        {100, 0, 0, 0, 0},
    };
    static const struct tick shedding[] = {
        BEFORE,
        {500, 500, 10, 0, 400},
        {500, 500, 10, 0, 400},
        {100, 100, 1, 0, 90},
        {100, 100, 1, 0, 90},
        {100, 100, 1, 0, 90},
        {100, 100, 1, 0, 90},
    };
    static const struct tick losing[] = {
        BEFORE,
        {500, 500, 10, 0, 0},
        {500, 500, 10, 0, 0},
        {100, 95, 10, 5, 0},
        {100, 95, 10, 5, 0},
        {100, 95, 10, 5, 0},
        {100, 95, 10, 5, 0},
    };
    /* Most are quick, while those of the spike are never answered. */
    static const struct tick forgotten[] = {
        BEFORE, {500, 450, 10, 0, 0}, {500, 450, 10, 0, 0}, CALM, CALM, CALM, CALM,
    };
    const char *stages = "4s:=100,2s:=500,5s:=100";
    assert_int_equal(judged(stages, silent, LEN(silent), NULL).state, RECOVERY_METASTABLE);
    assert_int_equal(judged(stages, shedding, LEN(shedding), NULL).state, RECOVERY_METASTABLE);
    assert_int_equal(judged(stages, losing, LEN(losing), NULL).state, RECOVERY_METASTABLE);
    assert_int_equal(judged(stages, forgotten, LEN(forgotten), NULL).state, RECOVERY_METASTABLE);
    assert_true(judged(stages, shedding, LEN(shedding), NULL).spike.good == 100);
}

/* Seconds in which nothing is due, and nothing waits, count neither way. */
static void an_empty_second_says_nothing(void **state)
{
    (void)state;
    static const struct tick sparse[] = {
        BEFORE,          {500, 500, 900, 0, 0}, {500, 500, 900, 0, 0}, {1, 1, 900, 0, 0},
        {0, 0, 0, 0, 0}, {1, 1, 10, 0, 0},      {0, 0, 0, 0, 0},       {1, 1, 10, 0, 0},
        {0, 0, 0, 0, 0}, {1, 1, 10, 0, 0},
    };
    struct recovery r = judged("4s:=100,2s:=500,7s:=0.6", sparse, LEN(sparse), NULL);
    assert_int_equal(r.state, RECOVERY_RECOVERED);
    assert_true(r.back_s == 1);
    r = judged("4s:=100,2s:=500,5s:=0.6", sparse, LEN(sparse) - 2, NULL);
    assert_int_equal(r.reason, RECOVERY_REASON_SHORT); /* two seconds are too few to hold */
}

static void what_cannot_be_judged_says_why(void **state)
{
    (void)state;
    static const struct tick calm[] = {BEFORE, BEFORE, BEFORE};
    struct result r;
    assert_int_equal(judged("12s:=100", calm, LEN(calm), NULL).state, RECOVERY_NONE);
    assert_int_equal(judged("nonsense", calm, LEN(calm), NULL).state, RECOVERY_NONE);
    assert_int_equal(judged("8s:=100,4s:=500", calm, LEN(calm), NULL).state, RECOVERY_NONE);
    assert_int_equal(judged("4s:=100,6s:=500,2s:=100", calm, LEN(calm), NULL).reason,
                     RECOVERY_REASON_SHORT);
    assert_int_equal(judged("4s:=100,4s:=500,4s:100", calm, LEN(calm), NULL).reason,
                     RECOVERY_REASON_SHORT);
    assert_int_equal(judged("4s:=100,4s:=500,4s:=0", calm, LEN(calm), NULL).reason,
                     RECOVERY_REASON_IDLE);
    /* Nothing before it: only the user can say what to come back to. */
    assert_int_equal(judged("4s:=500,8s:=100", calm, LEN(calm), NULL).reason,
                     RECOVERY_REASON_NO_BEFORE);
    assert_int_equal(judged("4s:=500,8s:=100", calm, LEN(calm), "p99<20ms").state,
                     RECOVERY_UNHARMED);
    fill(&r, STAGES, back, LEN(back));
    r.offered.from_sending = true;
    assert_int_equal(recovery_of(&r, NULL).reason, RECOVERY_REASON_FROM_SENDING);
    r.offered.from_sending = false;
    char name[] = "recovery_goal";
    char text[] = "p99>1s";
    result_add_setting(&r, &(struct setting){.name = name, .kind = SETTING_TEXT, .text = text});
    assert_int_equal(recovery_of(&r, NULL).reason, RECOVERY_REASON_BAD_GOAL);
    hist_series_free(r.series_latency);
    r.series_latency = NULL;
    assert_int_equal(recovery_of(&r, NULL).reason, RECOVERY_REASON_NO_SERIES);
    result_fini(&r);
}

/* Jobs of a queue are accepted at once, and done later. */
static void jobs_are_a_backlog_of_their_own(void **state)
{
    (void)state;
    static const struct tick accepted[] = {
        BEFORE, {500, 500, 10, 0, 0}, {500, 500, 10, 0, 0}, BEFORE, BEFORE};
    static const int64_t jobs[] = {1, 2, 1, 2, 400, 800, 600, 400, 200, 3, 2, 1, 2, 2};
    struct result r;
    fill(&r, STAGES, accepted, LEN(accepted));
    r.has_queue = true;
    for (size_t i = 0; i < LEN(jobs); i++)
        r.seconds[i].queue_backlog = jobs[i];
    struct recovery out = recovery_of(&r, NULL);
    assert_int_equal(out.state, RECOVERY_UNHARMED);
    assert_int_equal(out.jobs.most, 800);
    assert_true(out.jobs.drained_s == 3);
    said(&out, "at most 800 jobs waited, from 3.00 s after the spike on no more than 10");
    r.seconds[LEN(jobs) - 1].queue_backlog = 900;
    out = recovery_of(&r, NULL);
    assert_true(isnan(out.jobs.drained_s));
    result_fini(&r);
}

static void goals_that_are_none(void **state)
{
    (void)state;
    static const char *const cases[] = {"p99>200ms", "errors<1%", "mean<1s", "p99<0ms",
                                        "p99<200",   "p99",       "",        "wait.p99<1s"};
    struct recovery_goal goal;
    struct err err;
    for (size_t i = 0; i < LEN(cases); i++) {
        err = (struct err){0};
        assert_int_equal(recovery_goal_parse(cases[i], &goal, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
    }
    assert_int_equal(recovery_goal_parse("p99.9 <= 1.5s", &goal, &err), 0);
    assert_true(goal.q == 0.999 && goal.ns == 1.5e9 && goal.is_given);
    assert_int_equal(recovery_goal_parse("max<1s", &goal, &err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_back),
        cmocka_unit_test(the_goal_is_the_users),
        cmocka_unit_test(it_comes_back_twice),
        cmocka_unit_test(it_does_not_come_back),
        cmocka_unit_test(silence_is_not_health),
        cmocka_unit_test(an_empty_second_says_nothing),
        cmocka_unit_test(what_cannot_be_judged_says_why),
        cmocka_unit_test(jobs_are_a_backlog_of_their_own),
        cmocka_unit_test(goals_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
