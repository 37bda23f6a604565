/* Targets as bench sees them on its loop. They are lines of shell. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/child.h"
#include "proc/command.h"
#include "proc/ready.h"
#include "proc/tail.h"
#include "support/bounded.h"

#define GRACE_NS (5 * NS_PER_S)

/* What a child reported, from its start to its end. */
struct told {
    struct child *child;
    int readies, port, exits;
    struct child_exit how;
    char exit_text[CHILD_EXIT_TEXT_MAX];
    char problem[200]; /* "" for none */
    char tail[TAIL_BYTES + 1];
};

static void on_exit_tell(void *ctx, const struct child_exit *how)
{
    struct told *t = ctx;
    t->exits++;
    t->how = *how;
    (void)child_exit_text(how, t->exit_text, sizeof t->exit_text);
    (void)snprintf(t->problem, sizeof t->problem, "%s", how->problem == NULL ? "" : how->problem);
    (void)snprintf(t->tail, sizeof t->tail, "%s", child_stderr_tail(t->child));
    child_free(t->child);
}

static void on_ready_stop(void *ctx, int port)
{
    struct told *t = ctx;
    t->readies++;
    t->port = port;
    child_stop(t->child, GRACE_NS);
}

static void on_ready_kill_guard(void *ctx, int port)
{
    struct told *t = ctx;
    t->readies++;
    t->port = port;
    assert_int_equal(kill(child_guard_pid(t->child), SIGKILL), 0);
}

static struct told run_spec(const struct child_spec *spec, void (*on_ready)(void *ctx, int port))
{
    uv_loop_t loop;
    struct err err = {0};
    struct told told = {0};
    struct child_events events = {.ctx = &told, .on_ready = on_ready, .on_exit = on_exit_tell};
    assert_int_equal(uv_loop_init(&loop), 0);
    told.child = child_start(&loop, spec, &events, &err);
    if (told.child == NULL)
        fail_msg("%s", err.text);
    assert_true(child_pid(told.child) > 0);
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(told.exits, 1);
    return told;
}

static struct told run_shell(const char *script, enum child_ready ready)
{
    struct command c;
    command_init(&c, script, 4711);
    struct child_spec spec = {.argv = c.argv, .env = c.env, .role = "target", .ready = ready};
    struct told told = run_spec(&spec, on_ready_stop);
    command_fini(&c);
    return told;
}

static void a_ready_line_gives_the_port(void **state)
{
    (void)state;
    struct told t = run_shell("echo '{\"x\": [1], \"port\": {port}, \"pid\": 1}'; echo more; "
                              "echo oops >&2; exec cat /dev/zero",
                              CHILD_READY_LINE);
    assert_int_equal(t.readies, 1);
    assert_int_equal(t.port, 4711);
    assert_string_equal(t.exit_text, "signal 15 (Terminated)");
    assert_true(t.how.by_us);
    assert_string_equal(t.problem, "");
}

static void a_ready_line_may_have_a_certificate(void **state)
{
    (void)state;
    struct told t = run_shell("printf '{\"port\": 5, \"certificate\": \"%020000d\"}\\n' 0; "
                              "exec sleep 60",
                              CHILD_READY_LINE);
    assert_int_equal(t.readies, 1);
    assert_int_equal(t.port, 5);
    assert_string_equal(t.problem, "");
}

static void what_follows_the_ready_line_is_kept(void **state)
{
    (void)state;
    struct told t = run_shell("trap 'echo bye; exit 7' TERM; echo on >&2; echo '{\"port\":1}'; "
                              "while :; do sleep 0.01; done",
                              CHILD_READY_LINE);
    assert_int_equal(t.readies, 1);
    assert_string_equal(t.exit_text, "exit 7");
    assert_true(t.how.by_us);
    assert_non_null(strstr(t.tail, "on"));
    assert_non_null(strstr(t.tail, "bye"));
}

static void no_ready_line_is_an_error(void **state)
{
    static const struct {
        const char *script, *problem, *exit_text, *tail;
    } cases[] = {
        {"echo Usage: server PORT; exec sleep 60",
         "is not JSON with a \"port\": Usage: server PORT", "signal 15 (Terminated)",
         "Usage: server PORT"},
        {"echo '{\"port\":0}'; exec sleep 60", "\"port\": {\"port\":0}", "signal 15 (Terminated)",
         "{\"port\":0}"},
        {"echo '{\"port\":70000}'; exec sleep 60", "not JSON", "signal 15 (Terminated)", ""},
        {"echo '[80]'; exec sleep 60", "not JSON", "signal 15 (Terminated)", ""},
        {"echo; exec sleep 60", "not JSON", "signal 15 (Terminated)", ""},
        {"printf '\\033[2J\\0\\377'; echo; exec sleep 60", "?[2J", "signal 15 (Terminated)", ""},
        {"head -c 1000000 /dev/zero | tr '\\0' 7; exec sleep 60", ": 7777", NULL, "7777"},
        {"exec >&-; exec sleep 60", "closed its stdout", "signal 15 (Terminated)", ""},
        {"echo no such option >&2; exit 2", "", "exit 2", "no such option"},
        {"echo nothing to say; exit 2", "not JSON", NULL, "nothing to say"}, /* or stopped before */
        {"printf 'no newline'; exit 2", "", "exit 2", "no newline"},
        {"kill -SEGV $$", "", "signal 11 (Segmentation fault)", ""},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct told t = run_shell(cases[i].script, CHILD_READY_LINE);
        assert_int_equal(t.readies, 0);
        if (strstr(t.problem, cases[i].problem) == NULL)
            fail_msg("case %zu: problem '%s'", i, t.problem);
        if (cases[i].problem[0] == '\0')
            assert_string_equal(t.problem, "");
        if (cases[i].exit_text != NULL)
            assert_string_equal(t.exit_text, cases[i].exit_text);
        if (strstr(t.tail, cases[i].tail) == NULL)
            fail_msg("case %zu: tail '%s'", i, t.tail);
    }
}

/* No empty line stands before its words for the ready line that it did not write. */
static void words_after_a_closed_stdout_are_kept_alone(void **state)
{
    (void)state;
    struct told t = run_shell("trap 'echo words >&2; exit 4' TERM; exec >&-; "
                              "while :; do :; done",
                              CHILD_READY_LINE);
    assert_string_equal(t.exit_text, "exit 4");
    assert_string_equal(t.tail, "words");
}

static void a_silent_target_is_given_up(void **state)
{
    (void)state;
    struct command c;
    command_init(&c, "exec sleep 60", 1);
    struct child_spec spec = {.argv = c.argv,
                              .role = "worker",
                              .ready = CHILD_READY_LINE,
                              .ready_timeout_ns = 20 * NS_PER_MS};
    struct told t = run_spec(&spec, on_ready_stop);
    command_fini(&c);
    assert_int_equal(t.readies, 0);
    assert_non_null(strstr(t.problem, "the worker did not report in time"));
}

static void a_lost_guard_is_a_problem(void **state)
{
    (void)state;
    struct command c;
    command_init(&c, "echo '{\"port\":9}'; exec sleep 60", 1);
    struct child_spec spec = {.argv = c.argv, .role = "target", .ready = CHILD_READY_LINE};
    struct told t = run_spec(&spec, on_ready_kill_guard);
    command_fini(&c);
    assert_string_equal(t.exit_text, "signal 9 (Killed)");
    assert_false(t.how.by_us);
    assert_string_equal(t.problem, "the guard process of the target was killed");
}

static void a_command_gets_its_port_and_environment(void **state)
{
    (void)state;
    struct told t = run_shell("echo {port}-{port}-$PORT >&2; exit 4", CHILD_READY_NONE);
    assert_string_equal(t.tail, "4711-4711-4711");
    assert_string_equal(t.exit_text, "exit 4");
    assert_false(t.how.by_us);
}

static void a_missing_program_names_the_remedy(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct err err = {0};
    struct told told = {0};
    char path[] = "/no/such/bench-target";
    char *argv[] = {path, NULL};
    struct child_spec spec = {.argv = argv, .role = "target", .ready = CHILD_READY_LINE};
    struct child_events events = {.ctx = &told, .on_exit = on_exit_tell};
    assert_int_equal(uv_loop_init(&loop), 0);
    assert_null(child_start(&loop, &spec, &events, &err));
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    assert_int_equal(told.exits, 0);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "/no/such/bench-target"));
    assert_non_null(strstr(err.text, "build it"));
}

static void the_tail_is_the_last_lines(void **state)
{
    (void)state;
    struct told t = run_shell("seq 1 100 >&2", CHILD_READY_NONE);
    assert_int_equal(strncmp(t.tail, "81\n82\n", 6), 0);
    assert_non_null(strstr(t.tail, "\n100"));
    assert_string_equal(t.tail + strlen(t.tail) - 3, "100");
    t = run_shell("head -c 3000000 /dev/zero | tr '\\0' x >&2; echo >&2; echo end >&2",
                  CHILD_READY_NONE);
    assert_string_equal(t.tail, "end");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(a_ready_line_gives_the_port),
        BOUNDED(a_ready_line_may_have_a_certificate),
        BOUNDED(what_follows_the_ready_line_is_kept),
        BOUNDED(no_ready_line_is_an_error),
        BOUNDED(words_after_a_closed_stdout_are_kept_alone),
        BOUNDED(a_silent_target_is_given_up),
        BOUNDED(a_lost_guard_is_a_problem),
        BOUNDED(a_command_gets_its_port_and_environment),
        BOUNDED(a_missing_program_names_the_remedy),
        BOUNDED(the_tail_is_the_last_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
