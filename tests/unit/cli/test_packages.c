/* packages: a lock that cannot be had is told, wherever on the way it fails. Node, npm and the
 * kernel's lock are the test's: the linker puts it in front of them. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cli/packages.h"
#include "proc/folder.h"
#include "proc/step.h"

static struct folder *folder; /* where a package.json is, and no package */
static int locks[8];          /* what was asked of the kernel */
static size_t nlocks;
static size_t fails_at; /* the first is 1 */
static int fails_with;  /* errno */
static int installs;

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
int __wrap_flock(int fd, int how);
int __wrap_step_run(const struct step_spec *spec, int *out_signal, struct err *err);
char *__wrap_program_data_find(const char *name, struct err *err);

int __wrap_flock(int fd, int how)
{
    assert_true(fd >= 0 && nlocks < LEN(locks));
    locks[nlocks++] = how;
    if (nlocks != fails_at)
        return 0;
    errno = fails_with;
    return -1;
}

int __wrap_step_run(const struct step_spec *spec, int *out_signal, struct err *err)
{
    (void)err;
    installs += strcmp(spec->name, "npm") == 0;
    *out_signal = 0;
    return 0;
}

char *__wrap_program_data_find(const char *name, struct err *err)
{
    (void)err;
    assert_string_equal(name, "originals");
    return mem_strdup(folder_path(folder));
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

static int set_up(void **state)
{
    (void)state;
    struct err err;
    folder = folder_make("bench-packages", &err);
    assert_non_null(folder);
    char *path = mem_printf("%s/package.json", folder_path(folder));
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    (void)fclose(file);
    free(path);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static int hold(size_t fail_at, int with, int *out_fd, struct err *err)
{
    int signal = -1;
    nlocks = 0;
    installs = 0;
    fails_at = fail_at;
    fails_with = with;
    *err = (struct err){0};
    int failed = packages_hold(out_fd, &signal, err);
    assert_int_equal(signal, 0);
    return failed;
}

static void packages_are_installed_alone_and_then_shared(void **state)
{
    (void)state;
    struct err err;
    int fd = -1;
    assert_int_equal(hold(0, 0, &fd, &err), 0);
    assert_int_equal(installs, 1);
    assert_int_equal(nlocks, 3);
    assert_int_equal(locks[0], LOCK_SH | LOCK_NB);
    assert_int_equal(locks[1], LOCK_EX | LOCK_NB);
    assert_int_equal(locks[2], LOCK_SH | LOCK_NB); /* waits in steps, so that it ends */
    assert_true(fd >= 0);
    (void)close(fd);
}

static void a_lock_that_fails_is_an_error_with_a_text(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 3; at++) {
        struct err err;
        int fd = -1;
        assert_int_equal(hold(at, ENOLCK, &fd, &err), -1);
        assert_int_equal(nlocks, at); /* it is not tried for two minutes */
        assert_int_equal(installs, at == 3);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, "package.json: No locks available; install bench on"));
        assert_int_equal(fd, -1);
    }
}

static void a_lock_that_another_has_is_waited_for(void **state)
{
    (void)state;
    for (size_t at = 1; at <= 3; at++) {
        struct err err;
        int fd = -1;
        assert_int_equal(hold(at, EWOULDBLOCK, &fd, &err), 0);
        assert_int_equal(nlocks, 4);
        assert_int_equal(locks[at], locks[at - 1]);
        (void)close(fd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packages_are_installed_alone_and_then_shared),
        cmocka_unit_test(a_lock_that_fails_is_an_error_with_a_text),
        cmocka_unit_test(a_lock_that_another_has_is_waited_for),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
