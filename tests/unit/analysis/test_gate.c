#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/gate/gate.h"
#include "base/clock.h"
#include "base/mem.h"

/* `count` values of 1, 2, 3 ... ms, so that the k-th smallest is k ms. */
static struct hist *ramp(uint64_t count)
{
    struct hist *h = hist_new_latency();
    for (uint64_t k = 1; k <= count; k++)
        hist_record(h, (int64_t)k * NS_PER_MS);
    return h;
}

/* A run of 10 s with 1000 replies and a server, in which every figure has a value of its own. */
static void full(struct result *r)
{
    struct accounting *a = &r->accounting;
    result_init(r);
    r->duration_s = 10;
    r->connections = 50;
    *a = (struct accounting){.sent = 1000, .completed = 1000, .oldest_in_flight_ns = MISSING};
    a->statuses[200] = 930;
    a->statuses[404] = 50;
    a->statuses[500] = 20;
    a->non_2xx = 70;
    a->mismatches = 3;
    a->bytes_received = 2000000;
    a->connected = 50;
    r->latency = ramp(1000);
    r->wait = ramp(1000);
    r->work = ramp(1000);
    r->first_byte = ramp(1000);
    r->connect = ramp(1000);
    r->has_server = true;
    r->server.total.cpu_per_request_us = 250;
    r->server.total.rss_peak_bytes = 64 << 20;
    r->server.total.threads_peak = 12;
    r->server.total.threads_started = 800;
    r->server.total.switches_voluntary = 9000;
    r->server.total.switches_involuntary = 500;
    r->server.total.run_wait_s = 1.5;
    r->fairness = (struct fairness){.starved = 5, .jain = 0.75};
    r->has_probe = true;
    r->probe = ramp(1000);
    r->probe_counts.due = 1010;
    r->probe_counts.completed = 1000;
    r->probe_counts.timed_out = 4;
    r->probe_counts.failed = 6;
    r->probe_unfinished = hist_new_latency();
    hist_record_n(r->probe_unfinished, NS_PER_MS, 10);
}

static struct gate_threshold threshold_of(const char *text)
{
    struct gate_threshold threshold;
    struct err err;
    if (gate_parse(text, GATE_FAIL, &threshold, &err) < 0)
        fail_msg("%s: %s", text, err.text);
    return threshold;
}

static struct gate_outcome judged(const char *text, const struct result *r)
{
    static struct gate_threshold threshold; /* outlives the outcome */
    threshold = threshold_of(text);
    return gate_judge(&threshold, r, GATE_PARTIAL_REFUSED);
}

static void expect(const struct result *r, const char *text, enum gate_verdict want)
{
    struct gate_outcome o = judged(text, r);
    if (o.verdict != want)
        fail_msg("%s: verdict %d instead of %d, reason '%s', measured %g to %g", text, o.verdict,
                 want, gate_reason_codes[o.reason], o.measured.low, o.measured.high);
}

static void expect_reason(const struct result *r, const char *text, enum gate_reason want)
{
    struct gate_outcome o = judged(text, r);
    if (o.reason != want)
        fail_msg("%s: '%s' instead of '%s', measured %g to %g", text, gate_reason_codes[o.reason],
                 gate_reason_codes[want], o.measured.low, o.measured.high);
}

/* --- thresholds from text --- */

static void thresholds_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *metric;
        double value;
        enum gate_op op;
        enum metric_unit unit;
    } cases[] = {
        {"p99>250ms", "p99", 250e6, GATE_ABOVE, METRIC_TIME},
        {"p99>=250ms", "p99", 250e6, GATE_AT_LEAST, METRIC_TIME},
        {"p99<20us", "p99", 20e3, GATE_BELOW, METRIC_TIME},
        {"p99<=1.5s", "p99", 1.5e9, GATE_AT_MOST, METRIC_TIME},
        {" \tp97.5 \n>=\n 1h ", "p97.5", 3600e9, GATE_AT_LEAST, METRIC_TIME},
        {"latency.p99>1ms", "latency.p99", 1e6, GATE_ABOVE, METRIC_TIME},
        {"wait.max>1ms", "wait.max", 1e6, GATE_ABOVE, METRIC_TIME},
        {"errors>0", "errors", 0, GATE_ABOVE, METRIC_COUNT},
        {"errors>2k", "errors", 2000, GATE_ABOVE, METRIC_COUNT},
        {"errors>1%", "errors", 0.01, GATE_ABOVE, METRIC_SHARE},
        {"errors>0.7%", "errors", 7.0 / 1000, GATE_ABOVE, METRIC_SHARE},
        {"5xx>=100%", "5xx", 1, GATE_AT_LEAST, METRIC_SHARE},
        {"rps<1000", "rps", 1000, GATE_BELOW, METRIC_NUMBER},
        {"rps<1.1k", "rps", 1100, GATE_BELOW, METRIC_NUMBER},
        {"rps<0.5", "rps", 0.5, GATE_BELOW, METRIC_NUMBER},
        {"rss>64MiB", "rss", 64 << 20, GATE_ABOVE, METRIC_SIZE},
        {"throughput<1MB", "throughput", 1e6, GATE_BELOW, METRIC_SIZE},
        {"saturated>0", "saturated", 0, GATE_ABOVE, METRIC_COUNT},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_threshold threshold = threshold_of(cases[i].text);
        assert_string_equal(threshold.metric.name, cases[i].metric);
        assert_int_equal(threshold.op, cases[i].op);
        assert_int_equal(threshold.unit, cases[i].unit);
        if (threshold.value != cases[i].value)
            fail_msg("%s: %.17g", cases[i].text, threshold.value);
    }
}

static void what_is_no_threshold_is_refused_with_a_hint(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "p99>250ms"},
        {"p99", "METRIC"},
        {"p99=250ms", "METRIC"},
        {"p99>", "no value"},
        {"p99>250", "250ms"},
        {"p99>0", "no unit"},
        {"p99>ms", "not a time"},
        {"p99>-5ms", "not a time"},
        {"p99>>5ms", "not a time"},
        {"p99>5ms>6ms", "not a time"},
        {"p99=>5ms", "unknown metric 'p99='"},
        {">5ms", "unknown metric ''"},
        {"p0>5ms", "unknown metric"},
        {"p100>5ms", "unknown metric"},
        {"p>5ms", "unknown metric"},
        {"p9x>5ms", "unknown metric"},
        {"p9.9.9>5ms", "unknown metric"},
        {"wait.>5ms", "unknown metric"},
        {"wait.rps>5", "unknown metric"},
        {"unfinished.p99>5ms", "unknown metric"},
        {"pp99>5ms", "did you mean 'p99'?"},
        {"eror>0", "did you mean 'errors'?"},
        {"wiat.p99>1s", "did you mean 'wait.p99'?"},
        {"zzzzzzzzzz>0", "probe_errors"}, /* the list, to its end */
        {"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz>0", "probe_errors"},
        {"errors>0.5", "whole"},
        {"errors>many", "not a count"},
        {"errors>%", "not a percentage"},
        {"errors>1%%", "not a percentage"},
        {"errors>101%", "not a percentage"},
        {"errors>1e1%", "not a percentage"},
        {"rps<fast", "not a number"},
        {"rps<1.2.3", "not a number"},
        {"rps<-1", "not a number"},
        {"rps<nan", "not a number"},
        {"rss>1parsec", "not a size"},
        {"p50>+10%", "baseline"},
        {"rps<-10%", "baseline"},
        {"errors>+1%", "baseline"},
        {"p50>10%", "baseline"},
        {"p99>1111111111111111111111111111111111111111111111s", "too long"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct gate_threshold threshold;
        struct err err = {0};
        if (gate_parse(cases[i].text, GATE_FAIL, &threshold, &err) == 0)
            fail_msg("'%s' was taken", cases[i].text);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].says) == NULL)
            fail_msg("'%s': no '%s' in: %s", cases[i].text, cases[i].says, err.text);
    }
}

/* --- figures --- */

/* Each metric at its value in the full run, just below and just above. */
static const struct {
    const char *metric, *below, *value, *above;
} figures[] = {
    {"p50", "499ms", NULL, "501ms"},
    {"p90", "899ms", NULL, "902ms"},
    {"p97.5", "974ms", NULL, "977ms"},
    {"p99", "989ms", NULL, "992ms"},
    {"max", "999ms", NULL, "1002ms"},
    {"mean", "499ms", NULL, "502ms"},
    {"latency.p50", "499ms", NULL, "501ms"},
    {"wait.p99", "989ms", NULL, "992ms"},
    {"work.max", "999ms", NULL, "1002ms"},
    {"first_byte.mean", "499ms", NULL, "502ms"},
    {"connect.p90", "899ms", NULL, "902ms"},
    {"probe.p50", "499ms", NULL, "506ms"}, /* ten were lost */
    {"rps", "99.9", "100", "100.1"},
    {"throughput", "199999", "200000", "200001"},
    {"completed", "999", "1000", "1001"},
    {"errors", "36", "37", "38"},
    {"errors", "3.6%", "3.7%", "3.8%"},
    {"timeouts", "9", "10", "11"},
    {"timeouts", "0.9%", "1%", "1.1%"},
    {"failed", "6", "7", "8"},
    {"failed", "0.6%", "0.7%", "0.8%"},
    {"connect_failed", "19", "20", "21"},
    {"connect_failed", "24%", "25%", "26%"},
    {"in_flight", "2", "3", "4"},
    {"in_flight", "0.2%", "0.3%", "0.4%"},
    {"non2xx", "69", "70", "71"},
    {"non2xx", "6.9%", "7%", "7.1%"},
    {"4xx", "49", "50", "51"},
    {"5xx", "1.9%", "2%", "2.1%"},
    {"mismatches", "2", "3", "4"},
    {"starved", "4", "5", "6"},
    {"starved", "9%", "10%", "11%"},
    {"jain", "0.74", "0.75", "0.76"},
    {"cpu_per_request", "249us", "250us", "251us"},
    {"rss", "63MiB", "64MiB", "65MiB"},
    {"threads", "11", "12", "13"},
    {"threads_started", "799", "800", "801"},
    {"switches_per_request", "9.4", "9.5", "9.6"},
    {"run_wait", "1.4s", "1.5s", "1.6s"},
    {"saturated", NULL, "0", "1"},
    {"probe_errors", "9", "10", "11"},
    {"accepted", "899", "900", "901"},
    {"accepted", "80%", "90%", "91%"},
    {"jobs", "449", "450", "451"},
    {"jobs", "49%", "50%", "51%"},
    {"jobs_per_second", "44", "45", "46"},
    {"jobs_failed", "5", "6", "7"},
    {"backlog", "443", "444", "445"},
    {"backlog_left", NULL, "0", "1"},
    {"drain_time", "9s", "9.5s", "10s"},
    {"job.p50", "499ms", NULL, "501ms"},
};

static void queue_up(struct result *r)
{
    r->has_queue = true;
    r->job = ramp(1000);
    r->queue.accepted = 900;
    r->queue.completed = 450;
    r->queue.failed = 6;
    r->queue.backlog_start = 0;
    r->queue.backlog_end = 444;
    r->queue.completed_per_s = 45;
    r->queue.drain = DRAIN_MEASURED;
    r->queue.drain_s = 9.5;
    r->queue.drain_left = 0;
}

static bool is_of_queue(const char *metric)
{
    return strncmp(metric, "job", 3) == 0 || strcmp(metric, "accepted") == 0 ||
           strncmp(metric, "backlog", 7) == 0 || strcmp(metric, "drain_time") == 0;
}

/* The counts of the table that a run without losses has not; everything else stays as it was. */
static void spoil(struct result *r, const char *metric)
{
    struct accounting *a = &r->accounting;
    if (strcmp(metric, "errors") == 0) {
        a->timed_out = 10;
        a->failed[LOSS_RESET] = 4;
        a->failed[LOSS_EOF] = 3;
        a->connect_failed = 20;
        a->sent = 980; /* with connect_failed 1000 attempts */
    }
    if (is_of_queue(metric))
        queue_up(r);
    if (strcmp(metric, "job.p50") == 0)
        r->queue.failed = 0; /* as long as they took is not known */
    if (strcmp(metric, "timeouts") == 0)
        a->timed_out = 10;
    if (strcmp(metric, "failed") == 0)
        a->failed[LOSS_PARSE] = 7;
    if (strcmp(metric, "in_flight") == 0)
        a->in_flight_at_end = 3;
    if (strcmp(metric, "connect_failed") == 0) {
        a->connected = 60;
        a->connect_failed = 20;
    }
}

static void expect_op(const struct result *r, const char *metric, const char *op, const char *value,
                      enum gate_verdict want)
{
    char text[80];
    if (value == NULL)
        return;
    (void)snprintf(text, sizeof text, "%s%s%s", metric, op, value);
    expect(r, text, want);
}

static void every_metric_is_judged_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(figures); i++) {
        const char *m = figures[i].metric;
        struct result r;
        full(&r);
        spoil(&r, m);
        expect_op(&r, m, ">", figures[i].below, GATE_CROSSED);
        expect_op(&r, m, ">=", figures[i].below, GATE_CROSSED);
        expect_op(&r, m, "<", figures[i].below, GATE_PASSED);
        expect_op(&r, m, "<=", figures[i].below, GATE_PASSED);
        expect_op(&r, m, ">", figures[i].value, GATE_PASSED);
        expect_op(&r, m, ">=", figures[i].value, GATE_CROSSED);
        expect_op(&r, m, "<", figures[i].value, GATE_PASSED);
        expect_op(&r, m, "<=", figures[i].value, GATE_CROSSED);
        expect_op(&r, m, ">", figures[i].above, GATE_PASSED);
        expect_op(&r, m, ">=", figures[i].above, GATE_PASSED);
        expect_op(&r, m, "<", figures[i].above, GATE_CROSSED);
        expect_op(&r, m, "<=", figures[i].above, GATE_CROSSED);
        result_fini(&r);
    }
}

static bool is_tested(const char *name)
{
    for (size_t i = 0; i < LEN(figures); i++) {
        size_t len = strlen(name);
        const char *tested = figures[i].metric;
        if (strncmp(tested, name, len) == 0 && (tested[len] == '\0' || tested[len] == '.'))
            return true;
    }
    return false;
}

static void every_row_has_its_line_in_the_table_above(void **state)
{
    (void)state;
    for (const struct metric_row *row = metric_rows; row->name != NULL; row++) {
        if (!is_tested(row->name))
            fail_msg("%s has no test", row->name);
    }
    for (const struct metric_hist *h = metric_hists; h->name != NULL; h++) {
        if (!is_tested(h->name))
            fail_msg("%s has no test", h->name);
    }
}

/* 7 of 1000 is 0.7 %, whatever doubles make of either. */
static void a_share_on_its_threshold_is_exactly_on_it(void **state)
{
    (void)state;
    for (int64_t n = 1; n <= 1000; n++) {
        struct result r;
        char text[40];
        result_init(&r);
        r.accounting.sent = 1000;
        r.accounting.timed_out = n;
        (void)snprintf(text, sizeof text, "timeouts>%d.%d%%", (int)(n / 10), (int)(n % 10));
        expect(&r, text, GATE_PASSED);
        (void)snprintf(text, sizeof text, "timeouts<%d.%d%%", (int)(n / 10), (int)(n % 10));
        expect(&r, text, GATE_PASSED);
        result_fini(&r);
    }
}

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
    };
    struct result r;
    result_init(&r);
    for (size_t i = 0; i < LEN(cases); i++) {
        char why[320];
        struct gate_outcome o = judged(cases[i].threshold, &r);
        expect_reason(&r, cases[i].threshold, GATE_MISSING);
        assert_int_equal(o.verdict, GATE_UNKNOWN);
        if (strstr(gate_explain(&o, why, sizeof why), cases[i].says) == NULL)
            fail_msg("%s: no '%s' in: %s", cases[i].threshold, cases[i].says, why);
    }
    expect(&r, "errors>0", GATE_PASSED); /* a count of nothing is 0, and known */
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
    expect_reason(&r, "p50>1ms", GATE_MISSING);
    expect_reason(&r, "mean>1ms", GATE_MISSING);
    expect_reason(&r, "connect.max>1ms", GATE_MISSING);
    result_fini(&r);
}

/* --- too few --- */

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
        struct gate_outcome o = judged(cases[i].threshold, &r);
        assert_int_equal(o.measured.needed, cases[i].needed);
        assert_int_equal(o.measured.samples, cases[i].needed - 1);
        expect_reason(&r, cases[i].threshold, GATE_FEW);
        for (size_t k = 0; k < LEN(all); k++)
            hist_record(*all[k], NS_PER_MS);
        expect(&r, cases[i].threshold, GATE_PASSED);
        result_fini(&r);
    }
}

static void too_few_can_neither_pass_nor_fail(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    result_init(&r);
    r.latency = ramp(19);
    expect_reason(&r, "p50>1ms", GATE_FEW);
    expect_reason(&r, "p50>1h", GATE_FEW);
    expect_reason(&r, "p50<1h", GATE_FEW);
    struct gate_outcome o = judged("p50>1ms", &r);
    (void)gate_explain(&o, why, sizeof why);
    assert_non_null(strstr(why, "too few samples"));
    assert_non_null(strstr(why, "needs 20 requests"));
    assert_non_null(strstr(why, "has 19"));
    /* These are of what there was. */
    expect(&r, "max>1ms", GATE_CROSSED);
    expect(&r, "mean>1h", GATE_PASSED);
    result_fini(&r);
}

/* --- unfinished --- */

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
    expect(&r, "p99>500ms", GATE_CROSSED); /* 1 ms of the completed alone */
    expect(&r, "p90>500ms", GATE_PASSED);  /* the 900th is a completed one */
    expect(&r, "p91>500ms", GATE_CROSSED);
    expect(&r, "p99>2s", GATE_PASSED); /* its age is all that is known of an open one */
    expect(&r, "max>500ms", GATE_CROSSED);
    expect(&r, "mean>90ms", GATE_CROSSED);
    struct gate_outcome o = judged("p99>500ms", &r);
    assert_true(o.measured.raised);
    assert_non_null(strstr(gate_explain(&o, why, sizeof why), "1.00 ms for completed ones only"));
    o = judged("p50>500ms", &r);
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
    expect(&r, "p99>500ms", GATE_CROSSED);
    expect_reason(&r, "p99>2s", GATE_UNFINISHED); /* the time-out was shorter than the threshold */
    expect_reason(&r, "p99<2s", GATE_UNFINISHED);
    expect(&r, "p99<500ms", GATE_PASSED);
    expect(&r, "p90>2s", GATE_PASSED);
    expect_reason(&r, "max>2s", GATE_UNFINISHED);
    expect_reason(&r, "mean>2s", GATE_UNFINISHED);
    expect(&r, "max>500ms", GATE_CROSSED);
    result_fini(&r);
}

/* One is enough, where only the highest counts. */
static void one_given_up_decides_the_maximum_only(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.accounting.sent = 1001;
    r.accounting.completed = 1000;
    r.accounting.timed_out = 1;
    r.latency = ramp(1000);
    r.unfinished = hist_new_latency();
    hist_record(r.unfinished, 2 * NS_PER_S);
    expect(&r, "max>1s", GATE_CROSSED);
    expect_reason(&r, "max>3s", GATE_UNFINISHED);
    expect_reason(&r, "max>2h", GATE_UNFINISHED); /* no histogram holds that much */
    expect(&r, "p99>3s", GATE_PASSED);
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
    expect(&r, "p94>3ms", GATE_PASSED); /* open ones, of 2 ms */
    expect_reason(&r, "p96>2s", GATE_UNFINISHED);
    r.accounting.timed_out = 0;
    r.accounting.failed[LOSS_RESET] = 50;
    /* Any of them may be the failed ones; the 2 ms are, at worst. */
    expect(&r, "p94>3ms", GATE_UNKNOWN);
    expect(&r, "p94>1s", GATE_UNKNOWN);
    expect(&r, "p96>500ms", GATE_CROSSED);
    expect(&r, "p90>2ms", GATE_PASSED);
    result_fini(&r);
}

static void nothing_completed_fails_a_latency_threshold(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    result_init(&r);
    r.accounting.sent = r.accounting.in_flight_at_end = 100;
    r.latency = hist_new_latency();
    r.unfinished = hist_new_latency();
    hist_record_n(r.unfinished, 9 * NS_PER_S, 100);
    expect(&r, "p50>1s", GATE_CROSSED);
    expect(&r, "max>1s", GATE_CROSSED);
    struct gate_outcome o = judged("p50>1s", &r);
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
    r.latency = ramp(1000);
    r.unfinished = hist_new_latency();
    hist_record_n(r.unfinished, 1000, 1000);
    expect(&r, "p50>450ms", GATE_CROSSED);
    expect(&r, "mean>450ms", GATE_CROSSED);
    result_fini(&r);
}

/* The server's own histograms lack what never came back; so may any result of another hand. */
static void samples_without_an_age_are_of_any_size(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.accounting.sent = 1100;
    r.accounting.completed = 1000;
    r.accounting.timed_out = 100;
    r.latency = ramp(1000);
    r.wait = ramp(1000);
    expect_reason(&r, "wait.p95>1h", GATE_UNFINISHED);
    expect_reason(&r, "wait.p99>1h", GATE_UNFINISHED);
    expect(&r, "wait.p50>1h", GATE_PASSED);
    expect(&r, "wait.p50>300ms", GATE_CROSSED);
    expect_reason(&r, "wait.p50>500ms", GATE_UNFINISHED); /* 450 to 550 ms */
    expect_reason(&r, "p99>1h", GATE_UNFINISHED);
    r.accounting.timed_out = 0;
    r.accounting.sent = 1000;
    expect(&r, "wait.p99>1h", GATE_PASSED);
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
    expect(&r, "p50>1m", GATE_CROSSED);
    expect_reason(&r, "p50>2h", GATE_UNFINISHED);
    result_fini(&r);
}

/* --- runs that cannot be judged --- */

static void an_invalid_run_cannot_be_judged(void **state)
{
    (void)state;
    struct result r;
    full(&r);
    r.valid = false;
    expect_reason(&r, "p50>1ms", GATE_INVALID);
    expect_reason(&r, "errors>0", GATE_INVALID);
    r.interrupted = true;
    struct gate_threshold threshold = threshold_of("p50>1ms");
    struct gate_outcome o = gate_judge(&threshold, &r, GATE_PARTIAL_JUDGED);
    assert_int_equal(o.reason, GATE_INVALID);
    result_fini(&r);
}

static void an_interrupted_run_is_judged_when_asked(void **state)
{
    (void)state;
    struct result r;
    full(&r);
    r.interrupted = true;
    struct gate_threshold threshold = threshold_of("p50>1ms");
    struct gate_outcome refused = gate_judge(&threshold, &r, GATE_PARTIAL_REFUSED);
    struct gate_outcome taken = gate_judge(&threshold, &r, GATE_PARTIAL_JUDGED);
    assert_int_equal(refused.verdict, GATE_UNKNOWN);
    assert_int_equal(refused.reason, GATE_INTERRUPTED);
    assert_int_equal(taken.verdict, GATE_CROSSED);
    result_fini(&r);
}

static void a_saturated_generator_forbids_throughput_thresholds_only(void **state)
{
    (void)state;
    struct result r;
    full(&r);
    r.client.saturated = true;
    expect_reason(&r, "rps<1000", GATE_SATURATED);
    expect_reason(&r, "rps<1", GATE_SATURATED);
    expect_reason(&r, "throughput>1", GATE_SATURATED);
    expect_reason(&r, "completed<1M", GATE_SATURATED);
    expect(&r, "completed<100%", GATE_PASSED); /* of those sent: no matter of speed */
    expect(&r, "p50>1ms", GATE_CROSSED);
    expect(&r, "errors>0", GATE_PASSED);
    expect(&r, "saturated>0", GATE_CROSSED);
    result_fini(&r);
}

static void ended_threads_make_a_lower_bound(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    full(&r);
    r.server.total.live_threads_only = true;
    expect(&r, "switches_per_request>9", GATE_CROSSED);
    expect_reason(&r, "switches_per_request>10", GATE_ENDED_THREADS);
    expect(&r, "run_wait<1s", GATE_PASSED);
    expect_reason(&r, "run_wait>2s", GATE_ENDED_THREADS);
    expect(&r, "threads>12", GATE_PASSED);
    struct gate_outcome o = judged("run_wait>2s", &r);
    assert_non_null(strstr(gate_explain(&o, why, sizeof why), "at least 1.50 s"));
    r.server.total.run_wait_s = NAN;
    expect_reason(&r, "run_wait>2s", GATE_MISSING);
    result_fini(&r);
}

static void figures_of_a_hostile_file_do_no_harm(void **state)
{
    (void)state;
    struct result r;
    char text[320];
    full(&r);
    r.server.total.run_wait_s = 1e300;
    r.server.total.cpu_per_request_us = 1e300;
    r.duration_s = 1e-300;
    static const char *const thresholds[] = {"run_wait>1s", "cpu_per_request>1s", "rps>1",
                                             "throughput>1"};
    for (size_t i = 0; i < LEN(thresholds); i++) {
        struct gate_outcome o = judged(thresholds[i], &r);
        assert_int_equal(o.verdict, GATE_CROSSED);
        (void)metric_format(o.measured.low, o.threshold->unit, text, sizeof text);
        (void)metric_format_exact(o.measured.low, o.threshold->unit, text, sizeof text);
        (void)gate_explain(&o, text, sizeof text);
    }
    result_fini(&r);
}

/* --- queues --- */

static void jobs_that_are_not_done_leave_their_latency_open(void **state)
{
    (void)state;
    struct result r;
    char why[320];
    full(&r);
    queue_up(&r);
    expect(&r, "job.p99>1s", GATE_PASSED);
    r.queue.drain = DRAIN_PROJECTED;
    r.queue.drain_left = MISSING; /* now the 444 of the end count, and may take any time */
    expect_reason(&r, "job.p99>1s", GATE_UNFINISHED);
    expect_reason(&r, "wait.p99>1s", GATE_UNFINISHED);
    struct gate_outcome o = judged("job.p99>1s", &r);
    assert_non_null(
        strstr(gate_explain(&o, why, sizeof why), "too many jobs failed or were not done"));
    assert_non_null(strstr(why, "--drain wait"));
    expect(&r, "job.p50>10ms", GATE_CROSSED);
    r.queue.backlog_end = 2;
    expect(&r, "job.p50>1s", GATE_PASSED);
    result_fini(&r);
}

static void a_drain_without_end_crosses_every_threshold(void **state)
{
    (void)state;
    struct result r;
    char text[40];
    full(&r);
    expect_reason(&r, "drain_time>1h", GATE_MISSING);
    expect_reason(&r, "backlog>5", GATE_MISSING);
    queue_up(&r);
    r.queue.drain = DRAIN_PROJECTED;
    r.queue.drain_s = NAN;
    expect(&r, "drain_time>1h", GATE_CROSSED);
    struct gate_outcome o = judged("drain_time>1h", &r);
    assert_string_equal(metric_format(o.measured.low, METRIC_TIME, text, sizeof text), "never");
    r.queue.drain = DRAIN_CUT; /* how long it would have taken is not known */
    r.queue.drain_s = 7200;
    expect_reason(&r, "drain_time>1h", GATE_MISSING);
    result_fini(&r);
}

static void what_is_left_is_judged_after_the_drain(void **state)
{
    (void)state;
    struct result r;
    full(&r);
    expect_reason(&r, "backlog_left>0", GATE_MISSING);
    queue_up(&r);
    expect(&r, "backlog>0", GATE_CROSSED); /* at the end of the load, all the same */
    expect(&r, "backlog_left>0", GATE_PASSED);
    r.queue.drain = DRAIN_CUT;
    r.queue.drain_left = 7;
    expect(&r, "backlog_left>6", GATE_CROSSED);
    expect(&r, "backlog_left>7", GATE_PASSED);
    r.queue.drain = DRAIN_PROJECTED; /* nothing was waited for: the 444 of the load's end */
    r.queue.drain_left = MISSING;
    expect(&r, "backlog_left>=444", GATE_CROSSED);
    expect(&r, "backlog_left>444", GATE_PASSED);
    result_fini(&r);
}

/* --- sheets --- */

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
        cmocka_unit_test(thresholds_are_read),
        cmocka_unit_test(what_is_no_threshold_is_refused_with_a_hint),
        cmocka_unit_test(every_metric_is_judged_both_ways),
        cmocka_unit_test(every_row_has_its_line_in_the_table_above),
        cmocka_unit_test(a_share_on_its_threshold_is_exactly_on_it),
        cmocka_unit_test(what_was_not_measured_cannot_be_judged),
        cmocka_unit_test(an_empty_histogram_is_not_measured),
        cmocka_unit_test(ten_samples_must_lie_beyond_a_percentile),
        cmocka_unit_test(too_few_can_neither_pass_nor_fail),
        cmocka_unit_test(open_requests_count_at_their_age),
        cmocka_unit_test(given_up_ones_may_have_taken_any_time),
        cmocka_unit_test(one_given_up_decides_the_maximum_only),
        cmocka_unit_test(only_those_given_up_are_unbounded),
        cmocka_unit_test(nothing_completed_fails_a_latency_threshold),
        cmocka_unit_test(young_open_ones_do_not_make_a_run_look_better),
        cmocka_unit_test(samples_without_an_age_are_of_any_size),
        cmocka_unit_test(above_the_histogram_is_only_known_to_be_above),
        cmocka_unit_test(an_invalid_run_cannot_be_judged),
        cmocka_unit_test(an_interrupted_run_is_judged_when_asked),
        cmocka_unit_test(a_saturated_generator_forbids_throughput_thresholds_only),
        cmocka_unit_test(ended_threads_make_a_lower_bound),
        cmocka_unit_test(figures_of_a_hostile_file_do_no_harm),
        cmocka_unit_test(jobs_that_are_not_done_leave_their_latency_open),
        cmocka_unit_test(a_drain_without_end_crosses_every_threshold),
        cmocka_unit_test(what_is_left_is_judged_after_the_drain),
        cmocka_unit_test(the_worst_verdict_is_the_sheets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
