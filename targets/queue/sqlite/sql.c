#include "targets/queue/sqlite/sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "targets/queue/broker.h"

/* States: 0 failed, 1 completed, 2 active, 3 delayed, 4 waiting. ?1 is the queue, if the statement
 * has one. The worker that knows the number of a lease holds it. */
#define HELD "WHERE id=?2 AND queue=?1 AND state=2 AND lease=?3"
static const char *const statements[STATEMENTS] = {
    [ST_BEGIN] = "BEGIN IMMEDIATE",
    [ST_COMMIT] = "COMMIT",
    [ST_ROLLBACK] = "ROLLBACK",
    [ST_LAST_ID] = "SELECT last_id FROM broker",
    [ST_SET_LAST_ID] = "UPDATE broker SET last_id=?1",
    [ST_ADD] = "INSERT INTO job(queue, id, state, turn, lease, attempts, attempts_max, added_ns,"
               " added_wall_ms, data) VALUES(?1, ?2, 4, ?2, 0, 0, ?3, ?4, ?5, ?6)",
    [ST_OVERDUE] = "SELECT id FROM job WHERE queue=?1 AND state=?2 AND turn<=?3"
                   " ORDER BY turn LIMIT ?4",
    [ST_WAIT_AGAIN] = "UPDATE job SET state=4, turn=id WHERE id=?2 AND queue=?1",
    [ST_OLDEST] = "SELECT id, attempts, attempts_max, lease, added_ns, data FROM job"
                  " WHERE queue=?1 AND state=4 ORDER BY turn LIMIT 1",
    [ST_TAKE] = "UPDATE job SET state=2, turn=?3, lease=lease+1, attempts=attempts+1,"
                " started_wall_ms=?4 WHERE id=?2 AND queue=?1",
    [ST_GIVE_UP] = "UPDATE job SET state=0, turn=?3, ended_wall_ms=?3, error=?4"
                   " WHERE id=?2 AND queue=?1",
    [ST_NEXT] = "SELECT min(turn) FROM job WHERE queue=?1 AND state=?2",
    [ST_RENEW] = "UPDATE job SET turn=?4 " HELD,
    [ST_RELEASE] =
        "UPDATE job SET state=4, turn=id, attempts=attempts-1, started_wall_ms=NULL " HELD,
    [ST_COMPLETE] = "UPDATE job SET state=1, turn=?4, ended_wall_ms=?4, result=?5 " HELD,
    [ST_RETRY] = "UPDATE job SET state=3, turn=?4, error=?5 " HELD,
    [ST_FAIL] = "UPDATE job SET state=0, turn=?4, ended_wall_ms=?4, error=?5 " HELD,
    [ST_KEPT] = "SELECT kept FROM queue WHERE id=?1",
    [ST_REMOVE] = "DELETE FROM job WHERE id IN (SELECT id FROM ("
                  "SELECT id, turn FROM job WHERE queue=?1 AND state=1 UNION ALL "
                  "SELECT id, turn FROM job WHERE queue=?1 AND state=0 ORDER BY turn LIMIT ?2))",
    [ST_COUNT] = "UPDATE queue SET waiting=waiting+?2, delayed=delayed+?3, active=active+?4,"
                 " completed=completed+?5, failed=failed+?6, kept=kept+?7 WHERE id=?1"
                 " RETURNING waiting, delayed, active, completed, failed",
    [ST_COUNTS] = "SELECT waiting, delayed, active, completed, failed FROM queue WHERE id=?1",
    [ST_FIND] = "SELECT state, attempts, attempts_max, added_wall_ms, started_wall_ms,"
                " ended_wall_ms, data, result, error FROM job WHERE id=?2 AND queue=?1",
};

/* ---- running statements ---- */

sqlite3_stmt *job_sql_bind(struct job_sql *q, enum job_statement which, const int64_t *values,
                           size_t count)
{
    sqlite3_stmt *st = q->st[which];
    (void)sqlite3_bind_int64(st, 1, q->queue);
    for (size_t i = 0; i < count; i++)
        (void)sqlite3_bind_int64(st, (int)i + 2, values[i]);
    return st;
}

void job_sql_bind_text(sqlite3_stmt *st, int at, const char *text)
{
    (void)sqlite3_bind_text(st, at, text, -1, SQLITE_STATIC);
}

int job_sql_row(struct job_sql *q, sqlite3_stmt *st, struct err *err)
{
    int code = sqlite3_step(st);
    if (code == SQLITE_ROW)
        return 1;
    int failed = code == SQLITE_DONE ? 0 : job_file_failed(&q->file, err);
    (void)sqlite3_reset(st);
    return failed;
}

int job_sql_run(struct job_sql *q, sqlite3_stmt *st, struct err *err)
{
    int code = sqlite3_step(st);
    int failed = code == SQLITE_DONE ? 0 : job_file_failed(&q->file, err);
    (void)sqlite3_reset(st);
    return failed;
}

/* ---- opening ---- */

/* Runs a statement once, with a text as ?1. If it has a row, *out is its number. */
static int once(struct job_sql *q, const char *sql, const char *text, int64_t *out, struct err *err)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(q->file.db, sql, -1, &st, NULL) != SQLITE_OK)
        return job_file_failed(&q->file, err);
    job_sql_bind_text(st, 1, text);
    int found = job_sql_row(q, st, err);
    if (found > 0)
        *out = sqlite3_column_int64(st, 0);
    (void)sqlite3_finalize(st);
    return found < 0 ? -1 : 0;
}

/* After a restart of the machine, stored times of the monotonic clock mean nothing, and the
 * processes that held leases are gone. */
static int void_earlier_boot(struct job_sql *q, struct err *err)
{
    int64_t same = 0;
    char boot[64] = "unknown";
    FILE *in = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (in != NULL) {
        if (fgets(boot, sizeof boot, in) != NULL)
            boot[strcspn(boot, "\n")] = '\0';
        (void)fclose(in);
    }
    if (once(q, "SELECT boot_id=?1 FROM broker", boot, &same, err) < 0)
        return -1;
    if (same != 0)
        return 0;
    if (job_file_exec(&q->file,
                      "UPDATE job SET state=4, turn=id, added_ns=NULL WHERE state>=2;"
                      "UPDATE queue SET waiting=waiting+delayed+active, delayed=0, active=0",
                      err) < 0)
        return -1;
    return once(q, "UPDATE broker SET boot_id=?1", boot, &same, err);
}

/* Makes the row of the queue, with its counters, if there is none. */
static int make_queue(struct job_sql *q, const char *name, struct err *err)
{
    int64_t none = 0;
    if (job_file_exec(&q->file, "BEGIN IMMEDIATE", err) < 0)
        return -1;
    if (void_earlier_boot(q, err) == 0 &&
        once(q,
             "INSERT INTO queue(name, waiting, delayed, active, completed, failed, kept)"
             " VALUES(?1, 0, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
             name, &none, err) == 0 &&
        job_file_exec(&q->file, "COMMIT", err) == 0)
        return 0;
    (void)sqlite3_exec(q->file.db, "ROLLBACK", NULL, NULL, NULL);
    return -1;
}

static int prepare(struct job_sql *q, struct err *err)
{
    for (size_t i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(q->file.db, statements[i], -1, SQLITE_PREPARE_PERSISTENT, &q->st[i],
                               NULL) != SQLITE_OK)
            return job_file_failed(&q->file, err);
    return 0;
}

int job_sql_open(struct job_sql *q, const struct target_options *options, enum job_sql_use use,
                 struct err *err)
{
    *q = (struct job_sql){0};
    if (job_file_open(&q->file, options->broker, options->broker_sync, err) < 0)
        return -1;
    char *name = mem_printf("%s:%s", options->prefix, options->queue);
    int failed = 0;
    if (use == JOB_SQL_WRITES)
        failed = job_file_prepare(&q->file, err) < 0 ? -1 : make_queue(q, name, err);
    if (failed == 0 && (once(q, "SELECT id FROM queue WHERE name=?1", name, &q->queue, err) < 0 ||
                        prepare(q, err) < 0))
        failed = -1;
    free(name);
    if (failed < 0)
        job_sql_close(q);
    return failed;
}

void job_sql_close(struct job_sql *q)
{
    for (size_t i = 0; i < STATEMENTS; i++)
        (void)sqlite3_finalize(q->st[i]);
    job_file_close(&q->file);
}
