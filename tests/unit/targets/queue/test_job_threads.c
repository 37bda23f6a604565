/* Threads that run jobs: few wakes for short runs, and no run that waits behind a long one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "support/loop_wait.h"
#include "targets/queue/job_threads.h"

#define RUNS 2000

struct scene {
    uv_loop_t loop;
    atomic_bool stop;
    struct job_threads *threads;
    struct job_run runs[RUNS];
    size_t in_order[RUNS]; /* the numbers of the runs that are done */
    size_t done, wanted;
    bool came, closed;
};

static void on_done(void *ctx, struct job_run *run)
{
    struct scene *s = ctx;
    s->in_order[s->done++] = (size_t)(run - s->runs);
    s->came = s->done >= s->wanted;
}

static void on_closed(void *ctx)
{
    struct scene *s = ctx;
    s->closed = true;
}

static struct scene *open_scene(int64_t threads)
{
    struct err err;
    struct scene *s = mem_zalloc(sizeof *s);
    (void)uv_loop_init(&s->loop);
    const struct job_threads_spec spec = {.loop = &s->loop,
                                          .count = threads,
                                          .stop = &s->stop,
                                          .ctx = s,
                                          .on_done = on_done,
                                          .on_closed = on_closed};
    s->threads = job_threads_open(&spec, &err);
    assert_non_null(s->threads);
    return s;
}

static void close_scene(struct scene *s)
{
    atomic_store(&s->stop, true);
    job_threads_close(s->threads);
    loop_end(&s->loop);
    assert_true(s->closed);
    free(s);
}

static void add(struct scene *s, size_t number, struct work work)
{
    s->runs[number].work = work;
    job_threads_add(s->threads, &s->runs[number]);
}

static void wait_for_done(struct scene *s, size_t wanted)
{
    s->wanted = wanted;
    s->came = s->done >= wanted;
    loop_wait(&s->loop, &s->came);
}

static const struct work nothing = {WORK_COUNT, 0};
static const struct work forever = {WORK_SLEEP, 3600 * NS_PER_S};

/* The first few tell how long they are. */
static void run_short_ones(struct scene *s, size_t from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add(s, from + i, nothing);
    wait_for_done(s, from + count);
}

/* How often threads of this program have waited: for a run, for the loop or for a lock. */
static long waits(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_nvcsw;
}

/* A wake for each run would cost more than the run. */
static void short_runs_share_a_wake(void **state)
{
    (void)state;
    struct scene *s = open_scene(8);
    run_short_ones(s, 0, 100);
    long before = waits();
    for (size_t from = 100; from < RUNS; from += 100)
        run_short_ones(s, from, 100);
    assert_true(waits() - before < RUNS / 8);
    close_scene(s);
}

/* No more threads are woken than the short runs are worth; then one of them turns out to be long.
 */
static void no_run_waits_behind_a_long_one(void **state)
{
    (void)state;
    struct scene *s = open_scene(2);
    run_short_ones(s, 0, 500);
    add(s, 500, nothing);
    add(s, 501, forever);
    for (size_t i = 502; i < 510; i++)
        add(s, i, nothing);
    wait_for_done(s, 509);
    for (size_t i = 0; i < s->done; i++)
        assert_int_not_equal(s->in_order[i], 501);
    close_scene(s);
}

/* What was done before a long run is not held back by it, on one thread either. */
static void what_is_done_is_handed_over_before_a_long_run_ends(void **state)
{
    (void)state;
    struct scene *s = open_scene(1);
    run_short_ones(s, 0, 500);
    add(s, 500, nothing);
    add(s, 501, forever);
    wait_for_done(s, 501);
    assert_int_equal(s->in_order[500], 500);
    close_scene(s);
}

static void long_runs_get_a_thread_each(void **state)
{
    (void)state;
    struct scene *s = open_scene(4);
    for (size_t i = 0; i < 3; i++)
        add(s, i, forever);
    add(s, 3, nothing);
    wait_for_done(s, 1);
    assert_int_equal(s->in_order[0], 3);
    assert_null(job_threads_take_back(s->threads));
    close_scene(s);
}

static void one_thread_keeps_the_order(void **state)
{
    (void)state;
    struct scene *s = open_scene(1);
    run_short_ones(s, 0, 300);
    for (size_t i = 0; i < 300; i++)
        assert_int_equal(s->in_order[i], i);
    close_scene(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_runs_share_a_wake),
        cmocka_unit_test(no_run_waits_behind_a_long_one),
        cmocka_unit_test(what_is_done_is_handed_over_before_a_long_run_ends),
        cmocka_unit_test(long_runs_get_a_thread_each),
        cmocka_unit_test(one_thread_keeps_the_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
