/* Connections that wait: each goes on at its time and no earlier, the soonest first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/rng.h"
#include "load/conn.h"
#include "load/pauses.h"

#define MOST 200

struct bed {
    uv_loop_t loop;
    struct pauses pauses;
    struct conn conns[MOST];
    int64_t end_ns[MOST];          /* when each may go on */
    size_t order[2 * MOST], count; /* in which they did */
    size_t woken, again;
};

static struct bed bed;

static void on_over(struct conn *c, int64_t now_ns)
{
    size_t at = (size_t)(c - bed.conns);
    assert_true(now_ns >= bed.end_ns[at]);
    assert_false(c->is_paused);
    bed.order[bed.count++] = at;
    if (bed.again > 0) { /* it has nothing that it could send, and waits again */
        bed.again--;
        bed.end_ns[at] = now_ns + NS_PER_MS;
        pauses_add(&bed.pauses, c, PAUSE_UNBOUND, bed.end_ns[at]);
    }
}

static void on_woken(void *ctx, int64_t now_ns)
{
    assert_ptr_equal(ctx, &bed);
    assert_true(now_ns <= clock_now_ns());
    bed.woken++;
}

static void begin(void)
{
    bed = (struct bed){.pauses = {.on_over = on_over, .on_woken = on_woken, .ctx = &bed}};
    assert_int_equal(uv_loop_init(&bed.loop), 0);
    pauses_init(&bed.pauses, &bed.loop, MOST);
}

static void end(void)
{
    pauses_close(&bed.pauses);
    (void)uv_run(&bed.loop, UV_RUN_DEFAULT);
    pauses_fini(&bed.pauses);
    assert_int_equal(uv_loop_close(&bed.loop), 0);
}

static void add(size_t at, enum pause_kind kind, int64_t end_ns)
{
    bed.end_ns[at] = end_ns;
    pauses_add(&bed.pauses, &bed.conns[at], kind, end_ns);
    assert_true(bed.conns[at].is_paused);
}

static void each_goes_on_at_its_time_the_soonest_first(void **state)
{
    (void)state;
    struct rng rng;
    begin();
    rng_init(&rng, 7);
    int64_t now_ns = clock_now_ns();
    for (size_t i = 0; i < MOST; i++) /* many have the same time, some have passed */
        add(i, PAUSE_UNBOUND, now_ns + (int64_t)(rng_next(&rng) % 20) * NS_PER_MS - 2 * NS_PER_MS);
    (void)uv_run(&bed.loop, UV_RUN_DEFAULT);
    assert_int_equal(bed.count, MOST);
    assert_int_equal(bed.pauses.count, 0);
    for (size_t i = 1; i < MOST; i++)
        assert_true(bed.end_ns[bed.order[i - 1]] <= bed.end_ns[bed.order[i]]);
    assert_true(bed.woken >= 1);
    end();
}

static void a_sooner_one_does_not_wait_for_a_later_one(void **state)
{
    (void)state;
    begin();
    int64_t now_ns = clock_now_ns();
    add(0, PAUSE_UNBOUND, now_ns + 3600 * NS_PER_S);
    add(1, PAUSE_UNBOUND, now_ns + 5 * NS_PER_MS);
    while (bed.count == 0)
        (void)uv_run(&bed.loop, UV_RUN_ONCE);
    assert_int_equal(bed.order[0], 1);
    assert_int_equal(bed.pauses.count, 1);
    assert_true(bed.conns[0].is_paused);
    end(); /* with one that still waits */
}

static void those_that_think_are_counted(void **state)
{
    (void)state;
    begin();
    int64_t now_ns = clock_now_ns();
    add(0, PAUSE_THINK, now_ns + NS_PER_MS);
    add(1, PAUSE_UNBOUND, now_ns + NS_PER_MS);
    add(2, PAUSE_THINK, now_ns + 2 * NS_PER_MS);
    assert_int_equal(bed.pauses.thinking, 2);
    assert_int_equal(bed.pauses.thought_ns, 0);
    (void)uv_run(&bed.loop, UV_RUN_DEFAULT);
    assert_int_equal(bed.count, 3);
    assert_int_equal(bed.pauses.thinking, 0);
    assert_true(bed.pauses.thought_ns >= bed.end_ns[2]);
    end();
}

static void one_that_goes_on_may_wait_again(void **state)
{
    (void)state;
    begin();
    bed.again = 10;
    add(0, PAUSE_UNBOUND, clock_now_ns());
    (void)uv_run(&bed.loop, UV_RUN_DEFAULT);
    assert_int_equal(bed.count, 11);
    assert_int_equal(bed.again, 0);
    assert_int_equal(bed.pauses.count, 0);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_goes_on_at_its_time_the_soonest_first),
        cmocka_unit_test(a_sooner_one_does_not_wait_for_a_later_one),
        cmocka_unit_test(those_that_think_are_counted),
        cmocka_unit_test(one_that_goes_on_may_wait_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
