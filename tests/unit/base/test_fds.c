/* The limit on open files: each case in a process of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fds.h"

static int in_child(int (*body)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0)
        _exit(body());
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int raise_within_the_hard_limit(void)
{
    struct err err = {0};
    struct rlimit limit = {.rlim_cur = 64, .rlim_max = 256};
    closefrom(STDERR_FILENO + 1);
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1;
    if (fds_reserve(32, NULL, &err) < 0 || fds_reserve(200, NULL, &err) < 0)
        return 2;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 3;
    return limit.rlim_cur == 256 && limit.rlim_max == 256 ? 0 : 4;
}

static int raise_past_what_is_allowed(void)
{
    struct err err = {0};
    struct rlimit limit = {.rlim_cur = 64, .rlim_max = 64};
    closefrom(STDERR_FILENO + 1);
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        return 1;
    if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
        return 2;
    if (fds_reserve(100000, "use less", &err) == 0)
        return 3;
    return err.kind == ERR_USAGE && strstr(err.text, "ulimit -n 100003'") != NULL &&
                   strstr(err.text, "or use less") != NULL
               ? 0
               : 4;
}

static int what_is_open_already_takes_room(void)
{
    struct err err = {0};
    struct rlimit limit = {.rlim_cur = 64, .rlim_max = 64};
    if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
        return 1;
    closefrom(STDERR_FILENO + 1);
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0 || fds_reserve(61, NULL, &err) < 0)
        return 2;
    if (dup(STDERR_FILENO) < 0 || fds_reserve(60, NULL, &err) < 0)
        return 3;
    return fds_reserve(61, NULL, &err) < 0 ? 0 : 4;
}

static void the_file_limit_is_raised_or_refused(void **state)
{
    (void)state;
    assert_int_equal(in_child(raise_within_the_hard_limit), 0);
    assert_int_equal(in_child(raise_past_what_is_allowed), 0);
    assert_int_equal(in_child(what_is_open_already_takes_room), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_limit_is_raised_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
