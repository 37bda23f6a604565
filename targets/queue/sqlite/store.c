#include "targets/queue/sqlite/store.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/queue/sqlite/sql.h"

#define RETRY_PAUSE_MAX_NS (3600 * NS_PER_S)
#define KEPT_BEYOND_MAX    100
#define REMOVED_AT_ONCE    1000 /* plus as many as have ended; keep_jobs may have become less */
#define OVERDUE_AT_ONCE    256

struct job_store {
    struct job_sql sql;
    int64_t attempts_max, backoff_ns, lease_ns, keep;
    struct job_counts counts;
    /* Of the open transaction. */
    int64_t now_ns, now_wall_ms, last_id; /* last_id 0: not read yet */
    struct job_counts change;
    int64_t removed;
};

#define BIND(s, which, ...)                                                                        \
    job_sql_bind(&(s)->sql, which, (const int64_t[]){__VA_ARGS__},                                 \
                 LEN(((const int64_t[]){__VA_ARGS__})))

static char *text_at(sqlite3_stmt *st, int column)
{
    return mem_strdup_or_null((const char *)sqlite3_column_text(st, column));
}

static int64_t time_at(sqlite3_stmt *st, int column)
{
    return sqlite3_column_type(st, column) == SQLITE_NULL ? MISSING_TIME
                                                          : sqlite3_column_int64(st, column);
}

const char *job_store_log_path(const struct job_store *s)
{
    return sqlite3_filename_wal(sqlite3_db_filename(s->sql.file.db, "main"));
}

/* ---- transactions ---- */

int job_store_begin(struct job_store *s, struct err *err)
{
    s->change = (struct job_counts){0};
    s->last_id = s->removed = 0;
    if (job_file_check_there(&s->sql.file, err) < 0 ||
        job_sql_run(&s->sql, s->sql.st[ST_BEGIN], err) < 0)
        return -1;
    s->now_ns = clock_now_ns(); /* now: it may have waited for the lock */
    s->now_wall_ms = clock_wall_ms();
    return 0;
}

void job_store_rollback(struct job_store *s)
{
    struct err ignored;
    if (sqlite3_get_autocommit(s->sql.file.db) == 0) /* some errors have rolled back already */
        (void)job_sql_run(&s->sql, s->sql.st[ST_ROLLBACK], &ignored);
}

/* Removes the oldest jobs that have ended: many at a time, because neighbours share pages, and
 * removing one of them would write as many pages. */
static int remove_oldest(struct job_store *s, struct err *err)
{
    int64_t ended = s->change.completed + s->change.failed;
    if (ended == 0)
        return 0;
    sqlite3_stmt *st = job_sql_bind(&s->sql, ST_KEPT, NULL, 0);
    int found = job_sql_row(&s->sql, st, err);
    if (found <= 0)
        return found;
    int64_t excess = sqlite3_column_int64(st, 0) + ended - s->keep;
    int64_t slack = s->keep / 16 < KEPT_BEYOND_MAX ? s->keep / 16 : KEPT_BEYOND_MAX;
    (void)sqlite3_reset(st);
    if (excess <= slack)
        return 0;
    if (excess > ended + REMOVED_AT_ONCE)
        excess = ended + REMOVED_AT_ONCE;
    if (job_sql_run(&s->sql, BIND(s, ST_REMOVE, excess), err) < 0)
        return -1;
    s->removed = sqlite3_changes64(s->sql.file.db);
    return 0;
}

static struct job_counts counts_at(sqlite3_stmt *st)
{
    return (struct job_counts){.waiting = sqlite3_column_int64(st, 0),
                               .delayed = sqlite3_column_int64(st, 1),
                               .active = sqlite3_column_int64(st, 2),
                               .completed = sqlite3_column_int64(st, 3),
                               .failed = sqlite3_column_int64(st, 4)};
}

static int count_changes(struct job_store *s, struct job_counts *now, struct err *err)
{
    const struct job_counts *c = &s->change;
    int64_t kept = c->completed + c->failed - s->removed;
    bool changed = c->waiting != 0 || c->delayed != 0 || c->active != 0 || c->completed != 0 ||
                   c->failed != 0 || kept != 0;
    if (!changed)
        return 0;
    sqlite3_stmt *st =
        BIND(s, ST_COUNT, c->waiting, c->delayed, c->active, c->completed, c->failed, kept);
    int found = job_sql_row(&s->sql, st, err);
    if (found <= 0)
        return found;
    *now = counts_at(st);
    return job_sql_run(&s->sql, st, err);
}

int job_store_commit(struct job_store *s, struct err *err)
{
    struct job_counts now = s->counts;
    if (s->last_id > 0) {
        sqlite3_stmt *st = s->sql.st[ST_SET_LAST_ID];
        (void)sqlite3_bind_int64(st, 1, s->last_id);
        if (job_sql_run(&s->sql, st, err) < 0)
            return -1;
    }
    if (remove_oldest(s, err) < 0 || count_changes(s, &now, err) < 0 ||
        job_sql_run(&s->sql, s->sql.st[ST_COMMIT], err) < 0)
        return -1;
    s->counts = now;
    return 0;
}

void job_store_tend(struct job_store *s)
{
    job_file_tend(&s->sql.file);
}

/* ---- a gateway's changes ---- */

static int read_last_id(struct job_store *s, struct err *err)
{
    sqlite3_stmt *st = s->sql.st[ST_LAST_ID];
    if (job_sql_row(&s->sql, st, err) < 0)
        return -1;
    s->last_id = sqlite3_column_int64(st, 0);
    (void)sqlite3_reset(st);
    return 0;
}

int job_store_add(struct job_store *s, const char *data, int64_t added_ns, int64_t *out_id,
                  struct err *err)
{
    if (s->last_id == 0 && read_last_id(s, err) < 0)
        return -1;
    s->last_id++;
    sqlite3_stmt *st = BIND(s, ST_ADD, s->last_id, s->attempts_max, added_ns, s->now_wall_ms);
    job_sql_bind_text(st, 6, data);
    if (job_sql_run(&s->sql, st, err) < 0)
        return -1;
    s->change.waiting++;
    *out_id = s->last_id;
    return 0;
}

/* ---- a worker's changes ---- */

/* Lets delayed jobs that are due, and active jobs whose lease is over, wait again. */
static int end_overdue(struct job_store *s, enum job_state state, int64_t *count, struct err *err)
{
    int64_t ids[OVERDUE_AT_ONCE];
    int64_t n = 0;
    int found = 0;
    sqlite3_stmt *st = BIND(s, ST_OVERDUE, state, s->now_ns, OVERDUE_AT_ONCE);
    for (found = job_sql_row(&s->sql, st, err); found > 0; found = job_sql_row(&s->sql, st, err))
        ids[n++] = sqlite3_column_int64(st, 0);
    for (int64_t i = 0; i < n && found >= 0; i++)
        found = job_sql_run(&s->sql, BIND(s, ST_WAIT_AGAIN, ids[i]), err);
    *count -= n;
    s->change.waiting += n;
    return found < 0 ? -1 : 0;
}

/* A waiting job without an attempt left: the worker of its last attempt has lost its lease. */
static int give_up(struct job_store *s, int64_t id, int64_t attempts, struct err *err)
{
    char why[160];
    (void)snprintf(why, sizeof why,
                   "stalled: its worker ended or hung and did not renew the lease, at the last of "
                   "%lld attempts",
                   (long long)attempts);
    sqlite3_stmt *st = BIND(s, ST_GIVE_UP, id, s->now_wall_ms);
    job_sql_bind_text(st, 4, why);
    s->change.waiting--;
    s->change.failed++;
    return job_sql_run(&s->sql, st, err);
}

/* 1 when a job was removed from those that wait, 0 when none waits. When it had no attempt left,
 * its data are NULL. */
static int take_oldest(struct job_store *s, struct taken_job *job, struct err *err)
{
    sqlite3_stmt *st = job_sql_bind(&s->sql, ST_OLDEST, NULL, 0);
    int found = job_sql_row(&s->sql, st, err);
    if (found <= 0)
        return found;
    int64_t id = sqlite3_column_int64(st, 0);
    job->attempt = sqlite3_column_int64(st, 1) + 1;
    job->attempts_max = sqlite3_column_int64(st, 2);
    job->lease = sqlite3_column_int64(st, 3) + 1;
    job->added_ns = time_at(st, 4);
    job->data = job->attempt > job->attempts_max ? NULL : text_at(st, 5);
    (void)sqlite3_reset(st);
    if (job->attempt > job->attempts_max)
        return give_up(s, id, job->attempts_max, err) < 0 ? -1 : 1;
    (void)snprintf(job->id, sizeof job->id, "%lld", (long long)id);
    if (job_sql_run(&s->sql, BIND(s, ST_TAKE, id, s->now_ns + s->lease_ns, s->now_wall_ms), err) <
        0) {
        taken_job_fini(job);
        return -1;
    }
    s->change.waiting--;
    s->change.active++;
    return 1;
}

static int read_next_due(struct job_store *s, enum job_state state, int64_t *next_ns,
                         struct err *err)
{
    sqlite3_stmt *st = BIND(s, ST_NEXT, state);
    int found = job_sql_row(&s->sql, st, err);
    if (found <= 0)
        return found;
    if (sqlite3_column_type(st, 0) != SQLITE_NULL && sqlite3_column_int64(st, 0) < *next_ns)
        *next_ns = sqlite3_column_int64(st, 0);
    (void)sqlite3_reset(st);
    return 0;
}

int job_store_take(struct job_store *s, size_t most, struct taken_job *jobs, size_t *count,
                   int64_t *next_ns, struct err *err)
{
    int found = 1;
    *count = 0;
    *next_ns = INT64_MAX;
    if (end_overdue(s, JOB_DELAYED, &s->change.delayed, err) < 0 ||
        end_overdue(s, JOB_ACTIVE, &s->change.active, err) < 0)
        return -1;
    while (*count < most && found > 0) {
        found = take_oldest(s, &jobs[*count], err);
        if (found > 0 && jobs[*count].data != NULL)
            ++*count;
    }
    if (found < 0)
        return -1;
    if (*count < most && (read_next_due(s, JOB_DELAYED, next_ns, err) < 0 ||
                          read_next_due(s, JOB_ACTIVE, next_ns, err) < 0))
        return -1;
    return 0;
}

static int64_t id_of(const struct taken_job *job)
{
    return strtoll(job->id, NULL, 10);
}

int job_store_renew(struct job_store *s, const struct taken_job *job, struct err *err)
{
    return job_sql_run(&s->sql, BIND(s, ST_RENEW, id_of(job), job->lease, s->now_ns + s->lease_ns),
                       err);
}

int job_store_release(struct job_store *s, const struct taken_job *job, struct err *err)
{
    if (job_sql_run(&s->sql, BIND(s, ST_RELEASE, id_of(job), job->lease), err) < 0)
        return -1;
    int64_t released = sqlite3_changes64(s->sql.file.db);
    s->change.active -= released;
    s->change.waiting += released;
    return 0;
}

/* The pause doubles with each attempt. */
static int64_t retry_pause_ns(const struct job_store *s, int64_t attempt)
{
    int64_t pause_ns = s->backoff_ns;
    for (int64_t i = 1; i < attempt && pause_ns < RETRY_PAUSE_MAX_NS; i++)
        pause_ns *= 2;
    return pause_ns < RETRY_PAUSE_MAX_NS ? pause_ns : RETRY_PAUSE_MAX_NS;
}

int job_store_finish(struct job_store *s, const struct taken_job *job, const char *result,
                     const char *error, enum job_end *end, struct err *err)
{
    sqlite3_stmt *st = NULL;
    const char *text = result != NULL ? result : error;
    int64_t *counter = NULL;
    if (result != NULL) {
        *end = JOB_END_COMPLETED;
        counter = &s->change.completed;
        st = BIND(s, ST_COMPLETE, id_of(job), job->lease, s->now_wall_ms);
    } else if (job->attempt < job->attempts_max) {
        *end = JOB_END_RETRY;
        counter = &s->change.delayed;
        st = BIND(s, ST_RETRY, id_of(job), job->lease, s->now_ns + retry_pause_ns(s, job->attempt));
    } else {
        *end = JOB_END_FAILED;
        counter = &s->change.failed;
        st = BIND(s, ST_FAIL, id_of(job), job->lease, s->now_wall_ms);
    }
    job_sql_bind_text(st, 5, text);
    if (job_sql_run(&s->sql, st, err) < 0)
        return -1;
    if (sqlite3_changes64(s->sql.file.db) == 0) {
        *end = JOB_END_LOST;
        return 0;
    }
    s->change.active--;
    ++*counter;
    return 0;
}

/* ---- reading ---- */

int job_store_find(struct job_store *s, int64_t id, struct job_found *out, struct err *err)
{
    sqlite3_stmt *st = BIND(s, ST_FIND, id);
    int found = job_sql_row(&s->sql, st, err);
    if (found <= 0)
        return found;
    for (int i = 0; i < (int)LEN(out->texts); i++)
        out->texts[i] = text_at(st, 6 + i);
    out->view = (struct job_view){
        .state = (enum job_state)sqlite3_column_int(st, 0),
        .data = out->texts[0],
        .result = out->texts[1],
        .error = out->texts[2],
        .attempts = sqlite3_column_int64(st, 1),
        .attempts_max = sqlite3_column_int64(st, 2),
        .added_wall_ms = time_at(st, 3),
        .started_wall_ms = time_at(st, 4),
        .ended_wall_ms = time_at(st, 5),
    };
    (void)sqlite3_reset(st);
    return 1;
}

void job_found_fini(struct job_found *found)
{
    for (size_t i = 0; i < LEN(found->texts); i++)
        free(found->texts[i]);
}

struct job_counts job_store_counts(const struct job_store *s)
{
    return s->counts;
}

void job_store_refresh_counts(struct job_store *s)
{
    struct err ignored;
    int64_t patience_ns = s->sql.file.patience_ns;
    s->sql.file.patience_ns = 0;
    sqlite3_stmt *st = job_sql_bind(&s->sql, ST_COUNTS, NULL, 0);
    if (job_sql_row(&s->sql, st, &ignored) > 0) {
        s->counts = counts_at(st);
        (void)sqlite3_reset(st);
    }
    s->sql.file.patience_ns = patience_ns;
}

/* ---- opening and closing ---- */

struct job_store *job_store_open(const struct target_options *options, enum job_sql_use use,
                                 struct err *err)
{
    struct job_store *s = mem_zalloc(sizeof *s);
    s->attempts_max = options->job_attempts;
    s->backoff_ns = options->job_backoff_ns;
    s->lease_ns = options->job_lease_ns;
    s->keep = options->keep_jobs;
    if (job_sql_open(&s->sql, options, use, err) < 0) {
        free(s);
        return NULL;
    }
    job_store_refresh_counts(s);
    return s;
}

void job_store_close(struct job_store *s)
{
    if (s == NULL)
        return;
    job_sql_close(&s->sql);
    free(s);
}
