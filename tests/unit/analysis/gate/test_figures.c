/* Every figure that a threshold can name, against limits on both sides of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/gate/gate.h"
#include "base/mem.h"
#include "support/gate_bed.h"

/* Each metric at its value in the full run, and at values just below and just above it. */
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
    {"handshake.p50", "499ms", NULL, "502ms"},
    {"probe.p50", "499ms", NULL, "506ms"}, /* ten have no reply that counts */
    {"probe_new.p99", "989ms", NULL, "992ms"},
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
    {"unbound", "9", "10", "11"},
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
    {"service.p99", "989ms", NULL, "992ms"},
    {"slip.p99", "989ms", NULL, "992ms"},
    {"achieved", "999", "1000", "1001"},
    {"achieved", "79%", "80%", "81%"},
    {"late", "974", "975", "976"}, /* above 5 % of the p50 */
    {"late", "97.4%", "97.5%", "97.6%"},
    {"unsent", "249", "250", "251"},
    {"unsent", "19%", "20%", "21%"},
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

static bool is_of_queue(const char *metric)
{
    return strncmp(metric, "job", 3) == 0 || strcmp(metric, "accepted") == 0 ||
           strncmp(metric, "backlog", 7) == 0 || strcmp(metric, "drain_time") == 0;
}

/* Counts of the table that a run without losses lacks. Everything else stays as it was. */
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
    if (strcmp(metric, "achieved") == 0 || strcmp(metric, "unsent") == 0) {
        a->due = 1250;
        a->unsent = 250;
    }
    if (is_of_queue(metric))
        gate_queue_up(r);
    if (strcmp(metric, "job.p50") == 0)
        r->queue.failed = 0; /* it is not known how long these took */
    if (strcmp(metric, "unbound") == 0)
        a->unbound = 10;
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
    gate_expect(r, text, want);
}

static void every_metric_is_judged_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < LEN(figures); i++) {
        const char *m = figures[i].metric;
        struct result r;
        gate_full_run(&r);
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
        bool is_of_run = strcmp(row->name, METRIC_CAPACITY) != 0; /* see test_capacity.c */
        if (is_of_run && !is_tested(row->name))
            fail_msg("%s has no test", row->name);
    }
    for (const struct metric_hist *h = metric_hists; h->name != NULL; h++) {
        if (!is_tested(h->name))
            fail_msg("%s has no test", h->name);
    }
}

/* 7 of 1000 is exactly 0.7 %, in spite of the rounding of doubles. */
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
        gate_expect(&r, text, GATE_PASSED);
        (void)snprintf(text, sizeof text, "timeouts<%d.%d%%", (int)(n / 10), (int)(n % 10));
        gate_expect(&r, text, GATE_PASSED);
        result_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_is_judged_both_ways),
        cmocka_unit_test(every_row_has_its_line_in_the_table_above),
        cmocka_unit_test(a_share_on_its_threshold_is_exactly_on_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
