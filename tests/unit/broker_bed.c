#include "broker_bed.h"

#include <ftw.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "loop_wait.h"

#define TEST_S 50 /* longer than any wait within it */

int bed_set_alarm(void **state)
{
    (void)state;
    (void)alarm(TEST_S);
    return 0;
}

void bed_init(struct bed *bed)
{
    *bed = (struct bed){.folder = "/tmp/bench-broker-XXXXXX",
                        .options = {.broker_sync = "normal",
                                    .queue = "heavy",
                                    .prefix = "bench",
                                    .job_attempts = 3,
                                    .job_backoff_ns = NS_PER_S,
                                    .job_lease_ns = 30 * NS_PER_S,
                                    .keep_jobs = 10000}};
    assert_int_equal(uv_loop_init(&bed->loop), 0);
    assert_non_null(mkdtemp(bed->folder));
    (void)snprintf(bed->url, sizeof bed->url, "sqlite:%s/jobs.db", bed->folder);
    bed->options.broker = bed->url;
}

static int remove_it(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

void bed_fini(struct bed *bed)
{
    assert_int_equal(uv_loop_close(&bed->loop), 0);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    assert_int_equal(nftw(bed->folder, remove_it, 4, FTW_DEPTH | FTW_PHYS), 0);
}

pid_t bed_fork(struct bed *bed)
{
    pid_t child = fork();
    if (child != 0)
        return child;
    (void)alarm(LOOP_WAIT_S);
    (void)uv_os_setenv("CMOCKA_TEST_ABORT", "1"); /* or it would go on with the next test */
    assert_int_equal(uv_loop_fork(&bed->loop), 0);
    return 0;
}

const char *bed_path(const struct bed *bed)
{
    return bed->url + strlen("sqlite:");
}

/* ---- the loop ---- */

void bed_wait(struct bed *bed, const bool *what)
{
    loop_wait(&bed->loop, what);
}

static void on_passed(uv_timer_t *timer)
{
    bool *passed = timer->data;
    *passed = true;
}

void bed_pass(struct bed *bed, int64_t ns)
{
    bool passed = false;
    uv_timer_t timer;
    (void)uv_timer_init(&bed->loop, &timer);
    timer.data = &passed;
    (void)uv_timer_start(&timer, on_passed, (uint64_t)(ns / NS_PER_MS) + 1, 0);
    bed_wait(bed, &passed);
    uv_close((uv_handle_t *)&timer, NULL);
    (void)uv_run(&bed->loop, UV_RUN_NOWAIT);
}

void bed_wait_for_wake(struct bed_broker *b, int wakes_before)
{
    int64_t bound_ns = clock_now_ns() + LOOP_WAIT_NS;
    while (b->wakes == wakes_before && clock_now_ns() < bound_ns)
        (void)uv_run(&b->bed->loop, UV_RUN_ONCE);
    assert_int_not_equal(b->wakes, wakes_before);
}

/* ---- opening and closing ---- */

static void on_wake(void *ctx)
{
    struct bed_broker *b = ctx;
    b->wakes++;
}

static void on_closed(void *ctx)
{
    struct bed_broker *b = ctx;
    b->closed = true;
}

void bed_open(struct bed *bed, struct bed_broker *b, enum broker_role role)
{
    struct err err = {0};
    *b = (struct bed_broker){.bed = bed};
    const struct broker_events events = {b, on_wake, on_closed};
    const struct broker_kind *kind = broker_find(bed->url, &err);
    assert_ptr_equal(kind, &broker_sqlite);
    b->broker = kind->open(&bed->loop, role, &bed->options, &events, &err);
    assert_string_equal(err.text, "");
    assert_non_null(b->broker);
}

void bed_refused(struct bed *bed, const char *const *words)
{
    struct err err = {0};
    const struct broker_events events = {NULL, on_wake, on_closed};
    for (enum broker_role role = BROKER_GATEWAY; role <= BROKER_WORKER; role++) {
        assert_null(broker_sqlite.open(&bed->loop, role, &bed->options, &events, &err));
        assert_int_equal(err.kind, ERR_USAGE);
        for (size_t i = 0; words[i] != NULL; i++)
            if (strstr(err.text, words[i]) == NULL)
                fail_msg("'%s' is missing in: %s", words[i], err.text);
    }
}

void bed_close(struct bed_broker *b)
{
    broker_sqlite.close(b->broker);
    bed_wait(b->bed, &b->closed);
}

/* ---- asking ---- */

static void note(struct bed_answer *answer, const struct err *err)
{
    answer->came = true;
    if (err != NULL)
        answer->err = *err;
}

void bed_on_added(void *ctx, const char *id, const struct err *err)
{
    struct bed_answer *answer = ctx;
    note(answer, err);
    assert_true((id == NULL) == (err != NULL));
    if (id != NULL)
        (void)snprintf(answer->id, sizeof answer->id, "%s", id);
}

void bed_try_add(struct bed_broker *b, const char *data, struct bed_answer *out)
{
    *out = (struct bed_answer){0};
    broker_sqlite.add(b->broker, data, strlen(data), bed_on_added, out);
    assert_false(out->came); /* never from within */
    bed_wait(b->bed, &out->came);
}

void bed_add(struct bed_broker *b, const char *data, char id[JOB_ID_MAX])
{
    struct bed_answer answer;
    bed_try_add(b, data, &answer);
    assert_string_equal(answer.err.text, "");
    memcpy(id, answer.id, JOB_ID_MAX);
}

struct many {
    int left;
    bool done;
};

static void on_one_of_many(void *ctx, const char *id, const struct err *err)
{
    struct many *many = ctx;
    assert_non_null(id);
    assert_null(err);
    many->done = --many->left == 0;
}

void bed_add_many(struct bed_broker *b, int count)
{
    struct many many = {count, false};
    for (int i = 0; i < count; i++)
        broker_sqlite.add(b->broker, "{\"n\":20000000}", 14, on_one_of_many, &many);
    bed_wait(b->bed, &many.done);
}

void bed_on_taken(void *ctx, struct taken_job *jobs, size_t count, const struct err *err)
{
    struct bed_answer *answer = ctx;
    note(answer, err);
    memcpy(answer->jobs, jobs, count * sizeof *jobs);
    answer->count = count;
}

void bed_take(struct bed_broker *b, size_t most, struct bed_answer *out)
{
    *out = (struct bed_answer){0};
    broker_sqlite.take(b->broker, most, bed_on_taken, out);
    bed_wait(b->bed, &out->came);
    assert_string_equal(out->err.text, "");
    assert_true(out->count <= most);
}

void bed_drop(struct bed_answer *taken)
{
    for (size_t i = 0; i < taken->count; i++)
        taken_job_fini(&taken->jobs[i]);
    taken->count = 0;
}

void bed_take_one(struct bed_broker *b, struct taken_job *job)
{
    struct bed_answer answer;
    int64_t bound_ns = clock_now_ns() + LOOP_WAIT_NS;
    bed_take(b, 1, &answer);
    while (answer.count == 0 && clock_now_ns() < bound_ns)
        bed_take(b, 1, &answer);
    assert_int_equal(answer.count, 1);
    *job = answer.jobs[0];
}

static void on_finished(void *ctx, enum job_end end, const struct err *err)
{
    struct bed_answer *answer = ctx;
    note(answer, err);
    answer->end = end;
}

enum job_end bed_finish(struct bed_broker *b, const struct taken_job *job, const char *result,
                        const char *error)
{
    struct bed_answer answer = {0};
    broker_sqlite.finish(b->broker, job, result, error, on_finished, &answer);
    bed_wait(b->bed, &answer.came);
    assert_string_equal(answer.err.text, "");
    return answer.end;
}

static void copy(char *to, size_t size, const char *text)
{
    (void)snprintf(to, size, "%s", text == NULL ? "(none)" : text);
}

static void on_found(void *ctx, const struct job_view *job, const struct err *err)
{
    struct bed_answer *answer = ctx;
    note(answer, err);
    answer->found = job != NULL;
    if (job == NULL)
        return;
    answer->view = *job;
    copy(answer->id, sizeof answer->id, job->id);
    copy(answer->data, sizeof answer->data, job->data);
    copy(answer->result, sizeof answer->result, job->result);
    copy(answer->error, sizeof answer->error, job->error);
}

void bed_find(struct bed_broker *b, const char *id, struct bed_answer *out)
{
    *out = (struct bed_answer){0};
    broker_sqlite.find(b->broker, id, on_found, out);
    bed_wait(b->bed, &out->came);
    assert_string_equal(out->err.text, "");
}

void bed_counts_are(struct bed_broker *b, struct job_counts want)
{
    struct job_counts got;
    broker_sqlite.counts(b->broker, &got);
    assert_int_equal(got.waiting, want.waiting);
    assert_int_equal(got.delayed, want.delayed);
    assert_int_equal(got.active, want.active);
    assert_int_equal(got.completed, want.completed);
    assert_int_equal(got.failed, want.failed);
}

int64_t bed_sql(const struct bed *bed, const char *sql)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    assert_int_equal(sqlite3_open(bed_path(bed), &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    int64_t number = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    assert_int_equal(sqlite3_finalize(st), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}
