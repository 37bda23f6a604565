/* The sampler on real processes: this program is also the target, with a mode as its first word.
 * Each mode prints a line when it has done what is to be measured, so that nothing waits for time
 * to pass. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/procfs.h"
#include "proc/descent.h"
#include "proc/guard.h"
#include "proc/sampler.h"
#include "proc/self.h"
#include "proc/threads.h"

#define BOUND_S     30
#define SELF        "/proc/self/exe"
#define BURN_NS     (150 * NS_PER_MS)
#define ALLOC_BYTES ((size_t)48 << 20)
#define THREADS     5

/* --- the target's side --- */

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

/* Up; what is to be measured begins at the test's signal, after it has opened its window. */
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

/* A process for each piece of work, gone before anybody could see it. */
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

/* A service with a guard of its own, as bench-target starts its compute service. */
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

static void act(const char *name)
{
    (void)alarm(2 * BOUND_S);
    for (size_t i = 0; i < LEN(modes); i++) {
        if (strcmp(modes[i].name, name) == 0) {
            modes[i].act();
            done();
        }
    }
}

/* --- the test's side --- */

static int set_alarm(void **state)
{
    (void)state;
    (void)alarm(BOUND_S);
    return 0;
}

static struct guard start(const char *mode)
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

static void await_line(const struct guard *g, const char *line)
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

static void go(const struct guard *g)
{
    assert_int_equal(kill(g->target_pid, SIGUSR1), 0);
}

static void finish(const struct guard *g)
{
    (void)close(g->lifeline_fd);
    (void)close(g->out_fd);
    (void)close(g->err_fd);
    assert_int_equal(waitpid(g->pid, NULL, 0), g->pid);
}

/* The costs of what a mode did between its two lines. */
static void measure(const char *mode, struct result *r, struct sample *last)
{
    struct guard g = start(mode);
    result_init(r);
    r->accounting.completed = 10;
    await_line(&g, "up\n");
    struct sampler *s = sampler_new(g.pid);
    sampler_add_role(s, "bench-compute", "compute");
    sampler_open_window(s);
    go(&g);
    await_line(&g, "done\n");
    sampler_fast(s);
    sampler_close_window(s);
    *last = sampler_now(s);
    sampler_costs(s, r);
    sampler_free(s);
    finish(&g);
    assert_true(r->has_server);
}

static double cpu_s(const struct process_cost *c)
{
    return c->cpu_user_s + c->cpu_system_s;
}

static void cpu_is_what_was_burnt(void **state)
{
    (void)state;
    struct result r;
    struct sample last;
    double burnt_s = (double)BURN_NS / (double)NS_PER_S;
    measure("burn", &r, &last);
    assert_int_equal(r.server.nprocesses, 1);
    const struct process_cost *c = &r.server.processes[0];
    assert_string_equal(c->role, "target");
    assert_true(cpu_s(c) > burnt_s - 0.03 && cpu_s(c) < burnt_s + 0.1);
    assert_true(c->cpu_per_request_us > cpu_s(c) * 1e5 - 1);
    assert_true(c->cpu_per_request_us < cpu_s(c) * 1e5 + 1);
    assert_true(c->run_wait_s >= 0);
    assert_true(c->switches_voluntary >= 0);
    assert_true(c->switches_involuntary >= 0);
    assert_true(c->live_threads_only);
    assert_int_equal(c->threads_peak, 1);
    assert_int_equal(c->threads_started, MISSING);
    assert_true(cpu_s(&r.server.total) >= cpu_s(c) - 0.001);
    assert_int_equal(r.server.total.rss_peak_bytes, c->rss_peak_bytes);
    assert_true(last.cpu_s >= cpu_s(c) - 0.001);
    assert_true(last.switches > 0);
    result_fini(&r);
}

static void memory_is_what_was_touched(void **state)
{
    (void)state;
    struct result r;
    struct sample last;
    measure("alloc", &r, &last);
    int64_t peak_bytes = r.server.processes[0].rss_peak_bytes;
    assert_true(peak_bytes >= (int64_t)ALLOC_BYTES);
    assert_true(peak_bytes < 4 * (int64_t)ALLOC_BYTES);
    assert_true(last.rss_bytes >= (int64_t)ALLOC_BYTES * 9 / 10);
    result_fini(&r);
}

static void threads_are_counted(void **state)
{
    (void)state;
    struct result r;
    struct sample last;
    measure("threads", &r, &last);
    assert_int_equal(last.threads, THREADS);
    assert_int_equal(r.server.processes[0].threads_peak, THREADS);
    assert_int_equal(r.server.total.threads_peak, THREADS);
    result_fini(&r);
}

static void what_nobody_saw_is_in_the_total(void **state)
{
    (void)state;
    struct result r;
    struct sample last;
    double burnt_s = (double)BURN_NS / (double)NS_PER_S;
    measure("forks", &r, &last);
    assert_int_equal(r.server.nprocesses, 1);
    assert_true(cpu_s(&r.server.processes[0]) < burnt_s / 2);
    assert_true(r.server.processes[0].switches_voluntary >= 1); /* it waited for its children */
    assert_true(cpu_s(&r.server.total) > burnt_s - 0.05);
    result_fini(&r);
}

static void a_nested_guard_is_left_out(void **state)
{
    (void)state;
    struct result r;
    struct sample last;
    measure("nested", &r, &last);
    assert_int_equal(r.server.nprocesses, 2);
    assert_string_equal(r.server.processes[0].role, "target");
    assert_string_equal(r.server.processes[1].role, "compute");
    assert_true(cpu_s(&r.server.processes[1]) < 0.02); /* it burnt before the window */
    assert_true(last.cpu_s >= (double)BURN_NS / 4e9);  /* but after its start */
    assert_int_equal(last.threads, 2);
    result_fini(&r);
}

static void an_ended_process_keeps_its_figures(void **state)
{
    (void)state;
    struct result r;
    struct guard_report report = {0};
    struct guard g = start("ends");
    await_line(&g, "up\n");
    struct sampler *s = sampler_new(g.pid);
    sampler_open_window(s);
    go(&g);
    await_line(&g, "done\n");
    sampler_slow(s);
    struct sample alive = sampler_now(s);
    go(&g);
    while (report.news != GUARD_GONE)
        assert_int_equal(recv(g.lifeline_fd, &report, sizeof report, MSG_WAITALL), sizeof report);
    sampler_fast(s);
    struct sample ended = sampler_now(s);
    assert_int_equal(ended.rss_bytes, 0);
    assert_int_equal(ended.threads, 0);
    assert_true(ended.cpu_s >= alive.cpu_s);
    sampler_close_window(s);
    result_init(&r);
    sampler_costs(s, &r);
    assert_int_equal(r.server.nprocesses, 1);
    assert_true(cpu_s(&r.server.processes[0]) > (double)BURN_NS / 3e9 - 0.03);
    assert_true(cpu_s(&r.server.total) >= cpu_s(&r.server.processes[0]) - 0.001);
    assert_true(sampler_now(s).switches >= alive.switches);
    result_fini(&r);
    sampler_free(s);
    finish(&g);
}

static void a_scan_finds_each_descendant_once(void **state)
{
    (void)state;
    struct descent d;
    struct guard g = start("nested");
    await_line(&g, "up\n");
    descent_init(&d, g.pid);
    assert_int_equal(descent_scan(&d), 3); /* target, its guard, the service */
    assert_int_equal(d.family[1], g.target_pid);
    assert_int_equal(descent_scan(&d), 0);
    assert_true(d.nforeign > 0);
    descent_forget(&d);
    assert_int_equal(descent_scan(&d), 0);
    descent_remove(&d, g.target_pid);
    assert_int_equal(d.nfamily, 3);
    assert_int_equal(descent_scan(&d), 1);
    descent_fini(&d);
    finish(&g);
}

static void a_stat_line_is_read_behind_any_name(void **state)
{
    static const char tail[] = "S 77 1 1 0 -1 4194560 1 2 3 4 150 25 7 8 20 0 9 0 4242 1000 321 9";
    static const struct {
        const char *head, *comm;
    } good[] = {
        {"12 (cat) ", "cat"},
        {"12 (a) R 1 2 (b) ", "a) R 1 2 (b"},
        {"12 () ", ""},
        {"12 (a name longer than fits) ", "a name longer t"},
    };
    static const char *const bad[] = {"",
                                      "12 cat S 1",
                                      "12 (cat)",
                                      "12 (cat) ",
                                      "12 (cat) S 1 2 3",
                                      "12 )cat( S 1",
                                      "12 (cat) S x"};
    (void)state;
    struct procfs_stat out;
    for (size_t i = 0; i < LEN(good); i++) {
        char *text = mem_printf("%s%s", good[i].head, tail);
        assert_int_equal(procfs_stat_parse(text, &out), 0);
        assert_string_equal(out.comm, good[i].comm);
        assert_int_equal(out.ppid, 77);
        assert_int_equal(out.user_ticks, 150);
        assert_int_equal(out.system_ticks, 25);
        assert_int_equal(out.waited_user_ticks, 7);
        assert_int_equal(out.waited_system_ticks, 8);
        assert_int_equal(out.threads, 9);
        assert_int_equal(out.start_ticks, 4242);
        assert_int_equal(out.rss_pages, 321);
        free(text);
    }
    for (size_t i = 0; i < LEN(bad); i++)
        assert_int_equal(procfs_stat_parse(bad[i], &out), -1);
}

static void ended_threads_never_make_a_sum_shrink(void **state)
{
    (void)state;
    struct threads t = {0};
    threads_sample(&t, getpid(), THREADS_FULL);
    assert_true(t.count >= 1);
    assert_true(t.sum.switches_voluntary >= 0 && t.sum.run_wait_ns >= 0);
    assert_true(t.sum.switches > 0);
    struct thread_figures kinds = t.sum;
    threads_sample(&t, getpid(), THREADS_BRIEF);
    assert_int_equal(t.sum.switches_voluntary, kinds.switches_voluntary);
    assert_int_equal(t.sum.switches_involuntary, kinds.switches_involuntary);
    struct thread_figures before = t.sum;
    /* As if a thread had ended, and another had got the number of one that ran for long. */
    t.rows[0].seen = (struct thread_figures){INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};
    threads_sample(&t, getpid(), THREADS_FULL);
    assert_true(t.sum.run_wait_ns >= before.run_wait_ns);
    assert_true(t.sum.switches_voluntary >= before.switches_voluntary);
    assert_true(t.sum.switches_involuntary >= before.switches_involuntary);
    threads_fini(&t);
}

static void own_figures_are_there(void **state)
{
    (void)state;
    double user_s = 0;
    double system_s = 0;
    proc_self_cpu(&user_s, &system_s);
    assert_true(user_s >= 0 && system_s >= 0 && user_s + system_s > 0);
    assert_true(proc_self_rss_peak_bytes() > (int64_t)1 << 20);
}

#define BOUNDED(test) cmocka_unit_test_setup(test, set_alarm)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(cpu_is_what_was_burnt),
        BOUNDED(memory_is_what_was_touched),
        BOUNDED(threads_are_counted),
        BOUNDED(what_nobody_saw_is_in_the_total),
        BOUNDED(a_nested_guard_is_left_out),
        BOUNDED(an_ended_process_keeps_its_figures),
        BOUNDED(a_scan_finds_each_descendant_once),
        BOUNDED(a_stat_line_is_read_behind_any_name),
        BOUNDED(ended_threads_never_make_a_sum_shrink),
        BOUNDED(own_figures_are_there),
    };
    if (argc == 2)
        act(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
