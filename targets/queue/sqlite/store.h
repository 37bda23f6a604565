/* job_store: the jobs of one queue in an SQLite file; every change is part of a transaction.
 *
 * Shape   closed, synchronous: the functions block on the disk and on the transactions of other
 *         processes. A transaction is job_store_begin, any number of changes, and job_store_commit,
 *         or job_store_rollback, which undoes all of it. Reading needs no transaction.
 * Units   *_ns on the monotonic clock of this boot, *_wall_ms since 1970. Leases and pauses of an
 *         earlier boot are void: those jobs wait again.
 * Owner   job_store_open gives the store to the caller, who closes it. One thread at a time. The
 *         caller frees the texts that it gets.
 * Errors  kind USAGE, naming the file; after one inside a transaction only rollback may follow.
 */
#ifndef TARGETS_QUEUE_SQLITE_STORE_H
#define TARGETS_QUEUE_SQLITE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "targets/queue/broker.h"
#include "targets/queue/sqlite/sql.h"

struct job_store;

struct job_store *job_store_open(const struct target_options *options, enum job_sql_use use,
                                 struct err *err);
void job_store_close(struct job_store *s); /* NULL is fine */
/* Of the write-ahead log, which every commit of any process writes. */
const char *job_store_log_path(const struct job_store *s);

int job_store_begin(struct job_store *s, struct err *err);
int job_store_commit(struct job_store *s, struct err *err);
void job_store_rollback(struct job_store *s);
/* To be called between transactions: work that no answer need wait for. */
void job_store_tend(struct job_store *s);

int job_store_add(struct job_store *s, const char *data, int64_t added_ns, int64_t *out_id,
                  struct err *err);
/* Takes the oldest `most` jobs, or fewer. If fewer, *next_ns is when there may be another, or
 * INT64_MAX. */
int job_store_take(struct job_store *s, size_t most, struct taken_job *jobs, size_t *count,
                   int64_t *next_ns, struct err *err);
/* Renew and release change nothing when another worker has the job. */
int job_store_renew(struct job_store *s, const struct taken_job *job, struct err *err);
int job_store_release(struct job_store *s, const struct taken_job *job, struct err *err);
/* Exactly one of result and error is given. */
int job_store_finish(struct job_store *s, const struct taken_job *job, const char *result,
                     const char *error, enum job_end *end, struct err *err);

struct job_found {
    struct job_view view; /* without its id */
    char *texts[3];       /* those of the view */
};

/* 1, or 0 when there is no such job (then *out is not set), or -1. */
int job_store_find(struct job_store *s, int64_t id, struct job_found *out, struct err *err);
void job_found_fini(struct job_found *found);
/* As of the last commit of this store. */
struct job_counts job_store_counts(const struct job_store *s);
/* Reads the counts of now without waiting for a lock; on failure they stay as they are. */
void job_store_refresh_counts(struct job_store *s);

#endif
