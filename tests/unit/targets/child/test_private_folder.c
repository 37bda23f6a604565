/* Each test has a temporary folder of its own. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "targets/child/private_folder.h"

static int make_place(void **state)
{
    char path[] = "/tmp/test-job-XXXXXX";
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    if (mkdtemp(path) == NULL || setenv("TMPDIR", path, 1) < 0)
        return -1;
    *state = mem_strdup(path);
    return 0;
}

static int remove_place(void **state)
{
    int failed = rmdir(*state); /* also a check: it must be empty */
    free(*state);
    return failed;
}

static void put_file(const char *folder)
{
    char *path = mem_printf("%s/queue.db", folder);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(close(fd), 0);
    free(path);
}

static void a_folder_is_private_and_goes_with_what_is_in_it(void **state)
{
    struct err err;
    struct stat st;
    struct private_folder *f = private_folder_make("kind", &err);
    assert_non_null(f);
    assert_true(str_starts(private_folder_path(f), *state));
    assert_int_equal(stat(private_folder_path(f), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    put_file(private_folder_path(f));
    private_folder_remove(f);
    private_folder_remove(NULL);
}

/* A process that makes a folder and dies without removing it. */
static void leave_one_behind(void)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        struct err err;
        struct private_folder *f = private_folder_make("kind", &err);
        if (f != NULL)
            put_file(private_folder_path(f));
        _exit(f == NULL ? 1 : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static size_t count_entries(const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, NULL);
    assert_true(count >= 2);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free((void *)entries);
    return (size_t)count - 2; /* "." and ".." */
}

static void only_dead_folders_of_the_kind_are_removed(void **state)
{
    const char *place = *state;
    struct err err;
    static const char *const others[] = {"kind", "kind-12345", "kind-1234567", "other-123456"};
    for (size_t i = 0; i < LEN(others); i++) {
        char *path = mem_printf("%s/%s", place, others[i]);
        assert_int_equal(mkdir(path, 0700), 0);
        free(path);
    }
    char *link = mem_printf("%s/kind-abcdef", place);
    assert_int_equal(symlink("other-123456", link), 0);
    struct private_folder *living = private_folder_make("kind", &err);
    assert_non_null(living);
    leave_one_behind();
    assert_int_equal(count_entries(place), LEN(others) + 1 + 2);
    struct private_folder *next = private_folder_make("kind", &err);
    assert_non_null(next);
    assert_int_equal(count_entries(place), LEN(others) + 1 + 2); /* the living one and this */
    assert_int_equal(access(private_folder_path(living), F_OK), 0);
    private_folder_remove(living);
    private_folder_remove(next);
    assert_int_equal(unlink(link), 0);
    free(link);
    for (size_t i = 0; i < LEN(others); i++) {
        char *path = mem_printf("%s/%s", place, others[i]);
        assert_int_equal(rmdir(path), 0);
        free(path);
    }
}

static void a_place_that_is_not_there_is_told(void **state)
{
    struct err err = {0};
    char *missing = mem_printf("%s/none", (const char *)*state);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    assert_int_equal(setenv("TMPDIR", missing, 1), 0);
    assert_null(private_folder_make("kind", &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, missing));
    assert_non_null(strstr(err.text, "TMPDIR"));
    free(missing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_is_private_and_goes_with_what_is_in_it, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(only_dead_folders_of_the_kind_are_removed, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(a_place_that_is_not_there_is_told, make_place,
                                        remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
