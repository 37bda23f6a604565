/* Full disks, files that may not be written or are gone, and how large the log becomes. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/broker_bed.h"
#include "support/sqlite_bed.h"

#define NOBODY 65534

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
    sqlite_refused(bed, "cannot be");
    sqlite_refused(bed, "ermission");
}

static void what_may_not_be_written_is_refused(void **state)
{
    (void)state;
    struct bed bed;
    bed_init(&bed);
    sqlite_fill(&bed);
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
    long left = added; /* some jobs may still be taken, but not all */
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
    bed_open(&bed, &gateway, BROKER_GATEWAY); /* now there is space again */
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
    sqlite_refused(bed, "disk");
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
        cmocka_unit_test_setup(what_may_not_be_written_is_refused, bed_set_alarm),
        cmocka_unit_test_setup(a_full_disk_is_told_and_loses_nothing, bed_set_alarm),
        cmocka_unit_test_setup(a_full_disk_takes_no_new_file, bed_set_alarm),
        cmocka_unit_test_setup(a_file_that_is_gone_takes_no_more, bed_set_alarm),
        cmocka_unit_test_setup(the_log_is_bounded, bed_set_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
