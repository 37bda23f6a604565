/* Each kind of broker: the life of a job, between brokers on one loop and between processes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

static void a_job_waits_runs_and_is_completed(void **state)
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
    /* A broker may store whole milliseconds of wall time: the time is right to one of them. */
    assert_in_range(job.added_ns, before_ns - NS_PER_MS, clock_now_ns());
    bed_counts_come(&gateway, (struct job_counts){.active = 1});
    bed_find(&gateway, id, &seen);
    assert_int_equal(seen.view.state, JOB_ACTIVE);
    assert_int_not_equal(seen.view.started_wall_ms, MISSING_TIME);
    assert_int_equal(seen.view.ended_wall_ms, MISSING_TIME);

    assert_int_equal(bed_finish(&worker, &job, "{\"count\":5}", NULL), JOB_END_COMPLETED);
    bed_find(&gateway, id, &seen);
    assert_int_equal(seen.view.state, JOB_COMPLETED);
    assert_string_equal(seen.result, "{\"count\":5}");
    assert_int_equal(seen.view.attempts, 1);
    assert_int_not_equal(seen.view.ended_wall_ms, MISSING_TIME);
    bed_counts_come(&gateway, (struct job_counts){.completed = 1});
    taken_job_fini(&job);
    bed_close(&worker);
    bed_close(&gateway);
    bed_fini(&bed);
}

static void what_is_no_id_is_not_found(void **state)
{
    static const char *const ids[] = {"2",
                                      "",
                                      "-1",
                                      "0",
                                      "1x",
                                      " 1",
                                      "+1",
                                      "01",
                                      "1.0",
                                      "heavy",
                                      "99999999999999999999",
                                      "meta",
                                      "wait",
                                      "1:lock",
                                      "*"};
    struct bed bed;
    struct bed_broker gateway;
    struct bed_answer seen;
    char id[JOB_ID_MAX];
    bed_init_kind(&bed, state);
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

static void queues_of_one_broker_are_apart(void **state)
{
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker others;
    struct bed_answer seen;
    char id[JOB_ID_MAX];
    bed_init_kind(&bed, state);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_add(&gateway, "{}", id);
    bed.options.queue = "other";
    bed_open(&bed, &others, BROKER_WORKER);
    bed_take(&others, 5, &seen);
    assert_int_equal(seen.count, 0);
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
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker workers[2];
    struct bed_answer taken;
    char id[JOB_ID_MAX];
    bed_init_kind(&bed, state);
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
    struct bed bed;
    struct bed_broker gateway;
    int pipes[2];
    int id = 0;
    int seen[SHARED_JOBS + 1] = {0};
    bed_init_kind(&bed, state);
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
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_counts_come(&gateway, (struct job_counts){.completed = SHARED_JOBS});
    bed_close(&gateway);
    bed_fini(&bed);
}

/* ---- counting ---- */

#define HOLDS_MOST 20

/* What the worker holds, and what the counters must be. */
struct model {
    struct job_counts counts;
    struct taken_job held[HOLDS_MOST + 4];
    size_t holds;
};

/* It is not answered: what the gateway counts tells that it was done. */
static void give_back(struct bed_broker *worker, struct bed_broker *gateway, struct model *m,
                      const struct taken_job *job)
{
    bed_counts_come(gateway, m->counts);
    worker->bed->kind->release(worker->broker, job);
    m->counts.waiting++;
    m->counts.active--;
    bed_counts_come(gateway, m->counts);
    m->counts.active++;
}

static void step_of_worker(struct bed_broker *worker, struct bed_broker *gateway, struct model *m,
                           struct rng *rng)
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
        give_back(worker, gateway, m, job);
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
    struct bed bed;
    struct bed_broker gateways[2];
    struct bed_broker worker;
    struct rng rng;
    struct model m = {0};
    char id[JOB_ID_MAX];
    bed_init_kind(&bed, state);
    bed.options.job_backoff_ns = LONG_NS;
    bed.options.job_lease_ns = LONG_NS;
    for (int i = 0; i < 2; i++) {
        bed.options.job_attempts = i + 1;
        bed_open(&bed, &gateways[i], BROKER_GATEWAY);
    }
    bed_open(&bed, &worker, BROKER_WORKER);
    rng_init(&rng, 20261122);
    for (int i = 0; i < 300; i++) {
        if (rng_unit(&rng) < 0.4) {
            bed_add(&gateways[i % 2], "{}", id);
            m.counts.waiting++;
            bed_counts_are(&gateways[i % 2], m.counts);
        } else {
            step_of_worker(&worker, &gateways[0], &m, &rng);
        }
    }
    for (int i = 0; i < 2; i++) {
        bed_counts_come(&gateways[i], m.counts);
        bed_close(&gateways[i]);
    }
    assert_true(m.counts.failed > 0 && m.counts.completed > 0 && m.counts.delayed > 0);
    while (m.holds > 0)
        taken_job_fini(&m.held[--m.holds]);
    bed_close(&worker);
    bed_fini(&bed);
}

/* ---- ends ---- */

static void on_count_taken(void *ctx, struct taken_job *jobs, size_t count, const struct err *err)
{
    int *refused = ctx;
    (void)jobs;
    *refused += count == 0 && err != NULL ? 1 : 0;
}

static void closing_does_what_was_requested(void **state)
{
    struct bed bed;
    struct bed_broker broker;
    struct taken_job job;
    struct bed_answer *answers = mem_array(10, sizeof *answers);
    int refused = 0;
    bed_init_kind(&bed, state);
    bed_open(&bed, &broker, BROKER_GATEWAY);
    for (int i = 0; i < 10; i++)
        bed.kind->add(broker.broker, "{}", 2, bed_on_added, &answers[i]);
    bed_close(&broker);
    for (int i = 0; i < 10; i++) {
        assert_true(answers[i].came);
        assert_int_equal(strtol(answers[i].id, NULL, 10), i + 1);
    }
    free(answers);
    bed_open(&bed, &broker, BROKER_WORKER);
    bed.kind->take(broker.broker, 5, on_count_taken, &refused);
    bed_close(&broker);
    assert_int_equal(refused, 1);
    bed_open(&bed, &broker, BROKER_GATEWAY);
    bed_counts_come(&broker, (struct job_counts){.waiting = 10});
    bed_close(&broker);
    bed_open(&bed, &broker, BROKER_WORKER);
    bed_take_one(&broker, &job);
    assert_int_equal(job.attempt, 1);
    taken_job_fini(&job);
    bed_close(&broker);
    bed_fini(&bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_EACH_KIND(a_job_waits_runs_and_is_completed),
        ON_EACH_KIND(what_is_no_id_is_not_found),
        ON_EACH_KIND(queues_of_one_broker_are_apart),
        ON_EACH_KIND(workers_take_the_oldest_and_never_the_same),
        ON_EACH_KIND(processes_never_take_the_same),
        ON_EACH_KIND(counters_are_exact),
        ON_EACH_KIND(closing_does_what_was_requested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
