/* Each kind of broker: leases, attempts, and how a worker that sleeps is woken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "support/broker_bed.h"

#define SHORT_NS (20 * NS_PER_MS)
#define LONG_NS  (3600 * NS_PER_S)

/* ---- leases ---- */

static void a_job_whose_lease_is_over_is_taken_over(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker dying;
    struct bed_broker heir;
    struct taken_job lost;
    struct taken_job job;
    struct bed_answer seen;
    char id[JOB_ID_MAX];
    bed_init_kind(&bed, state);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed.options.job_lease_ns = SHORT_NS;
    bed.options.stalled_interval_ns = SHORT_NS; /* it is lost after two looks */
    bed_open(&bed, &dying, BROKER_WORKER);
    bed.options.job_lease_ns = LONG_NS;
    bed_open(&bed, &heir, BROKER_WORKER);
    bed_add(&gateway, "{}", id);
    bed_take_one(&dying, &lost);
    bed_take_one(&heir, &job);
    assert_string_equal(job.id, id);
    const struct taken_job *const late = &lost;
    bed.kind->renew(dying.broker, &late, 1);
    assert_int_equal(bed_finish(&dying, &lost, "1", NULL), JOB_END_LOST);
    assert_int_equal(bed_finish(&heir, &job, "2", NULL), JOB_END_COMPLETED);
    bed_counts_come(&gateway, (struct job_counts){.completed = 1});
    bed_find(&gateway, id, &seen);
    assert_string_equal(seen.result, "2");
    assert_string_equal(seen.error, "(none)");
    taken_job_fini(&lost);
    taken_job_fini(&job);
    bed_close(&heir);
    bed_close(&dying);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* Renewed with a long lease, so that no pause of the machine can end it. */
static void a_renewed_lease_lasts(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker holder;
    struct bed_broker other;
    struct bed_answer taken;
    struct taken_job job;
    char id[JOB_ID_MAX];
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed.options.job_lease_ns = SHORT_NS;
    bed_open(&bed, &holder, BROKER_WORKER);
    bed.options.job_lease_ns = LONG_NS;
    bed_open(&bed, &other, BROKER_WORKER);
    bed_add(&gateway, "{}", id);
    bed_take_one(&holder, &job);
    const struct taken_job *const held = &job;
    broker_sqlite.renew(other.broker, &held, 1);
    bed_pass(&bed, 3 * SHORT_NS);
    bed_take(&other, 1, &taken);
    assert_int_equal(taken.count, 0);
    assert_int_equal(bed_finish(&holder, &job, "1", NULL), JOB_END_COMPLETED);
    taken_job_fini(&job);
    bed_close(&other);
    bed_close(&holder);
    bed_close(&gateway);
    bed_fini(&bed);
}

static void a_job_that_stalls_at_its_last_attempt_fails(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker worker;
    struct bed_answer seen;
    struct taken_job job;
    char id[JOB_ID_MAX];
    bed_init(&bed);
    bed.options.job_attempts = 2;
    bed.options.job_lease_ns = SHORT_NS;
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_add(&gateway, "{}", id);
    for (int i = 1; i <= 2; i++) {
        bed_take_one(&worker, &job);
        assert_int_equal(job.attempt, i);
        taken_job_fini(&job);
    }
    bed_pass(&bed, SHORT_NS);
    bed_take(&worker, 1, &seen);
    assert_int_equal(seen.count, 0);
    bed_counts_are(&worker, (struct job_counts){.failed = 1});
    bed_find(&gateway, id, &seen);
    assert_int_equal(seen.view.state, JOB_FAILED);
    assert_non_null(strstr(seen.error, "stalled"));
    assert_non_null(strstr(seen.error, "2 attempts"));
    bed_close(&worker);
    bed_close(&gateway);
    bed_fini(&bed);
}

static void a_released_job_has_lost_no_attempt(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker worker;
    struct bed_answer seen;
    struct taken_job job;
    char id[JOB_ID_MAX];
    bed_init_kind(&bed, state);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_add(&gateway, "{}", id);
    for (int i = 0; i < 5; i++) {
        bed_take_one(&worker, &job);
        assert_int_equal(job.attempt, 1);
        bed_counts_come(&gateway, (struct job_counts){.active = 1});
        bed.kind->release(worker.broker, &job);
        bed_counts_come(&gateway, (struct job_counts){.waiting = 1});
        taken_job_fini(&job);
    }
    bed_find(&gateway, id, &seen);
    assert_int_equal(seen.view.state, JOB_WAITING);
    assert_int_equal(seen.view.attempts, 0);
    assert_int_equal(seen.view.started_wall_ms, MISSING_TIME);
    bed_close(&worker);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* ---- failing ---- */

static void a_failed_attempt_is_tried_again_after_a_pause(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker worker;
    struct bed_answer seen;
    struct taken_job job;
    char id[JOB_ID_MAX];
    bed_init_kind(&bed, state);
    bed.options.job_backoff_ns = SHORT_NS;
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_add(&gateway, "{}", id);
    int64_t pause_ns = 0;
    int64_t failed_ns = clock_now_ns();
    for (int attempt = 1; attempt <= 3; attempt++) {
        bed_take_one(&worker, &job);
        assert_true(clock_now_ns() - failed_ns >= pause_ns - NS_PER_MS); /* whole ones in Redis */
        assert_int_equal(job.attempt, attempt);
        failed_ns = clock_now_ns();
        assert_int_equal(bed_finish(&worker, &job, NULL, attempt < 3 ? "no luck" : "no hope"),
                         attempt < 3 ? JOB_END_RETRY : JOB_END_FAILED);
        bed_find(&gateway, id, &seen);
        assert_int_equal(seen.view.state, attempt < 3 ? JOB_DELAYED : JOB_FAILED);
        assert_string_equal(seen.error, attempt < 3 ? "no luck" : "no hope");
        bed_counts_come(&gateway, attempt < 3 ? (struct job_counts){.delayed = 1}
                                              : (struct job_counts){.failed = 1});
        pause_ns = attempt * SHORT_NS; /* 20 ms, then 40 */
        taken_job_fini(&job);
    }
    bed_take(&worker, 1, &seen);
    assert_int_equal(seen.count, 0);
    bed_close(&worker);
    bed_close(&gateway);
    bed_fini(&bed);
}

static void a_sleeper_is_woken_when_a_job_is_due(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker worker;
    struct bed_answer taken;
    struct taken_job job;
    char id[JOB_ID_MAX];
    bed_init_kind(&bed, state);
    bed.options.job_backoff_ns = 5 * SHORT_NS;
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_add(&gateway, "{}", id);
    bed_take_one(&worker, &job);
    assert_int_equal(bed_finish(&worker, &job, NULL, "no luck"), JOB_END_RETRY);
    taken_job_fini(&job);
    int wakes = worker.wakes;
    for (bed_take(&worker, 1, &taken); taken.count == 0; bed_take(&worker, 1, &taken)) {
        bed_wait_for_wake(&worker, wakes);
        wakes = worker.wakes;
    }
    assert_int_equal(taken.jobs[0].attempt, 2);
    assert_true(worker.wakes <= 5); /* not by asking again and again */
    bed_drop(&taken);
    bed_close(&worker);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* ---- waking ---- */

/* Takes until the worker really sleeps: no wake that was due is left. */
static void put_to_sleep(struct bed_broker *worker)
{
    struct bed_answer taken;
    int wakes = -1;
    while (wakes != worker->wakes) {
        wakes = worker->wakes;
        bed_take(worker, 1, &taken);
        assert_int_equal(taken.count, 0);
        bed_pass(worker->bed, 10 * NS_PER_MS);
    }
}

static void a_sleeper_is_woken_by_another_brokers_job(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker worker;
    struct bed_answer taken;
    char id[JOB_ID_MAX];
    int64_t fastest_ns = INT64_MAX;
    bed_init_kind(&bed, state);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_open(&bed, &worker, BROKER_WORKER);
    for (int i = 0; i < 10; i++) {
        put_to_sleep(&worker);
        int wakes = worker.wakes;
        int64_t began_ns = clock_now_ns();
        bed_add(&gateway, "{}", id);
        for (taken.count = 0; taken.count == 0; bed_take(&worker, 1, &taken)) {
            bed_wait_for_wake(&worker, wakes);
            wakes = worker.wakes;
        }
        int64_t took_ns = clock_now_ns() - began_ns;
        fastest_ns = took_ns < fastest_ns ? took_ns : fastest_ns;
        assert_int_equal(bed_finish(&worker, &taken.jobs[0], "1", NULL), JOB_END_COMPLETED);
        bed_drop(&taken);
    }
    assert_true(fastest_ns < 200 * NS_PER_MS); /* the look each second is not what woke it */
    bed_close(&worker);
    bed_close(&gateway);
    bed_fini(&bed);
}

static void who_waits_in_vain_is_left_alone(void **state)
{
    struct bed bed;
    struct bed_broker idle[2];
    struct bed_answer taken;
    bed_init_kind(&bed, state);
    bed_open(&bed, &idle[0], BROKER_WORKER);
    bed_open(&bed, &idle[1], BROKER_WORKER);
    put_to_sleep(&idle[0]);
    put_to_sleep(&idle[1]);
    /* Each time one looks, it must not wake the other. */
    int before = idle[0].wakes + idle[1].wakes;
    int64_t until_ns = clock_now_ns() + 300 * NS_PER_MS;
    while (clock_now_ns() < until_ns) {
        for (int i = 0; i < 2; i++)
            bed_take(&idle[i], 1, &taken);
        bed_pass(&bed, 10 * NS_PER_MS);
    }
    assert_in_range(idle[0].wakes + idle[1].wakes - before, 0, 4);
    bed_close(&idle[0]);
    bed_close(&idle[1]);
    bed_fini(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_EACH_KIND(a_job_whose_lease_is_over_is_taken_over),
        ON_KIND(a_renewed_lease_lasts, sqlite),
        ON_KIND(a_job_that_stalls_at_its_last_attempt_fails, sqlite),
        ON_EACH_KIND(a_released_job_has_lost_no_attempt),
        ON_EACH_KIND(a_failed_attempt_is_tried_again_after_a_pause),
        ON_EACH_KIND(a_sleeper_is_woken_when_a_job_is_due),
        ON_EACH_KIND(a_sleeper_is_woken_by_another_brokers_job),
        ON_EACH_KIND(who_waits_in_vain_is_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
