/* Runs that cannot tell whether a threshold is broken, and the reason that is given. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/gate/gate.h"
#include "base/clock.h"
#include "base/mem.h"
#include "support/gate_bed.h"

static void what_was_not_measured_cannot_be_judged(void **state)
{
    (void)state;
    static const struct {
        const char *threshold, *says;
    } cases[] = {
        {"p50>1ms", "requests"},
        {"max>1ms", "requests"},
        {"mean<1ms", "requests"},
        {"wait.p50>1ms", "--strategy"},
        {"work.max>1ms", "--strategy"},
        {"connect.max>1ms", "connections"},
        {"first_byte.mean>1s", "responses"},
        {"probe.p99>1ms", "probe"},
        {"probe_errors>0", "probe"},
        {"probe_errors>1%", "probe"},
        {"rps<1", "window"},
        {"throughput<1", "window"},
        {"errors>1%", "requests"},
        {"timeouts>1%", "requests"},
        {"non2xx>1%", "responses"},
        {"5xx>1%", "responses"},
        {"connect_failed>1%", "connect"},
        {"starved>0", "requests"},
        {"jain<1", "responses"},
        {"cpu_per_request>1us", "--cmd"},
        {"rss>1", "--cmd"},
        {"threads>1", "--cmd"},
        {"threads_started>1", "bundled"},
        {"switches_per_request>1", "--cmd"},
        {"run_wait>1s", "--cmd"},
        {"service.p99>1ms", "a rate"},
        {"slip.max>1ms", "a rate"},
        {"achieved<99%", "a rate"},
        {"achieved<1", "a rate"},
        {"late>1%", "a rate"},
        {"unsent>0", "a rate"},
    };
    struct result r;
    result_init(&r);
    for (size_t i = 0; i < LEN(cases); i++) {
        char why[320];
        struct gate_outcome o = gate_judged(cases[i].threshold, &r);
        gate_expect_reason(&r, cases[i].threshold, GATE_MISSING);
        assert_int_equal(o.verdict, GATE_UNKNOWN);
        if (strstr(gate_explain(&o, why, sizeof why), cases[i].says) == NULL)
            fail_msg("%s: no '%s' in: %s", cases[i].threshold, cases[i].says, why);
    }
    gate_expect(&r, "errors>0", GATE_PASSED); /* a count of nothing is 0, and known */
    result_fini(&r);
}

static void an_empty_histogram_is_not_measured(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.latency = hist_new_latency();
    r.unfinished = hist_new_latency();
    r.connect = hist_new_latency();
    r.accounting.connect_failed = 5;
    gate_expect_reason(&r, "p50>1ms", GATE_MISSING);
    gate_expect_reason(&r, "mean>1ms", GATE_MISSING);
    gate_expect_reason(&r, "connect.max>1ms", GATE_MISSING);
    result_fini(&r);
}

static void ten_samples_must_lie_beyond_a_percentile(void **state)
{
    (void)state;
    static const struct {
        const char *threshold;
        uint64_t needed;
    } cases[] = {
        {"p50>1h", 20},          {"p75>1h", 40},   {"p90>1h", 100},     {"p95>1h", 200},
        {"p97.5>1h", 400},       {"p99>1h", 1000}, {"p99.9>1h", 10000}, {"p99.99>1h", 100000},
        {"p99.999>1h", 1000000}, {"p10>1h", 100},  {"p1>1h", 1000},     {"wait.p99>1h", 1000},
        {"connect.p90>1h", 100},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        result_init(&r);
        struct hist **all[] = {&r.latency, &r.wait, &r.connect};
        for (size_t k = 0; k < LEN(all); k++) {
            *all[k] = hist_new_latency();
            hist_record_n(*all[k], NS_PER_MS, cases[i].needed - 1);
        }
        struct gate_outcome o = gate_judged(cases[i].threshold, &r);
        assert_int_equal(o.measured.needed, cases[i].needed);
        assert_int_equal(o.measured.samples, cases[i].needed - 1);
        gate_expect_reason(&r, cases[i].threshold, GATE_FEW);
        for (size_t k = 0; k < LEN(all); k++)
            hist_record(*all[k], NS_PER_MS);
        gate_expect(&r, cases[i].threshold, GATE_PASSED);
        result_fini(&r);
    }
}

static void too_few_can_neither_pass_nor_fail(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    result_init(&r);
    r.latency = gate_ramp(19);
    gate_expect_reason(&r, "p50>9ms", GATE_FEW);
    gate_expect_reason(&r, "p50>1h", GATE_FEW);
    gate_expect_reason(&r, "p50<1h", GATE_FEW);
    struct gate_outcome o = gate_judged("p50>9ms", &r);
    (void)gate_explain(&o, why, sizeof why);
    assert_non_null(strstr(why, "too few samples"));
    assert_non_null(strstr(why, "needs 20 requests"));
    assert_non_null(strstr(why, "has 19"));
    /* These need no minimum of samples. */
    gate_expect(&r, "max>1ms", GATE_CROSSED);
    gate_expect(&r, "mean>1h", GATE_PASSED);
    result_fini(&r);
}

static void ended_threads_make_a_lower_bound(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    gate_full_run(&r);
    r.server.total.live_threads_only = true;
    gate_expect(&r, "switches_per_request>9", GATE_CROSSED);
    gate_expect_reason(&r, "switches_per_request>10", GATE_ENDED_THREADS);
    gate_expect(&r, "run_wait<1s", GATE_PASSED);
    gate_expect_reason(&r, "run_wait>2s", GATE_ENDED_THREADS);
    gate_expect(&r, "threads>12", GATE_PASSED);
    struct gate_outcome o = gate_judged("run_wait>2s", &r);
    assert_non_null(strstr(gate_explain(&o, why, sizeof why), "at least 1.50 s"));
    r.server.total.run_wait_s = NAN;
    gate_expect_reason(&r, "run_wait>2s", GATE_MISSING);
    result_fini(&r);
}

static void figures_of_a_hostile_file_do_no_harm(void **state)
{
    (void)state;
    struct result r;
    char text[320];
    gate_full_run(&r);
    r.server.total.run_wait_s = 1e300;
    r.server.total.cpu_per_request_us = 1e300;
    r.duration_s = 1e-300;
    static const char *const limits[] = {"run_wait>1s", "cpu_per_request>1s", "rps>1",
                                         "throughput>1"};
    for (size_t i = 0; i < LEN(limits); i++) {
        struct gate_outcome o = gate_judged(limits[i], &r);
        assert_int_equal(o.verdict, GATE_CROSSED);
        (void)metric_format(o.measured.low, o.threshold->unit, text, sizeof text);
        (void)metric_format_exact(o.measured.low, o.threshold->unit, 9, text, sizeof text);
        (void)gate_explain(&o, text, sizeof text);
    }
    result_fini(&r);
}

/* A p50 of 185 ms breaks a p99 of 50 ms, but a single request may be the slow one of a hundred. */
static void few_samples_are_enough_when_nearly_all_are_beyond(void **state)
{
    (void)state;
    static const struct {
        uint64_t fast, slow; /* requests of 1 ms and of 185 ms */
        const char *threshold;
        enum gate_verdict want;
    } cases[] = {
        {0, 1, "p99>50ms", GATE_UNKNOWN},     {0, 2, "p99>50ms", GATE_CROSSED},
        {0, 2, "p99>=50ms", GATE_CROSSED},    {1, 1, "p99>50ms", GATE_UNKNOWN},
        {50, 50, "p99>50ms", GATE_CROSSED},   {297, 3, "p99>50ms", GATE_UNKNOWN},
        {0, 300, "p99>1s", GATE_UNKNOWN},     {0, 300, "p99<50ms", GATE_UNKNOWN},
        {0, 9, "p50>50ms", GATE_UNKNOWN},     {0, 10, "p50>50ms", GATE_CROSSED},
        {0, 3, "p1>50ms", GATE_UNKNOWN},      {0, 700, "p1>50ms", GATE_CROSSED},
        {0, 2, "p99.999>50ms", GATE_CROSSED},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        char why[320];
        result_init(&r);
        r.latency = hist_new_latency();
        hist_record_n(r.latency, NS_PER_MS, cases[i].fast);
        hist_record_n(r.latency, 185 * NS_PER_MS, cases[i].slow);
        gate_expect(&r, cases[i].threshold, cases[i].want);
        struct gate_outcome o = gate_judged(cases[i].threshold, &r);
        (void)gate_explain(&o, why, sizeof why);
        assert_int_equal(strstr(why, "so many of them are above") != NULL,
                         cases[i].want == GATE_CROSSED);
        result_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_not_measured_cannot_be_judged),
        cmocka_unit_test(an_empty_histogram_is_not_measured),
        cmocka_unit_test(ten_samples_must_lie_beyond_a_percentile),
        cmocka_unit_test(too_few_can_neither_pass_nor_fail),
        cmocka_unit_test(few_samples_are_enough_when_nearly_all_are_beyond),
        cmocka_unit_test(ended_threads_make_a_lower_bound),
        cmocka_unit_test(figures_of_a_hostile_file_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
