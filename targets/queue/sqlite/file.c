#include "targets/queue/sqlite/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

#define APPLICATION_ID  0x626e6368 /* "bnch" */
#define FORMAT          1
#define SCHEME          "sqlite:"
#define PATIENCE_NS     (5 * NS_PER_S)
#define NAP_FIRST_NS    (50 * NS_PER_US)
#define NAP_DOUBLINGS   4    /* to 800 us */
#define LOG_PAGES_MAX   8192 /* of 4 KiB */
#define CHECK_BYTES_MAX ((int64_t)64 << 20)

#define DO_OTHER "choose another file with --broker " SCHEME "PATH"

/* The column `turn` is the order of the jobs within a state: the id of a waiting job, the time when
 * a delayed one is due or the lease of an active one ends, and the wall time when one ended. The
 * states have the numbers of enum job_state. Their order puts the jobs that change next to each
 * other, in one page of job_turn: the last to be completed, the active and the next to be taken.
 * The counters of a queue are changed in the transaction that changes its jobs. */
static const char schema[] =
    "CREATE TABLE broker(one INTEGER PRIMARY KEY CHECK(one=1), boot_id TEXT NOT NULL,"
    " last_id INTEGER NOT NULL) STRICT;"
    "CREATE TABLE queue(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " waiting INTEGER NOT NULL, delayed INTEGER NOT NULL, active INTEGER NOT NULL,"
    " completed INTEGER NOT NULL, failed INTEGER NOT NULL, kept INTEGER NOT NULL) STRICT;"
    "CREATE TABLE job(id INTEGER PRIMARY KEY, queue INTEGER NOT NULL, state INTEGER NOT NULL,"
    " turn INTEGER NOT NULL, lease INTEGER NOT NULL, attempts INTEGER NOT NULL,"
    " attempts_max INTEGER NOT NULL, added_ns INTEGER, added_wall_ms INTEGER NOT NULL,"
    " started_wall_ms INTEGER, ended_wall_ms INTEGER, result TEXT, error TEXT,"
    " data TEXT NOT NULL) STRICT;"
    "CREATE INDEX job_turn ON job(queue, state, turn);"
    "INSERT INTO broker VALUES(1, '', 0);"
    "PRAGMA application_id=" STR_NUMBER(APPLICATION_ID) ";"
                                                        "PRAGMA user_version=" STR_NUMBER(
                                                            FORMAT) ";";

/* ---- errors ---- */

static const struct trouble {
    int code;
    const char *what, *remedy;
} troubles[] = {
    {SQLITE_FULL, "the disk is full", "free some space"},
    {SQLITE_NOTADB, "it is not an SQLite database", DO_OTHER},
    {SQLITE_CORRUPT, "it is damaged", "move it away, or " DO_OTHER},
    {SQLITE_READONLY, "it cannot be written",
     "change its permissions and its folder's, or " DO_OTHER},
    {SQLITE_CANTOPEN, "it, or a file beside it, cannot be opened", DO_OTHER},
    {SQLITE_BUSY, "another process has held its lock for seconds",
     "end that process, or " DO_OTHER},
    {SQLITE_IOERR, "it cannot be read or written", "check the disk, or " DO_OTHER},
};

/* SQLite reports only its last attempt: that the log does not exist. If the folder cannot be
 * written, the log could not be made, and that is the better reason. */
static int folder_errno(const struct job_file *f, int cause)
{
    char *folder = mem_strdup(f->path);
    *strrchr(folder, '/') = '\0'; /* it has one: see job_file_open */
    const char *path = *folder == '\0' ? "/" : folder;
    if (access(path, F_OK) == 0 && access(path, W_OK | X_OK) < 0)
        cause = errno;
    free(folder);
    return cause;
}

static int fail(const struct job_file *f, int code, int cause, struct err *err)
{
    char space[100];
    const char *what = sqlite3_errmsg(f->db);
    const char *remedy = DO_OTHER;
    for (size_t i = 0; i < LEN(troubles); i++)
        if (troubles[i].code == code) {
            what = troubles[i].what;
            remedy = troubles[i].remedy;
        }
    if (cause == 0)
        return err_set(err, ERR_USAGE, "broker file %s: %s; %s", f->path, what, remedy);
    return err_set(err, ERR_USAGE, "broker file %s: %s (%s); %s", f->path, what,
                   strerror_r(cause, space, sizeof space), remedy);
}

int job_file_failed(const struct job_file *f, struct err *err)
{
    int code = sqlite3_errcode(f->db) & 0xff;
    int cause = 0;
    if (code == SQLITE_CANTOPEN || code == SQLITE_IOERR)
        cause = sqlite3_system_errno(f->db);
    if (cause == ENOENT)
        cause = folder_errno(f, cause);
    return fail(f, code, cause, err);
}

/* ---- locks and log ---- */

/* A thread that waits here has nothing else to do, and a lock is held for a millisecond or so. */
static int on_busy(void *ctx, int count)
{
    struct job_file *f = ctx;
    int64_t now_ns = clock_now_ns();
    if (count == 0)
        f->locked_until_ns = now_ns + f->patience_ns;
    if (now_ns >= f->locked_until_ns)
        return 0;
    struct timespec nap = {0, NAP_FIRST_NS << (count < NAP_DOUBLINGS ? count : NAP_DOUBLINGS)};
    (void)nanosleep(&nap, NULL);
    return 1;
}

static int on_commit(void *ctx, sqlite3 *db, const char *schema_name, int pages)
{
    struct job_file *f = ctx;
    (void)db;
    (void)schema_name;
    f->log_pages = pages;
    return SQLITE_OK;
}

/* Most of the log is copied while others write. The rest is copied under the lock, because a log
 * that is never copied completely is never restarted and grows without end. A failure loses
 * nothing, since the log is stored; the next try is when the log has grown as much again. */
void job_file_tend(struct job_file *f)
{
    int pages = 0;
    int copied = 0;
    if (f->log_pages < f->log_pages_due)
        return;
    f->log_pages_due = f->log_pages + LOG_PAGES_MAX;
    if (sqlite3_wal_checkpoint_v2(f->db, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, &copied) !=
        SQLITE_OK)
        return;
    if (copied < pages &&
        sqlite3_wal_checkpoint_v2(f->db, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL) != SQLITE_OK)
        return;
    f->log_pages = 0;
    f->log_pages_due = LOG_PAGES_MAX;
}

/* ---- contents ---- */

int job_file_check_there(const struct job_file *f, struct err *err)
{
    int moved = 0;
    int failed = sqlite3_file_control(f->db, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
    if (failed != SQLITE_OK || moved == 0)
        return 0; /* also when SQLite does not know */
    return err_set(err, ERR_USAGE,
                   "broker file %s: it was removed or replaced while it was in use; put it back, "
                   "or stop all gateways and workers and start them again",
                   f->path);
}

int job_file_exec(struct job_file *f, const char *sql, struct err *err)
{
    return sqlite3_exec(f->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : job_file_failed(f, err);
}

/* Gives the first column of the first row. */
static int query_text(struct job_file *f, const char *sql, char *out, size_t size, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int failed =
        sqlite3_prepare_v2(f->db, sql, -1, &st, NULL) != SQLITE_OK || sqlite3_step(st) != SQLITE_ROW
            ? job_file_failed(f, err)
            : 0;
    if (failed == 0)
        (void)snprintf(out, size, "%s", (const char *)sqlite3_column_text(st, 0));
    (void)sqlite3_finalize(st);
    return failed;
}

static int query_number(struct job_file *f, const char *sql, int64_t *out, struct err *err)
{
    char text[32];
    if (query_text(f, sql, text, sizeof text, err) < 0)
        return -1;
    *out = strtoll(text, NULL, 10);
    return 0;
}

/* Returns 1 for an empty file, 0 for a file of this program. */
static int check_owner(struct job_file *f, struct err *err)
{
    int64_t application = 0;
    int64_t format = 0;
    int64_t tables = 0;
    if (query_number(f, "SELECT count(*) FROM sqlite_schema", &tables, err) < 0 ||
        query_number(f, "PRAGMA application_id", &application, err) < 0 ||
        query_number(f, "PRAGMA user_version", &format, err) < 0)
        return -1;
    if (tables == 0 && application == 0 && format == 0)
        return 1;
    if (application != APPLICATION_ID)
        return err_set(err, ERR_USAGE, "broker file %s: it belongs to another program; " DO_OTHER,
                       f->path);
    if (format != FORMAT)
        return err_set(err, ERR_USAGE,
                       "broker file %s: it has format %lld, of another version of bench, and this "
                       "one knows format %d; use that version, or " DO_OTHER,
                       f->path, (long long)format, FORMAT);
    return 0;
}

/* Reads the whole file, unless that would take long; then damage is only found when it is read. */
static int check_whole(struct job_file *f, struct err *err)
{
    int64_t pages = 0;
    int64_t page_bytes = 0;
    char said[8] = "ok";
    if (query_number(f, "PRAGMA page_count", &pages, err) < 0 ||
        query_number(f, "PRAGMA page_size", &page_bytes, err) < 0)
        return -1;
    if (pages * page_bytes <= CHECK_BYTES_MAX &&
        query_text(f, "PRAGMA quick_check(1)", said, sizeof said, err) < 0)
        return -1;
    if (strcmp(said, "ok") != 0)
        return fail(f, SQLITE_CORRUPT, 0, err);
    return 0;
}

/* Two processes may open a new file at once. SQLite itself does not wait in this case. */
static int begin_log(struct job_file *f, struct err *err)
{
    static const char pragma[] = "PRAGMA journal_mode=WAL";
    char mode[8] = "";
    int tries = 0;
    int failed = query_text(f, pragma, mode, sizeof mode, err);
    while (failed < 0 && (sqlite3_errcode(f->db) & 0xff) == SQLITE_BUSY && on_busy(f, tries++))
        failed = query_text(f, pragma, mode, sizeof mode, err);
    if (failed == 0 && strcmp(mode, "wal") != 0)
        failed = err_set(err, ERR_USAGE,
                         "broker file %s: its file system cannot share memory between processes; "
                         "choose one on a local disk with --broker " SCHEME "PATH",
                         f->path);
    return failed;
}

static int make_tables(struct job_file *f, struct err *err)
{
    if (job_file_exec(f, "BEGIN IMMEDIATE", err) < 0)
        return -1;
    int whose = check_owner(f, err); /* again: another process may have been faster */
    int failed = whose > 0 ? job_file_exec(f, schema, err) : whose;
    if (failed == 0)
        failed = job_file_exec(f, "COMMIT", err);
    if (failed < 0)
        (void)sqlite3_exec(f->db, "ROLLBACK", NULL, NULL, NULL);
    return failed;
}

int job_file_prepare(struct job_file *f, struct err *err)
{
    int whose = check_owner(f, err);
    if (whose < 0)
        return -1;
    if (whose == 0 && check_whole(f, err) < 0)
        return -1;
    if (begin_log(f, err) < 0)
        return -1;
    return whose > 0 ? make_tables(f, err) : 0;
}

/* ---- opening and closing ---- */

/* Deleted rows need not be overwritten, and job_file_tend empties the log. */
static int set_up(struct job_file *f, const char *sync, struct err *err)
{
    static const char pragmas[] = "PRAGMA secure_delete=OFF;"
                                  "PRAGMA temp_store=MEMORY;"
                                  "PRAGMA cache_size=-8192;"
                                  "PRAGMA wal_autocheckpoint=0;"
                                  "PRAGMA journal_size_limit=67108864;";
    if (job_file_exec(f, pragmas, err) < 0)
        return -1;
    (void)sqlite3_wal_hook(f->db, on_commit, f);
    return job_file_exec(
        f, strcmp(sync, "full") == 0 ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL",
        err);
}

int job_file_open(struct job_file *f, const char *url, const char *sync, struct err *err)
{
    const char *path = str_starts_as_scheme(url, SCHEME) ? url + strlen(SCHEME) : url;
    if (*path == '\0')
        return err_set(err, ERR_USAGE, "--broker %s: the path of a file is missing", url);
    /* With "./", SQLite reads ":memory:" and "file:x" as paths, too. */
    *f = (struct job_file){.path = mem_printf("%s%s", *path == '/' ? "" : "./", path),
                           .patience_ns = PATIENCE_NS,
                           .log_pages_due = LOG_PAGES_MAX};
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    int failed =
        sqlite3_open_v2(f->path, &f->db, flags, NULL) == SQLITE_OK ? 0 : job_file_failed(f, err);
    if (failed == 0 && sqlite3_db_readonly(f->db, "main") == 1)
        failed = fail(f, SQLITE_READONLY, 0, err);
    if (failed == 0) {
        (void)sqlite3_extended_result_codes(f->db, 1);
        (void)sqlite3_busy_handler(f->db, on_busy, f);
        failed = set_up(f, sync, err);
    }
    if (failed < 0)
        job_file_close(f);
    return failed;
}

/* The last to close a file copies the log into it and removes the log. Of two processes that close
 * it at the same moment neither may be the last; then the log stays, and the next to open the file
 * goes on with both. */
void job_file_close(struct job_file *f)
{
    (void)sqlite3_close(f->db);
    free(f->path);
    *f = (struct job_file){0};
}
