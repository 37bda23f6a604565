/* The guard on real processes. This program is also the target: run with a mode as its first word
 * it acts one out. Who is alive is asked through a FIFO that every process below the guard holds
 * open: each writes one byte when it is up, and the end of file says that all are gone. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "proc/guard.h"

#define BOUND_S 30
#define SELF    "/proc/self/exe"

#define CLEAN_UP_MS 30

/* --- the target's side --- */

static void write_all(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        _exit(9);
}

_Noreturn static void stay(const char *fifo)
{
    (void)alarm(2 * BOUND_S); /* should the test fail, nothing stays behind */
    int fd = open(fifo, O_WRONLY | O_CLOEXEC);
    write_all(fd, "x");
    for (;;)
        (void)pause();
}

static void fork_member(const char *fifo)
{
    if (fork() == 0)
        stay(fifo);
}

static void fork_daemon(const char *fifo)
{
    if (fork() != 0)
        return;
    (void)setsid();
    fork_member(fifo);
    _exit(0);
}

#define FAMILY 4

/* A background process, a daemon that forked twice, one in a session of its own, and itself; none
 * of them heeds SIGTERM. */
static void start_family(const char *fifo)
{
    (void)signal(SIGTERM, SIG_IGN);
    fork_member(fifo);
    fork_daemon(fifo);
    if (fork() == 0) {
        (void)setsid();
        stay(fifo);
    }
}

_Noreturn static void act_family(const char *fifo)
{
    start_family(fifo);
    stay(fifo);
}

/* Ends by itself once its family is up, which it learns from a second FIFO end of its own. */
_Noreturn static void act_leaver(const char *fifo)
{
    int go[2];
    char byte = 0;
    if (pipe(go) < 0)
        _exit(9);
    if (fork() == 0) {
        int fd = open(fifo, O_WRONLY | O_CLOEXEC);
        write_all(fd, "x");
        write_all(go[1], "g");
        (void)alarm(2 * BOUND_S);
        for (;;)
            (void)pause();
    }
    _exit(read(go[0], &byte, 1) == 1 ? 3 : 9);
}

/* Takes SIGTERM as a request: cleans up for a while, says so and ends well. */
_Noreturn static void act_polite(const char *fifo)
{
    sigset_t term;
    (void)alarm(2 * BOUND_S);
    (void)sigemptyset(&term);
    (void)sigaddset(&term, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &term, NULL);
    int fd = open(fifo, O_WRONLY | O_CLOEXEC);
    write_all(fd, "x");
    (void)sigwaitinfo(&term, NULL);
    (void)poll(NULL, 0, CLEAN_UP_MS);
    write_all(fd, "bye");
    _exit(0);
}

/* A wrapper that dies of SIGTERM at once, over a polite server. */
_Noreturn static void act_wrapper(const char *fifo)
{
    if (fork() == 0)
        act_polite(fifo);
    (void)alarm(2 * BOUND_S);
    for (;;)
        (void)pause();
}

/* What it was born with: descriptors, signals, group. */
_Noreturn static void act_birth(void)
{
    char text[4096];
    int open_fds = 0;
    for (int fd = 3; fd < 256; fd++)
        open_fds += fcntl(fd, F_GETFD) >= 0;
    int signal_is_default = 1;
    struct sigaction action;
    sigset_t mask;
    (void)pthread_sigmask(SIG_SETMASK, NULL, &mask);
    for (int sig = 1; sig < 32; sig++) {
        /* the sanitizer takes some of the others for itself */
        bool ours = sig == SIGPIPE || sig == SIGINT || sig == SIGTERM || sig == SIGCHLD;
        if (ours && sigaction(sig, NULL, &action) == 0)
            signal_is_default &= action.sa_handler == SIG_DFL && sigismember(&mask, sig) == 0;
    }
    int death = 0;
    (void)prctl(PR_GET_PDEATHSIG, &death);
    bool one_variable = environ[0] != NULL && environ[1] == NULL;
    (void)snprintf(text, sizeof text, "fds %d signals %d group %d session %d death %d env %s\n",
                   open_fds, signal_is_default, getpgrp() == getpid(), getsid(0) == getppid(),
                   death, one_variable ? environ[0] : "other");
    write_all(1, text);
    write_all(2, "on stderr\n");
    _exit(0);
}

/* --- the test's side --- */

struct scene {
    char folder[64], fifo[80];
    int fifo_fd;
};

static int scene_open(void **state)
{
    struct scene *s = mem_zalloc(sizeof *s);
    (void)alarm(BOUND_S);
    (void)snprintf(s->folder, sizeof s->folder, "/tmp/bench-guard-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    (void)snprintf(s->fifo, sizeof s->fifo, "%s/fifo", s->folder);
    assert_int_equal(mkfifo(s->fifo, 0600), 0);
    s->fifo_fd = open(s->fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(s->fifo_fd >= 0);
    *state = s;
    return 0;
}

static int scene_close(void **state)
{
    struct scene *s = *state;
    (void)close(s->fifo_fd);
    (void)unlink(s->fifo);
    (void)rmdir(s->folder);
    free(s);
    (void)alarm(0);
    return 0;
}

/* Bytes up to `want` of them, or to the end of file; how many. The alarm bounds it. */
static size_t read_until(int fd, char *text, size_t want)
{
    size_t len = 0;
    while (len < want) {
        struct pollfd p = {.fd = fd, .events = POLLIN};
        assert_true(poll(&p, 1, -1) > 0);
        ssize_t n = read(fd, text + len, want - len);
        assert_true(n >= 0);
        if (n == 0)
            break;
        len += (size_t)n;
    }
    return len;
}

static void await_members(const struct scene *s, size_t count)
{
    char bytes[16];
    assert_int_equal(read_until(s->fifo_fd, bytes, count), count);
}

static void await_nobody(const struct scene *s)
{
    char bytes[16];
    assert_int_equal(read_until(s->fifo_fd, bytes, sizeof bytes), 0);
}

static struct guard start(const char *mode, const char *fifo)
{
    struct guard g;
    struct err err = {0};
    char *words[] = {mem_strdup(SELF), mem_strdup(mode), mem_strdup(fifo), NULL};
    char *variables[] = {mem_strdup("GUARD_TEST=here"), NULL};
    struct guard_spec spec = {.role = "target", .argv = words, .envp = variables};
    if (guard_start(&spec, &g, &err) < 0)
        fail_msg("%s", err.text);
    for (size_t i = 0; i < LEN(words); i++)
        free(words[i]);
    free(variables[0]);
    return g;
}

static struct guard_report next_report(const struct guard *g)
{
    struct guard_report r;
    assert_int_equal(read_until(g->lifeline_fd, (char *)&r, sizeof r), sizeof r);
    return r;
}

static void finish(const struct guard *g)
{
    char byte;
    assert_int_equal(read_until(g->lifeline_fd, &byte, 1), 0);
    assert_int_equal(waitpid(g->pid, NULL, 0), g->pid);
    (void)close(g->lifeline_fd);
    (void)close(g->out_fd);
    (void)close(g->err_fd);
}

static struct guard_report expect_end(const struct guard *g)
{
    struct guard_report ended = next_report(g);
    assert_int_equal(ended.news, GUARD_ENDED);
    struct guard_report gone = next_report(g);
    assert_int_equal(gone.news, GUARD_GONE);
    assert_int_equal(gone.value, 0);
    finish(g);
    return ended;
}

static void stop_ends_the_whole_family(void **state)
{
    const struct scene *s = *state;
    struct guard g = start("family", s->fifo);
    await_members(s, FAMILY);
    guard_stop(&g, 10 * NS_PER_MS);
    struct guard_report ended = expect_end(&g);
    assert_true(WIFSIGNALED(ended.value));
    assert_int_equal(WTERMSIG(ended.value), SIGKILL);
    assert_int_equal(ended.by_us, 1);
    await_nobody(s);
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
    await_members(s, 2);
    guard_stop(&g, 5 * NS_PER_S);
    struct guard_report ended = expect_end(&g);
    assert_true(WIFSIGNALED(ended.value));
    assert_int_equal(WTERMSIG(ended.value), SIGTERM);
    await_nobody(s);
}

static void an_end_by_itself_takes_what_is_left_along(void **state)
{
    const struct scene *s = *state;
    struct guard g = start("leaver", s->fifo);
    await_members(s, 1);
    struct guard_report ended = expect_end(&g);
    assert_true(WIFEXITED(ended.value));
    assert_int_equal(WEXITSTATUS(ended.value), 3);
    assert_int_equal(ended.by_us, 0);
    assert_true(ended.usage.ru_maxrss > 0);
    await_nobody(s);
}

/* True when the target said good-bye and then exited by itself. */
static bool says_bye_and_exits(const struct scene *s, const char *mode)
{
    char bytes[4] = "";
    struct guard g = start(mode, s->fifo);
    await_members(s, 1);
    guard_stop(&g, BOUND_S * NS_PER_S);
    assert_int_equal(read_until(s->fifo_fd, bytes, 3), 3);
    assert_string_equal(bytes, "bye");
    struct guard_report ended = expect_end(&g);
    assert_int_equal(ended.by_us, 1);
    await_nobody(s);
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
    struct guard g = start("family", s->fifo);
    await_members(s, FAMILY);
    guard_stop(&g, 3600 * NS_PER_S);
    guard_stop(&g, 0);
    (void)expect_end(&g);
    await_nobody(s);
}

static void a_killed_guard_takes_the_target_along(void **state)
{
    const struct scene *s = *state;
    struct guard g = start("polite", s->fifo);
    await_members(s, 1);
    assert_int_equal(kill(g.pid, SIGKILL), 0);
    await_nobody(s);
    finish(&g);
}

/* The driver stands for bench: it is killed while its target runs. */
static void a_killed_bench_leaves_nothing(void **state)
{
    const struct scene *s = *state;
    pid_t driver = fork();
    if (driver == 0) {
        struct guard first = start("family", s->fifo);
        struct guard second = start("family", s->fifo); /* holds no end of the first's lifeline */
        (void)alarm(BOUND_S);
        for (;;)
            (void)(first.pid == second.pid ? 0 : pause());
    }
    await_members(s, FAMILY);
    await_members(s, FAMILY);
    assert_int_equal(kill(driver, SIGKILL), 0);
    assert_int_equal(waitpid(driver, NULL, 0), driver);
    await_nobody(s);
}

static void a_target_is_born_clean(void **state)
{
    char text[256] = "";
    const struct scene *s = *state;
    int leak = open("/dev/null", O_RDONLY); /* without close-on-exec */
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    struct guard g = start("birth", s->fifo);
    (void)signal(SIGPIPE, before);
    (void)close(leak);
    (void)read_until(g.out_fd, text, sizeof text - 1);
    assert_string_equal(text, "fds 0 signals 1 group 1 session 1 death 9 env GUARD_TEST=here\n");
    memset(text, 0, sizeof text);
    (void)read_until(g.err_fd, text, sizeof text - 1);
    assert_string_equal(text, "on stderr\n");
    (void)expect_end(&g);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
    assert_true(fd >= 0);
    write_all(fd, text);
    (void)close(fd);
}

static bool close_in_forks;

/* libuv has such a handler: it closes descriptors of its own in a forked child, by numbers that
 * mean others in the guard. */
static void on_forked(void)
{
    for (int fd = 3; close_in_forks && fd < 32; fd++)
        (void)close(fd);
}

static void what_cannot_be_executed_is_named(void **state)
{
    static const struct {
        const char *name, *text, *says;
        mode_t mode;
    } cases[] = {
        {"missing", NULL, "there is no file", 0},
        {"plain", "text", "chmod +x", 0600},
        {"garbage", "\x7f\x45\x4c\x46 no ELF", "not a program for this machine", 0700},
        {"script", "#!/no/such/interpreter\n", "interpreter", 0700},
    };
    const struct scene *s = *state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct guard g;
        struct err err = {0};
        char *path = mem_printf("%s/%s", s->folder, cases[i].name);
        char *words[] = {path, NULL};
        struct guard_spec spec = {.role = "target", .argv = words, .envp = environ};
        if (cases[i].text != NULL)
            write_file(path, cases[i].text, cases[i].mode);
        close_in_forks = true;
        assert_int_equal(guard_start(&spec, &g, &err), -1);
        close_in_forks = false;
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].says));
        assert_non_null(strstr(err.text, path));
        (void)unlink(path);
        free(path);
    }
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no guard stays behind */
    assert_int_equal(errno, ECHILD);
}

static void act(const char *mode, const char *fifo)
{
    if (strcmp(mode, "family") == 0)
        act_family(fifo);
    if (strcmp(mode, "leaver") == 0)
        act_leaver(fifo);
    if (strcmp(mode, "polite") == 0)
        act_polite(fifo);
    if (strcmp(mode, "wrapper") == 0)
        act_wrapper(fifo);
    if (strcmp(mode, "birth") == 0)
        act_birth();
}

#define SCENE(test) cmocka_unit_test_setup_teardown(test, scene_open, scene_close)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SCENE(stop_ends_the_whole_family),
        SCENE(stop_ends_a_shell_with_background_jobs),
        SCENE(an_end_by_itself_takes_what_is_left_along),
        SCENE(the_polite_have_their_grace),
        SCENE(so_have_the_polite_behind_a_wrapper),
        SCENE(a_second_stop_shortens_the_grace),
        SCENE(a_killed_guard_takes_the_target_along),
        SCENE(a_killed_bench_leaves_nothing),
        SCENE(a_target_is_born_clean),
        SCENE(what_cannot_be_executed_is_named),
    };
    if (argc == 3)
        act(argv[1], argv[2]);
    if (pthread_atfork(NULL, NULL, on_forked) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
