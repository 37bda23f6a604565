#include "support/broker_bed.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "support/loop_wait.h"

static void note(struct bed_answer *answer, const struct err *err)
{
    assert_false(answer->came);
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

void bed_begin_add(struct bed_broker *b, const char *data, struct bed_answer *out)
{
    *out = (struct bed_answer){0};
    b->bed->kind->add(b->broker, data, strlen(data), bed_on_added, out);
    assert_false(out->came); /* never from within */
}

void bed_try_add(struct bed_broker *b, const char *data, struct bed_answer *out)
{
    bed_begin_add(b, data, out);
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
        b->bed->kind->add(b->broker, "{\"n\":20000000}", 14, on_one_of_many, &many);
    bed_wait(b->bed, &many.done);
}

void bed_on_taken(void *ctx, struct taken_job *jobs, size_t count, const struct err *err)
{
    struct bed_answer *answer = ctx;
    note(answer, err);
    if (count > 0)
        memcpy(answer->jobs, jobs, count * sizeof *jobs);
    answer->count = count;
}

void bed_begin_take(struct bed_broker *b, size_t most, struct bed_answer *out)
{
    *out = (struct bed_answer){0};
    b->bed->kind->take(b->broker, most, bed_on_taken, out);
    assert_false(out->came);
}

void bed_take(struct bed_broker *b, size_t most, struct bed_answer *out)
{
    bed_begin_take(b, most, out);
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

void bed_begin_finish(struct bed_broker *b, const struct taken_job *job, const char *result,
                      const char *error, struct bed_answer *out)
{
    *out = (struct bed_answer){0};
    b->bed->kind->finish(b->broker, job, result, error, on_finished, out);
    assert_false(out->came);
}

enum job_end bed_finish(struct bed_broker *b, const struct taken_job *job, const char *result,
                        const char *error)
{
    struct bed_answer answer;
    bed_begin_finish(b, job, result, error, &answer);
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

void bed_begin_find(struct bed_broker *b, const char *id, struct bed_answer *out)
{
    *out = (struct bed_answer){0};
    b->bed->kind->find(b->broker, id, on_found, out);
    assert_false(out->came);
}

void bed_find(struct bed_broker *b, const char *id, struct bed_answer *out)
{
    bed_begin_find(b, id, out);
    bed_wait(b->bed, &out->came);
    assert_string_equal(out->err.text, "");
}

void bed_counts_are(struct bed_broker *b, struct job_counts want)
{
    struct job_counts got;
    b->bed->kind->counts(b->broker, &got);
    assert_int_equal(got.waiting, want.waiting);
    assert_int_equal(got.delayed, want.delayed);
    assert_int_equal(got.active, want.active);
    assert_int_equal(got.completed, want.completed);
    assert_int_equal(got.failed, want.failed);
}

static bool are_equal(const struct job_counts *a, const struct job_counts *b)
{
    return a->waiting == b->waiting && a->delayed == b->delayed && a->active == b->active &&
           a->completed == b->completed && a->failed == b->failed;
}

void bed_counts_come(struct bed_broker *b, struct job_counts want)
{
    struct job_counts got;
    int64_t bound_ns = clock_now_ns() + LOOP_WAIT_NS;
    b->bed->kind->counts(b->broker, &got);
    while (!are_equal(&got, &want) && clock_now_ns() < bound_ns) {
        bed_pass(b->bed, NS_PER_MS);
        b->bed->kind->counts(b->broker, &got);
    }
    bed_counts_are(b, want);
}

void bed_job_has(const struct bed *bed, const char *id, const char *field, const char *value)
{
    char text[300];
    redis_host_text(&bed->host, text, sizeof text, "HGET %s:%s:%s %s", bed->options.prefix,
                    bed->options.queue, id, field);
    assert_string_equal(text, value);
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
