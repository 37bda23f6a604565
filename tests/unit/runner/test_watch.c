/* The watch of a whole run, on a gateway and workers that say what the test wants. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <uv.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "runner/drain.h"
#include "runner/watch.h"
#include "stat/hist_codec.h"
#include "support/fake_program.h"
#include "support/loop_wait.h"

/* So many quick values of 1 ms, and slow ones of 1 s. */
static char *worker_text(int64_t pid, int64_t quick, int64_t slow)
{
    struct hist *h = hist_new_latency();
    hist_record_n(h, NS_PER_MS, (uint64_t)quick);
    hist_record_n(h, NS_PER_S, (uint64_t)slow);
    char *data = hist_encode(h);
    char *text = mem_printf("{\"pid\":%lld,\"histograms\":{\"wait\":\"%s\",\"work\":\"%s\","
                            "\"job\":\"%s\"}}",
                            (long long)pid, data, data, data);
    free(data);
    hist_free(h);
    return text;
}

struct run {
    uv_loop_t loop;
    struct plan plan;
    struct watch *watch;
    struct fake gateway, workers[3];
    bool closed;
};

static void on_closed(void *ctx)
{
    ((struct run *)ctx)->closed = true;
}

static void on_max_rss(void *ctx)
{
    (void)ctx;
    fail_msg("no limit was set");
}

static void run_init(struct run *run)
{
    *run = (struct run){.plan = {.strategy = "queue"}};
    (void)uv_loop_init(&run->loop);
    fake_start(&run->gateway, &run->loop);
    for (size_t i = 0; i < LEN(run->workers); i++)
        fake_start(&run->workers[i], &run->loop);
    run->watch = watch_new(&run->loop, &run->plan, getpid(),
                           &(struct watch_events){run, on_max_rss, on_closed});
    watch_set_address(run->watch, &run->gateway.address, NULL);
}

static void run_fini(struct run *run)
{
    watch_close(run->watch);
    fake_stop(&run->gateway);
    for (size_t i = 0; i < LEN(run->workers); i++)
        fake_stop(&run->workers[i]);
    loop_end(&run->loop);
    assert_true(run->closed);
    watch_free(run->watch);
}

/* The gateway names the workers from `from` to before `to`; their pids are 101, 102 .. */
static void say(struct run *run, int64_t accepted, int64_t waiting, int64_t completed, size_t from,
                size_t to)
{
    struct buf list;
    buf_init(&list, 4096);
    for (size_t i = from; i < to; i++)
        buf_printf(&list, "%s{\"pid\":%zu,\"port\":%d}", i > from ? "," : "", 101 + i,
                   run->workers[i].port);
    fake_say(&run->gateway, fake_queue_text(accepted, waiting, 0, completed, list.data));
    buf_fini(&list);
}

static void on_done(void *ctx)
{
    *(bool *)ctx = true;
}

static void count(struct run *run, enum watch_moment when)
{
    bool done = false;
    watch_count(run->watch, when, on_done, &done);
    loop_wait(&run->loop, &done);
}

static void collect(const struct run *run, size_t nseconds, struct result *r)
{
    result_init(r);
    r->duration_s = 2;
    r->seconds = mem_array(nseconds, sizeof *r->seconds);
    r->nseconds = nseconds;
    for (size_t i = 0; i < nseconds; i++)
        r->seconds[i] = (struct second){.length_s = 1, .queue_backlog = MISSING};
    watch_collect(run->watch, r);
}

/* Worker 1 is there all the time, 2 dies and 3 starts within the window. */
static void what_the_workers_did_in_the_window_is_merged(void **state)
{
    (void)state;
    struct run run;
    struct result r;
    run_init(&run);
    say(&run, 1000, 5, 500, 0, 2);
    fake_say(&run.workers[0], worker_text(101, 400, 0));
    fake_say(&run.workers[1], worker_text(102, 100, 0));
    count(&run, WATCH_BEFORE);
    watch_open_window(run.watch);
    fake_say(&run.workers[0], worker_text(101, 430, 10));
    fake_say(&run.workers[1], NULL);
    fake_say(&run.workers[2], worker_text(103, 2, 1));
    say(&run, 1100, 42, 560, 0, 3);
    watch_close_window(run.watch);
    count(&run, WATCH_AFTER);
    collect(&run, 1, &r);
    const struct queue_account *q = &r.queue;
    assert_true(r.has_queue);
    assert_string_equal(q->broker, "sqlite");
    assert_int_equal(q->accepted, 100);
    assert_int_equal(q->completed, 60);
    assert_int_equal(q->failed, 0);
    assert_int_equal(q->backlog_start, 5);
    assert_int_equal(q->backlog_end, 42);
    assert_int_equal(queue_account_lost(q), 3);
    assert_true(q->completed_per_s == 30);
    assert_int_equal(q->workers, 3);
    assert_int_equal(q->workers_lost, 1);
    assert_int_equal(q->drain, DRAIN_PROJECTED);
    assert_true(fabs(q->drain_s - 42.0 / 30) < 1e-9);
    assert_int_equal(q->drain_left, MISSING);
    assert_int_equal(hist_count(r.job), 30 + 10 + 2 + 1);
    assert_int_equal(hist_count(r.wait), 43);
    assert_int_equal(hist_count(r.work), 43);
    assert_true(hist_percentile_ns(r.job, 0.9) >= NS_PER_S); /* 11 of 43 */
    result_fini(&r);
    run_fini(&run);
}

static void expect_before_is_read(struct fake *gateway)
{
    if (gateway->asked == 2)
        assert_true(*(const bool *)gateway->ctx);
}

/* A window can be over before the reading at its start is: the warm-up would be in the figures. */
static void the_end_is_read_when_the_start_has_been(void **state)
{
    (void)state;
    struct run run;
    bool before = false;
    bool after = false;
    run_init(&run);
    run.gateway.on_asked = expect_before_is_read;
    run.gateway.ctx = &before;
    say(&run, 0, 0, 0, 0, 1);
    fake_say(&run.workers[0], worker_text(101, 0, 0));
    watch_count(run.watch, WATCH_BEFORE, on_done, &before);
    watch_open_window(run.watch);
    watch_close_window(run.watch);
    watch_count(run.watch, WATCH_AFTER, on_done, &after);
    loop_wait(&run.loop, &after);
    assert_int_equal(run.gateway.asked, 2);
    assert_int_equal(run.workers[0].asked, 2);
    run_fini(&run);
}

static void a_target_that_goes_ends_both_readings(void **state)
{
    (void)state;
    struct run run;
    bool before = false;
    bool after = false;
    run_init(&run);
    watch_count(run.watch, WATCH_BEFORE, on_done, &before);
    watch_count(run.watch, WATCH_AFTER, on_done, &after);
    run_fini(&run);
    assert_true(before && after);
}

/* A port may belong to another program by now. */
static void another_process_on_the_port_is_not_the_worker(void **state)
{
    (void)state;
    struct run run;
    struct result r;
    run_init(&run);
    say(&run, 0, 0, 0, 0, 1);
    fake_say(&run.workers[0], worker_text(101, 0, 0));
    count(&run, WATCH_BEFORE);
    watch_open_window(run.watch);
    fake_say(&run.workers[0], worker_text(999, 50, 0));
    say(&run, 10, 10, 0, 0, 1);
    watch_close_window(run.watch);
    count(&run, WATCH_AFTER);
    collect(&run, 1, &r);
    assert_int_equal(r.queue.workers_lost, 1);
    assert_null(r.job);
    assert_int_equal(r.queue.completed, 0);
    assert_int_equal(r.queue.drain, DRAIN_PROJECTED);
    assert_true(isnan(r.queue.drain_s)); /* never, at this rate */
    result_fini(&r);
    run_fini(&run);
}

static void a_drain_reads_the_workers_again(void **state)
{
    (void)state;
    struct run run;
    struct result r;
    bool done = false;
    run_init(&run);
    run.plan.drain_ns = PLAN_DRAIN_ALL;
    say(&run, 0, 0, 0, 0, 1);
    fake_say(&run.workers[0], worker_text(101, 0, 0));
    count(&run, WATCH_BEFORE);
    watch_open_window(run.watch);
    say(&run, 10, 6, 4, 0, 1);
    fake_say(&run.workers[0], worker_text(101, 4, 0));
    watch_close_window(run.watch);
    count(&run, WATCH_AFTER);
    say(&run, 10, 0, 10, 0, 1);
    fake_say(&run.workers[0], worker_text(101, 4, 6));
    watch_drain(run.watch, NULL, on_done, &done);
    loop_wait(&run.loop, &done);
    collect(&run, 1, &r);
    assert_int_equal(r.queue.completed, 4); /* in the window */
    assert_int_equal(r.queue.backlog_end, 6);
    assert_int_equal(r.queue.drain, DRAIN_MEASURED);
    assert_true(r.queue.drain_s >= 0);
    assert_int_equal(r.queue.drain_left, 0);
    assert_int_equal(hist_count(r.job), 10);
    result_fini(&r);
    run_fini(&run);
}

static void a_target_that_goes_ends_the_drain(void **state)
{
    (void)state;
    struct run run;
    bool done = false;
    run_init(&run);
    run.plan.drain_ns = PLAN_DRAIN_ALL;
    say(&run, 0, 0, 0, 0, 0);
    count(&run, WATCH_BEFORE);
    watch_open_window(run.watch);
    say(&run, 10, 6, 4, 0, 0);
    watch_close_window(run.watch);
    count(&run, WATCH_AFTER);
    watch_drain(run.watch, NULL, on_done, &done);
    run_fini(&run);
    assert_false(done);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_workers_did_in_the_window_is_merged),
        cmocka_unit_test(the_end_is_read_when_the_start_has_been),
        cmocka_unit_test(a_target_that_goes_ends_both_readings),
        cmocka_unit_test(another_process_on_the_port_is_not_the_worker),
        cmocka_unit_test(a_drain_reads_the_workers_again),
        cmocka_unit_test(a_target_that_goes_ends_the_drain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
