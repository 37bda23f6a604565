#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/metric.h"

static bool is_planned(const char *name, const struct plan *plan)
{
    struct metric m;
    struct err err;
    if (metric_find(name, &m, &err) < 0)
        fail_msg("%s", err.text);
    return metric_is_planned(&m, plan);
}

static void a_plan_tells_what_cannot_be_measured(void **state)
{
    (void)state;
    static const struct plan url = {.url = "http://127.0.0.1/"};
    static const struct plan secure = {.url = "https://127.0.0.1/"};
    static const struct plan probed = {.url = "http://127.0.0.1/", .probe_path = "/ping"};
    static const struct plan expecting = {.url = "http://127.0.0.1/", .expected_body = ""};
    static const struct plan command = {.command = "server {port}"};
    static const struct plan pool = {
        .strategy = "pool", .probe_path = "/ping", .expected_body = "{}"};
    static const struct plan queue = {.strategy = "queue"};
    static const struct plan original = {.original = "express-bullmq"};
    static const struct {
        const char *name;
        const struct plan *plan;
        bool want;
    } cases[] = {
        {"p99", &url, true},
        {"errors", &url, true},
        {"connect.p99", &url, true}, /* known only afterwards */
        {"handshake.p99", &url, false},
        {"handshake.p99", &secure, true},
        {"cpu_per_request", &url, false},
        {"rss", &url, false},
        {"run_wait", &url, false},
        {"rss", &command, true},
        {"rss", &pool, true},
        {"threads_started", &command, false},
        {"threads_started", &pool, true},
        {"wait.p99", &command, false},
        {"work.mean", &pool, true},
        {"probe.p99", &url, false},
        {"probe_new.max", &url, false},
        {"probe_errors", &url, false},
        {"probe.p99", &probed, true},
        {"probe_errors", &probed, true},
        {"mismatches", &url, false},
        {"mismatches", &queue, false},
        {"mismatches", &expecting, true},
        {"mismatches", &pool, true},
        {"job.p99", &pool, false},
        {"drain_time", &pool, false},
        {"jobs_per_second", &url, false},
        {"job.p99", &queue, true},
        {"backlog_left", &queue, true},
        {"jobs", &original, true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        if (is_planned(cases[i].name, cases[i].plan) != cases[i].want)
            fail_msg("case %zu, %s: not %d", i, cases[i].name, cases[i].want);
    }
}

static double mismatches_of(const struct result *r)
{
    struct metric m;
    struct err err;
    assert_int_equal(metric_find("mismatches", &m, &err), 0);
    return metric_measure(&m, METRIC_COUNT, r).low;
}

static void mismatches_need_a_comparison(void **state)
{
    (void)state;
    struct result r;
    char name[] = "expect_body";
    char body[] = "hello";
    result_init(&r);
    assert_true(isnan(mismatches_of(&r)));
    result_add_setting(&r, &(struct setting){.name = name, .kind = SETTING_NULL});
    assert_true(isnan(mismatches_of(&r)));
    r.accounting.mismatches = 3; /* there was one after all */
    assert_true(mismatches_of(&r) == 3);
    r.accounting.mismatches = 0;
    result_add_setting(&r, &(struct setting){.name = name, .kind = SETTING_TEXT, .text = body});
    assert_true(mismatches_of(&r) == 0);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_tells_what_cannot_be_measured),
        cmocka_unit_test(mismatches_need_a_comparison),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
