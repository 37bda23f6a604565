#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/gate/sheet.h"
#include "base/clock.h"
#include "base/mem.h"
#include "support/gate_bed.h"

static const struct gate_policy judged = {.partial = GATE_PARTIAL_JUDGED, .allow_errors = true};
static const struct gate_policy refused_policy = {.allow_errors = true};

static void an_invalid_run_cannot_be_judged(void **state)
{
    (void)state;
    struct result r;
    gate_full_run(&r);
    r.valid = false;
    gate_expect_reason(&r, "p50>1ms", GATE_INVALID);
    gate_expect_reason(&r, "errors>0", GATE_INVALID);
    r.interrupted = true;
    struct gate_threshold threshold = gate_threshold_of("p50>1ms");
    struct gate_outcome o = gate_judge(&threshold, &r, &judged);
    assert_int_equal(o.reason, GATE_INVALID);
    result_fini(&r);
}

static void an_interrupted_run_is_judged_when_asked(void **state)
{
    (void)state;
    struct result r;
    gate_full_run(&r);
    r.interrupted = true;
    struct gate_threshold threshold = gate_threshold_of("p50>1ms");
    struct gate_outcome refused = gate_judge(&threshold, &r, &refused_policy);
    struct gate_outcome taken = gate_judge(&threshold, &r, &judged);
    assert_int_equal(refused.verdict, GATE_UNKNOWN);
    assert_int_equal(refused.reason, GATE_INTERRUPTED);
    assert_int_equal(taken.verdict, GATE_CROSSED);
    result_fini(&r);
}

static void a_saturated_generator_knows_no_rate_and_no_latency(void **state)
{
    (void)state;
    struct result r;
    gate_full_run(&r);
    r.client.saturated = true;
    gate_expect_reason(&r, "rps<1000", GATE_SATURATED);
    gate_expect_reason(&r, "rps<1", GATE_SATURATED);
    gate_expect_reason(&r, "throughput>1", GATE_SATURATED);
    gate_expect_reason(&r, "completed<1M", GATE_SATURATED);
    gate_expect(&r, "completed<100%", GATE_PASSED); /* a share of those sent, not a rate */
    gate_expect_reason(&r, "p50>1ms", GATE_SATURATED);
    gate_expect_reason(&r, "max>10s", GATE_SATURATED);
    gate_expect_reason(&r, "mean<1ms", GATE_SATURATED);
    gate_expect_reason(&r, "first_byte.p50>1ms", GATE_SATURATED);
    gate_expect_reason(&r, "service.p50>1ms", GATE_SATURATED);
    gate_expect_reason(&r, "connect.p50>1ms", GATE_SATURATED);
    /* By the server's clock, by other threads, or of bench itself. */
    gate_expect(&r, "wait.p50>1ms", GATE_CROSSED);
    gate_expect(&r, "work.p50>10s", GATE_PASSED);
    gate_expect(&r, "probe.p50>1ms", GATE_CROSSED);
    gate_expect(&r, "slip.p50>1ms", GATE_CROSSED);
    gate_expect(&r, "errors>0", GATE_PASSED);
    gate_expect(&r, "saturated>0", GATE_CROSSED);
    result_fini(&r);
}

static void a_late_generator_knows_no_latency(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    gate_full_run(&r);
    r.client.late = true;
    gate_expect_reason(&r, "p50>1ms", GATE_LATE);
    gate_expect_reason(&r, "p99>10s", GATE_LATE);
    gate_expect_reason(&r, "first_byte.max>10s", GATE_LATE);
    gate_expect_reason(&r, "service.p99<1ms", GATE_LATE);
    gate_expect_reason(&r, "connect.mean>1ms", GATE_LATE);
    struct gate_outcome o = gate_judged("p99>10s", &r);
    assert_int_equal(o.verdict, GATE_UNKNOWN);
    assert_non_null(strstr(gate_explain(&o, why, sizeof why), "over 1% of the requests late"));
    gate_expect(&r, "rps<1", GATE_PASSED);
    gate_expect(&r, "errors>0", GATE_PASSED);
    gate_expect(&r, "wait.p50>1ms", GATE_CROSSED);
    gate_expect(&r, "probe.p50>1ms", GATE_CROSSED);
    gate_expect(&r, "slip.p50>1ms", GATE_CROSSED);
    gate_expect(&r, "late>1%", GATE_CROSSED);
    gate_expect(&r, "achieved<99%", GATE_PASSED);
    r.client.saturated = true; /* the cause comes first */
    gate_expect_reason(&r, "p50>1ms", GATE_SATURATED);
    r.valid = false;
    gate_expect_reason(&r, "p50>1ms", GATE_INVALID);
    result_fini(&r);
}

/* They have waited at least as long as they are old. */
static void what_was_never_sent_counts_in_the_latency(void **state)
{
    (void)state;
    struct result r;
    gate_full_run(&r);
    gate_expect(&r, "p99>991ms", GATE_PASSED);
    r.accounting.due = 1250;
    r.accounting.unsent = 250;
    r.unsent = hist_new_latency();
    hist_record_n(r.unsent, 2 * NS_PER_S, 250);
    r.unfinished = hist_copy(r.unsent);
    gate_expect(&r, "p99>991ms", GATE_CROSSED);
    gate_expect_reason(&r, "p99>2100ms", GATE_UNFINISHED); /* a fifth of them, of any size */
    gate_expect(&r, "slip.p99>1900ms", GATE_CROSSED);
    gate_expect(&r, "service.p99>991ms", GATE_PASSED); /* none of them has one */
    result_fini(&r);
}

static void cpu_of_few_ticks_decides_only_what_is_far_from_it(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    gate_full_run(&r); /* 1000 requests of 250 us */
    gate_expect(&r, "cpu_per_request>240us", GATE_CROSSED);
    gate_expect(&r, "cpu_per_request>260us", GATE_PASSED);
    r.server.total.cpu_per_request_us = 50;
    r.server.total.cpu_user_s = 0.03;
    r.server.total.cpu_system_s = 0.02;
    gate_expect(&r, "cpu_per_request>29us", GATE_CROSSED);
    gate_expect_reason(&r, "cpu_per_request>31us", GATE_FEW);
    struct gate_outcome o = gate_judged("cpu_per_request>31us", &r);
    assert_non_null(strstr(gate_explain(&o, why, sizeof why), "ticks of 10 ms"));
    gate_expect_reason(&r, "cpu_per_request>69us", GATE_FEW);
    gate_expect_reason(&r, "cpu_per_request<69us", GATE_FEW);
    gate_expect(&r, "cpu_per_request>71us", GATE_PASSED);
    gate_expect(&r, "cpu_per_request<71us", GATE_CROSSED);
    r.server.total.cpu_per_request_us = 0;
    r.server.total.cpu_user_s = r.server.total.cpu_system_s = 0;
    gate_expect_reason(&r, "cpu_per_request>1us", GATE_FEW);
    gate_expect(&r, "cpu_per_request>21us", GATE_PASSED);
    result_fini(&r);
}

static void a_drain_without_end_crosses_every_threshold(void **state)
{
    (void)state;
    struct result r;
    char text[40];
    gate_full_run(&r);
    gate_expect_reason(&r, "drain_time>1h", GATE_MISSING);
    gate_expect_reason(&r, "backlog>5", GATE_MISSING);
    gate_queue_up(&r);
    r.queue.drain = DRAIN_PROJECTED;
    r.queue.drain_s = NAN;
    gate_expect(&r, "drain_time>1h", GATE_CROSSED);
    struct gate_outcome o = gate_judged("drain_time>1h", &r);
    assert_string_equal(metric_format(o.measured.low, METRIC_TIME, text, sizeof text), "never");
    r.queue.drain = DRAIN_CUT; /* how long it would have taken is not known */
    r.queue.drain_s = 7200;
    gate_expect_reason(&r, "drain_time>1h", GATE_MISSING);
    result_fini(&r);
}

static void what_is_left_is_judged_after_the_drain(void **state)
{
    (void)state;
    struct result r;
    gate_full_run(&r);
    gate_expect_reason(&r, "backlog_left>0", GATE_MISSING);
    gate_queue_up(&r);
    gate_expect(&r, "backlog>0", GATE_CROSSED); /* counted at the end of the load */
    gate_expect(&r, "backlog_left>0", GATE_PASSED);
    r.queue.drain = DRAIN_CUT;
    r.queue.drain_left = 7;
    gate_expect(&r, "backlog_left>6", GATE_CROSSED);
    gate_expect(&r, "backlog_left>7", GATE_PASSED);
    r.queue.drain = DRAIN_PROJECTED; /* no wait: the 444 that the load left */
    r.queue.drain_left = MISSING;
    gate_expect(&r, "backlog_left>=444", GATE_CROSSED);
    gate_expect(&r, "backlog_left>444", GATE_PASSED);
    result_fini(&r);
}

static void the_worst_verdict_is_the_sheets(void **state)
{
    (void)state;
    static const struct gate_threshold fails = {.level = GATE_FAIL};
    static const struct gate_threshold warns = {.level = GATE_WARN};
    const struct gate_outcome passed = {.threshold = &fails};
    const struct gate_outcome crossed = {.threshold = &fails, .verdict = GATE_CROSSED};
    const struct gate_outcome warned = {.threshold = &warns, .verdict = GATE_CROSSED};
    const struct gate_outcome few = {
        .threshold = &fails, .verdict = GATE_UNKNOWN, .reason = GATE_FEW};
    const struct gate_outcome warn_few = {
        .threshold = &warns, .verdict = GATE_UNKNOWN, .reason = GATE_FEW};
    const struct gate_outcome warn_invalid = {
        .threshold = &warns, .verdict = GATE_UNKNOWN, .reason = GATE_INVALID};
    const struct gate_outcome warn_cut = {
        .threshold = &warns, .verdict = GATE_UNKNOWN, .reason = GATE_INTERRUPTED};
    const struct {
        const struct gate_outcome *outcomes[4];
        int exit_code;
        struct gate_counts counts;
    } cases[] = {
        {{&passed}, 0, {.passed = 1}},
        {{&passed, &crossed}, 1, {.passed = 1, .failed = 1}},
        {{&warned, &passed}, 0, {.passed = 1, .warned = 1}},
        {{&passed, &few}, 5, {.passed = 1, .unknown = 1}},
        {{&few, &crossed, &few}, 1, {.failed = 1, .unknown = 2}},
        {{&warn_few, &passed}, 0, {.passed = 1, .unknown = 1}},
        {{&warn_invalid}, 5, {.unknown = 1}},
        {{&warn_cut, &warned}, 5, {.warned = 1, .unknown = 1}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_sheet sheet = {0};
        for (size_t k = 0; k < LEN(cases[i].outcomes) && cases[i].outcomes[k] != NULL; k++)
            gate_sheet_add(&sheet, cases[i].outcomes[k]);
        struct gate_counts counts = gate_sheet_count(&sheet);
        assert_int_equal(err_exit_code(gate_sheet_kind(&sheet)), cases[i].exit_code);
        assert_memory_equal(&counts, &cases[i].counts, sizeof counts);
        gate_sheet_fini(&sheet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invalid_run_cannot_be_judged),
        cmocka_unit_test(an_interrupted_run_is_judged_when_asked),
        cmocka_unit_test(a_saturated_generator_knows_no_rate_and_no_latency),
        cmocka_unit_test(a_late_generator_knows_no_latency),
        cmocka_unit_test(what_was_never_sent_counts_in_the_latency),
        cmocka_unit_test(cpu_of_few_ticks_decides_only_what_is_far_from_it),
        cmocka_unit_test(a_drain_without_end_crosses_every_threshold),
        cmocka_unit_test(what_is_left_is_judged_after_the_drain),
        cmocka_unit_test(the_worst_verdict_is_the_sheets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
