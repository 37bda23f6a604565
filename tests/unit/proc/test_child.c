/* child, command, ready and tail: targets as bench sees them on its loop. The targets are lines of
 * shell. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/child.h"
#include "proc/command.h"
#include "proc/ready.h"
#include "proc/tail.h"

#define BOUND_S  30
#define GRACE_NS (5 * NS_PER_S)

static int set_alarm(void **state)
{
    (void)state;
    (void)alarm(BOUND_S);
    return 0;
}

/* What a child told, from its start to its end. */
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

/* No empty line before its words for the line that it did not write. */
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

static void the_tail_keeps_what_fits(void **state)
{
    static char text[TAIL_BYTES + 1];
    static struct tail t;
    (void)state;
    tail_text(&t, text);
    assert_string_equal(text, "");
    tail_add(&t, "gr\xc3\xbc\xc3\x9f\x65\n", 8);
    tail_text(&t, text);
    assert_string_equal(text, "gr\xc3\xbc\xc3\x9f\x65");
    tail_add(&t, "\xff\x1b[31m", 6);
    tail_text(&t, text);
    assert_string_equal(text, "gr????e\n??[31m");
    for (size_t i = 0; i < (size_t)3 * TAIL_BYTES; i++)
        tail_add(&t, "z", 1);
    tail_text(&t, text); /* one line longer than the ring */
    assert_int_equal(strlen(text), TAIL_BYTES);
    assert_int_equal(strspn(text, "z"), TAIL_BYTES);
    tail_add(&t, "\nlast", 5);
    tail_text(&t, text); /* its beginning is lost, so it is left out */
    assert_string_equal(text, "last");
}

static void the_last_lines_are_whole(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t room;
        const char *want;
    } cases[] = {{"", 0, ""},
                 {"one\ntwo", 7, "one\ntwo"},
                 {"one\ntwo", 6, "two"},
                 {"one\ntwo", 4, "two"},
                 {"one\ntwo", 3, "two"}, /* it begins where the room does */
                 {"one\ntwo", 2, "wo"},
                 {"one\ntwo", 0, ""},
                 {"a\nb\nc", 4, "b\nc"},
                 {"gr\xc3\xbc\xc3\x9f", 3, "\xc3\x9f"}}; /* no half of a character */
    for (size_t i = 0; i < LEN(cases); i++)
        assert_string_equal(tail_last_lines(cases[i].text, cases[i].room), cases[i].want);
}

struct waited {
    int calls;
    const char *host;
};

static void on_waited(void *ctx, const char *host)
{
    struct waited *w = ctx;
    w->calls++;
    w->host = host;
}

/* A socket bound to a port of its own; it refuses until it listens. -1 without IPv6. */
static int bound_socket(int family, int *port)
{
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const void *address = family == AF_INET ? (const void *)&v4 : (const void *)&v6;
    socklen_t len = family == AF_INET ? sizeof v4 : sizeof v6;
    int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, address, len) < 0) {
        (void)close(fd);
        return -1;
    }
    struct sockaddr_in6 own = {0}; /* the port of both families is at the same place */
    len = sizeof own;
    assert_int_equal(getsockname(fd, (struct sockaddr *)&own, &len), 0);
    *port = ntohs(own.sin6_port);
    return fd;
}

static void on_timer_listen(uv_timer_t *timer)
{
    const int *fd = timer->data;
    assert_int_equal(listen(*fd, 1), 0);
    uv_close((uv_handle_t *)timer, NULL);
}

static void ready_waits_for_a_listener(void **state)
{
    static const struct {
        int family;
        const char *host;
    } cases[] = {{AF_INET, "127.0.0.1"}, {AF_INET6, "::1"}};
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        uv_loop_t loop;
        uv_timer_t timer;
        struct waited w = {0};
        int port = 0;
        int fd = bound_socket(cases[i].family, &port);
        if (fd < 0)
            continue;
        assert_int_equal(uv_loop_init(&loop), 0);
        (void)uv_timer_init(&loop, &timer);
        timer.data = &fd;
        (void)uv_timer_start(&timer, on_timer_listen, 12, 0);
        (void)ready_start(&loop, port, BOUND_S * NS_PER_S, on_waited, &w);
        assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
        assert_int_equal(w.calls, 1);
        assert_string_equal(w.host, cases[i].host);
        assert_int_equal(uv_loop_close(&loop), 0);
        (void)close(fd);
    }
}

static void ready_ends_without_a_listener(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct waited late = {0};
    struct waited cancelled = {0};
    int port = 0;
    int fd = bound_socket(AF_INET, &port);
    assert_int_equal(uv_loop_init(&loop), 0);
    (void)ready_start(&loop, port, 15 * NS_PER_MS, on_waited, &late);
    ready_cancel(ready_start(&loop, port, BOUND_S * NS_PER_S, on_waited, &cancelled));
    assert_int_equal(uv_run(&loop, UV_RUN_DEFAULT), 0);
    assert_int_equal(late.calls, 1);
    assert_null(late.host);
    assert_int_equal(cancelled.calls, 0);
    assert_int_equal(uv_loop_close(&loop), 0);
    (void)close(fd);
}

static void a_free_port_can_be_bound(void **state)
{
    (void)state;
    struct err err = {0};
    int port = 0;
    assert_int_equal(proc_free_port(&port, &err), 0);
    assert_in_range(port, 1, 65535);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    (void)close(fd);
}

#define BOUNDED(test) cmocka_unit_test_setup(test, set_alarm)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(a_ready_line_gives_the_port),
        BOUNDED(what_follows_the_ready_line_is_kept),
        BOUNDED(no_ready_line_is_an_error),
        BOUNDED(words_after_a_closed_stdout_are_kept_alone),
        BOUNDED(a_silent_target_is_given_up),
        BOUNDED(a_lost_guard_is_a_problem),
        BOUNDED(a_command_gets_its_port_and_environment),
        BOUNDED(a_missing_program_names_the_remedy),
        BOUNDED(the_tail_is_the_last_lines),
        BOUNDED(the_tail_keeps_what_fits),
        BOUNDED(the_last_lines_are_whole),
        BOUNDED(ready_waits_for_a_listener),
        BOUNDED(ready_ends_without_a_listener),
        BOUNDED(a_free_port_can_be_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
