/* The folder of an MPI job: removed with all that is in it, and nothing else is. */
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "proc/job_folder.h"

static char place[] = "/tmp/bench-job-XXXXXX";

static char *in(const char *name)
{
    return mem_printf("%s/%s", place, name);
}

static void make_folder(const char *name)
{
    char *path = in(name);
    assert_int_equal(mkdir(path, 0700), 0);
    free(path);
}

static void make_file(const char *name)
{
    char *path = in(name);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
    free(path);
}

static bool is_there(const char *name)
{
    struct stat found;
    char *path = in(name);
    bool there = lstat(path, &found) == 0;
    free(path);
    return there;
}

static void drop(const char *job, const char *outer)
{
    char *job_path = in(job);
    char *outer_path = in(outer);
    job_folder_remove(job_path, outer_path);
    free(job_path);
    free(outer_path);
}

static void make_job(void)
{
    make_folder("outer");
    make_folder("outer/job");
    make_folder("outer/job/deep");
    make_file("outer/job/deep/file");
}

static void all_of_it_goes(void **state)
{
    (void)state;
    make_job();
    drop("outer/job", "outer");
    assert_false(is_there("outer"));
}

static void what_a_link_points_to_stays(void **state)
{
    (void)state;
    make_job();
    make_file("kept");
    char *from = in("outer/job/link");
    assert_int_equal(symlink("../../kept", from), 0);
    free(from);
    drop("outer/job", "outer");
    assert_false(is_there("outer"));
    assert_true(is_there("kept"));
}

static void another_job_stays(void **state)
{
    (void)state;
    make_job();
    make_folder("outer/other");
    drop("outer/job", "outer");
    assert_false(is_there("outer/job"));
    assert_true(is_there("outer/other"));
    drop("outer/other", "outer");
    assert_false(is_there("outer"));
}

static void what_is_no_folder_within_stays(void **state)
{
    (void)state;
    make_job();
    make_folder("outerside");
    drop("outerside", "outer");
    assert_true(is_there("outerside"));
    drop("outer", "outer");
    drop("outer/job/deep/file", "outer");
    assert_true(is_there("outer/job/deep/file"));
    job_folder_remove("", "");
    job_folder_remove("outer/job", "outer");
    assert_true(is_there("outer/job/deep/file"));
    char *link = in("outer/link");
    assert_int_equal(symlink("job", link), 0);
    drop("outer/link", "outer");
    assert_true(is_there("outer/job/deep/file"));
    (void)unlink(link);
    free(link);
    drop("outer/job", "outer");
}

static void the_folder_of_an_mpirun_goes(void **state)
{
    char host[HOST_NAME_MAX + 1] = "";
    (void)state;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the only thread */
    assert_int_equal(setenv("TMPDIR", place, 1), 0);
    (void)gethostname(host, HOST_NAME_MAX);
    host[strcspn(host, ".")] = '\0';
    char *outer = mem_printf("ompi.%s.%u", host, (unsigned)geteuid());
    char *job = mem_printf("%s/pid.4711", outer);
    make_folder(outer);
    make_folder(job);
    job_folder_remove_of(4712);
    assert_true(is_there(job));
    job_folder_remove_of(4711);
    assert_false(is_there(outer));
    free(outer);
    free(job);
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(place) == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    (void)unlink(place);
    char *kept = in("kept");
    char *side = in("outerside");
    (void)unlink(kept);
    (void)rmdir(side);
    free(kept);
    free(side);
    return rmdir(place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it_goes),
        cmocka_unit_test(what_a_link_points_to_stays),
        cmocka_unit_test(another_job_stays),
        cmocka_unit_test(what_is_no_folder_within_stays),
        cmocka_unit_test(the_folder_of_an_mpirun_goes),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
