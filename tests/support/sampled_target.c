#include "support/sampled_target.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

#define SELF "/proc/self/exe"

static int64_t cpu_ns(clockid_t clock)
{
    struct timespec t = {0};
    (void)clock_gettime(clock, &t);
    return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void burn(int64_t ns)
{
    while (cpu_ns(CLOCK_PROCESS_CPUTIME_ID) < ns)
        continue;
}

static void say(const char *line)
{
    if (write(1, line, strlen(line)) < 0)
        _exit(9);
}

/* Says that it is up. What is measured begins at the test's signal, once the window is open. */
static void await_go(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGUSR1);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    say("up\n");
    (void)sigwaitinfo(&set, NULL);
}

_Noreturn static void done(void)
{
    say("done\n");
    for (;;)
        (void)pause();
}

static void *idle(void *arg)
{
    for (;;)
        (void)pause();
    return arg;
}

static void act_burn(void)
{
    await_go();
    burn(cpu_ns(CLOCK_PROCESS_CPUTIME_ID) + BURN_NS);
}

static void act_alloc(void)
{
    await_go();
    char *bytes =
        mmap(NULL, ALLOC_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        _exit(9);
    memset(bytes, 1, ALLOC_BYTES);
}

static void act_threads(void)
{
    pthread_t thread;
    await_go();
    for (int i = 1; i < THREADS; i++) {
        if (pthread_create(&thread, NULL, idle, NULL) != 0)
            _exit(9);
    }
}

/* A process for each piece of work, which ends before the sampler can see it. */
static void act_forks(void)
{
    await_go();
    for (int i = 0; i < 3; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            burn(BURN_NS / 3);
            _exit(0);
        }
        (void)waitpid(pid, NULL, 0);
    }
}

/* A service under its own guard, as bench-target starts one. */
static void act_nested(void)
{
    struct guard g;
    struct err err;
    char byte = 0;
    char path[] = SELF;
    char mode[] = "compute";
    char *argv[] = {path, mode, NULL};
    struct guard_spec spec = {.role = "compute", .argv = argv, .envp = environ};
    if (guard_start(&spec, &g, &err) < 0 || read(g.out_fd, &byte, 1) != 1)
        _exit(9);
    await_go();
}

static void act_compute(void)
{
    (void)prctl(PR_SET_NAME, "bench-compute");
    burn(BURN_NS / 3);
}

static void act_ends(void)
{
    await_go();
    burn(cpu_ns(CLOCK_PROCESS_CPUTIME_ID) + BURN_NS / 3);
    say("done\n");
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGUSR1);
    (void)sigwaitinfo(&set, NULL);
    _exit(0);
}

static const struct {
    const char *name;
    void (*act)(void);
} modes[] = {
    {"burn", act_burn},   {"alloc", act_alloc},   {"threads", act_threads},
    {"forks", act_forks}, {"nested", act_nested}, {"compute", act_compute},
    {"ends", act_ends},
};

void sampled_act(const char *name)
{
    (void)alarm(2 * BOUND_S);
    for (size_t i = 0; i < LEN(modes); i++) {
        if (strcmp(modes[i].name, name) == 0) {
            modes[i].act();
            done();
        }
    }
}

struct guard sampled_start(const char *mode)
{
    struct guard g;
    struct err err = {0};
    char path[] = SELF;
    char *copy = mem_strdup(mode);
    char *argv[] = {path, copy, NULL};
    struct guard_spec spec = {.role = "target", .argv = argv, .envp = environ};
    if (guard_start(&spec, &g, &err) < 0)
        fail_msg("%s", err.text);
    free(copy);
    return g;
}

void sampled_await(const struct guard *g, const char *line)
{
    char text[16] = "";
    size_t want = strlen(line);
    for (size_t len = 0; len < want;) {
        ssize_t n = read(g->out_fd, text + len, want - len);
        assert_true(n > 0);
        len += (size_t)n;
    }
    assert_string_equal(text, line);
}

void sampled_go(const struct guard *g)
{
    assert_int_equal(kill(g->target_pid, SIGUSR1), 0);
}

void sampled_finish(const struct guard *g)
{
    (void)close(g->lifeline_fd);
    (void)close(g->out_fd);
    (void)close(g->err_fd);
    assert_int_equal(waitpid(g->pid, NULL, 0), g->pid);
}
