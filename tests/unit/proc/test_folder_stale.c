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
#include "proc/folder.h"

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
    struct folder *f = folder_make("kind", &err);
    assert_non_null(f);
    assert_true(str_starts(folder_path(f), *state));
    assert_int_equal(stat(folder_path(f), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    put_file(folder_path(f));
    folder_remove(f);
    folder_remove(NULL);
}

/* A process that makes a folder and dies without removing it. */
static void leave_one_behind_of(const char *kind)
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        struct err err;
        struct folder *f = folder_make(kind, &err);
        if (f != NULL)
            put_file(folder_path(f));
        _exit(f == NULL ? 1 : 0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void leave_one_behind(void)
{
    leave_one_behind_of("kind");
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

static char *only_entry(const char *place)
{
    struct dirent **entries = NULL;
    int count = scandir(place, &entries, NULL, alphasort); /* "." and ".." come first */
    assert_int_equal(count, 3);
    char *path = mem_printf("%s/%s", place, entries[2]->d_name);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free((void *)entries);
    return path;
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
    struct folder *living = folder_make("kind", &err);
    assert_non_null(living);
    leave_one_behind();
    assert_int_equal(count_entries(place), LEN(others) + 1 + 2);
    struct folder *next = folder_make("kind", &err);
    assert_non_null(next);
    assert_int_equal(count_entries(place), LEN(others) + 1 + 2); /* the living one and this */
    assert_int_equal(access(folder_path(living), F_OK), 0);
    folder_remove(living);
    folder_remove(next);
    assert_int_equal(unlink(link), 0);
    free(link);
    for (size_t i = 0; i < LEN(others); i++) {
        char *path = mem_printf("%s/%s", place, others[i]);
        assert_int_equal(rmdir(path), 0);
        free(path);
    }
}

/* As the guard does, whose owner is killed. */
static void a_folder_stays_while_anybody_holds_it(void **state)
{
    const char *place = *state;
    struct err err;
    leave_one_behind();
    char *path = only_entry(place);
    struct folder_hold hold = folder_hold(path);
    assert_true(hold.fd >= 0 && hold.lock_fd >= 0);
    struct folder *next = folder_make("kind", &err);
    assert_non_null(next);
    assert_int_equal(access(path, F_OK), 0);
    folder_clear(path, hold);
    assert_int_equal(access(path, F_OK), -1);
    folder_remove(next);
    free(path);
}

static void what_is_not_of_our_making_stays(void **state)
{
    const char *place = *state;
    struct err err;
    char *path = mem_printf("%s/kind-abcdef", place);
    char *file = mem_printf("%s/queue.db", path);
    assert_int_equal(mkdir(path, 0700), 0);
    put_file(path); /* and no lock */
    folder_remove(folder_make("kind", &err));
    assert_int_equal(access(file, F_OK), 0);
    assert_int_equal(unlink(file), 0);
    assert_int_equal(rmdir(path), 0);
    free(file);
    free(path);
}

static void a_folder_of_another_user_stays(void **state)
{
    const char *place = *state;
    struct err err;
    if (geteuid() != 0)
        skip();
    leave_one_behind();
    char *path = only_entry(place);
    assert_int_equal(chown(path, 65534, 65534), 0);
    folder_remove(folder_make("kind", &err));
    assert_int_equal(access(path, F_OK), 0);
    folder_clear(path, folder_hold(path));
    free(path);
}

/* Those of every kind, as bench does it when it starts. */
static void a_sweep_takes_what_killed_programs_left(void **state)
{
    static const char *const kinds[] = {"bench-run", "bench-queue", "bench-redis"};
    for (size_t i = 0; i < LEN(kinds); i++)
        leave_one_behind_of(kinds[i]);
    assert_int_equal(count_entries(*state), LEN(kinds));
    folder_sweep();
    assert_int_equal(count_entries(*state), 0);
}

static void a_place_that_is_not_there_is_told(void **state)
{
    struct err err = {0};
    char *missing = mem_printf("%s/none", (const char *)*state);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    assert_int_equal(setenv("TMPDIR", missing, 1), 0);
    assert_null(folder_make("kind", &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, missing));
    assert_non_null(strstr(err.text, "TMPDIR"));
    free(missing);
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLACED(a_folder_is_private_and_goes_with_what_is_in_it),
        PLACED(only_dead_folders_of_the_kind_are_removed),
        PLACED(a_folder_stays_while_anybody_holds_it),
        PLACED(what_is_not_of_our_making_stays),
        PLACED(a_folder_of_another_user_stays),
        PLACED(a_sweep_takes_what_killed_programs_left),
        PLACED(a_place_that_is_not_there_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
