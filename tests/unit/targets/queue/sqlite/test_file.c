/* The file of the embedded broker: files that cannot be used, names, and a lock. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/broker_bed.h"
#include "support/sqlite_bed.h"
#include "targets/queue/sqlite/file.h"
#include "targets/work/options.h"

static void write_at(const char *path, off_t at, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, len, at), (ssize_t)len);
    assert_int_equal(close(fd), 0);
}

/* ---- files that cannot be used ---- */

static void what_is_no_database_is_refused(void **state)
{
    (void)state;
    struct bed bed;
    struct stat before;
    struct stat after;
    char text[5000];
    bed_init(&bed);
    memset(text, 'a', sizeof text);
    write_at(bed_path(&bed), 0, text, sizeof text);
    assert_int_equal(stat(bed_path(&bed), &before), 0);
    sqlite_refused(&bed, "not an SQLite database");
    assert_int_equal(stat(bed_path(&bed), &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    bed_fini(&bed);
}

static void a_damaged_file_is_refused(void **state)
{
    (void)state;
    static const struct {
        off_t at; /* in bytes; pages have 4096 */
        size_t len;
        const char *word;
    } cases[] = {
        {0, 16, "not an SQLite database"},
        {16, 84, "broker file"}, /* page size, versions, counters */
        {100, 3000, "damaged"},  /* the table of tables */
        {8192, 12288, "damaged"},
        {20580, 500, "damaged"},
    };
    char junk[12288];
    memset(junk, 0xa5, sizeof junk);
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed bed;
        bed_init(&bed);
        sqlite_fill(&bed);
        write_at(bed_path(&bed), cases[i].at, junk, cases[i].len);
        sqlite_refused(&bed, cases[i].word);
        bed_fini(&bed);
    }
}

static void half_a_file_is_refused(void **state)
{
    (void)state;
    struct bed bed;
    bed_init(&bed);
    sqlite_fill(&bed);
    assert_int_equal(truncate(bed_path(&bed), 12288), 0);
    sqlite_refused(&bed, "damaged");
    bed_fini(&bed);
}

static void the_files_of_others_are_refused_and_left_alone(void **state)
{
    (void)state;
    struct bed bed;
    bed_init(&bed);
    (void)bed_sql(&bed, "CREATE TABLE diary(day TEXT)");
    sqlite_refused(&bed, "another program");
    assert_int_equal(bed_sql(&bed, "SELECT count(*) FROM diary"), 0);
    assert_int_equal(bed_sql(&bed, "SELECT count(*) FROM sqlite_schema"), 1);
    char *log = mem_printf("%s-wal", bed_path(&bed));
    assert_int_equal(access(log, F_OK), -1);
    free(log);
    bed_fini(&bed);

    bed_init(&bed);
    sqlite_fill(&bed);
    (void)bed_sql(&bed, "PRAGMA user_version=7");
    sqlite_refused(&bed, "format 7, of another version");
    (void)bed_sql(&bed, "PRAGMA user_version=1");
    struct bed_broker worker;
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_counts_are(&worker, (struct job_counts){.waiting = 300});
    bed_close(&worker);
    bed_fini(&bed);
}

static void an_empty_file_is_a_new_one(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    char id[JOB_ID_MAX];
    bed_init(&bed);
    write_at(bed_path(&bed), 0, "", 0);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_add(&gateway, "{}", id);
    bed_close(&gateway);
    bed_fini(&bed);
}

static void places_without_files_are_refused(void **state)
{
    (void)state;
    static const char *const places[][2] = {
        {"sqlite:/dev/null/jobs.db", "cannot be opened (Not a directory)"},
        {"sqlite:/nowhere/at/all/jobs.db", "cannot be opened (No such file or directory)"},
        {"sqlite:/proc/jobs.db", "cannot be opened"},
        {"sqlite:/tmp", "cannot be opened"},
        {"sqlite:", "path of a file is missing"},
    };
    struct bed bed;
    bed_init(&bed);
    for (size_t i = 0; i < LEN(places); i++) {
        const char *const words[] = {places[i][0] + strlen("sqlite:"), places[i][1], NULL};
        bed.options.broker = places[i][0];
        bed_refused(&bed, words);
    }
    bed_fini(&bed);
}

/* ":memory:" and "file:x" mean something to SQLite; to us they are names. */
static void a_name_is_only_a_name(void **state)
{
    (void)state;
    static const char *const names[] = {"sqlite::memory:", "sqlite:file:x?mode=memory"};
    struct bed bed;
    struct bed_broker gateway;
    char id[JOB_ID_MAX];
    char before[4096];
    bed_init(&bed);
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(bed.folder), 0);
    for (size_t i = 0; i < LEN(names); i++) {
        bed.options.broker = names[i];
        bed_open(&bed, &gateway, BROKER_GATEWAY);
        bed_add(&gateway, "{}", id);
        assert_int_equal(access(names[i] + strlen("sqlite:"), F_OK), 0);
        bed_close(&gateway);
    }
    assert_int_equal(chdir(before), 0);
    bed_fini(&bed);
}

/* ---- time, locks, size ---- */

struct holder {
    sqlite3 *db;
    uv_timer_t timer;
};

static void on_let_go(uv_timer_t *timer)
{
    struct holder *holder = timer->data;
    assert_int_equal(sqlite3_exec(holder->db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    uv_close((uv_handle_t *)timer, NULL);
}

static void a_lock_is_waited_for(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct holder holder;
    struct job_file file;
    struct err err = {0};
    char id[JOB_ID_MAX];
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    assert_int_equal(sqlite3_open(bed_path(&bed), &holder.db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(holder.db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);

    assert_int_equal(job_file_open(&file, bed.url, "normal", &err), 0);
    file.patience_ns = 20 * NS_PER_MS;
    assert_int_equal(job_file_exec(&file, "BEGIN IMMEDIATE", &err), -1);
    assert_non_null(strstr(err.text, bed_path(&bed)));
    assert_non_null(strstr(err.text, "lock"));
    job_file_close(&file);

    (void)uv_timer_init(&bed.loop, &holder.timer);
    holder.timer.data = &holder;
    (void)uv_timer_start(&holder.timer, on_let_go, 50, 0);
    bed_add(&gateway, "{}", id);
    assert_int_not_equal(sqlite3_get_autocommit(holder.db),
                         0); /* not before the lock was released */
    assert_int_equal(sqlite3_close(holder.db), SQLITE_OK);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* ---- what an accepted job survives ---- */

/* SQLite waits for the disk at every commit (2, FULL), or when it empties its log (1, NORMAL). */
static void broker_sync_is_what_sqlite_waits_for(void **state)
{
    (void)state;
    static const struct {
        const char *given;
        int want;
    } cases[] = {{"full", 2}, {"normal", 1}, {NULL, 1}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct bed bed;
        struct target_options options = {0};
        struct opt_given given = {0};
        struct err err;
        struct job_file file;
        sqlite3_stmt *ask = NULL;
        char program[] = "x";
        char name[] = "--broker-sync";
        char value[8] = "";
        char *argv[] = {program, name, value, NULL};
        (void)snprintf(value, sizeof value, "%s", cases[i].given == NULL ? "" : cases[i].given);
        const struct opt_group groups[] = {{"Target", target_opts, &options}, {0}};
        bed_init(&bed);
        assert_int_equal(opt_parse(groups, cases[i].given == NULL ? 1 : 3, argv, &given, &err), 0);
        assert_int_equal(job_file_open(&file, bed_path(&bed), options.broker_sync, &err), 0);
        assert_int_equal(sqlite3_prepare_v2(file.db, "PRAGMA synchronous", -1, &ask, NULL),
                         SQLITE_OK);
        assert_int_equal(sqlite3_step(ask), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(ask, 0), cases[i].want);
        assert_int_equal(sqlite3_finalize(ask), SQLITE_OK);
        job_file_close(&file);
        target_options_fini(&options);
        bed_fini(&bed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_no_database_is_refused, bed_set_alarm),
        cmocka_unit_test_setup(a_damaged_file_is_refused, bed_set_alarm),
        cmocka_unit_test_setup(half_a_file_is_refused, bed_set_alarm),
        cmocka_unit_test_setup(the_files_of_others_are_refused_and_left_alone, bed_set_alarm),
        cmocka_unit_test_setup(an_empty_file_is_a_new_one, bed_set_alarm),
        cmocka_unit_test_setup(places_without_files_are_refused, bed_set_alarm),
        cmocka_unit_test_setup(a_name_is_only_a_name, bed_set_alarm),
        cmocka_unit_test_setup(a_lock_is_waited_for, bed_set_alarm),
        cmocka_unit_test(broker_sync_is_what_sqlite_waits_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
