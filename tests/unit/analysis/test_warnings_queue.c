/* The warnings of a queue: what it accepted, what it has done, and what is left. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/warnings.h"
#include "base/mem.h"
#include "cases/healthy_result.h"

/* 1000 jobs accepted, and done but for the last few. */
static void queue_up(struct result *r)
{
    r->has_queue = true;
    r->accounting.statuses[202] = 1000;
    r->queue.accepted = 1000;
    r->queue.completed = 995;
    r->queue.failed = 0;
    r->queue.backlog_start = 0;
    r->queue.backlog_end = 5;
    r->queue.completed_per_s = 99.5;
    r->queue.workers = 1;
    r->queue.workers_lost = 0;
    r->queue.drain = DRAIN_PROJECTED;
    r->queue.drain_s = 0.05;
}

static void accept_too_much(struct result *r)
{
    queue_up(r);
    r->queue.completed = 500;
    r->queue.backlog_end = 500;
}

static void lose_the_accounting(struct result *r)
{
    r->strategy = mem_strdup("queue");
}

static void have_no_worker(struct result *r)
{
    queue_up(r);
    r->queue.completed = r->queue.workers = 0;
    r->queue.completed_per_s = 0;
    r->queue.backlog_end = 1000;
}

static void lose_a_job(struct result *r)
{
    queue_up(r);
    r->queue.completed--;
}

static void find_a_job(struct result *r)
{
    queue_up(r);
    r->queue.completed++;
}

static void answer_without_a_job(struct result *r)
{
    queue_up(r);
    r->queue.accepted = r->queue.completed = 995;
    r->queue.backlog_end = 0;
}

static void answer_another_2xx(struct result *r)
{
    queue_up(r);
    r->accounting.statuses[202] = 990;
}

static void fail_a_job(struct result *r)
{
    queue_up(r);
    r->queue.completed--;
    r->queue.failed = 1;
}

static void lose_a_worker(struct result *r)
{
    queue_up(r);
    r->queue.workers_lost = 1;
}

static void lose_the_broker(struct result *r)
{
    queue_up(r);
    r->queue.health.lost = 1;
}

static void lose_the_broker_for_good(struct result *r)
{
    queue_up(r);
    r->queue.health.lost = 1;
    r->queue.health.is_away = true;
}

static void evict_jobs(struct result *r)
{
    queue_up(r);
    r->queue.health.eviction = mem_strdup("allkeys-lru");
}

static void keep_no_log(struct result *r)
{
    queue_up(r);
    r->queue.health.has_no_log = true;
}

static void cut_the_drain(struct result *r)
{
    queue_up(r);
    r->queue.drain = DRAIN_CUT;
    r->queue.drain_s = 30;
    r->queue.drain_left = 2;
}

static void a_cut_drain_says_why(void **state)
{
    (void)state;
    static const struct {
        enum drain_cut cut;
        int64_t workers;
        double most_s;
        const char *message, *remedy; /* a part of it */
    } cases[] = {
        {DRAIN_CUT_UNKNOWN, 1, NAN, "had not drained after 30.0 s: 2 jobs were left", "--drain"},
        {DRAIN_CUT_TIME, 1, 29.9, "did not drain in the 29.9 s of --drain: 2 jobs", "more time"},
        {DRAIN_CUT_TIME, 0, 29.9, "did not drain in the 29.9 s of --drain: 2 jobs",
         "start one with"},
        {DRAIN_CUT_INTERRUPT, 1, NAN, "the drain was interrupted after 30.0 s: 2 jobs",
         "let it finish"},
        {DRAIN_CUT_NO_WORKER, 0, NAN, "no worker took jobs, and", "start one with --queue-workers"},
        {DRAIN_CUT_NO_PROGRESS, 1, NAN, "no job was running, and", "next attempt"},
        {DRAIN_CUT_NO_ANSWER, 1, NAN, "the gateway did not respond, and", "last lines"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        healthy_result(&r);
        cut_the_drain(&r);
        r.queue.drain_cut = cases[i].cut;
        r.queue.workers = cases[i].workers;
        r.queue.drain_most_s = cases[i].most_s;
        warnings_add(&r);
        assert_int_equal(r.nwarnings, 1);
        if (strstr(r.warnings[0].message, cases[i].message) == NULL ||
            strstr(r.warnings[0].remedy, cases[i].remedy) == NULL)
            fail_msg("%zu: '%s', '%s'", i, r.warnings[0].message, r.warnings[0].remedy);
        result_fini(&r);
    }
}

static void each_figure_raises_its_own_warning(void **state)
{
    (void)state;
    static const struct {
        void (*spoil)(struct result *r);
        const char *code;
    } cases[] = {
        {accept_too_much, "backlog-grows"},   {lose_the_accounting, "no-accounting"},
        {have_no_worker, "no-workers"},       {lose_a_job, "jobs-unaccounted"},
        {find_a_job, "jobs-unaccounted"},     {answer_without_a_job, "jobs-not-stored"},
        {answer_another_2xx, "not-accepted"}, {fail_a_job, "jobs-failed"},
        {lose_a_worker, "worker-died"},       {cut_the_drain, "drain-cut"},
        {lose_the_broker, "broker-died"},     {lose_the_broker_for_good, "broker-died"},
        {evict_jobs, "broker-evicts"},        {keep_no_log, "broker-no-log"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        healthy_result(&r);
        cases[i].spoil(&r);
        warnings_add(&r);
        if (r.nwarnings != 1 || strcmp(r.warnings[0].code, cases[i].code) != 0)
            fail_msg("%s: %zu warnings, the first %s", cases[i].code, r.nwarnings,
                     r.nwarnings > 0 ? r.warnings[0].code : "-");
        assert_non_null(r.warnings[0].remedy);
        assert_true(r.valid);
        result_fini(&r);
    }
}

static void a_queue_that_keeps_up_has_none(void **state)
{
    (void)state;
    struct result r;
    healthy_result(&r);
    queue_up(&r);
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    result_fini(&r);
    healthy_result(&r);
    r.has_queue = true; /* and nothing is known of it */
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    result_fini(&r);
}

/* accepted, completed, backlog_end as given, on two cores with one worker. */
static void a_backlog_that_comes_and_goes_has_none(void **state)
{
    (void)state;
    static const struct {
        double duration_s;
        int64_t connections, pipelining, accepted, completed, backlog_end;
        bool grows;
    } cases[] = {
        {0.017, 1, 1, 50, 41, 9, false},      /* as measured: the worker had just woken */
        {0.9, 10, 1, 1000, 0, 1000, false},   /* too short to judge, whatever is left */
        {10, 10, 1, 1000, 500, 500, true},    /* ten seconds of work */
        {10, 10, 1, 10000, 9000, 900, false}, /* a second of work, and no more */
        {10, 10, 1, 10000, 9000, 901, true},
        {10, 4, 2, 12, 2, 10, false}, /* eight requests and two threads */
        {10, 4, 2, 13, 2, 11, true},
        {10, 4, 2, 220, 209, 11, false}, /* a twentieth of what was accepted */
        {1, 1, 1, 50, 41, 9, false},     /* as measured, on a machine sixty times slower */
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        healthy_result(&r);
        queue_up(&r);
        r.environment.cores_allowed = 2;
        r.duration_s = cases[i].duration_s;
        r.connections = cases[i].connections;
        r.pipelining = cases[i].pipelining;
        r.accounting.statuses[202] = r.accounting.completed = cases[i].accepted;
        r.queue.accepted = cases[i].accepted;
        r.queue.completed = cases[i].completed;
        r.queue.backlog_end = cases[i].backlog_end;
        r.queue.completed_per_s = (double)cases[i].completed / cases[i].duration_s;
        warnings_add(&r);
        bool grows = false;
        for (size_t k = 0; k < r.nwarnings; k++)
            grows = grows || strcmp(r.warnings[k].code, "backlog-grows") == 0;
        if (grows != cases[i].grows)
            fail_msg("%zu: %s", i, grows ? "a warning" : "no warning");
        result_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_raises_its_own_warning),
        cmocka_unit_test(a_cut_drain_says_why),
        cmocka_unit_test(a_queue_that_keeps_up_has_none),
        cmocka_unit_test(a_backlog_that_comes_and_goes_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
