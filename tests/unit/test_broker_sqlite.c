/* The embedded broker: the life of a job, between brokers on one loop and between processes. */
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
#include "broker_bed.h"

#define LONG_NS (3600 * NS_PER_S)

static void a_job_waits_runs_and_is_completed(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker worker;
    struct bed_answer seen;
    struct taken_job job;
    char id[JOB_ID_MAX];
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_open(&bed, &worker, BROKER_WORKER);
    int64_t before_ns = clock_now_ns();
    bed_add(&gateway, "{\"n\":5}", id);
    bed_counts_are(&gateway, (struct job_counts){.waiting = 1});
    bed_find(&gateway, id, &seen);
    assert_true(seen.found);
    assert_string_equal(seen.id, id);
    assert_int_equal(seen.view.state, JOB_WAITING);
    assert_string_equal(job_state_names[seen.view.state], "waiting");
    assert_string_equal(seen.data, "{\"n\":5}");
    assert_string_equal(seen.result, "(none)");
    assert_string_equal(seen.error, "(none)");
    assert_int_equal(seen.view.attempts, 0);
    assert_int_equal(seen.view.attempts_max, 3);
    assert_in_range(seen.view.added_wall_ms, 1, clock_wall_ms() + 1000);
    assert_int_equal(seen.view.started_wall_ms, MISSING_TIME);

    bed_take_one(&worker, &job);
    assert_string_equal(job.id, id);
    assert_string_equal(job.data, "{\"n\":5}");
    assert_int_equal(job.attempt, 1);
    assert_int_equal(job.attempts_max, 3);
    assert_in_range(job.added_ns, before_ns, clock_now_ns());
    bed_counts_are(&worker, (struct job_counts){.active = 1});
    bed_find(&gateway, id, &seen);
    assert_int_equal(seen.view.state, JOB_ACTIVE);
    assert_int_not_equal(seen.view.started_wall_ms, MISSING_TIME);
    assert_int_equal(seen.view.ended_wall_ms, MISSING_TIME);

    assert_int_equal(bed_finish(&worker, &job, "{\"count\":5}", NULL), JOB_END_COMPLETED);
    assert_int_equal(bed_finish(&worker, &job, "{\"count\":6}", NULL), JOB_END_LOST);
    bed_find(&gateway, id, &seen);
    assert_int_equal(seen.view.state, JOB_COMPLETED);
    assert_string_equal(seen.result, "{\"count\":5}");
    assert_int_equal(seen.view.attempts, 1);
    assert_int_not_equal(seen.view.ended_wall_ms, MISSING_TIME);
    bed_counts_are(&worker, (struct job_counts){.completed = 1});
    taken_job_fini(&job);
    bed_close(&worker);
    bed_close(&gateway);
    bed_fini(&bed);
}

static void what_is_no_id_is_not_found(void **state)
{
    (void)state;
    static const char *const ids[] = {
        "2", "", "-1", "0", "1x", " 1", "+1", "01", "1.0", "heavy", "99999999999999999999"};
    struct bed bed;
    struct bed_broker gateway;
    struct bed_answer seen;
    char id[JOB_ID_MAX];
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_add(&gateway, "{}", id);
    assert_string_equal(id, "1");
    for (size_t i = 0; i < LEN(ids); i++) {
        bed_find(&gateway, ids[i], &seen);
        assert_false(seen.found);
    }
    bed_close(&gateway);
    bed_fini(&bed);
}

static void queues_in_one_file_are_apart(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker others;
    struct bed_answer seen;
    char id[JOB_ID_MAX];
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_add(&gateway, "{}", id);
    bed.options.queue = "other";
    bed_open(&bed, &others, BROKER_WORKER);
    bed_take(&others, 5, &seen);
    assert_int_equal(seen.count, 0);
    bed_counts_are(&others, (struct job_counts){0});
    bed_close(&others);
    bed_open(&bed, &others, BROKER_GATEWAY);
    bed_find(&others, id, &seen);
    assert_false(seen.found);
    bed_close(&others);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* ---- workers share ---- */

static void workers_take_the_oldest_and_never_the_same(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker workers[2];
    struct bed_answer taken;
    char id[JOB_ID_MAX];
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    for (int i = 0; i < 20; i++)
        bed_add(&gateway, "{}", id);
    bed_open(&bed, &workers[0], BROKER_WORKER);
    bed_open(&bed, &workers[1], BROKER_WORKER);
    long next = 1;
    for (int i = 0; next <= 20; i++) {
        bed_take(&workers[i % 2], 3, &taken);
        assert_int_equal(taken.count, next <= 18 ? 3 : 2);
        for (size_t k = 0; k < taken.count; k++)
            assert_int_equal(strtol(taken.jobs[k].id, NULL, 10), next++);
        bed_drop(&taken);
    }
    bed_close(&workers[0]);
    bed_close(&workers[1]);
    bed_close(&gateway);
    bed_fini(&bed);
}

#define SHARED_JOBS 300

/* Takes and completes until there is nothing; tells each id on `out`. */
static void work_off(struct bed *bed, int out)
{
    struct bed_broker worker;
    struct bed_answer taken;
    bed_open(bed, &worker, BROKER_WORKER);
    for (bed_take(&worker, 4, &taken); taken.count > 0; bed_take(&worker, 4, &taken)) {
        for (size_t i = 0; i < taken.count; i++) {
            int id = (int)strtol(taken.jobs[i].id, NULL, 10);
            assert_int_equal(write(out, &id, sizeof id), sizeof id);
            assert_int_equal(bed_finish(&worker, &taken.jobs[i], "1", NULL), JOB_END_COMPLETED);
        }
        bed_drop(&taken);
    }
    bed_close(&worker);
}

static void processes_never_take_the_same(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    int pipes[2];
    int id = 0;
    int seen[SHARED_JOBS + 1] = {0};
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_add_many(&gateway, SHARED_JOBS);
    bed_close(&gateway);
    assert_int_equal(pipe(pipes), 0);
    pid_t children[2];
    for (int i = 0; i < 2; i++) {
        children[i] = bed_fork(&bed);
        if (children[i] != 0)
            continue;
        work_off(&bed, pipes[1]);
        _exit(0);
    }
    (void)close(pipes[1]);
    while (read(pipes[0], &id, sizeof id) == sizeof id) {
        assert_in_range(id, 1, SHARED_JOBS);
        assert_int_equal(seen[id]++, 0);
    }
    (void)close(pipes[0]);
    for (int i = 0; i < 2; i++) {
        int how = 0;
        assert_int_equal(waitpid(children[i], &how, 0), children[i]);
        assert_int_equal(how, 0);
    }
    for (id = 1; id <= SHARED_JOBS; id++)
        assert_int_equal(seen[id], 1);
    assert_int_equal(bed_sql(&bed, "SELECT completed FROM queue"), SHARED_JOBS);
    bed_fini(&bed);
}

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

#define HOLDS_MOST 20

/* What the worker holds, and what the counters must be. */
struct model {
    struct job_counts counts;
    struct taken_job held[HOLDS_MOST + 4];
    size_t holds;
};

static void step_of_worker(struct bed_broker *worker, struct model *m, struct rng *rng)
{
    struct bed_answer taken;
    if (m->holds == 0 || (m->holds < HOLDS_MOST && rng_unit(rng) < 0.4)) {
        size_t most = 1 + (size_t)(rng_unit(rng) * 4);
        bed_take(worker, most, &taken);
        assert_int_equal(taken.count,
                         (int64_t)most < m->counts.waiting ? (int64_t)most : m->counts.waiting);
        memcpy(m->held + m->holds, taken.jobs, taken.count * sizeof *taken.jobs);
        m->holds += taken.count;
        m->counts.waiting -= (int64_t)taken.count;
        m->counts.active += (int64_t)taken.count;
        return;
    }
    struct taken_job *job = &m->held[(size_t)(rng_unit(rng) * (double)m->holds)];
    double what = rng_unit(rng);
    if (what < 0.2) {
        broker_sqlite.release(worker->broker, job);
        assert_int_equal(bed_finish(worker, job, "1", NULL), JOB_END_LOST);
        m->counts.waiting++;
    } else if (what < 0.5) {
        enum job_end end = bed_finish(worker, job, NULL, "bad luck");
        assert_int_equal(end, job->attempt < job->attempts_max ? JOB_END_RETRY : JOB_END_FAILED);
        *(end == JOB_END_RETRY ? &m->counts.delayed : &m->counts.failed) += 1;
    } else {
        assert_int_equal(bed_finish(worker, job, "1", NULL), JOB_END_COMPLETED);
        m->counts.completed++;
    }
    m->counts.active--;
    taken_job_fini(job);
    *job = m->held[--m->holds];
}

static void counters_are_exact(void **state)
{
    (void)state;
    static const char *const by_hand[] = {"failed", "completed", "active", "delayed", "waiting"};
    struct bed bed;
    struct bed_broker gateways[2];
    struct bed_broker worker;
    struct rng rng;
    struct model m = {0};
    char id[JOB_ID_MAX];
    bed_init(&bed);
    bed.options.job_backoff_ns = LONG_NS;
    bed.options.job_lease_ns = LONG_NS;
    for (int i = 0; i < 2; i++) {
        bed.options.job_attempts = i + 1;
        bed_open(&bed, &gateways[i], BROKER_GATEWAY);
    }
    bed_open(&bed, &worker, BROKER_WORKER);
    rng_init(&rng, 20261122);
    for (int i = 0; i < 600; i++) {
        if (rng_unit(&rng) < 0.4) {
            bed_add(&gateways[i % 2], "{}", id);
            m.counts.waiting++;
            bed_counts_are(&gateways[i % 2], m.counts);
        } else {
            step_of_worker(&worker, &m, &rng);
        }
    }
    bed_counts_are(&worker, m.counts);
    bed_pass(&bed, 20 * NS_PER_MS);
    for (int i = 0; i < 2; i++) {
        bed_counts_are(&gateways[i], m.counts);
        bed_close(&gateways[i]);
    }
    assert_true(m.counts.failed > 0 && m.counts.completed > 0 && m.counts.delayed > 0);
    for (int i = 0; i < (int)LEN(by_hand); i++) {
        char *sql = mem_printf("SELECT %s-(SELECT count(*) FROM job WHERE state=%d) FROM queue",
                               by_hand[i], i);
        assert_int_equal(bed_sql(&bed, sql), 0);
        free(sql);
    }
    while (m.holds > 0)
        taken_job_fini(&m.held[--m.holds]);
    bed_close(&worker);
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

static void on_count_taken(void *ctx, struct taken_job *jobs, size_t count, const struct err *err)
{
    int *refused = ctx;
    (void)jobs;
    *refused += count == 0 && err != NULL ? 1 : 0;
}

static void closing_does_what_was_asked_for(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker broker;
    struct taken_job job;
    struct bed_answer *answers = mem_array(10, sizeof *answers);
    int refused = 0;
    bed_init(&bed);
    bed_open(&bed, &broker, BROKER_GATEWAY);
    for (int i = 0; i < 10; i++)
        broker_sqlite.add(broker.broker, "{}", 2, bed_on_added, &answers[i]);
    bed_close(&broker);
    for (int i = 0; i < 10; i++) {
        assert_true(answers[i].came);
        assert_int_equal(strtol(answers[i].id, NULL, 10), i + 1);
    }
    free(answers);
    assert_int_equal(access(bed_path(&bed), F_OK), 0);
    char *log = mem_printf("%s-wal", bed_path(&bed));
    assert_int_equal(access(log, F_OK), -1); /* the last to close empties it */
    free(log);
    bed_open(&bed, &broker, BROKER_WORKER);
    bed_counts_are(&broker, (struct job_counts){.waiting = 10});
    broker_sqlite.take(broker.broker, 5, on_count_taken, &refused);
    bed_close(&broker);
    assert_int_equal(refused, 1);
    bed_open(&bed, &broker, BROKER_WORKER);
    bed_counts_are(&broker, (struct job_counts){.waiting = 10});
    bed_take_one(&broker, &job);
    assert_int_equal(job.attempt, 1);
    taken_job_fini(&job);
    bed_close(&broker);
    bed_fini(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_job_waits_runs_and_is_completed, bed_set_alarm),
        cmocka_unit_test_setup(what_is_no_id_is_not_found, bed_set_alarm),
        cmocka_unit_test_setup(queues_in_one_file_are_apart, bed_set_alarm),
        cmocka_unit_test_setup(workers_take_the_oldest_and_never_the_same, bed_set_alarm),
        cmocka_unit_test_setup(processes_never_take_the_same, bed_set_alarm),
        cmocka_unit_test_setup(only_the_last_finished_jobs_are_kept, bed_set_alarm),
        cmocka_unit_test_setup(counters_are_exact, bed_set_alarm),
        cmocka_unit_test_setup(a_job_is_counted_when_it_is_answered_and_not_before, bed_set_alarm),
        cmocka_unit_test_setup(a_killed_gateway_has_lost_nothing, bed_set_alarm),
        cmocka_unit_test_setup(closing_does_what_was_asked_for, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
