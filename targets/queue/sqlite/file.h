/* job_file: a connection to the SQLite file in which jobs are kept.
 *
 * Shape   open: the store works on db. WAL, so that readers and the one writer do not wait for each
 *         other; other processes have the file open too. A write-ahead log that has grown past
 *         32 MiB goes into the file before the next transaction, never on somebody's way to a 202.
 * Owner   job_file_open makes it in caller's storage; job_file_close ends it. One thread at a time.
 * Errors  kind USAGE: what happened, to which file, and what to do. A file that is not ours, or is
 *         damaged, is left as it is.
 * Source  sqlite.org/wal.html, sqlite.org/pragma.html.
 */
#ifndef TARGETS_QUEUE_SQLITE_FILE_H
#define TARGETS_QUEUE_SQLITE_FILE_H

#include <sqlite3.h>
#include <stdint.h>

#include "base/err.h"

struct job_file {
    sqlite3 *db;
    char *path;
    int64_t patience_ns; /* how long it waits for another process's lock */
    int64_t locked_until_ns;
    int log_pages, log_pages_due; /* of the write-ahead log, after the last commit */
};

/* url: "sqlite:PATH"; sync: "normal" or "full". Connects and no more. */
int job_file_open(struct job_file *f, const char *url, const char *sync, struct err *err);
/* Makes the file what the store expects, when it is new; else checks that it is. */
int job_file_prepare(struct job_file *f, struct err *err);
void job_file_close(struct job_file *f);

int job_file_exec(struct job_file *f, const char *sql, struct err *err);
/* Why the last call on db failed. Returns -1. */
int job_file_failed(const struct job_file *f, struct err *err);
/* Before a transaction: a file that was removed or replaced under us still takes writes, but nobody
 * will ever find them again. */
int job_file_check_there(const struct job_file *f, struct err *err);
/* Between transactions: empties the write-ahead log when that is due. */
void job_file_tend(struct job_file *f);

#endif
