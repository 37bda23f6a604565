#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "runner/job_workers.h"
#include "runner/watch_figures.h"

static void the_seconds_add_up_to_the_total(void **state)
{
    (void)state;
    struct watch_figures f = {0};
    struct job_workers none = {0};
    struct result r;
    const struct thread_figures seen = {0};
    struct target_stats stats = {.has_queue = true};
    result_init(&r);
    watch_figures_open(&f, (struct sample){.threads = 1});
    stats.queue = (struct queue_stats){.accepted = 10, .waiting = 4, .completed = 6};
    watch_figures_begin(&f, &stats, &seen);
    static const int64_t completed[] = {16, 31};
    for (size_t i = 0; i < LEN(completed); i++) {
        watch_figures_add(&f, (struct sample){.threads = 1});
        stats.queue.completed = completed[i];
        stats.queue.waiting = 100 * ((int64_t)i + 1);
        watch_figures_refine(&f, i, &stats, &seen);
    }
    watch_figures_add(&f, (struct sample){.threads = 1}); /* answered late */
    watch_figures_add(&f, (struct sample){.threads = 1}); /* a short second, without a request */
    stats.queue.completed = 47;
    stats.queue.waiting = 250;
    stats.queue.accepted = 297;
    watch_figures_end(&f, &stats, &seen);
    stats.queue.completed = 60; /* more than at the end, which it must not pass */
    watch_figures_refine(&f, 2, &stats, &seen);
    r.duration_s = 3;
    r.nseconds = 4;
    r.seconds = mem_array(4, sizeof *r.seconds);
    watch_figures_collect(&f, &none, &r);
    static const int64_t want[][2] = {{10, 100}, {15, 200}, {16, 250}, {0, 250}};
    for (size_t i = 0; i < LEN(want); i++) {
        assert_int_equal(r.seconds[i].jobs_completed, want[i][0]);
        assert_int_equal(r.seconds[i].queue_backlog, want[i][1]);
    }
    assert_int_equal(r.queue.completed, 10 + 15 + 16);
    assert_int_equal(r.queue.accepted, 287);
    result_fini(&r);
    watch_figures_fini(&f);
}

/* What the samples have: of the target's process, and of another one beside it. */
struct cost {
    int64_t switches, wait_s;
};

static struct sample sample_of(struct cost target, struct cost other)
{
    return (struct sample){.threads = 1,
                           .switches = target.switches + other.switches,
                           .run_wait_s = (double)(target.wait_s + other.wait_s)};
}

static struct thread_figures seen_of(struct cost target)
{
    return (struct thread_figures){.switches = target.switches,
                                   .run_wait_ns = target.wait_s * NS_PER_S};
}

/* What the target tells of itself: all switches, the wait of the threads that ended and of those
 * that live. */
static struct target_stats stats_of(int64_t switches, double ended_s, double live_s)
{
    return (struct target_stats){.pid = 7,
                                 .switches_voluntary = switches,
                                 .run_wait_ended_s = ended_s,
                                 .run_wait_live_s = live_s};
}

/* A thread of the target waited 40 s of which the samples saw 5, and a second has no answer: it
 * gets half of what was missed from the answer before it to that after it. The other process, of
 * which nothing is told, counts by the samples. */
static void seconds_count_threads_that_ended_and_all_processes(void **state)
{
    (void)state;
    struct watch_figures f = {0};
    struct job_workers none = {0};
    struct result r;
    struct target_stats stats = stats_of(100, 0, 0);
    struct thread_figures seen = seen_of((struct cost){90, 1});
    result_init(&r);
    watch_figures_open(&f, sample_of((struct cost){90, 1}, (struct cost){1000, 3}));
    watch_figures_begin(&f, &stats, &seen);
    static const struct cost target[] = {{120, 6}, {150, 7}, {160, 8}};
    static const struct cost other[] = {{2000, 4}, {3000, 5}, {4000, 6}};
    for (size_t i = 0; i < LEN(target); i++) {
        watch_figures_add(&f, sample_of(target[i], other[i]));
        stats = stats_of(400, 40, 3);
        seen = seen_of(target[i]);
        if (i == 0)
            watch_figures_refine(&f, i, &stats, &seen);
    }
    watch_figures_close(&f, sample_of((struct cost){170, 9}, (struct cost){4100, 6}));
    stats = stats_of(600, 50, 6);
    seen = seen_of((struct cost){170, 9});
    watch_figures_end(&f, &stats, &seen);
    r.nseconds = LEN(target);
    r.seconds = mem_array(r.nseconds, sizeof *r.seconds);
    r.has_server = true;
    result_add_process(&r, "target", 7)->run_wait_s = 9 - 1; /* of the samples */
    result_add_process(&r, "compute", 8)->run_wait_s = 6 - 3;
    r.server.processes[1].switches_voluntary = 4100 - 1000;
    r.server.processes[1].switches_involuntary = 0;
    r.server.processes[1].live_threads_only = true;
    watch_figures_collect(&f, &none, &r);
    static const struct cost want[] = {{300 + 1000, 42 + 1}, {105 + 1000, 6 + 1}, {0, 0}};
    struct cost sum = {0};
    for (size_t i = 0; i < LEN(want); i++) {
        if (i + 1 < LEN(want)) {
            assert_int_equal(r.seconds[i].server_switches, want[i].switches);
            assert_int_equal(llround(r.seconds[i].server_run_wait_s), want[i].wait_s);
        }
        sum.switches += r.seconds[i].server_switches;
        sum.wait_s += llround(r.seconds[i].server_run_wait_s);
    }
    assert_int_equal(sum.switches, 600 - 100 + 4100 - 1000);
    assert_int_equal(r.server.total.switches_voluntary, sum.switches);
    assert_int_equal(sum.wait_s, 50 + 6 - 1 + 6 - 3);
    assert_int_equal(llround(r.server.total.run_wait_s), sum.wait_s);
    result_fini(&r);
    watch_figures_fini(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_count_threads_that_ended_and_all_processes),
        cmocka_unit_test(the_seconds_add_up_to_the_total),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
