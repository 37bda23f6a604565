/* The embedded broker's file: what is in it, what is wrong with it, and what no disk can take. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/broker_bed.h"
#include "targets/queue/sqlite/file.h"

#define NOBODY 65534

static void write_at(const char *path, off_t at, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, len, at), (ssize_t)len);
    assert_int_equal(close(fd), 0);
}

static void refused(struct bed *bed, const char *word)
{
    const char *const words[] = {bed_path(bed), word, NULL};
    bed_refused(bed, words);
}

/* A file with a few hundred jobs, closed. */
static void fill(struct bed *bed)
{
    struct bed_broker gateway;
    bed_open(bed, &gateway, BROKER_GATEWAY);
    bed_add_many(&gateway, 300);
    bed_close(&gateway);
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
    refused(&bed, "not an SQLite database");
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
        fill(&bed);
        write_at(bed_path(&bed), cases[i].at, junk, cases[i].len);
        refused(&bed, cases[i].word);
        bed_fini(&bed);
    }
}

static void half_a_file_is_refused(void **state)
{
    (void)state;
    struct bed bed;
    bed_init(&bed);
    fill(&bed);
    assert_int_equal(truncate(bed_path(&bed), 12288), 0);
    refused(&bed, "damaged");
    bed_fini(&bed);
}

static void the_files_of_others_are_refused_and_left_alone(void **state)
{
    (void)state;
    struct bed bed;
    bed_init(&bed);
    (void)bed_sql(&bed, "CREATE TABLE diary(day TEXT)");
    refused(&bed, "another program");
    assert_int_equal(bed_sql(&bed, "SELECT count(*) FROM diary"), 0);
    assert_int_equal(bed_sql(&bed, "SELECT count(*) FROM sqlite_schema"), 1);
    char *log = mem_printf("%s-wal", bed_path(&bed));
    assert_int_equal(access(log, F_OK), -1);
    free(log);
    bed_fini(&bed);

    bed_init(&bed);
    fill(&bed);
    (void)bed_sql(&bed, "PRAGMA user_version=7");
    refused(&bed, "format 7, of another version");
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

static void kinds_are_found_by_their_scheme(void **state)
{
    (void)state;
    struct err err = {0};
    assert_ptr_equal(broker_find("sqlite:x", &err), &broker_sqlite);
    assert_null(broker_find("mysql://x", &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "mysql://x"));
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

/* ---- in a child, which may harm itself ---- */

static void in_child(struct bed *bed, void (*act)(struct bed *bed))
{
    int how = 0;
    pid_t child = bed_fork(bed);
    if (child == 0) {
        act(bed);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(how, 0);
}

static void open_as_nobody(struct bed *bed)
{
    if (geteuid() == 0 && setuid(NOBODY) < 0)
        _exit(2);
    refused(bed, "cannot be");
    refused(bed, "ermission");
}

static void what_may_not_be_written_is_refused(void **state)
{
    (void)state;
    struct bed bed;
    bed_init(&bed);
    fill(&bed);
    assert_int_equal(chmod(bed_path(&bed), 0444), 0);
    assert_int_equal(chmod(bed.folder, 0777), 0);
    in_child(&bed, open_as_nobody); /* the file */
    assert_int_equal(chmod(bed_path(&bed), 0666), 0);
    assert_int_equal(chmod(bed.folder, 0555), 0);
    in_child(&bed, open_as_nobody); /* its folder, where the log must go */
    assert_int_equal(unlink(bed_path(&bed)), geteuid() == 0 ? 0 : -1);
    in_child(&bed, open_as_nobody); /* nothing there yet */
    assert_int_equal(chmod(bed.folder, 0700), 0);
    bed_fini(&bed);
}

/* A file that may not grow is a disk that is full. */
static void add_until_full(struct bed *bed)
{
    struct bed_broker gateway;
    struct bed_broker worker;
    struct bed_answer answer;
    struct bed_answer taken;
    struct bed_answer seen;
    long added = 0;
    const struct rlimit limit = {200000, 200000};
    bed_open(bed, &gateway, BROKER_GATEWAY);
    bed_open(bed, &worker, BROKER_WORKER);
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) < 0)
        _exit(2);
    for (bed_try_add(&gateway, "{}", &answer); answer.err.kind == ERR_NONE;
         bed_try_add(&gateway, "{}", &answer))
        assert_int_equal(strtol(answer.id, NULL, 10), ++added);
    assert_true(added > 5);
    assert_non_null(strstr(answer.err.text, bed_path(bed)));
    assert_non_null(strstr(answer.err.text, "disk"));
    assert_string_equal(answer.id, "");
    bed_counts_are(&gateway, (struct job_counts){.waiting = added});
    bed_find(&gateway, "1", &seen);
    assert_true(seen.found);
    long left = added; /* what a job takes may still have room, but not for all of them */
    do {
        taken = (struct bed_answer){0};
        broker_sqlite.take(worker.broker, 1, bed_on_taken, &taken);
        bed_wait(bed, &taken.came);
        bed_drop(&taken);
    } while (taken.err.kind == ERR_NONE && --left > 0);
    assert_int_equal(taken.err.kind, ERR_USAGE);
    bed_close(&worker);
    bed_close(&gateway);
    assert_int_equal(bed_sql(bed, "SELECT count(*) FROM job"), added);
}

static void a_full_disk_is_told_and_loses_nothing(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    char id[JOB_ID_MAX];
    bed_init(&bed);
    in_child(&bed, add_until_full);
    bed_open(&bed, &gateway, BROKER_GATEWAY); /* and there is space again */
    bed_add(&gateway, "{}", id);
    assert_int_equal(strtol(id, NULL, 10), bed_sql(&bed, "SELECT count(*) FROM job"));
    assert_int_equal(bed_sql(&bed, "SELECT sum(state=4)=waiting FROM job, queue"), 1);
    bed_close(&gateway);
    bed_fini(&bed);
}

static void open_on_full_disk(struct bed *bed)
{
    const struct rlimit limit = {1000, 1000};
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) < 0)
        _exit(2);
    refused(bed, "disk");
}

static void a_full_disk_takes_no_new_file(void **state)
{
    (void)state;
    struct bed bed;
    bed_init(&bed);
    in_child(&bed, open_on_full_disk);
    bed_fini(&bed);
}

/* ---- time, locks, size ---- */

static void a_file_that_is_gone_takes_no_more(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_answer answer = {0};
    char id[JOB_ID_MAX];
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_add(&gateway, "{}", id);
    assert_int_equal(unlink(bed_path(&bed)), 0);
    bed_try_add(&gateway, "{}", &answer);
    assert_true(answer.came);
    assert_int_equal(answer.err.kind, ERR_USAGE);
    assert_non_null(strstr(answer.err.text, "removed or replaced"));
    bed_close(&gateway);
    bed_fini(&bed);
}

static void after_a_reboot_all_wait_again(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker worker;
    struct bed_answer taken;
    struct taken_job job;
    bed_init(&bed);
    fill(&bed);
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_take_one(&worker, &job);
    assert_int_equal(bed_finish(&worker, &job, "1", NULL), JOB_END_COMPLETED);
    taken_job_fini(&job);
    bed_take_one(&worker, &job);
    assert_int_equal(bed_finish(&worker, &job, NULL, "no luck"), JOB_END_RETRY);
    taken_job_fini(&job);
    bed_take(&worker, 5, &taken);
    bed_drop(&taken);
    bed_close(&worker);
    bed_open(&bed, &worker, BROKER_WORKER); /* the same boot: nothing changes */
    bed_counts_are(&worker,
                   (struct job_counts){.waiting = 293, .delayed = 1, .active = 5, .completed = 1});
    bed_close(&worker);
    (void)bed_sql(&bed, "UPDATE broker SET boot_id='before'");
    bed_open(&bed, &worker, BROKER_WORKER);
    bed_counts_are(&worker, (struct job_counts){.waiting = 299, .completed = 1});
    bed_take(&worker, 10, &taken);
    assert_int_equal(taken.count, 10);
    for (long i = 0; i < 10; i++) {
        assert_int_equal(strtol(taken.jobs[i].id, NULL, 10), i + 2);
        assert_int_equal(taken.jobs[i].attempt, i < 6 ? 2 : 1);
        assert_int_equal(taken.jobs[i].added_ns, MISSING_TIME);
    }
    bed_drop(&taken);
    bed_close(&worker);
    bed_fini(&bed);
}

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
    assert_int_not_equal(sqlite3_get_autocommit(holder.db), 0); /* not before it was let go */
    assert_int_equal(sqlite3_close(holder.db), SQLITE_OK);
    bed_close(&gateway);
    bed_fini(&bed);
}

/* Some 80 MB go through a log of 32 MiB, while a second process's connection is open. */
static void the_log_is_bounded(void **state)
{
    (void)state;
    struct bed bed;
    struct bed_broker gateway;
    struct bed_broker worker;
    struct bed_answer answer;
    struct stat log;
    char *data = mem_zalloc(100001);
    memset(data, '7', 100000);
    bed_init(&bed);
    bed_open(&bed, &gateway, BROKER_GATEWAY);
    bed_open(&bed, &worker, BROKER_WORKER);
    char *path = mem_printf("%s-wal", bed_path(&bed));
    for (int i = 0; i < 800; i++) {
        bed_try_add(&gateway, data, &answer);
        assert_string_equal(answer.err.text, "");
    }
    assert_int_equal(stat(path, &log), 0);
    assert_true(log.st_size < 48 << 20);
    free(path);
    free(data);
    bed_close(&worker);
    bed_close(&gateway);
    bed_fini(&bed);
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
        cmocka_unit_test_setup(kinds_are_found_by_their_scheme, bed_set_alarm),
        cmocka_unit_test_setup(a_name_is_only_a_name, bed_set_alarm),
        cmocka_unit_test_setup(what_may_not_be_written_is_refused, bed_set_alarm),
        cmocka_unit_test_setup(a_full_disk_is_told_and_loses_nothing, bed_set_alarm),
        cmocka_unit_test_setup(a_full_disk_takes_no_new_file, bed_set_alarm),
        cmocka_unit_test_setup(a_file_that_is_gone_takes_no_more, bed_set_alarm),
        cmocka_unit_test_setup(after_a_reboot_all_wait_again, bed_set_alarm),
        cmocka_unit_test_setup(a_lock_is_waited_for, bed_set_alarm),
        cmocka_unit_test_setup(the_log_is_bounded, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
