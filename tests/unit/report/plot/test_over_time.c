/* over_time: percentiles, rates, the cost of the server and the jobs of a queue. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/plot/over_time.h"
#include "support/plot_rows.h"
#include "support/timed_arm.h"

static char *rows_of(const struct comparison *c, plot_over_time_fn write)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    write(&c->arms[0], &out);
    char *taken = buf_take(&out);
    buf_fini(&out);
    return taken;
}

static void expect_row(const struct comparison *c, plot_over_time_fn write, size_t nth,
                       const char *want)
{
    char *text = rows_of(c, write);
    plot_expect_row(text, nth, want);
    free(text);
}

static void rates_are_per_second_also_in_a_short_one(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    (void)timed_round(&c, 2, 0.5);
    expect_row(&c, plot_rate, 0, "0\t1\t10\t3\t2\t1");
    expect_row(&c, plot_rate, 1, "1\t1.5\t20\t6\t4\t2");
    expect_row(&c, plot_server, 0, "0\t1\t1\t1000000\t4\t20\t0.5\tNaN");
    expect_row(&c, plot_server, 1, "1\t1.5\t1\t2000000\t4\t40\t1\tNaN");
    comparison_fini(&c);
}

/* A stretch of 3 entries: what it used is a mean, what it held is the sample at its end. */
static void levels_are_those_at_the_end_of_a_stretch(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    (void)timed_round(&c, 1800, 1);
    expect_row(&c, plot_server, 0, "0\t3\t1\t3000000\t4\t20\t0.5\tNaN");
    expect_row(&c, plot_rate, 599, "1797\t1800\t10\t3\t2\t1");
    comparison_fini(&c);
}

static void rounds_are_averaged_and_a_longer_one_goes_on_alone(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct result *first = timed_round(&c, 1, 1);
    first->seconds[0].requests = 30;
    first->seconds[0].server_threads = MISSING;
    (void)timed_round(&c, 2, 1);
    expect_row(&c, plot_rate, 0, "0\t1\t20\t3\t2\t1");
    expect_row(&c, plot_rate, 1, "1\t2\t10\t3\t2\t1");
    expect_row(&c, plot_server, 0, "0\t1\t1\t1000000\t4\t20\t0.5\tNaN");
    comparison_fini(&c);
}

static void percentiles_come_from_the_latencies_of_all_rounds(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    (void)timed_latencies(&c, 1, 1);
    char *text = rows_of(&c, plot_percentiles);
    double p[6] = {0};
    char *at = text;
    for (size_t i = 0; i < 6; i++)
        p[i] = strtod(at, &at);
    assert_true(p[0] == 0 && p[1] == 1);
    assert_true(fabs(p[2] - 1) < 0.01 && fabs(p[3] - 1) < 0.01);
    assert_true(fabs(p[4] - 10) < 0.1 && fabs(p[5] - 100) < 1);
    free(text);
    comparison_fini(&c);
}

/* An older file: of several entries or rounds only the highest is known. */
static void without_latencies_they_are_what_the_series_has(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    (void)timed_round(&c, 2, 1);
    expect_row(&c, plot_percentiles, 0, "0\t1\t2\tNaN\t3\t4");
    c.arms[0].results[0].seconds[1].p50_ns = MISSING;
    c.arms[0].results[0].seconds[1].p99_ns = MISSING;
    c.arms[0].results[0].seconds[1].max_ns = MISSING;
    expect_row(&c, plot_percentiles, 1, "1\t2\tNaN\tNaN\tNaN\tNaN");
    (void)timed_round(&c, 2, 1);
    expect_row(&c, plot_percentiles, 1, "1\t2\tNaN\tNaN\tNaN\t5");
    comparison_fini(&c);
}

static void only_a_queue_has_jobs(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    struct result *r = timed_round(&c, 1, 1);
    r->seconds[0].queue_backlog = 7;
    r->seconds[0].jobs_completed = 2;
    assert_false(plot_over_time_is_known(&c.arms[0], plot_queue));
    r->has_queue = true;
    expect_row(&c, plot_queue, 0, "0\t1\t9\t2\t7");
    assert_true(plot_over_time_is_known(&c.arms[0], plot_queue));
    comparison_fini(&c);
}

static void an_arm_without_a_series_is_a_row_of_nan(void **state)
{
    (void)state;
    static const plot_over_time_fn all[] = {plot_percentiles, plot_rate, plot_server, plot_queue};
    struct comparison c = timed_arm("a");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char *text = rows_of(&c, all[i]);
        assert_int_equal(strspn(text, "NaN\t"), strlen(text) - 1);
        assert_null(plot_row_of(text, 1));
        assert_false(plot_over_time_is_known(&c.arms[0], all[i]));
        free(text);
    }
    comparison_fini(&c);
}

static void the_range_of_a_column(void **state)
{
    (void)state;
    struct comparison c = timed_arm("a");
    (void)timed_round(&c, 3, 1);
    struct plot_range memory = plot_range_of(&c.arms[0], plot_server, PLOT_MEMORY);
    assert_true(memory.low == 1e6 && memory.high == 3e6);
    assert_true(isnan(plot_range_of(&c.arms[0], plot_server, 7).low)); /* no backlog */
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rates_are_per_second_also_in_a_short_one),
        cmocka_unit_test(levels_are_those_at_the_end_of_a_stretch),
        cmocka_unit_test(rounds_are_averaged_and_a_longer_one_goes_on_alone),
        cmocka_unit_test(percentiles_come_from_the_latencies_of_all_rounds),
        cmocka_unit_test(without_latencies_they_are_what_the_series_has),
        cmocka_unit_test(only_a_queue_has_jobs),
        cmocka_unit_test(an_arm_without_a_series_is_a_row_of_nan),
        cmocka_unit_test(the_range_of_a_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
