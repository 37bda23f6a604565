/* The private folder of a target: made for us alone, and removed by whoever outlives the others. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/folder.h"
#include "proc/guard.h"

#define BOUND_NS (30 * NS_PER_S)

static char *make(void)
{
    char path[] = "/tmp/bench-folder-XXXXXX";
    assert_non_null(mkdtemp(path));
    return mem_strdup(path);
}

static void put_file(const char *folder, const char *name)
{
    char *path = mem_printf("%s/%s", folder, name);
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    (void)close(fd);
    free(path);
}

static bool is_there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

static bool is_gone_in_time(const char *path)
{
    int64_t deadline_ns = clock_now_ns() + BOUND_NS;
    while (is_there(path) && clock_now_ns() < deadline_ns)
        (void)poll(NULL, 0, 1);
    return !is_there(path);
}

static void it_is_ours_alone(void **state)
{
    (void)state;
    struct stat st;
    char *path = make();
    assert_int_equal(lstat(path, &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    assert_int_equal(st.st_mode & 07777, 0700);
    put_file(path, "queue.db");
    put_file(path, "queue.db-wal");
    folder_clear(path, folder_hold(path));
    assert_false(is_there(path));
    free(path);
}

static void many_files_are_removed(void **state)
{
    (void)state;
    char name[32];
    char *path = make();
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(name, sizeof name, "a-rather-long-name-%d", i);
        put_file(path, name);
    }
    folder_clear(path, folder_hold(path));
    assert_false(is_there(path));
    free(path);
}

static void a_place_that_cannot_be_written_is_named(void **state)
{
    (void)state;
    struct err err = {0};
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    assert_int_equal(setenv("TMPDIR", "/nonexistent/place", 1), 0);
    assert_null(folder_make("kind", &err));
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread */
    assert_int_equal(unsetenv("TMPDIR"), 0);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "/nonexistent/place"));
    assert_non_null(strstr(err.text, "TMPDIR"));
}

/* Neither a link in it nor a link in its place leads out of it, and a folder in it is left. */
static void nothing_outside_is_touched(void **state)
{
    (void)state;
    char *outside = make();
    char *path = make();
    char *link = mem_printf("%s/link", path);
    char *inner = mem_printf("%s/inner", path);
    char *kept = mem_printf("%s/kept", outside);
    put_file(outside, "kept");
    assert_int_equal(symlink(outside, link), 0);
    folder_clear(path, folder_hold(path));
    assert_false(is_there(path));
    assert_true(is_there(kept));

    assert_int_equal(symlink(outside, path), 0);
    assert_int_equal(folder_hold(path).fd, -1);
    assert_int_equal(unlink(path), 0);

    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(mkdir(inner, 0700), 0);
    put_file(path, "queue.db");
    put_file(inner, "deep");
    folder_clear(path, folder_hold(path));
    char *deep = mem_printf("%s/deep", inner);
    assert_true(is_there(deep));
    assert_int_equal(unlink(deep), 0);
    assert_int_equal(rmdir(inner), 0);
    assert_int_equal(rmdir(path), 0);
    folder_clear(outside, folder_hold(outside));
    assert_false(is_there(outside));
    char *all[] = {outside, path, link, inner, kept, deep};
    for (size_t i = 0; i < LEN(all); i++)
        free(all[i]);
}

/* --- the guard --- */

static struct guard start(const char *folder, const char *script)
{
    struct guard g;
    struct err err;
    char shell[] = "/bin/sh";
    char option[] = "-c";
    char *text = mem_strdup(script);
    char *argv[] = {shell, option, text, NULL};
    char *envp[] = {NULL};
    const struct guard_spec spec = {.role = "target", .argv = argv, .envp = envp, .folder = folder};
    if (guard_start(&spec, &g, &err) < 0)
        fail_msg("%s", err.text);
    free(text);
    return g;
}

static void end(const struct guard *g)
{
    (void)close(g->lifeline_fd);
    (void)close(g->out_fd);
    (void)close(g->err_fd);
    assert_int_equal(waitpid(g->pid, NULL, 0), g->pid);
}

static void the_guard_removes_it_when_the_target_ended(void **state)
{
    (void)state;
    char *path = make();
    put_file(path, "queue.db");
    struct guard g = start(path, "exit 3");
    assert_true(is_gone_in_time(path));
    end(&g);
    free(path);
}

static void the_guard_removes_it_when_bench_is_gone(void **state)
{
    (void)state;
    char *path = make();
    put_file(path, "queue.db");
    struct guard g = start(path, "exec tail -f /dev/null");
    assert_true(is_there(path));
    end(&g); /* the lifeline closes, as it does when bench is killed */
    assert_false(is_there(path));
    free(path);
}

/* Whoever puts another folder or a link in its place gets nothing removed there. */
static void the_guard_removes_only_what_it_was_given(void **state)
{
    (void)state;
    char *outside = make();
    char *path = make();
    char *moved = mem_printf("%s-moved", path);
    char *kept = mem_printf("%s/kept", outside);
    put_file(path, "queue.db");
    put_file(outside, "kept");
    struct guard g = start(path, "exec tail -f /dev/null");
    assert_int_equal(rename(path, moved), 0);
    assert_int_equal(symlink(outside, path), 0);
    end(&g);
    assert_true(is_there(kept));
    assert_true(is_there(path)); /* a link is no folder */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(moved), 0); /* it was emptied */
    folder_clear(outside, folder_hold(outside));
    free(outside);
    free(path);
    free(moved);
    free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_ours_alone),
        cmocka_unit_test(many_files_are_removed),
        cmocka_unit_test(a_place_that_cannot_be_written_is_named),
        cmocka_unit_test(nothing_outside_is_touched),
        cmocka_unit_test(the_guard_removes_it_when_the_target_ended),
        cmocka_unit_test(the_guard_removes_it_when_bench_is_gone),
        cmocka_unit_test(the_guard_removes_only_what_it_was_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
