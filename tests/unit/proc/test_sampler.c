#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/clock.h"
#include "proc/guard.h"
#include "proc/sampler.h"
#include "proc/threads.h"
#include "support/bounded.h"
#include "support/sampled_target.h"

/* The costs of a mode between its two lines. */
static void measure(const char *mode, struct result *r, struct sample *last)
{
    struct guard g = sampled_start(mode);
    result_init(r);
    r->accounting.completed = 10;
    sampled_await(&g, "up\n");
    struct sampler *s = sampler_new(g.pid);
    sampler_add_role(s, "bench-compute", "compute");
    sampler_open_window(s);
    sampled_go(&g);
    sampled_await(&g, "done\n");
    sampler_fast(s);
    sampler_close_window(s);
    *last = sampler_now(s);
    sampler_costs(s, r);
    sampler_free(s);
    sampled_finish(&g);
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
    struct guard g = sampled_start("ends");
    sampled_await(&g, "up\n");
    struct sampler *s = sampler_new(g.pid);
    sampler_open_window(s);
    sampled_go(&g);
    sampled_await(&g, "done\n");
    sampler_slow(s);
    struct sample alive = sampler_now(s);
    sampled_go(&g);
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
    sampled_finish(&g);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        BOUNDED(cpu_is_what_was_burnt),      BOUNDED(memory_is_what_was_touched),
        BOUNDED(threads_are_counted),        BOUNDED(what_nobody_saw_is_in_the_total),
        BOUNDED(a_nested_guard_is_left_out), BOUNDED(an_ended_process_keeps_its_figures),
    };
    if (argc == 2)
        sampled_act(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
