#include "support/guard_scene.h"

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

#include "base/mem.h"

#define SELF        "/proc/self/exe"
#define CLEAN_UP_MS 30

void scene_write(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        _exit(9);
}

_Noreturn static void stay(const char *fifo)
{
    (void)alarm(2 * BOUND_S); /* so that a failed test leaves nothing behind */
    int fd = open(fifo, O_WRONLY | O_CLOEXEC);
    scene_write(fd, "x");
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

/* Ends by itself once its child is up. */
_Noreturn static void act_leaver(const char *fifo)
{
    int go[2];
    char byte = 0;
    if (pipe(go) < 0)
        _exit(9);
    if (fork() == 0) {
        int fd = open(fifo, O_WRONLY | O_CLOEXEC);
        scene_write(fd, "x");
        scene_write(go[1], "g");
        (void)alarm(2 * BOUND_S);
        for (;;)
            (void)pause();
    }
    _exit(read(go[0], &byte, 1) == 1 ? 3 : 9);
}

/* On SIGTERM it cleans up for a while, says so and ends well. */
_Noreturn static void act_polite(const char *fifo)
{
    sigset_t term;
    (void)alarm(2 * BOUND_S);
    (void)sigemptyset(&term);
    (void)sigaddset(&term, SIGTERM);
    (void)pthread_sigmask(SIG_BLOCK, &term, NULL);
    int fd = open(fifo, O_WRONLY | O_CLOEXEC);
    scene_write(fd, "x");
    (void)sigwaitinfo(&term, NULL);
    (void)poll(NULL, 0, CLEAN_UP_MS);
    scene_write(fd, "bye");
    _exit(0);
}

/* A wrapper around a polite server; SIGTERM ends the wrapper at once. */
_Noreturn static void act_wrapper(const char *fifo)
{
    if (fork() == 0)
        act_polite(fifo);
    (void)alarm(2 * BOUND_S);
    for (;;)
        (void)pause();
}

/* Tells what it began with: descriptors, signals, group. */
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
        /* the sanitizer uses some of the others */
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
    scene_write(1, text);
    scene_write(2, "on stderr\n");
    _exit(0);
}

void scene_open_fifo(struct scene *s)
{
    if (s->fifo_fd >= 0)
        (void)close(s->fifo_fd);
    s->fifo_fd = open(s->fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(s->fifo_fd >= 0);
}

int scene_open(void **state)
{
    struct scene *s = mem_zalloc(sizeof *s);
    (void)alarm(BOUND_S);
    (void)snprintf(s->folder, sizeof s->folder, "/tmp/bench-guard-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    (void)snprintf(s->fifo, sizeof s->fifo, "%s/fifo", s->folder);
    assert_int_equal(mkfifo(s->fifo, 0600), 0);
    s->fifo_fd = -1;
    scene_open_fifo(s);
    *state = s;
    return 0;
}

int scene_close(void **state)
{
    struct scene *s = *state;
    (void)close(s->fifo_fd);
    (void)unlink(s->fifo);
    (void)rmdir(s->folder);
    free(s);
    (void)alarm(0);
    return 0;
}

size_t scene_read(int fd, char *text, size_t want)
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

void scene_await_members(const struct scene *s, size_t count)
{
    char bytes[16];
    assert_int_equal(scene_read(s->fifo_fd, bytes, count), count);
}

void scene_await_nobody(const struct scene *s)
{
    char bytes[16];
    assert_int_equal(scene_read(s->fifo_fd, bytes, sizeof bytes), 0);
}

struct guard scene_start(const char *mode, const char *fifo)
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
    assert_int_equal(scene_read(g->lifeline_fd, (char *)&r, sizeof r), sizeof r);
    return r;
}

void scene_finish(const struct guard *g)
{
    char byte;
    assert_int_equal(scene_read(g->lifeline_fd, &byte, 1), 0);
    guard_end(g);
    assert_int_equal(waitpid(g->pid, NULL, 0), -1);
    (void)close(g->lifeline_fd);
    (void)close(g->out_fd);
    (void)close(g->err_fd);
}

struct guard_report scene_expect_end(const struct guard *g)
{
    struct guard_report ended = next_report(g);
    assert_int_equal(ended.news, GUARD_ENDED);
    struct guard_report gone = next_report(g);
    assert_int_equal(gone.news, GUARD_GONE);
    assert_int_equal(gone.value, 0);
    scene_finish(g);
    return ended;
}

void scene_act(const char *mode, const char *fifo)
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
