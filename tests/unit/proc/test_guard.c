/* How a guarded target is stopped: how long each process may take, and that none is left. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/guard.h"
#include "support/guard_scene.h"

static void stop_ends_the_whole_family(void **state)
{
    const struct scene *s = *state;
    struct guard g = scene_start("family", s->fifo);
    scene_await_members(s, FAMILY);
    guard_stop(&g, 10 * NS_PER_MS);
    struct guard_report ended = scene_expect_end(&g);
    assert_true(WIFSIGNALED(ended.value));
    assert_int_equal(WTERMSIG(ended.value), SIGKILL);
    assert_int_equal(ended.by_us, 1);
    scene_await_nobody(s);
}

static void stop_ends_a_shell_with_background_jobs(void **state)
{
    const struct scene *s = *state;
    struct guard g;
    struct err err = {0};
    char script[400];
    (void)snprintf(script, sizeof script,
                   "exec 9>%s; sleep 60 & setsid sh -c 'sleep 60 & echo >&9; sleep 60' & "
                   "(setsid sleep 60 &); echo >&9; wait",
                   s->fifo);
    char *words[] = {mem_strdup("/bin/sh"), mem_strdup("-c"), script, NULL};
    struct guard_spec spec = {.role = "target", .argv = words, .envp = environ};
    assert_int_equal(guard_start(&spec, &g, &err), 0);
    free(words[0]);
    free(words[1]);
    scene_await_members(s, 2);
    guard_stop(&g, 5 * NS_PER_S);
    struct guard_report ended = scene_expect_end(&g);
    assert_true(WIFSIGNALED(ended.value));
    assert_int_equal(WTERMSIG(ended.value), SIGTERM);
    scene_await_nobody(s);
}

static void an_end_by_itself_takes_what_is_left_along(void **state)
{
    const struct scene *s = *state;
    struct guard g = scene_start("leaver", s->fifo);
    scene_await_members(s, 1);
    struct guard_report ended = scene_expect_end(&g);
    assert_true(WIFEXITED(ended.value));
    assert_int_equal(WEXITSTATUS(ended.value), 3);
    assert_int_equal(ended.by_us, 0);
    assert_true(ended.usage.ru_maxrss > 0);
    scene_await_nobody(s);
}

/* True when the target cleaned up, said so and then exited by itself. */
static bool says_bye_and_exits(const struct scene *s, const char *mode)
{
    char bytes[4] = "";
    struct guard g = scene_start(mode, s->fifo);
    scene_await_members(s, 1);
    guard_stop(&g, BOUND_S * NS_PER_S);
    assert_int_equal(scene_read(s->fifo_fd, bytes, 3), 3);
    assert_string_equal(bytes, "bye");
    struct guard_report ended = scene_expect_end(&g);
    assert_int_equal(ended.by_us, 1);
    scene_await_nobody(s);
    return WIFEXITED(ended.value);
}

static void the_polite_have_their_grace(void **state)
{
    assert_true(says_bye_and_exits(*state, "polite"));
}

static void so_have_the_polite_behind_a_wrapper(void **state)
{
    assert_false(says_bye_and_exits(*state, "wrapper"));
}

static void a_second_stop_shortens_the_grace(void **state)
{
    const struct scene *s = *state;
    struct guard g = scene_start("family", s->fifo);
    scene_await_members(s, FAMILY);
    guard_stop(&g, 3600 * NS_PER_S);
    guard_stop(&g, 0);
    (void)scene_expect_end(&g);
    scene_await_nobody(s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SCENE(stop_ends_the_whole_family),
        SCENE(stop_ends_a_shell_with_background_jobs),
        SCENE(an_end_by_itself_takes_what_is_left_along),
        SCENE(the_polite_have_their_grace),
        SCENE(so_have_the_polite_behind_a_wrapper),
        SCENE(a_second_stop_shortens_the_grace),
    };
    if (argc == 3)
        scene_act(argv[1], argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
