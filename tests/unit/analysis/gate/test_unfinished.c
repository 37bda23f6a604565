/* Limits on latencies, when some requests or jobs were not done in time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/gate/gate.h"
#include "base/clock.h"
#include "support/gate_bed.h"

/* 900 replies of 1 ms, and 100 requests that got none. */
static void unfinished(struct result *r, int64_t age_ns)
{
    result_init(r);
    r->accounting.sent = 1000;
    r->accounting.completed = 900;
    r->latency = hist_new_latency();
    hist_record_n(r->latency, NS_PER_MS, 900);
    r->unfinished = hist_new_latency();
    hist_record_n(r->unfinished, age_ns, 100);
}

static void open_requests_count_at_their_age(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    unfinished(&r, NS_PER_S);
    r.accounting.in_flight_at_end = 100;
    gate_expect(&r, "p99>500ms", GATE_CROSSED); /* 1 ms of the completed alone */
    gate_expect(&r, "p90>500ms", GATE_PASSED);  /* the 900th is a completed one */
    gate_expect(&r, "p91>500ms", GATE_CROSSED);
    gate_expect_reason(&r, "p99>2s", GATE_UNFINISHED); /* so many may take any time */
    gate_expect(&r, "p90>2s", GATE_PASSED);
    gate_expect(&r, "max>500ms", GATE_CROSSED);
    gate_expect(&r, "mean>90ms", GATE_CROSSED);
    struct gate_outcome o = gate_judged("p99>500ms", &r);
    assert_true(o.measured.raised);
    assert_non_null(strstr(gate_explain(&o, why, sizeof why), "1.00 ms for completed ones only"));
    o = gate_judged("p50>500ms", &r);
    assert_false(o.measured.raised);
    assert_string_equal(gate_explain(&o, why, sizeof why), "");
    result_fini(&r);
}

static void given_up_ones_may_have_taken_any_time(void **state)
{
    (void)state;
    struct result r;
    unfinished(&r, NS_PER_S);
    r.accounting.timed_out = 100;
    gate_expect(&r, "p99>500ms", GATE_CROSSED);
    gate_expect_reason(&r, "p99>2s",
                       GATE_UNFINISHED); /* the time-out was shorter than the threshold */
    gate_expect_reason(&r, "p99<2s", GATE_UNFINISHED);
    gate_expect(&r, "p99<500ms", GATE_PASSED);
    gate_expect(&r, "p90>2s", GATE_PASSED);
    gate_expect_reason(&r, "max>2s", GATE_UNFINISHED);
    gate_expect_reason(&r, "mean>2s", GATE_UNFINISHED);
    gate_expect(&r, "max>500ms", GATE_CROSSED);
    result_fini(&r);
}

/* One is enough where only the highest value counts. */
static void one_given_up_decides_the_maximum_only(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.accounting.sent = 1001;
    r.accounting.completed = 1000;
    r.accounting.timed_out = 1;
    r.latency = gate_ramp(1000);
    r.unfinished = hist_new_latency();
    hist_record(r.unfinished, 2 * NS_PER_S);
    gate_expect(&r, "max>1s", GATE_CROSSED);
    gate_expect_reason(&r, "max>3s", GATE_UNFINISHED);
    gate_expect_reason(&r, "max>2h", GATE_UNFINISHED); /* no histogram holds that much */
    gate_expect(&r, "p99>3s", GATE_PASSED);
    result_fini(&r);
}

/* Time-outs are the oldest; a failure may have come at any age. */
static void only_those_given_up_are_unbounded(void **state)
{
    (void)state;
    struct result r;
    unfinished(&r, NS_PER_MS);
    hist_reset(r.unfinished);
    hist_record_n(r.unfinished, 2 * NS_PER_MS, 50);
    hist_record_n(r.unfinished, NS_PER_S, 50);
    r.accounting.in_flight_at_end = 50;
    r.accounting.timed_out = 50;
    gate_expect(&r, "p90>3ms", GATE_PASSED);
    gate_expect_reason(&r, "p94>3ms", GATE_UNFINISHED); /* open ones, of 2 ms: may take longer */
    gate_expect_reason(&r, "p96>2s", GATE_UNFINISHED);
    r.accounting.timed_out = 0;
    r.accounting.failed[LOSS_RESET] = 50;
    /* Any of them may be the failed ones; at worst those of 2 ms. */
    gate_expect(&r, "p94>3ms", GATE_UNKNOWN);
    gate_expect(&r, "p94>1s", GATE_UNKNOWN);
    gate_expect(&r, "p96>500ms", GATE_CROSSED);
    gate_expect(&r, "p90>2ms", GATE_PASSED);
    result_fini(&r);
}

static void nothing_completed_passes_no_latency_threshold(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    result_init(&r);
    r.accounting.sent = r.accounting.in_flight_at_end = 100;
    r.latency = hist_new_latency();
    r.unfinished = hist_new_latency();
    hist_record_n(r.unfinished, 9 * NS_PER_S, 100);
    gate_expect(&r, "p50>1s", GATE_CROSSED);
    gate_expect(&r, "max>1s", GATE_CROSSED);
    struct gate_outcome o = gate_judged("p50>1s", &r);
    assert_non_null(strstr(gate_explain(&o, why, sizeof why), "no requests completed"));
    gate_expect_reason(&r, "p50>10s", GATE_UNFINISHED);
    gate_expect_reason(&r, "max>10s", GATE_UNFINISHED);
    gate_expect_reason(&r, "mean<10s", GATE_UNFINISHED);
    gate_expect(&r, "mean<1s", GATE_PASSED);
    o = gate_judged("p50>10s", &r);
    assert_non_null(strstr(gate_explain(&o, why, sizeof why), "no requests completed"));
    result_fini(&r);
}

/* Half of the requests were sent a moment before the end. */
static void young_open_ones_do_not_make_a_run_look_better(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.accounting.sent = 2000;
    r.accounting.completed = r.accounting.in_flight_at_end = 1000;
    r.latency = gate_ramp(1000);
    r.unfinished = hist_new_latency();
    hist_record_n(r.unfinished, 1000, 1000);
    gate_expect(&r, "p50>450ms", GATE_CROSSED);
    gate_expect(&r, "mean>450ms", GATE_CROSSED);
    result_fini(&r);
}

/* The server's own histograms lack what never came back; a result of another program may lack it
 * too. */
static void samples_without_an_age_are_of_any_size(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.accounting.sent = 1100;
    r.accounting.completed = 1000;
    r.accounting.timed_out = 100;
    r.latency = gate_ramp(1000);
    r.wait = gate_ramp(1000);
    gate_expect_reason(&r, "wait.p95>1h", GATE_UNFINISHED);
    gate_expect_reason(&r, "wait.p99>1h", GATE_UNFINISHED);
    gate_expect(&r, "wait.p50>1h", GATE_PASSED);
    gate_expect(&r, "wait.p50>300ms", GATE_CROSSED);
    gate_expect_reason(&r, "wait.p50>500ms", GATE_UNFINISHED); /* 450 to 550 ms */
    gate_expect_reason(&r, "p99>1h", GATE_UNFINISHED);
    r.accounting.timed_out = 0;
    r.accounting.sent = 1000;
    gate_expect(&r, "wait.p99>1h", GATE_PASSED);
    result_fini(&r);
}

static void above_the_histogram_is_only_known_to_be_above(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.accounting.sent = r.accounting.completed = 100;
    r.latency = hist_new_latency();
    hist_record_n(r.latency, 5000 * NS_PER_S, 100); /* an hour is the most that it holds */
    gate_expect(&r, "p50>1m", GATE_CROSSED);
    gate_expect_reason(&r, "p50>2h", GATE_UNFINISHED);
    result_fini(&r);
}

static void jobs_that_are_not_done_leave_their_latency_open(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    gate_full_run(&r);
    gate_queue_up(&r);
    gate_expect(&r, "job.p99>1s", GATE_PASSED);
    r.queue.drain = DRAIN_PROJECTED;
    r.queue.drain_left = MISSING; /* now the 444 left at the end count, and may take any time */
    gate_expect_reason(&r, "job.p99>1s", GATE_UNFINISHED);
    gate_expect_reason(&r, "wait.p99>1s", GATE_UNFINISHED);
    struct gate_outcome o = gate_judged("job.p99>1s", &r);
    assert_non_null(
        strstr(gate_explain(&o, why, sizeof why), "too many jobs failed or were not done"));
    assert_non_null(strstr(why, "--drain wait"));
    gate_expect(&r, "job.p50>10ms", GATE_CROSSED);
    r.queue.backlog_end = 2;
    gate_expect(&r, "job.p50>1s", GATE_PASSED);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_requests_count_at_their_age),
        cmocka_unit_test(given_up_ones_may_have_taken_any_time),
        cmocka_unit_test(one_given_up_decides_the_maximum_only),
        cmocka_unit_test(only_those_given_up_are_unbounded),
        cmocka_unit_test(nothing_completed_passes_no_latency_threshold),
        cmocka_unit_test(young_open_ones_do_not_make_a_run_look_better),
        cmocka_unit_test(samples_without_an_age_are_of_any_size),
        cmocka_unit_test(above_the_histogram_is_only_known_to_be_above),
        cmocka_unit_test(jobs_that_are_not_done_leave_their_latency_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
