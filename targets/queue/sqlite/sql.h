/* job_sql: the SQL of the jobs of one queue, prepared, on a connection.
 *
 * Shape   open, only for job_store. All SQL about jobs is in sql.c.
 * Owner   job_sql_open makes it in caller's storage; job_sql_close ends it. A text that is bound is
 *         borrowed until its statement has run.
 * Errors  kind USAGE, naming the file.
 */
#ifndef TARGETS_QUEUE_SQLITE_SQL_H
#define TARGETS_QUEUE_SQLITE_SQL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "targets/queue/sqlite/file.h"
#include "targets/work/options.h"

/* ?1 is the queue, unless the comment says otherwise; the values that follow are ?2... Behind a
 * colon: the columns of a row. */
enum job_statement {
    ST_BEGIN,
    ST_COMMIT,
    ST_ROLLBACK,
    ST_LAST_ID,
    ST_SET_LAST_ID, /* ?1 id */
    ST_ADD,         /* id, attempts_max, added_ns, added_wall_ms, data */
    ST_OVERDUE,     /* state, now_ns, most: ids */
    ST_WAIT_AGAIN,  /* id */
    ST_OLDEST,      /* : id, attempts, attempts_max, lease, added_ns, data */
    ST_TAKE,        /* id, lease_end_ns, now_wall_ms */
    ST_GIVE_UP,     /* id, now_wall_ms, error */
    ST_NEXT,        /* state: when the first of them is due, or null */
    ST_RENEW,       /* id, lease, lease_end_ns */
    ST_RELEASE,     /* id, lease */
    ST_COMPLETE,    /* id, lease, now_wall_ms, result */
    ST_RETRY,       /* id, lease, due_ns, error */
    ST_FAIL,        /* id, lease, now_wall_ms, error */
    ST_KEPT,        /* : how many jobs that have ended are kept */
    ST_REMOVE,      /* how many */
    ST_COUNT,       /* what to add to the counters: as ST_COUNTS, and kept */
    ST_COUNTS,      /* : waiting, delayed, active, completed, failed */
    ST_FIND,        /* id: state, attempts, attempts_max, times, data, result, error */
    STATEMENTS,
};

struct job_sql {
    struct job_file file;
    sqlite3_stmt *st[STATEMENTS];
    int64_t queue;
};

enum job_sql_use { JOB_SQL_WRITES, JOB_SQL_READS };

/* A writer makes the file and the queue if they do not exist, and voids the times of an earlier
 * boot; a reader opens what a writer has opened before. */
int job_sql_open(struct job_sql *q, const struct target_options *options, enum job_sql_use use,
                 struct err *err);
void job_sql_close(struct job_sql *q);

/* The statement, with the queue as ?1 and these values as ?2... */
sqlite3_stmt *job_sql_bind(struct job_sql *q, enum job_statement which, const int64_t *values,
                           size_t count);
void job_sql_bind_text(sqlite3_stmt *st, int at, const char *text);
/* 1 when there is a row to read (then call job_sql_run or sqlite3_reset), 0 when not, or -1. */
int job_sql_row(struct job_sql *q, sqlite3_stmt *st, struct err *err);
/* For a statement without rows, or whose rows have been read. */
int job_sql_run(struct job_sql *q, sqlite3_stmt *st, struct err *err);

#endif
