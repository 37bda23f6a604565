/* parts, generator, drain: a row or a few of each arm. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/plot/drain.h"
#include "report/plot/generator.h"
#include "report/plot/parts.h"
#include "support/plot_rows.h"
#include "support/timed_arm.h"

static struct hist *hist_of(int64_t ns, uint64_t count)
{
    struct hist *h = hist_new_latency();
    hist_record_n(h, ns, count);
    return h;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) < 0.01 * b;
}

/* --- parts --- */

static void parts_are_of_all_rounds(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    for (int64_t round = 1; round <= 2; round++) {
        struct result *r = timed_round(&c, 1, 1);
        r->latency = hist_of(10 * round * NS_PER_MS, 100);
        r->wait = hist_of(6 * round * NS_PER_MS, 100);
        r->work = hist_of(3 * round * NS_PER_MS, 100);
    }
    struct plot_parts parts = plot_parts_of(&c.arms[0]);
    assert_true(plot_parts_are_known(&parts) && !parts.of_jobs);
    assert_true(is_near(parts.mean_ms[PART_ALL], 15) && is_near(parts.mean_ms[PART_WAIT], 9) &&
                is_near(parts.mean_ms[PART_WORK], 4.5));
    assert_true(is_near(parts.p50_ms[PART_ALL], 10) && is_near(parts.p99_ms[PART_ALL], 20));
    assert_true(is_near(parts.p90_ms[PART_WAIT], 12) && is_near(parts.p99_ms[PART_WORK], 6));
    comparison_fini(&c);
}

/* As in the table: the outline is not that of the few that completed. */
static void unfinished_requests_are_in_the_whole(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct result *r = timed_round(&c, 1, 1);
    r->latency = hist_of(2 * NS_PER_S, 27);
    r->wait = hist_of(7 * NS_PER_S, 300);
    r->work = hist_of(8 * NS_PER_S, 300);
    assert_false(plot_parts_of(&c.arms[0]).is_bound);
    r->unfinished = hist_of(10 * NS_PER_S, 300);
    struct plot_parts parts = plot_parts_of(&c.arms[0]);
    assert_true(parts.is_bound && is_near(parts.p50_ms[PART_ALL], 10000));
    hist_free(r->unfinished);
    r->unfinished = hist_of(NS_PER_S, 1); /* one as in any closed loop */
    assert_false(plot_parts_of(&c.arms[0]).is_bound);
    comparison_fini(&c);
}

static void a_job_takes_the_place_of_an_early_response(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct result *r = timed_round(&c, 1, 1);
    r->latency = hist_of(NS_PER_MS, 100);
    r->work = hist_of(5 * NS_PER_MS, 100);
    r->has_queue = true;
    struct plot_parts parts = plot_parts_of(&c.arms[0]);
    assert_true(parts.of_jobs && !plot_parts_are_known(&parts)); /* no job is done */
    r->job = hist_of(50 * NS_PER_MS, 100);
    parts = plot_parts_of(&c.arms[0]);
    assert_true(plot_parts_are_known(&parts) && is_near(parts.p50_ms[PART_ALL], 50));
    assert_true(isnan(parts.mean_ms[PART_WAIT]));
    comparison_fini(&c);
}

/* --- the generator --- */

static char *rows_of(const struct comparison *c,
                     void (*write)(const struct arm *arm, struct buf *out))
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    write(&c->arms[0], &out);
    char *taken = buf_take(&out);
    buf_fini(&out);
    return taken;
}

static void each_thread_of_each_round_has_a_row(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct result *r = timed_round(&c, 2, 1);
    r->client.threads = mem_array(2, sizeof *r->client.threads);
    r->client.nthreads = 2;
    r->client.threads[0] = (struct thread_cost){.cpu_s = 1, .run_wait_s = 0.5};
    r->client.threads[1] = (struct thread_cost){.cpu_s = 0.2, .run_wait_s = NAN};
    r->client.busiest_worker = 0.5;
    r = timed_round(&c, 1, 1);
    r->client.busiest_worker = 0.75; /* an older file */
    char *text = rows_of(&c, plot_generator);
    plot_expect_row(text, 0, "1\t1\t50\t25");
    plot_expect_row(text, 1, "1\t2\t10\tNaN");
    plot_expect_row(text, 2, "2\t1\t75\tNaN");
    assert_null(plot_row_of(text, 3));
    free(text);
    assert_true(plot_generator_busiest(&c.arms[0]) == 0.75);
    comparison_fini(&c);
}

static void only_an_open_loop_is_late(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct result *r = timed_round(&c, 1, 1);
    char *text = rows_of(&c, plot_late);
    assert_string_equal(text, "\tNaN\tNaN\tNaN\tNaN\tNaN\tNaN");
    free(text);
    r->slip = hist_of(2 * NS_PER_MS, 100);
    r->lag = hist_of(NS_PER_MS, 100);
    text = rows_of(&c, plot_late);
    char *at = text;
    for (size_t i = 0; i < 6; i++)
        assert_true(is_near(strtod(at, &at), i < 3 ? 2 : 1));
    free(text);
    comparison_fini(&c);
}

/* --- the drain --- */

static void expect_drain(const struct comparison *c, const char *want)
{
    char *text = rows_of(c, plot_drain);
    assert_string_equal(text, want);
    free(text);
}

static void the_drain_says_how_it_is_known(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    expect_drain(&c, "\tNaN\tNaN\tNaN\t\" \"");
    struct result *r = timed_round(&c, 10, 1);
    expect_drain(&c, "\t10\tNaN\tNaN\t\" \""); /* no queue */
    r->has_queue = true;
    r->queue.completed = 100;
    r->queue.completed_per_s = 10;
    r->queue.backlog_end = 200;
    r->queue.drain = DRAIN_PROJECTED;
    r->queue.drain_s = 20;
    expect_drain(&c, "\t10\t200\t20\t\"at this rate drains in about 20.0 s\"");
    r->queue.drain = DRAIN_CUT;
    r->queue.drain_s = 5;
    expect_drain(&c, "\t10\t200\tNaN\t\"not drained\"");
    r->queue.drain = DRAIN_MEASURED;
    expect_drain(&c, "\t10\t200\t5\t\"drained in 5.00 s\"");
    r->queue.backlog_end = 0;
    expect_drain(&c, "\t10\t0\t5\t\" \"");
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_of_all_rounds),
        cmocka_unit_test(unfinished_requests_are_in_the_whole),
        cmocka_unit_test(a_job_takes_the_place_of_an_early_response),
        cmocka_unit_test(each_thread_of_each_round_has_a_row),
        cmocka_unit_test(only_an_open_loop_is_late),
        cmocka_unit_test(the_drain_says_how_it_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
