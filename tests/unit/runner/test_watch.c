/* What a watch makes of a queue: a gateway and workers that say what the test wants, on the test's
 * own loop; port 0, loopback, and no pacing but the drain's own. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <netinet/in.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "runner/drain.h"
#include "runner/job_workers.h"
#include "runner/watch.h"
#include "runner/watch_figures.h"
#include "stat/hist_codec.h"

#define BOUND_MS 30000

/* --- a program that answers every request with one JSON text --- */

struct fake {
    uv_tcp_t listener;
    int port;
    struct sockaddr_storage address;
    char *body; /* of the next reply; NULL: closes without one */
    void (*on_asked)(struct fake *f);
    void *ctx;
    int asked;
};

struct client {
    uv_tcp_t tcp;
    uv_write_t write;
    struct fake *fake;
    char chunk[4096];
    char *reply;
};

static void on_client_closed(uv_handle_t *handle)
{
    struct client *c = handle->data;
    free(c->reply);
    free(c);
}

static void close_client(struct client *c)
{
    if (!uv_is_closing((const uv_handle_t *)&c->tcp))
        uv_close((uv_handle_t *)&c->tcp, on_client_closed);
}

static void on_written(uv_write_t *req, int status)
{
    (void)status;
    close_client(req->data);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
    struct client *c = handle->data;
    (void)suggested;
    *buf = uv_buf_init(c->chunk, sizeof c->chunk);
}

static void on_read(uv_stream_t *stream, ssize_t nread, const uv_buf_t *buf)
{
    struct client *c = stream->data;
    (void)buf;
    if (nread < 0 || c->reply != NULL) {
        if (nread < 0)
            close_client(c);
        return;
    }
    c->fake->asked++;
    if (c->fake->on_asked != NULL)
        c->fake->on_asked(c->fake);
    if (c->fake->body == NULL) {
        close_client(c);
        return;
    }
    c->reply = mem_printf("HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(c->fake->body),
                          c->fake->body);
    uv_buf_t out = uv_buf_init(c->reply, (unsigned)strlen(c->reply));
    c->write.data = c;
    (void)uv_write(&c->write, stream, &out, 1, on_written);
}

static void on_connection(uv_stream_t *listener, int status)
{
    struct client *c = mem_zalloc(sizeof *c);
    assert_int_equal(status, 0);
    c->fake = listener->data;
    c->tcp.data = c;
    (void)uv_tcp_init(listener->loop, &c->tcp);
    assert_int_equal(uv_accept(listener, (uv_stream_t *)&c->tcp), 0);
    (void)uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
}

static void fake_start(struct fake *f, uv_loop_t *loop)
{
    struct sockaddr_in any;
    int len = sizeof f->address;
    (void)uv_ip4_addr("127.0.0.1", 0, &any);
    (void)uv_tcp_init(loop, &f->listener);
    f->listener.data = f;
    assert_int_equal(uv_tcp_bind(&f->listener, (const struct sockaddr *)&any, 0), 0);
    assert_int_equal(uv_listen((uv_stream_t *)&f->listener, 16, on_connection), 0);
    assert_int_equal(uv_tcp_getsockname(&f->listener, (struct sockaddr *)&f->address, &len), 0);
    f->port = ntohs(((struct sockaddr_in *)&f->address)->sin_port);
}

static void fake_say(struct fake *f, char *body)
{
    free(f->body);
    f->body = body;
}

static void fake_stop(struct fake *f)
{
    uv_close((uv_handle_t *)&f->listener, NULL);
    fake_say(f, NULL);
}

/* --- the loop, bounded --- */

static void on_late(uv_timer_t *timer)
{
    (void)timer;
    fail_msg("nothing more happened in %d ms", BOUND_MS);
}

static void run_until(uv_loop_t *loop, const bool *done)
{
    uv_timer_t late;
    (void)uv_timer_init(loop, &late);
    (void)uv_timer_start(&late, on_late, BOUND_MS, 0);
    while (!*done)
        (void)uv_run(loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&late, NULL);
    (void)uv_run(loop, UV_RUN_NOWAIT);
}

static void run_out(uv_loop_t *loop)
{
    (void)uv_run(loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(loop), 0);
}

static void on_done(void *ctx)
{
    *(bool *)ctx = true;
}

/* --- drains --- */

static char *queue_text(int64_t accepted, int64_t waiting, int64_t active, int64_t completed,
                        const char *workers)
{
    return mem_printf("{\"queue\":{\"broker\":\"sqlite\",\"accepted\":%lld,\"waiting\":%lld,"
                      "\"delayed\":0,\"active\":%lld,\"completed\":%lld,\"failed\":0,"
                      "\"workers\":[%s]}}",
                      (long long)accepted, (long long)waiting, (long long)active,
                      (long long)completed, workers);
}

struct drained {
    struct drain_end end;
    bool done;
};

static void on_drained(void *ctx, const struct drain_end *end)
{
    struct drained *d = ctx;
    assert_false(d->done);
    d->end = *end;
    d->done = true;
}

/* One job less each time it is asked. */
static void work_off(struct fake *f)
{
    int64_t left = 3 - f->asked > 0 ? 3 - f->asked : 0;
    fake_say(f, queue_text(10, left, 0, 10 - left, "{\"pid\":1,\"port\":1}"));
}

static void drain(uv_loop_t *loop, const struct fake *f, int64_t most_ns, struct drained *out)
{
    const struct queue_stats from = {.waiting = 3, .completed = 7, .workers_ready = 1};
    (void)drain_start(loop, &(struct drain_spec){.address = &f->address,
                                                 .from = &from,
                                                 .since_ns = clock_now_ns() - NS_PER_S,
                                                 .most_ns = most_ns,
                                                 .done = on_drained,
                                                 .ctx = out});
}

static void a_backlog_is_waited_for(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct fake gateway = {.on_asked = work_off};
    struct drained got = {0};
    (void)uv_loop_init(&loop);
    fake_start(&gateway, &loop);
    drain(&loop, &gateway, INT64_MAX, &got);
    run_until(&loop, &got.done);
    assert_int_equal(got.end.how, DRAIN_MEASURED);
    assert_int_equal(got.end.left, 0);
    assert_int_equal(gateway.asked, 3);
    assert_true(got.end.waited_ns >= NS_PER_S); /* from the end of the load */
    fake_stop(&gateway);
    run_out(&loop);
}

static void a_time_limit_ends_the_waiting(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct fake gateway = {0};
    struct drained got = {0};
    (void)uv_loop_init(&loop);
    fake_start(&gateway, &loop);
    fake_say(&gateway, queue_text(10, 2, 1, 7, "{\"pid\":1,\"port\":1}"));
    drain(&loop, &gateway, NS_PER_S + 300 * NS_PER_MS, &got);
    run_until(&loop, &got.done);
    assert_int_equal(got.end.how, DRAIN_CUT);
    assert_int_equal(got.end.cut, DRAIN_CUT_TIME);
    assert_int_equal(got.end.left, 3);
    assert_true(got.end.waited_ns >= NS_PER_S + 300 * NS_PER_MS);
    fake_stop(&gateway);
    run_out(&loop);
}

static void without_a_worker_the_waiting_ends_soon(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct fake gateway = {0};
    struct drained got = {0};
    (void)uv_loop_init(&loop);
    fake_start(&gateway, &loop);
    fake_say(&gateway, queue_text(10, 3, 0, 7, ""));
    drain(&loop, &gateway, INT64_MAX, &got);
    run_until(&loop, &got.done);
    assert_int_equal(got.end.how, DRAIN_CUT);
    assert_int_equal(got.end.cut, DRAIN_CUT_NO_WORKER);
    assert_int_equal(got.end.left, 3);
    assert_true(got.end.waited_ns >= 5 * NS_PER_S);
    fake_stop(&gateway);
    run_out(&loop);
}

/* Whoever stops it gets what was known last, also while a question is under way. */
static void it_can_be_stopped(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct fake gateway = {0};
    struct drained got = {0};
    const struct queue_stats from = {.waiting = 3, .completed = 7, .workers_ready = 1};
    (void)uv_loop_init(&loop);
    fake_start(&gateway, &loop);
    struct drain *d = drain_start(&loop, &(struct drain_spec){.address = &gateway.address,
                                                              .from = &from,
                                                              .since_ns = clock_now_ns(),
                                                              .most_ns = INT64_MAX,
                                                              .done = on_drained,
                                                              .ctx = &got});
    (void)uv_run(&loop, UV_RUN_NOWAIT);
    drain_stop(d, DRAIN_CUT_INTERRUPT);
    run_until(&loop, &got.done);
    assert_int_equal(got.end.how, DRAIN_CUT);
    assert_int_equal(got.end.cut, DRAIN_CUT_INTERRUPT);
    assert_int_equal(got.end.left, 3);
    fake_stop(&gateway);
    run_out(&loop);
}

/* --- a whole run --- */

/* `count` values of 1 ms, the rest of 1 s. */
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
    watch_set_address(run->watch, &run->gateway.address);
}

static void run_fini(struct run *run)
{
    watch_close(run->watch);
    fake_stop(&run->gateway);
    for (size_t i = 0; i < LEN(run->workers); i++)
        fake_stop(&run->workers[i]);
    run_out(&run->loop);
    assert_true(run->closed);
    watch_free(run->watch);
}

/* The gateway names workers 1 to `count`, whose pids are 101, 102 .. */
static void say(struct run *run, int64_t accepted, int64_t waiting, int64_t completed, size_t from,
                size_t to)
{
    struct buf list;
    buf_init(&list, 4096);
    for (size_t i = from; i < to; i++)
        buf_printf(&list, "%s{\"pid\":%zu,\"port\":%d}", i > from ? "," : "", 101 + i,
                   run->workers[i].port);
    fake_say(&run->gateway, queue_text(accepted, waiting, 0, completed, list.data));
    buf_fini(&list);
}

static void count(struct run *run, enum watch_moment when)
{
    bool done = false;
    watch_count(run->watch, when, on_done, &done);
    run_until(&run->loop, &done);
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

/* Worker 1 is there from the start, 2 dies, 3 comes in the window. */
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

/* A port that now belongs to somebody else must not pass for the worker. */
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

static void the_seconds_add_up_to_the_total(void **state)
{
    (void)state;
    struct watch_figures f = {0};
    struct job_workers none = {0};
    struct result r;
    struct target_stats stats = {.has_queue = true};
    result_init(&r);
    watch_figures_open(&f, (struct sample){.threads = 1}, true);
    stats.queue = (struct queue_stats){.accepted = 10, .waiting = 4, .completed = 6};
    watch_figures_begin(&f, &stats);
    static const int64_t completed[] = {16, 31};
    for (size_t i = 0; i < LEN(completed); i++) {
        watch_figures_add(&f, (struct sample){.threads = 1}, true);
        stats.queue.completed = completed[i];
        stats.queue.waiting = 100 * ((int64_t)i + 1);
        watch_figures_refine(&f, i, &stats);
    }
    watch_figures_add(&f, (struct sample){.threads = 1}, true); /* answered late */
    watch_figures_add(&f, (struct sample){.threads = 1}, true); /* a short one, never asked for */
    stats.queue.completed = 47;
    stats.queue.waiting = 250;
    stats.queue.accepted = 297;
    watch_figures_end(&f, &stats);
    stats.queue.completed = 60; /* after that of the end, which it must not pass */
    watch_figures_refine(&f, 2, &stats);
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
    run_until(&run.loop, &done);
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
        cmocka_unit_test(a_backlog_is_waited_for),
        cmocka_unit_test(a_time_limit_ends_the_waiting),
        cmocka_unit_test(without_a_worker_the_waiting_ends_soon),
        cmocka_unit_test(it_can_be_stopped),
        cmocka_unit_test(what_the_workers_did_in_the_window_is_merged),
        cmocka_unit_test(another_process_on_the_port_is_not_the_worker),
        cmocka_unit_test(the_seconds_add_up_to_the_total),
        cmocka_unit_test(a_drain_reads_the_workers_again),
        cmocka_unit_test(a_target_that_goes_ends_the_drain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
