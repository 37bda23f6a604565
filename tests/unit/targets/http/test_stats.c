#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "stat/hist_codec.h"
#include "targets/http/stats.h"

static json_int_t integer_at(const json_t *json, const char *a, const char *b, const char *c)
{
    const json_t *at = json_object_get(json, a);
    at = b == NULL ? at : json_object_get(at, b);
    at = c == NULL ? at : json_object_get(at, c);
    assert_true(json_is_integer(at));
    return json_integer_value(at);
}

static void stats_tell_every_counter(void **state)
{
    (void)state;
    struct stats s;
    struct strategy_stats from = {.queue_depth = 8,
                                  .threads_live = 9,
                                  .threads_started = 10,
                                  .threads_peak = 11,
                                  .more = json_pack("{s:i}", "workers", 12)};
    stats_open(&s);
    s.begun = 1;
    s.completed = 2;
    s.rejected = 3;
    s.aborted = 4;
    s.failed = 5;
    s.ping = 6;
    s.other = 7;
    s.connections_open = 13;
    s.connections_accepted = 14;
    hist_record(s.work, 5 * NS_PER_MS);
    json_t *json = stats_to_json(&s, "pool", &from, STATS_FULL);
    assert_null(from.more);
    assert_string_equal(json_string_value(json_object_get(json, "strategy")), "pool");
    assert_int_equal(integer_at(json, "pid", NULL, NULL), getpid());
    assert_int_equal(integer_at(json, "requests", "heavy", "begun"), 1);
    assert_int_equal(integer_at(json, "requests", "heavy", "completed"), 2);
    assert_int_equal(integer_at(json, "requests", "heavy", "rejected"), 3);
    assert_int_equal(integer_at(json, "requests", "heavy", "aborted"), 4);
    assert_int_equal(integer_at(json, "requests", "heavy", "failed"), 5);
    assert_int_equal(integer_at(json, "requests", "ping", NULL), 6);
    assert_int_equal(integer_at(json, "requests", "other", NULL), 7);
    assert_int_equal(integer_at(json, "queue_depth", NULL, NULL), 8);
    assert_int_equal(integer_at(json, "threads", "live", NULL), 9);
    assert_int_equal(integer_at(json, "threads", "started", NULL), 10);
    assert_int_equal(integer_at(json, "threads", "peak", NULL), 11);
    assert_int_equal(integer_at(json, "workers", NULL, NULL), 12);
    assert_int_equal(integer_at(json, "connections", "open", NULL), 13);
    assert_int_equal(integer_at(json, "connections", "accepted", NULL), 14);
    assert_true(integer_at(json, "usage", "rss_peak_bytes", NULL) > 100000);
    assert_true(json_is_real(json_object_get(json, "run_wait_ended_s")));

    struct err err;
    const json_t *histograms = json_object_get(json, "histograms");
    struct hist *work = hist_decode(json_string_value(json_object_get(histograms, "work")), &err);
    assert_non_null(work);
    assert_null(json_object_get(histograms, "job"));
    assert_int_equal(hist_count(work), 1);
    assert_true(hist_max_ns(work) >= 5 * NS_PER_MS);
    hist_free(work);
    json_decref(json);
    stats_close(&s);
}

static void brief_stats_have_no_histograms(void **state)
{
    (void)state;
    struct stats s;
    struct strategy_stats from = {0};
    stats_open(&s);
    json_t *json = stats_to_json(&s, "inline", &from, STATS_BRIEF);
    assert_null(json_object_get(json, "histograms"));
    assert_non_null(json_object_get(json, "usage"));
    json_decref(json);
    stats_close(&s);
}

static void only_a_server_of_https_tells_of_tls(void **state)
{
    (void)state;
    struct stats s;
    struct strategy_stats from = {0};
    stats_open(&s);
    json_t *json = stats_to_json(&s, "inline", &from, STATS_BRIEF);
    assert_int_equal(json_object_size(json_object_get(json, "connections")), 2);
    json_decref(json);
    s.has_tls = true;
    s.tls_opened = 1;
    s.tls_failed = 2;
    s.tls_broken = 3;
    json = stats_to_json(&s, "inline", &from, STATS_BRIEF);
    assert_int_equal(integer_at(json, "connections", "tls_opened", NULL), 1);
    assert_int_equal(integer_at(json, "connections", "tls_failed", NULL), 2);
    assert_int_equal(integer_at(json, "connections", "tls_broken", NULL), 3);
    json_decref(json);
    stats_close(&s);
}

static void other_histograms_take_the_place_of_the_requests(void **state)
{
    (void)state;
    struct stats s;
    struct err err;
    struct hist *job = hist_new_latency();
    struct strategy_stats from = {.wait = job, .job = job};
    stats_open(&s);
    hist_record(s.wait, 1);
    hist_record(s.work, 1);
    hist_record_n(job, 2, 3);
    json_t *json = stats_to_json(&s, "worker", &from, STATS_FULL);
    const json_t *histograms = json_object_get(json, "histograms");
    const struct {
        const char *name;
        uint64_t want;
    } cases[] = {{"wait", 3}, {"work", 1}, {"job", 3}};
    for (size_t i = 0; i < LEN(cases); i++) {
        const char *text = json_string_value(json_object_get(histograms, cases[i].name));
        struct hist *h = hist_decode(text, &err);
        assert_non_null(h);
        assert_int_equal(hist_count(h), cases[i].want);
        hist_free(h);
    }
    json_decref(json);
    hist_free(job);
    stats_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stats_tell_every_counter),
        cmocka_unit_test(brief_stats_have_no_histograms),
        cmocka_unit_test(only_a_server_of_https_tells_of_tls),
        cmocka_unit_test(other_histograms_take_the_place_of_the_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
