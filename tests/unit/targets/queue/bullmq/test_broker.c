/* The Redis broker beside a real redis-server: what it makes of the queue's keys, whoever wrote
 * them. test_broker.c and test_broker_leases.c have what each kind of broker does. */
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

#define Q "bench:heavy:"

/* ---- adding ---- */

struct adds {
    struct bed_broker *gateway;
    int64_t next, all;
    bool done;
};

/* The counts include each job that was answered, and none that was not added. */
static void on_added_in_order(void *ctx, const char *id, const struct err *err)
{
    struct adds *adds = ctx;
    struct job_counts counts;
    char want[32];
    assert_null(err);
    (void)snprintf(want, sizeof want, "%lld", (long long)++adds->next);
    assert_string_equal(id, want);
    broker_redis.counts(adds->gateway->broker, &counts);
    assert_in_range(counts.waiting, adds->next, adds->all);
    assert_int_equal(counts.delayed + counts.active + counts.completed + counts.failed, 0);
    adds->done = adds->next == adds->all;
}

static int64_t calls_of_scripts(const struct bed *bed)
{
    return redis_host_info(&bed->host, "commandstats", "cmdstat_evalsha:calls=");
}

static void thousands_in_one_turn_are_some_batches(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    (void)state;
    bed_init_redis(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    (void)BED_REDIS(&bed, "CONFIG RESETSTAT");
    struct adds adds = {&gateway, 0, 5000, false};
    for (int64_t i = 0; i < adds.all; i++)
        broker_redis.add(gateway.broker, "{\"n\":20000000}", 14, on_added_in_order, &adds);
    assert_int_equal(adds.next, 0);
    bed_wait(&bed, &adds.done);
    assert_in_range(calls_of_scripts(&bed), 5000 / 1000, 5000 / 20);
    assert_int_equal(BED_REDIS(&bed, "LLEN " Q "wait"), adds.all);
    assert_int_equal(BED_REDIS(&bed, "GET " Q "id"), adds.all);
    bed_job_has(&bed, "4321", "data", "{\"n\":20000000}");
    bed_close(&gateway);
    bed_fini(&bed);
}

static void what_is_added_is_a_job_of_the_librarys(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    char id[JOB_ID_MAX];
    (void)state;
    bed_init_redis(&bed);
    (void)BED_REDIS(&bed, "SET " Q "id 41"); /* others added before */
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_add(&gateway, "{\"n\":5, \"x\":\"é\"}", id);
    assert_string_equal(id, "42");
    bed_job_has(&bed, id, "name", "heavy");
    bed_job_has(&bed, id, "data", "{\"n\":5, \"x\":\"é\"}");
    bed_job_has(&bed, id, "opts",
                "{\"attempts\":3,\"backoff\":{\"type\":\"exponential\",\"delay\":1000}}");
    bed_job_has(&bed, id, "delay", "0");
    bed_job_has(&bed, id, "priority", "0");
    assert_in_range(BED_REDIS(&bed, "HGET " Q "42 timestamp"), clock_wall_ms() - 60000,
                    clock_wall_ms());
    assert_int_equal(BED_REDIS(&bed, "LINDEX " Q "wait 0"), 42);
    assert_int_equal(BED_REDIS(&bed, "ZSCORE " Q "marker 0"), 0);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* A value longer than 64 bytes would make each job take several times the memory. */
static void a_waiting_job_is_stored_compactly(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    char id[JOB_ID_MAX];
    char encoding[40];
    (void)state;
    bed_init_redis(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_add(&gateway, "{\"n\":20000000}", id);
    redis_host_text(&bed.host, encoding, sizeof encoding, "OBJECT ENCODING " Q "%s", id);
    assert_string_equal(encoding, "listpack");
    bed_close(&gateway);
    bed_fini(&bed);
}

/* ---- looking up ---- */

static void a_job_is_found_in_each_state(void **state)
{
    static const struct {
        const char *command;
        enum job_state state;
    } cases[] = {
        {"LPUSH " Q "wait 7", JOB_WAITING},
        {"LPUSH " Q "active 7", JOB_ACTIVE},
        {"ZADD " Q "delayed 5 7", JOB_DELAYED},
        {"ZADD " Q "prioritized 5 7", JOB_PRIORITIZED},
        {"ZADD " Q "waiting-children 5 7", JOB_WAITING_CHILDREN},
        {"ZADD " Q "completed 5 7", JOB_COMPLETED},
        {"ZADD " Q "failed 5 7", JOB_FAILED},
    };
    struct bed bed;
    struct bed_broker gateway;
    struct bed_answer seen;
    (void)state;
    bed_init_redis(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    for (size_t i = 0; i < LEN(cases); i++) {
        (void)BED_REDIS(&bed, "FLUSHALL");
        (void)BED_REDIS(&bed,
                        "HSET " Q "7 name other data %s opts %s returnvalue [1] failedReason bad "
                        "atm 2 ats 3 timestamp 100 processedOn 200 finishedOn 300",
                        "{\"a\": 1}", "{\"attempts\":9}");
        (void)BED_REDIS(&bed, cases[i].command);
        bed_find(&gateway, "7", &seen);
        assert_true(seen.found);
        assert_string_equal(seen.id, "7");
        assert_string_equal(job_state_names[seen.view.state], job_state_names[cases[i].state]);
        assert_string_equal(seen.data, "{\"a\": 1}");
        assert_string_equal(seen.result, "[1]");
        assert_string_equal(seen.error, "bad");
        assert_int_equal(seen.view.attempts, cases[i].state == JOB_ACTIVE ? 3 : 2);
        assert_int_equal(seen.view.attempts_max, 9);
        assert_int_equal(seen.view.added_wall_ms, 100);
        assert_int_equal(seen.view.started_wall_ms, 200);
        assert_int_equal(seen.view.ended_wall_ms, 300);
    }
    bed_close(&gateway);
    bed_fini(&bed);
}

static void what_a_job_does_not_have_is_missing(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    struct bed_answer seen;
    (void)state;
    bed_init_redis(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    (void)BED_REDIS(&bed, "HSET " Q "7 name other");
    bed_find(&gateway, "7", &seen);
    assert_true(seen.found);
    assert_string_equal(seen.data, "(none)");
    assert_string_equal(seen.result, "(none)");
    assert_string_equal(seen.error, "(none)");
    assert_int_equal(seen.view.attempts, 0);
    assert_int_equal(seen.view.attempts_max, 1);
    assert_int_equal(seen.view.added_wall_ms, MISSING_TIME);
    assert_int_equal(seen.view.started_wall_ms, MISSING_TIME);
    assert_int_equal(seen.view.ended_wall_ms, MISSING_TIME);
    (void)BED_REDIS(&bed, "SET " Q "8 nonsense");
    (void)BED_REDIS(&bed, "HSET " Q "9 what nonsense");
    for (const char *id = "8"; id != NULL; id = strcmp(id, "8") == 0 ? "9" : NULL) {
        bed_find(&gateway, id, &seen);
        assert_false(seen.found);
    }
    bed_close(&gateway);
    bed_fini(&bed);
}

/* ---- taking and leasing ---- */

static void take_is(struct bed_pair *b, const char *id, struct taken_job *job)
{
    bed_take_one(&b->worker, job);
    assert_string_equal(job->id, id);
}

static void what_waits_comes_before_priorities(void **state)
{
    static const char *const order[] = {"first", "due", "urgent", "later"};
    struct bed_pair b;
    struct bed_answer taken;
    (void)state;
    bed_init_redis(&b.bed);
    bed_pair_open(&b);
    for (size_t i = 0; i < LEN(order); i++)
        (void)BED_REDIS(&b.bed, "HSET " Q "%s name x data {} opts {}", order[i]);
    (void)BED_REDIS(&b.bed, "HSET " Q "far name x data {} opts {}");
    (void)BED_REDIS(&b.bed, "ZADD " Q "prioritized 8589934592 later 4294967296 urgent");
    (void)BED_REDIS(&b.bed, "ZADD " Q "delayed 4096 due 16000000000000000 far");
    (void)BED_REDIS(&b.bed, "LPUSH " Q "wait first");
    bed_take(&b.worker, 9, &taken);
    assert_int_equal(taken.count, LEN(order));
    for (size_t i = 0; i < LEN(order); i++) {
        assert_string_equal(taken.jobs[i].id, order[i]);
        assert_int_equal(taken.jobs[i].attempts_max, 1);
        assert_int_equal(taken.jobs[i].added_ns, MISSING_TIME);
        assert_null(taken.jobs[i].refused);
    }
    assert_int_equal(BED_REDIS(&b.bed, "LLEN " Q "active"), LEN(order));
    bed_drop(&taken);
    bed_pair_fini(&b);
}

/* Anybody may have written them. */
static void numbers_without_sense_are_survived(void **state)
{
    static const struct {
        const char *field, *value;
    } cases[] = {
        {"timestamp", "-9223372036854775808"},
        {"timestamp", "9223372036854775807"},
        {"timestamp", "x"},
        {"atm", "9223372036854775807"},
        {"atm", "-9223372036854775808"},
        {"atm", "x"},
    };
    struct bed_pair b;
    struct bed_answer seen;
    struct taken_job job;
    (void)state;
    bed_init_redis(&b.bed);
    bed_pair_open(&b);
    for (size_t i = 0; i < LEN(cases); i++) {
        (void)BED_REDIS(&b.bed, "HSET " Q "x name x data {} opts {} %s %s", cases[i].field,
                        cases[i].value);
        (void)BED_REDIS(&b.bed, "LPUSH " Q "wait x");
        take_is(&b, "x", &job);
        bed_find(&b.gateway, "x", &seen);
        assert_int_equal(seen.view.state, JOB_ACTIVE);
        taken_job_fini(&job);
        (void)BED_REDIS(&b.bed, "FLUSHALL");
    }
    bed_pair_fini(&b);
}

/* Number.MAX_SAFE_INTEGER, and later than any clock. */
static void a_job_of_a_far_future_is_slept_over(void **state)
{
    static const char *const scores[] = {"36893488147419103232", "1e300"};
    struct bed_pair b;
    struct bed_answer taken;
    (void)state;
    bed_init_redis(&b.bed);
    bed_pair_open(&b);
    (void)BED_REDIS(&b.bed, "HSET " Q "x name x data {} opts {}");
    for (size_t i = 0; i < LEN(scores); i++) {
        (void)BED_REDIS(&b.bed, "ZADD " Q "delayed %s x", scores[i]);
        bed_take(&b.worker, 1, &taken);
        assert_int_equal(taken.count, 0);
        b.worker.wakes = 0;
        bed_take(&b.worker, 1, &taken);
        bed_pass(&b.bed, 100 * NS_PER_MS);
        assert_in_range(b.worker.wakes, 0, 1);
    }
    bed_pair_fini(&b);
}

static void a_lease_is_renewed(void **state)
{
    struct bed_pair b;
    struct taken_job job;
    char id[JOB_ID_MAX];
    (void)state;
    bed_init_redis(&b.bed);
    bed_pair_open(&b);
    bed_add(&b.gateway, "{}", id);
    take_is(&b, id, &job);
    const struct taken_job *const held = &job;
    assert_in_range(BED_REDIS(&b.bed, "PTTL " Q "1:lock"), 1, 30000);
    (void)BED_REDIS(&b.bed, "PEXPIRE " Q "1:lock 9000");
    (void)BED_REDIS(&b.bed, "SADD " Q "stalled 1");
    b.bed.kind->renew(b.worker.broker, &held, 1);
    int64_t bound_ns = clock_now_ns() + 8 * NS_PER_S;
    while (BED_REDIS(&b.bed, "PTTL " Q "1:lock") <= 9000 && clock_now_ns() < bound_ns)
        bed_pass(&b.bed, NS_PER_MS);
    assert_in_range(BED_REDIS(&b.bed, "PTTL " Q "1:lock"), 9001, 30000);
    assert_int_equal(BED_REDIS(&b.bed, "EXISTS " Q "stalled"), 0);
    /* One that is lost is not made again. */
    (void)BED_REDIS(&b.bed, "DEL " Q "1:lock");
    b.bed.kind->renew(b.worker.broker, &held, 1);
    assert_int_equal(bed_finish(&b.worker, &job, "1", NULL), JOB_END_LOST);
    assert_int_equal(BED_REDIS(&b.bed, "EXISTS " Q "1:lock"), 0);
    taken_job_fini(&job);
    bed_pair_fini(&b);
}

static void a_job_that_is_not_ours_any_more_is_lost(void **state)
{
    static const char *const commands[] = {"DEL " Q "1:lock", "SET " Q "1:lock other", "DEL " Q "1",
                                           "LREM " Q "active 0 1"};
    (void)state;
    for (size_t i = 0; i < 2 * LEN(commands); i++) {
        struct bed_pair b;
        struct taken_job job;
        char id[JOB_ID_MAX];
        bed_init_redis(&b.bed);
        bed_pair_open(&b);
        bed_add(&b.gateway, "{}", id);
        take_is(&b, id, &job);
        (void)BED_REDIS(&b.bed, commands[i / 2]);
        const char *result = i % 2 == 0 ? "1" : NULL;
        assert_int_equal(bed_finish(&b.worker, &job, result, result == NULL ? "bad" : NULL),
                         JOB_END_LOST);
        assert_int_equal(BED_REDIS(&b.bed, "EXISTS " Q "completed " Q "failed " Q "delayed"), 0);
        taken_job_fini(&job);
        bed_pair_fini(&b);
    }
}

static void a_released_job_is_the_next(void **state)
{
    struct bed_pair b;
    struct taken_job job;
    struct taken_job again;
    char id[JOB_ID_MAX];
    (void)state;
    bed_init_redis(&b.bed);
    bed_pair_open(&b);
    bed_add(&b.gateway, "{}", id);
    bed_add(&b.gateway, "{}", id);
    take_is(&b, "1", &job);
    bed_counts_come(&b.gateway, (struct job_counts){.waiting = 1, .active = 1});
    b.bed.kind->release(b.worker.broker, &job);
    bed_counts_come(&b.gateway, (struct job_counts){.waiting = 2});
    assert_int_equal(BED_REDIS(&b.bed, "EXISTS " Q "1:lock " Q "active"), 0);
    take_is(&b, "1", &again);
    assert_int_equal(again.attempt, 1);
    taken_job_fini(&job);
    taken_job_fini(&again);
    bed_pair_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(thousands_in_one_turn_are_some_batches, bed_set_alarm),
        cmocka_unit_test_setup(what_is_added_is_a_job_of_the_librarys, bed_set_alarm),
        cmocka_unit_test_setup(a_waiting_job_is_stored_compactly, bed_set_alarm),
        cmocka_unit_test_setup(a_job_is_found_in_each_state, bed_set_alarm),
        cmocka_unit_test_setup(what_a_job_does_not_have_is_missing, bed_set_alarm),
        cmocka_unit_test_setup(what_waits_comes_before_priorities, bed_set_alarm),
        cmocka_unit_test_setup(numbers_without_sense_are_survived, bed_set_alarm),
        cmocka_unit_test_setup(a_job_of_a_far_future_is_slept_over, bed_set_alarm),
        cmocka_unit_test_setup(a_lease_is_renewed, bed_set_alarm),
        cmocka_unit_test_setup(a_job_that_is_not_ours_any_more_is_lost, bed_set_alarm),
        cmocka_unit_test_setup(a_released_job_is_the_next, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
