/* The embedded broker: what is its own. test_broker.c and test_broker_leases.c have what each kind
 * of broker does. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "support/broker_bed.h"

#define LONG_NS (3600 * NS_PER_S)

/* ---- counting ---- */

static void only_the_last_finished_jobs_are_kept(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker worker;
    struct bed_answer seen;
    struct taken_job job;
    char ids[10][JOB_ID_MAX];
    bed_init(&bed);
    bed.options.keep_jobs = 3;
    bed.options.job_attempts = 1;
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_open(&bed, &worker, BROKER_WORKER);
    for (int i = 0; i < 10; i++) {
        bed_add(&gateway, "{}", ids[i]);
        bed_take_one(&worker, &job);
        (void)bed_finish(&worker, &job, i % 2 == 0 ? "1" : NULL, i % 2 == 0 ? NULL : "bad");
        taken_job_fini(&job);
    }
    for (int i = 0; i < 10; i++) {
        bed_find(&gateway, ids[i], &seen);
        assert_int_equal(seen.found, i >= 7);
    }
    bed_counts_are(&worker, (struct job_counts){.completed = 5, .failed = 5});
    bed_close(&worker);
    bed.options.keep_jobs = 0;
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_add(&gateway, "{}", ids[0]);
    assert_string_equal(ids[0], "11"); /* never a number that was there before */
    bed_take_one(&worker, &job);
    (void)bed_finish(&worker, &job, "1", NULL);
    taken_job_fini(&job);
    assert_int_equal(bed_sql(&bed, "SELECT count(*) FROM job"), 0);
    bed_add(&gateway, "{}", ids[0]);
    assert_string_equal(ids[0], "12");
    bed_close(&worker);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* ---- ends ---- */

#define ADDERS 40

struct adder {
    struct broker *broker;
    int out;
};

static void on_added_tell(void *ctx, const char *id, const struct err *err)
{
    struct adder *adder = ctx;
    int number = (int)strtol(id, NULL, 10);
    if (err != NULL || write(adder->out, &number, sizeof number) != sizeof number)
        _exit(1);
    broker_sqlite.add(adder->broker, "{}", 2, on_added_tell, adder);
}

/* Adds a job and stops the loop as soon as it is stored; true when it is not answered yet. */
static bool stop_before_answer(struct bed_broker *gateway, int64_t before, struct bed_answer *added)
{
    *added = (struct bed_answer){0};
    broker_sqlite.add(gateway->broker, "{}", 2, bed_on_added, added);
    (void)uv_run(&gateway->bed->loop, UV_RUN_NOWAIT); /* now the thread has it */
    while (bed_sql(gateway->bed, "SELECT count(*) FROM job") == before)
        assert_false(added->came);
    return !added->came;
}

/* Else a reader of /stats finds more jobs than were accepted. The thread may be so quick that the
 * answer comes in the same turn of the loop: then once more. */
static void a_job_is_counted_when_it_is_answered_and_not_before(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_answer added;
    int64_t jobs = 0;
    bool stopped = false;
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    for (; jobs < 200 && !stopped; jobs++) {
        bed_pass(&bed, 20 * NS_PER_MS); /* what was counted last is no longer fresh */
        stopped = stop_before_answer(&gateway, jobs, &added);
        bed_counts_are(&gateway, (struct job_counts){.waiting = stopped ? jobs : jobs + 1});
        bed_wait(&bed, &added.came);
    }
    assert_true(stopped);
    bed_counts_are(&gateway, (struct job_counts){.waiting = jobs});
    bed_close(&gateway);
    bed_fini(&bed);
}

static void a_killed_gateway_has_lost_nothing(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_answer seen;
    int pipes[2];
    int id = 0;
    int told = 0;
    bed_init(&bed);
    assert_int_equal(pipe(pipes), 0);
    pid_t child = bed_fork(&bed);
    if (child == 0) {
        bed_open(&bed, &gateway, BROKER_GATEWAY);
        struct adder adder = {gateway.broker, pipes[1]};
        for (int i = 0; i < ADDERS; i++)
            broker_sqlite.add(gateway.broker, "{}", 2, on_added_tell, &adder);
        (void)uv_run(&bed.loop, UV_RUN_DEFAULT);
        _exit(1);
    }
    (void)close(pipes[1]);
    int highest = 0;
    while (read(pipes[0], &id, sizeof id) == sizeof id) {
        if (++told == 2000)
            assert_int_equal(kill(child, SIGKILL), 0);
        highest = id > highest ? id : highest;
    }
    (void)close(pipes[0]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(told >= 2000);
    assert_int_equal(highest, told); /* ids come in order, so these are 1..told */
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    for (id = 1; id <= told; id += 1 + told / 500) {
        char text[JOB_ID_MAX];
        (void)snprintf(text, sizeof text, "%d", id);
        bed_find(&gateway, text, &seen);
        assert_true(seen.found);
    }
    assert_true(bed_sql(&bed, "SELECT count(*) FROM job WHERE state=4") >= told);
    assert_int_equal(bed_sql(&bed, "SELECT count(*)-(SELECT waiting FROM queue) FROM job"), 0);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* A gateway has two connections, and two that close at once would both leave the log: so often. */
static void the_last_to_close_empties_the_log(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker broker;
    char id[JOB_ID_MAX];
    bed_init(&bed);
    char *log = mem_printf("%s-wal", bed_path(&bed));
    for (int i = 1; i <= 30; i++) {
        bed_open(&bed, &broker, BROKER_GATEWAY);
        bed_add(&broker, "{}", id);
        bed_close(&broker);
        assert_int_equal(access(bed_path(&bed), F_OK), 0);
        assert_int_equal(access(log, F_OK), -1);
        bed_open(&bed, &broker, BROKER_WORKER);
        bed_counts_are(&broker, (struct job_counts){.waiting = i});
        bed_close(&broker);
    }
    free(log);
    bed_fini(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(only_the_last_finished_jobs_are_kept, bed_set_alarm),
        cmocka_unit_test_setup(a_job_is_counted_when_it_is_answered_and_not_before, bed_set_alarm),
        cmocka_unit_test_setup(a_killed_gateway_has_lost_nothing, bed_set_alarm),
        cmocka_unit_test_setup(the_last_to_close_empties_the_log, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
