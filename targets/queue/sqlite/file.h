/* job_file: a connection to the SQLite file that holds the jobs.
 *
 * Shape   open: the store uses db. The file has a write-ahead log (WAL), so that readers and the
 *         one writer do not wait for each other; other processes have it open as well. A log that
 *         has grown past 32 MiB is copied into the file between two transactions, never while a 202
 *         waits for it.
 * Owner   job_file_open makes it in caller's storage; job_file_close ends it. One thread at a time.
 * Errors  kind USAGE: what happened, to which file, and what to do. A file of another program, or a
 *         damaged one, is not changed.
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
    int64_t patience_ns; /* for the lock of another process */
    int64_t locked_until_ns;
    int log_pages, log_pages_due; /* of the write-ahead log, after the last commit */
};

/* url: "sqlite:PATH"; sync: "normal" or "full". Only connects. */
int job_file_open(struct job_file *f, const char *url, const char *sync, struct err *err);
/* Makes the tables if the file is new, otherwise checks them. */
int job_file_prepare(struct job_file *f, struct err *err);
void job_file_close(struct job_file *f);

int job_file_exec(struct job_file *f, const char *sql, struct err *err);
/* Sets err to the reason why the last use of db failed. Returns -1. */
int job_file_failed(const struct job_file *f, struct err *err);
/* To be called before a transaction: a file that was removed or replaced while it is open still
 * accepts writes, but they are lost. */
int job_file_check_there(const struct job_file *f, struct err *err);
/* To be called between transactions: empties the write-ahead log when that is due. */
void job_file_tend(struct job_file *f);

#endif
