/* procfs: what the kernel writes of a process and its threads, and texts that it would not write.
 */
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

#include "base/buf.h"
#include "base/mem.h"
#include "base/procfs.h"

#define FILE_NAME "file"

struct bed {
    char path[32];
    int fd;
};

static int bed_open(void **state)
{
    struct bed *bed = mem_zalloc(sizeof *bed);
    memcpy(bed->path, "/tmp/procfs-XXXXXX", sizeof "/tmp/procfs-XXXXXX");
    assert_non_null(mkdtemp(bed->path));
    bed->fd = open(bed->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(bed->fd >= 0);
    *state = bed;
    return 0;
}

static int bed_close(void **state)
{
    struct bed *bed = *state;
    (void)unlinkat(bed->fd, FILE_NAME, 0);
    (void)close(bed->fd);
    assert_int_equal(rmdir(bed->path), 0);
    free(bed);
    return 0;
}

static void put_file(const struct bed *bed, const char *text)
{
    int fd =
        openat(bed->fd, FILE_NAME, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(close(fd), 0);
}

static void a_status_has_its_figures(void **state)
{
    struct bed *bed = *state;
    struct procfs_status status;
    put_file(bed, "Name:\tVmHWM: 7\nVmHWM:\t    12 kB\nvoluntary_ctxt_switches:\t3\n"
                  "nonvoluntary_ctxt_switches:\t4\n");
    assert_int_equal(procfs_status_read(bed->fd, FILE_NAME, &status), 0);
    assert_int_equal(status.rss_peak_bytes, 12 * 1024);
    assert_int_equal(status.switches_voluntary, 3);
    assert_int_equal(status.switches_involuntary, 4);
}

/* As a kernel thread's, which has no memory of its own. */
static void a_figure_that_is_missing_is_minus_one(void **state)
{
    struct bed *bed = *state;
    struct procfs_status status;
    put_file(bed, "Name:\tkthreadd\nVmHWM:\tmuch\n");
    assert_int_equal(procfs_status_read(bed->fd, FILE_NAME, &status), 0);
    assert_int_equal(status.rss_peak_bytes, -1);
    assert_int_equal(status.switches_voluntary, -1);
    assert_int_equal(status.switches_involuntary, -1);
}

static void a_user_may_be_in_many_groups(void **state)
{
    struct bed *bed = *state;
    struct procfs_status status;
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(&text, "Groups:\t");
    for (int i = 0; i < 1000; i++)
        buf_printf(&text, "%d ", 1000000 + i);
    buf_puts(&text, "\nVmHWM:\t5 kB\n");
    put_file(bed, text.data);
    buf_fini(&text);
    assert_int_equal(procfs_status_read(bed->fd, FILE_NAME, &status), 0);
    assert_int_equal(status.rss_peak_bytes, 5 * 1024);
}

static void a_schedstat_is_three_numbers(void **state)
{
    struct bed *bed = *state;
    static const struct {
        const char *text;
        int want;
    } cases[] = {
        {"101 202 303\n", 0}, {"101 202\n", -1}, {"101 202 x\n", -1}, {"\n", -1}, {"", -1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct procfs_schedstat stat = {0};
        put_file(bed, cases[i].text);
        assert_int_equal(procfs_schedstat_read(bed->fd, FILE_NAME, &stat), cases[i].want);
        assert_int_equal(stat.run_wait_ns, cases[i].want == 0 ? 202 : 0);
        assert_int_equal(stat.switches, cases[i].want == 0 ? 303 : 0);
    }
}

static void a_process_that_is_gone_is_an_error(void **state)
{
    struct bed *bed = *state;
    struct procfs_status status;
    struct procfs_schedstat stat;
    assert_int_equal(procfs_status_read(bed->fd, "none", &status), -1);
    assert_int_equal(procfs_schedstat_read(bed->fd, "none", &stat), -1);
}

static void the_kernel_tells_of_this_process(void **state)
{
    (void)state;
    struct procfs_status status;
    assert_int_equal(procfs_status_read(AT_FDCWD, "/proc/self/status", &status), 0);
    assert_true(status.rss_peak_bytes > 0);
    assert_true(status.switches_voluntary >= 0);
    assert_true(status.switches_involuntary >= 0);
}

static void a_stat_line_is_read_behind_any_name(void **state)
{
    static const char tail[] = "S 77 1 1 0 -1 4194560 1 2 3 4 150 25 7 8 20 0 9 0 4242 1000 321 9";
    static const struct {
        const char *head, *comm;
    } good[] = {
        {"12 (cat) ", "cat"},
        {"12 (a) R 1 2 (b) ", "a) R 1 2 (b"},
        {"12 () ", ""},
        {"12 (a name longer than fits) ", "a name longer t"},
    };
    static const char *const bad[] = {"",
                                      "12 cat S 1",
                                      "12 (cat)",
                                      "12 (cat) ",
                                      "12 (cat) S 1 2 3",
                                      "12 )cat( S 1",
                                      "12 (cat) S x"};
    (void)state;
    struct procfs_stat out;
    for (size_t i = 0; i < LEN(good); i++) {
        char *text = mem_printf("%s%s", good[i].head, tail);
        assert_int_equal(procfs_stat_parse(text, &out), 0);
        assert_string_equal(out.comm, good[i].comm);
        assert_int_equal(out.ppid, 77);
        assert_int_equal(out.user_ticks, 150);
        assert_int_equal(out.system_ticks, 25);
        assert_int_equal(out.waited_user_ticks, 7);
        assert_int_equal(out.waited_system_ticks, 8);
        assert_int_equal(out.threads, 9);
        assert_int_equal(out.start_ticks, 4242);
        assert_int_equal(out.rss_pages, 321);
        free(text);
    }
    for (size_t i = 0; i < LEN(bad); i++)
        assert_int_equal(procfs_stat_parse(bad[i], &out), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_status_has_its_figures, bed_open, bed_close),
        cmocka_unit_test_setup_teardown(a_figure_that_is_missing_is_minus_one, bed_open, bed_close),
        cmocka_unit_test_setup_teardown(a_user_may_be_in_many_groups, bed_open, bed_close),
        cmocka_unit_test_setup_teardown(a_schedstat_is_three_numbers, bed_open, bed_close),
        cmocka_unit_test_setup_teardown(a_process_that_is_gone_is_an_error, bed_open, bed_close),
        cmocka_unit_test(the_kernel_tells_of_this_process),
        cmocka_unit_test(a_stat_line_is_read_behind_any_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
