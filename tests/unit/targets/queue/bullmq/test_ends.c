/* The Redis broker beside a real redis-server: how jobs end, how long they are kept, and what is
 * removed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/broker_bed.h"

#define Q        "bench:heavy:"
#define SHORT_NS (20 * NS_PER_MS)

/* A job of somebody else's, which waits. */
static void store(struct bed *bed, const char *id, const char *opts)
{
    (void)BED_REDIS(bed, "HSET " Q "%s name other data {\"n\":1} opts %s timestamp %s", id, opts,
                    "5");
    (void)BED_REDIS(bed, "LPUSH " Q "wait %s", id);
}

static void take_is(struct bed_pair *b, const char *id, struct taken_job *job)
{
    bed_take_one(&b->worker, job);
    assert_string_equal(job->id, id);
}

/* ---- failing ---- */

static void a_failed_attempt_follows_the_jobs_own_opts(void **state)
{
    static const struct {
        const char *opts;
        enum job_end end;
        enum job_state state;
    } cases[] = {
        {"{}", JOB_END_FAILED, JOB_FAILED},
        {"nonsense", JOB_END_FAILED, JOB_FAILED},
        {"{\"attempts\":2}", JOB_END_RETRY, JOB_WAITING},
        {"{\"attempts\":2,\"backoff\":60000}", JOB_END_RETRY, JOB_DELAYED},
        {"{\"attempts\":2,\"backoff\":{\"type\":\"mine\"}}", JOB_END_FAILED, JOB_FAILED},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed_pair b;
        struct taken_job job;
        struct bed_answer seen;
        bed_init_redis(&b.bed);
        bed_pair_open(&b);
        store(&b.bed, "x", cases[i].opts);
        take_is(&b, "x", &job);
        assert_int_equal(bed_finish(&b.worker, &job, NULL, "no luck \xff"), cases[i].end);
        bed_find(&b.gateway, "x", &seen);
        assert_string_equal(job_state_names[seen.view.state], job_state_names[cases[i].state]);
        assert_string_equal(seen.error, "no luck ?"); /* UTF-8 */
        assert_int_equal(seen.view.attempts, 1);
        bed_job_has(&b.bed, "x", "stacktrace", "[\"no luck ?\"]");
        taken_job_fini(&job);
        bed_pair_fini(&b);
    }
}

/* A parent that got a child while it waited. */
static void a_job_with_children_is_not_completed(void **state)
{
    static const struct {
        const char *set, *opts, *reason;
        enum job_end end;
        enum job_state state;
    } cases[] = {
        {"dependencies", "{}", "the job has children that have not ended", JOB_END_FAILED,
         JOB_FAILED},
        {"dependencies", "{\"attempts\":2}", "the job has children that have not ended",
         JOB_END_RETRY, JOB_WAITING},
        {"unsuccessful", "{\"attempts\":2}", "a child of the job failed", JOB_END_FAILED,
         JOB_FAILED},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed_pair b;
        struct taken_job job;
        struct bed_answer seen;
        bed_init_redis(&b.bed);
        bed_pair_open(&b);
        store(&b.bed, "x", cases[i].opts);
        take_is(&b, "x", &job);
        (void)BED_REDIS(&b.bed, "ZADD " Q "x:%s 1 bench:heavy:y", cases[i].set);
        assert_int_equal(bed_finish(&b.worker, &job, "1", NULL), cases[i].end);
        bed_find(&b.gateway, "x", &seen);
        assert_int_equal(seen.view.state, cases[i].state);
        assert_string_equal(seen.error, cases[i].reason);
        taken_job_fini(&job);
        bed_pair_fini(&b);
    }
}

static void the_last_attempt_fails_for_good(void **state)
{
    struct bed_pair b;
    struct taken_job job;
    struct bed_answer seen;
    (void)state;
    bed_init_redis(&b.bed);
    bed_pair_open(&b);
    store(&b.bed, "x", "{\"attempts\":3,\"backoff\":20}");
    for (int attempt = 1; attempt <= 3; attempt++) {
        take_is(&b, "x", &job);
        assert_int_equal(job.attempt, attempt);
        assert_int_equal(job.attempts_max, 3);
        assert_int_equal(bed_finish(&b.worker, &job, NULL, "bad"),
                         attempt < 3 ? JOB_END_RETRY : JOB_END_FAILED);
        taken_job_fini(&job);
    }
    bed_find(&b.gateway, "x", &seen);
    assert_int_equal(seen.view.state, JOB_FAILED);
    assert_int_equal(seen.view.attempts, 3);
    bed_job_has(&b.bed, "x", "stacktrace", "[\"bad\",\"bad\",\"bad\"]");
    bed_pair_fini(&b);
}

/* It has a reason to be failed, and attempts that are left do not matter. */
static void a_job_that_is_refused_fails(void **state)
{
    struct bed_pair b;
    struct taken_job job;
    (void)state;
    bed_init_redis(&b.bed);
    b.bed.options.stalled_interval_ns = SHORT_NS;
    bed_pair_open(&b);
    store(&b.bed, "x", "{\"attempts\":9}");
    (void)BED_REDIS(&b.bed, "HSET " Q "x defa %s", "its parent failed");
    take_is(&b, "x", &job);
    assert_string_equal(job.refused, "its parent failed");
    assert_int_equal(bed_finish(&b.worker, &job, NULL, job.refused), JOB_END_FAILED);
    taken_job_fini(&job);
    /* The sweep refuses one that stalled before, and whose worker died again. */
    store(&b.bed, "y", "{\"attempts\":9}");
    (void)BED_REDIS(&b.bed, "HSET " Q "y stc 1");
    (void)BED_REDIS(&b.bed, "RPOPLPUSH " Q "wait " Q "active");
    take_is(&b, "y", &job);
    bed_must_hold(job.refused, "stalled more often");
    assert_int_equal(bed_finish(&b.worker, &job, NULL, job.refused), JOB_END_FAILED);
    taken_job_fini(&job);
    bed_pair_fini(&b);
}

/* ---- keeping ---- */

static void end_one(struct bed_pair *b, const char *result, const char *error)
{
    struct taken_job job;
    bed_take_one(&b->worker, &job);
    assert_int_equal(bed_finish(&b->worker, &job, result, error),
                     result != NULL ? JOB_END_COMPLETED : JOB_END_FAILED);
    taken_job_fini(&job);
}

/* So many of the newest of each end; all are counted. */
static void only_the_last_that_ended_are_kept(void **state)
{
    struct bed_pair b;
    char id[JOB_ID_MAX];
    (void)state;
    bed_init_redis(&b.bed);
    b.bed.options.keep_jobs = 3;
    b.bed.options.job_attempts = 1;
    bed_pair_open(&b);
    for (int i = 0; i < 10; i++) {
        bed_add(&b.gateway, "{}", id);
        end_one(&b, i % 2 == 0 ? "1" : NULL, i % 2 == 0 ? NULL : "bad");
    }
    bed_counts_come(&b.gateway, (struct job_counts){.completed = 5, .failed = 5});
    assert_int_equal(BED_REDIS(&b.bed, "ZCARD " Q "completed"), 3);
    assert_int_equal(BED_REDIS(&b.bed, "ZCARD " Q "failed"), 3);
    for (int i = 1; i <= 10; i++) {
        char number[16];
        (void)snprintf(number, sizeof number, "%d", i);
        assert_int_equal(BED_REDIS(&b.bed, "EXISTS " Q "%s", number), i > 4);
    }
    bed_close(&b.worker);
    b.bed.options.keep_jobs = 0;
    bed_open(&b.bed, &b.worker, BROKER_WORKER);
    for (int i = 0; i < 2; i++) {
        bed_add(&b.gateway, "{}", id);
        end_one(&b, i == 0 ? "1" : NULL, i == 0 ? NULL : "bad");
        assert_int_equal(BED_REDIS(&b.bed, "EXISTS " Q "%s", id), 0);
    }
    assert_string_equal(id, "12");
    bed_counts_come(&b.gateway, (struct job_counts){.completed = 6, .failed = 6});
    bed_pair_fini(&b);
}

static void a_job_may_say_itself_how_long_it_is_kept(void **state)
{
    struct bed_pair b;
    (void)state;
    bed_init_redis(&b.bed);
    bed_pair_open(&b);
    store(&b.bed, "x", "{\"removeOnComplete\":true}");
    end_one(&b, "1", NULL);
    assert_int_equal(BED_REDIS(&b.bed, "EXISTS " Q "x " Q "completed"), 0);
    store(&b.bed, "y", "{\"removeOnComplete\":true}");
    end_one(&b, NULL, "bad"); /* the other rule */
    assert_int_equal(BED_REDIS(&b.bed, "ZCARD " Q "failed"), 1);
    store(&b.bed, "z", "{\"removeOnFail\":{\"count\":1}}");
    end_one(&b, NULL, "bad");
    assert_int_equal(BED_REDIS(&b.bed, "ZCARD " Q "failed"), 1);
    assert_int_equal(BED_REDIS(&b.bed, "EXISTS " Q "y"), 0);
    bed_job_has(&b.bed, "z", "failedReason", "bad");
    bed_pair_fini(&b);
}

static void run_job_of(const char *id)
{
    struct bed_pair b;
    struct taken_job job;
    struct bed_answer seen;
    bed_init_redis(&b.bed);
    bed_pair_open(&b);
    store(&b.bed, id, "{\"attempts\":2}");
    bed_find(&b.gateway, id, &seen);
    assert_int_equal(seen.view.state, JOB_WAITING);
    bed_take_one(&b.worker, &job);
    assert_int_equal(strncmp(job.id, id, JOB_ID_MAX - 1), 0);
    b.bed.kind->release(b.worker.broker, &job);
    taken_job_fini(&job);
    bed_take_one(&b.worker, &job);
    assert_int_equal(bed_finish(&b.worker, &job, NULL, "bad"), JOB_END_RETRY);
    taken_job_fini(&job);
    end_one(&b, "1", NULL);
    assert_true(BED_REDIS(&b.bed, "ZSCORE " Q "completed %s", id) > 0);
    bed_find(&b.gateway, id, &seen);
    assert_int_equal(seen.view.state, JOB_COMPLETED);
    bed_pair_fini(&b);
}

/* Any text may be an id: what does not fit into a taken job is whole in Redis. */
static void an_id_may_be_long_or_odd(void **state)
{
    static char too_long[JOB_ID_MAX + 100];
    char long_id[201] = {0};
    (void)state;
    memset(long_id, 'i', sizeof long_id - 1);
    memset(too_long, 'i', sizeof too_long - 1);
    run_job_of(long_id);
    run_job_of(too_long);
    run_job_of("a b:c\"{}\n%s*\xff");
}

/* ---- removing ---- */

static void the_queue_is_removed_and_no_other(void **state)
{
    static const char *const others[] = {"bench:heavy2:id", "bench:heavy", "bench:heav:1",
                                         "other:heavy:id", "heavy:1"};
    struct bed_pair b;
    struct taken_job job;
    char id[JOB_ID_MAX];
    (void)state;
    bed_init_redis(&b.bed);
    b.bed.options.drop_queue = true;
    b.bed.options.job_attempts = 1;
    bed_pair_open(&b);
    for (size_t i = 0; i < LEN(others); i++)
        (void)BED_REDIS(&b.bed, "SET %s 1", others[i]);
    for (int i = 0; i < 6; i++)
        bed_add(&b.gateway, "{}", id);
    end_one(&b, "1", NULL);
    end_one(&b, NULL, "bad");
    bed_take_one(&b.worker, &job);
    (void)BED_REDIS(&b.bed, "RPUSH " Q "1:logs x");
    (void)BED_REDIS(&b.bed, "ZADD " Q "prioritized 5 4");
    (void)BED_REDIS(&b.bed, "ZADD " Q "delayed 9 5");
    (void)BED_REDIS(&b.bed, "MSET " Q "pc 1 " Q "limiter 1");
    (void)BED_REDIS(&b.bed, "HSET " Q "meta paused 1");
    (void)BED_REDIS(&b.bed, "RENAME " Q "wait " Q "paused");
    bed_close(&b.worker);
    assert_true(BED_REDIS(&b.bed, "KEYS " Q "*") >= 16); /* a worker does not remove it */
    taken_job_fini(&job);
    /* It takes several requests. */
    (void)BED_REDIS(&b.bed, "SET " Q "id 45000");
    (void)BED_REDIS(&b.bed, "HSET " Q "45000 name x");
    (void)BED_REDIS(&b.bed, "HSET " Q "20000 name x");
    (void)BED_REDIS(&b.bed, "HSET " Q "20001 name x");
    bed_close(&b.gateway);
    assert_int_equal(BED_REDIS(&b.bed, "KEYS " Q "*"), 0);
    assert_int_equal(BED_REDIS(&b.bed, "DBSIZE"), LEN(others));
    bed_fini(&b.bed);
}

static void a_queue_that_is_not_to_be_removed_stays(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    char id[JOB_ID_MAX];
    (void)state;
    bed_init_redis(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_add(&gateway, "{}", id);
    bed_close(&gateway);
    assert_int_equal(BED_REDIS(&bed, "LLEN " Q "wait"), 1);
    bed.options.drop_queue = true; /* one that was opened and never used is removed too */
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_close(&gateway);
    assert_int_equal(BED_REDIS(&bed, "DBSIZE"), 0);
    bed_fini(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_failed_attempt_follows_the_jobs_own_opts, bed_set_alarm),
        cmocka_unit_test_setup(a_job_with_children_is_not_completed, bed_set_alarm),
        cmocka_unit_test_setup(the_last_attempt_fails_for_good, bed_set_alarm),
        cmocka_unit_test_setup(a_job_that_is_refused_fails, bed_set_alarm),
        cmocka_unit_test_setup(only_the_last_that_ended_are_kept, bed_set_alarm),
        cmocka_unit_test_setup(a_job_may_say_itself_how_long_it_is_kept, bed_set_alarm),
        cmocka_unit_test_setup(an_id_may_be_long_or_odd, bed_set_alarm),
        cmocka_unit_test_setup(the_queue_is_removed_and_no_other, bed_set_alarm),
        cmocka_unit_test_setup(a_queue_that_is_not_to_be_removed_stays, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
