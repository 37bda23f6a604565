#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/pacer.h"

#define RATE   1000.0
#define END_NS (50 * NS_PER_MS) /* so 50 arrivals, the first one at once */

static const struct schedule_stage stage = {SCHEDULE_ENDLESS_NS, RATE, RATE};
static const struct schedule schedule = {
    .arrivals = ARRIVALS_CONSTANT, .stages = &stage, .nstages = 1};

struct run {
    uv_loop_t loop;
    struct pacer pacer;
    int64_t start_ns;
    int64_t taken, most; /* stops at so many */
    bool was_early;
};

static void on_due(void *ctx, int64_t now_ns)
{
    struct run *r = ctx;
    while (pacer_waiting(&r->pacer) > 0) {
        int64_t due_ns = pacer_take(&r->pacer, 1);
        int64_t k = r->taken++ * r->pacer.threads + r->pacer.thread;
        r->was_early |= due_ns > now_ns || due_ns > clock_now_ns();
        assert_int_equal(due_ns, r->start_ns + k * NS_PER_MS);
    }
    if (r->taken >= r->most)
        pacer_close(&r->pacer);
}

static void begin(struct run *r, int thread, int threads)
{
    struct err err;
    *r = (struct run){.pacer = {.thread = thread, .threads = threads, .on_due = on_due, .ctx = r}};
    assert_int_equal(uv_loop_init(&r->loop), 0);
    assert_int_equal(pacer_init(&r->pacer, &r->loop, &err), 0);
    r->start_ns = clock_now_ns();
}

static void end(struct run *r)
{
    assert_int_equal(uv_run(&r->loop, UV_RUN_DEFAULT), 0);
    pacer_fini(&r->pacer);
    assert_int_equal(uv_loop_close(&r->loop), 0);
}

static void rings_for_each_arrival_and_never_before_it(void **state)
{
    static const struct {
        int thread, threads;
        int64_t count;
        bool may_spin;
    } cases[] = {{0, 1, 50, false}, {0, 1, 50, true}, {1, 3, 17, false}, {2, 3, 16, true}};
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct run r;
        begin(&r, cases[i].thread, cases[i].threads);
        r.pacer.may_spin = cases[i].may_spin;
        r.most = cases[i].count;
        pacer_start(&r.pacer, &schedule, r.start_ns, r.start_ns + END_NS, INT64_MAX);
        end(&r);
        assert_int_equal(r.taken, cases[i].count);
        assert_false(r.was_early);
        pacer_look(&r.pacer, r.start_ns + NS_PER_S);
        assert_int_equal(r.pacer.ndue, cases[i].count);
        assert_int_equal(r.pacer.next_ns, SCHEDULE_END);
        assert_true(cases[i].may_spin || r.pacer.spun_ns == 0);
    }
}

static void what_waits_is_taken_in_order_or_forgotten_by_a_new_start(void **state)
{
    struct run r;
    (void)state;
    begin(&r, 0, 1);
    pacer_start(&r.pacer, &schedule, r.start_ns, r.start_ns + END_NS, INT64_MAX);
    pacer_look(&r.pacer, r.start_ns + 10 * NS_PER_MS); /* by the clock, not by the timer */
    assert_int_equal(pacer_waiting(&r.pacer), 11);
    assert_int_equal(pacer_take(&r.pacer, 1), r.start_ns);
    assert_int_equal(pacer_take(&r.pacer, 4), r.start_ns + NS_PER_MS);
    assert_int_equal(pacer_take(&r.pacer, 1), r.start_ns + 5 * NS_PER_MS);
    assert_int_equal(pacer_waiting(&r.pacer), 5);
    pacer_look(&r.pacer, r.start_ns + END_NS - 1);
    assert_int_equal(pacer_waiting(&r.pacer), 44);
    pacer_start(&r.pacer, &schedule, r.start_ns, r.start_ns + END_NS, INT64_MAX);
    assert_int_equal(pacer_waiting(&r.pacer), 0);
    r.most = 50;
    end(&r);
    assert_int_equal(r.taken, 50);
}

static void no_more_are_due_than_may_be(void **state)
{
    struct run r;
    (void)state;
    begin(&r, 0, 1);
    r.pacer.lag = hist_new_latency();
    pacer_start(&r.pacer, &schedule, r.start_ns, r.start_ns + END_NS, 7);
    r.most = 7;
    end(&r);
    pacer_look(&r.pacer, r.start_ns + NS_PER_S);
    assert_int_equal(r.taken, 7);
    assert_int_equal(r.pacer.ndue, 7);
    assert_int_equal(hist_count(r.pacer.lag), 7);
    hist_free(r.pacer.lag);
}

static void a_schedule_without_arrivals_never_rings(void **state)
{
    struct run r;
    (void)state;
    begin(&r, 0, 1);
    pacer_start(&r.pacer, &schedule, r.start_ns, r.start_ns, INT64_MAX);
    pacer_look(&r.pacer, r.start_ns + NS_PER_S);
    assert_int_equal(pacer_waiting(&r.pacer), 0);
    pacer_close(&r.pacer);
    end(&r);
    assert_int_equal(r.taken, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rings_for_each_arrival_and_never_before_it),
        cmocka_unit_test(what_waits_is_taken_in_order_or_forgotten_by_a_new_start),
        cmocka_unit_test(no_more_are_due_than_may_be),
        cmocka_unit_test(a_schedule_without_arrivals_never_rings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
