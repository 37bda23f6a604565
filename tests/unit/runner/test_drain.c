#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <uv.h>

#include "base/clock.h"
#include "runner/drain.h"
#include "support/fake_program.h"
#include "support/loop_wait.h"

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

/* One job less at each request. */
static void work_off(struct fake *f)
{
    int64_t left = 3 - f->asked > 0 ? 3 - f->asked : 0;
    fake_say(f, fake_queue_text(10, left, 0, 10 - left, "{\"pid\":1,\"port\":1}"));
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
    loop_wait(&loop, &got.done);
    assert_int_equal(got.end.how, DRAIN_MEASURED);
    assert_int_equal(got.end.left, 0);
    assert_int_equal(gateway.asked, 3);
    assert_true(got.end.waited_ns >= NS_PER_S); /* from the end of the load */
    fake_stop(&gateway);
    loop_end(&loop);
}

static void a_time_limit_ends_the_waiting(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct fake gateway = {0};
    struct drained got = {0};
    (void)uv_loop_init(&loop);
    fake_start(&gateway, &loop);
    fake_say(&gateway, fake_queue_text(10, 2, 1, 7, "{\"pid\":1,\"port\":1}"));
    drain(&loop, &gateway, NS_PER_S + 300 * NS_PER_MS, &got);
    loop_wait(&loop, &got.done);
    assert_int_equal(got.end.how, DRAIN_CUT);
    assert_int_equal(got.end.cut, DRAIN_CUT_TIME);
    assert_int_equal(got.end.left, 3);
    assert_true(got.end.waited_ns >= NS_PER_S + 300 * NS_PER_MS);
    fake_stop(&gateway);
    loop_end(&loop);
}

static void without_a_worker_the_waiting_ends_soon(void **state)
{
    (void)state;
    uv_loop_t loop;
    struct fake gateway = {0};
    struct drained got = {0};
    (void)uv_loop_init(&loop);
    fake_start(&gateway, &loop);
    fake_say(&gateway, fake_queue_text(10, 3, 0, 7, ""));
    drain(&loop, &gateway, INT64_MAX, &got);
    loop_wait(&loop, &got.done);
    assert_int_equal(got.end.how, DRAIN_CUT);
    assert_int_equal(got.end.cut, DRAIN_CUT_NO_WORKER);
    assert_int_equal(got.end.left, 3);
    assert_true(got.end.waited_ns >= 5 * NS_PER_S);
    fake_stop(&gateway);
    loop_end(&loop);
}

/* A stop reports what was known last, even while a request is under way. */
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
    loop_wait(&loop, &got.done);
    assert_int_equal(got.end.how, DRAIN_CUT);
    assert_int_equal(got.end.cut, DRAIN_CUT_INTERRUPT);
    assert_int_equal(got.end.left, 3);
    fake_stop(&gateway);
    loop_end(&loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backlog_is_waited_for),
        cmocka_unit_test(a_time_limit_ends_the_waiting),
        cmocka_unit_test(without_a_worker_the_waiting_ends_soon),
        cmocka_unit_test(it_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
