#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "stat/hist_codec.h"
#include "targets/compute/client.h"
#include "targets/compute/reply.h"
#include "targets/http/query.h"
#include "targets/http/reply.h"
#include "targets/http/stats.h"
#include "targets/strategies/strategies.h"
#include "targets/work/isolate.h"

static const struct target_options options = {
    .work = {WORK_COUNT, 777},
    .max_work = {WORK_COUNT, 1000000},
};

/* The work that a target and a body ask for. */
static int ask(const char *target, const char *body, struct work *work, struct err *err)
{
    struct query query;
    char *text = mem_strdup(target);
    int failed = query_split(text, strlen(text), &query, err);
    if (failed == 0)
        failed = query_work(&query, body, strlen(body), &options, work, err);
    free(text);
    return failed;
}

static void targets_are_split(void **state)
{
    (void)state;
    static const struct {
        const char *target, *path, *params;
    } cases[] = {
        {"/heavy", "/heavy", ""},
        {"/heavy?n=5", "/heavy", "n=5"},
        {"/heavy?", "/heavy", ""},
        {"/a/b?x=1&y=2#z", "/a/b", "x=1&y=2"},
        {"http://127.0.0.1:80/ping?a=b", "/ping", "a=b"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct query query;
        struct err err;
        char *text = mem_strdup(cases[i].target);
        assert_int_equal(query_split(text, strlen(text), &query, &err), 0);
        assert_string_equal(query.path, cases[i].path);
        assert_string_equal(query.params, cases[i].params);
        free(text);
    }
}

static void bad_targets_are_errors(void **state)
{
    (void)state;
    static const char *const cases[] = {"", "heavy", "127.0.0.1:80", "http://"};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct query query;
        struct err err = {0};
        char *text = mem_strdup(cases[i]);
        assert_int_equal(query_split(text, strlen(text), &query, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        free(text);
    }
}

static void work_comes_from_params_body_or_default(void **state)
{
    (void)state;
    static const struct {
        const char *target, *body;
        struct work want;
    } cases[] = {
        {"/heavy", "", {WORK_COUNT, 777}},
        {"/heavy?n=5", "", {WORK_COUNT, 5}},
        {"/heavy?n=0", "", {WORK_COUNT, 0}},
        {"/heavy?x=1&n=5&y", "", {WORK_COUNT, 5}},
        {"/heavy?nn=9&", "", {WORK_COUNT, 777}},
        {"/heavy?n", "", {WORK_COUNT, 777}},
        {"/heavy?sleep_ms=1.5", "", {WORK_SLEEP, 1500000}},
        {"/heavy", "{}", {WORK_COUNT, 777}},
        {"/heavy", "{\"n\":6}", {WORK_COUNT, 6}},
        {"/heavy", "{\"sleep_ms\":0.25,\"x\":[1]}", {WORK_SLEEP, 250000}},
        {"/heavy", "{\"sleep_ms\":2}", {WORK_SLEEP, 2000000}},
        {"/heavy?n=5", "{\"n\":6}", {WORK_COUNT, 5}},
        {"/heavy?n=1000000", "", {WORK_COUNT, 1000000}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct work work = {0};
        struct err err = {0};
        assert_int_equal(ask(cases[i].target, cases[i].body, &work, &err), 0);
        assert_int_equal(work.kind, cases[i].want.kind);
        assert_int_equal(work.n, cases[i].want.n);
    }
}

static void bad_work_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *target, *body, *want;
    } cases[] = {
        {"/heavy?n=", "", "whole number"},
        {"/heavy?n=-1", "", "whole number"},
        {"/heavy?n=1.5", "", "whole number"},
        {"/heavy?n=5x", "", "whole number"},
        {"/heavy?n=1e3", "", "whole number"},
        {"/heavy?n=%35", "", "whole number"},
        {"/heavy?n=00000000000000000001", "", "whole number"},
        {"/heavy?n=9999999999999999999", "", "--max-work"},
        {"/heavy?n=1000001", "", "--max-work"},
        {"/heavy?sleep_ms=3600000.1", "", "--max-work"},
        {"/heavy?sleep_ms=9999999999999999999", "", "absurd"},
        {"/heavy?sleep_ms=", "", "number"},
        {"/heavy?sleep_ms=1.2.3", "", "number"},
        {"/heavy?sleep_ms=.", "", "number"},
        {"/heavy?n=1&sleep_ms=1", "", "not both"},
        {"/heavy", "{\"n\":1,\"sleep_ms\":1}", "not both"},
        {"/heavy", "{\"n\":1.5}", "whole number"},
        {"/heavy", "{\"n\":\"5\"}", "whole number"},
        {"/heavy", "{\"n\":-1}", "negative"},
        {"/heavy", "{\"n\":1000001}", "--max-work"},
        {"/heavy", "{\"n\":1,\"n\":2}", "not JSON"},
        {"/heavy", "{\"sleep_ms\":-1}", "negative"},
        {"/heavy", "{\"sleep_ms\":null}", "number"},
        {"/heavy", "{\"n\":", "not JSON"},
        {"/heavy", "[5]", "object"},
        {"/heavy", "\xff", "not JSON"},
        {"/heavy?n=5", "nonsense", "not JSON"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct work work = {0};
        struct err err = {0};
        assert_int_equal(ask(cases[i].target, cases[i].body, &work, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].want));
    }
}

static void pairs_are_found_whole(void **state)
{
    (void)state;
    static const struct {
        const char *params;
        bool want;
    } cases[] = {
        {"", false},         {"brief=1", true},   {"a=b&brief=1", true}, {"brief=1&c", true},
        {"brief=10", false}, {"abrief=1", false}, {"&&", false},         {"brief=1&", true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct query query = {.path = "/stats", .params = cases[i].params};
        assert_int_equal(query_has(&query, "brief=1"), cases[i].want);
    }
}

static void replies_are_exact(void **state)
{
    (void)state;
    static const struct {
        struct reply reply;
        enum reply_part part;
        enum reply_connection connection;
        const char *want;
    } cases[] = {
        {{200, "text/plain", NULL, "pong\n", 5},
         REPLY_WHOLE,
         REPLY_KEEP,
         "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\npong\n"},
        {{200, "text/plain", NULL, "pong\n", 5},
         REPLY_HEAD_ONLY,
         REPLY_KEEP_TOLD,
         "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
         "Connection: keep-alive\r\n\r\n"},
        {{503, "text/plain", "Retry-After: 1\r\n", "", 0},
         REPLY_WHOLE,
         REPLY_CLOSE,
         "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n"
         "Retry-After: 1\r\nConnection: close\r\n\r\n"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct buf out;
        buf_init(&out, 4096);
        reply_format(&cases[i].reply, cases[i].part, cases[i].connection, &out);
        assert_string_equal(out.data, cases[i].want);
        buf_fini(&out);
    }
}

static void bodies_are_exact(void **state)
{
    (void)state;
    static const struct {
        struct work work;
        const char *want;
    } cases[] = {
        {{WORK_COUNT, 20000000}, "{\"count\":20000000}\n"},
        {{WORK_COUNT, 0}, "{\"count\":0}\n"},
        {{WORK_SLEEP, 50 * NS_PER_MS}, "{\"slept_ms\":50}\n"},
        {{WORK_SLEEP, 1500000}, "{\"slept_ms\":1.5}\n"},
        {{WORK_SLEEP, 3600 * NS_PER_S}, "{\"slept_ms\":3600000}\n"},
    };
    static const struct {
        const char *text, *want;
    } errors[] = {
        {"say \"n\"", "{\"error\":\"say \\\"n\\\"\"}\n"},
        {"bad \xff byte", "{\"error\":\"Bad Request\"}\n"},
    };
    struct buf out;
    buf_init(&out, 4096);
    for (size_t i = 0; i < LEN(cases); i++) {
        buf_clear(&out);
        work_reply_body(&cases[i].work, &out);
        assert_string_equal(out.data, cases[i].want);
    }
    for (size_t i = 0; i < LEN(errors); i++) {
        buf_clear(&out);
        reply_error_body(400, errors[i].text, &out);
        assert_string_equal(out.data, errors[i].want);
    }
    buf_fini(&out);
}

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

static void isolates_are_a_preset_and_what_replaces_it(void **state)
{
    (void)state;
    static const struct {
        const char *preset, *boot, *memory;
        struct isolate want;
    } cases[] = {
        {"none", NULL, NULL, {0, 0}},
        {"v8", NULL, NULL, {50 * NS_PER_MS, 8703181}},
        {"v8", "0", NULL, {0, 8703181}},
        {"v8", NULL, "0", {50 * NS_PER_MS, 0}},
        {"none", "2.5", "8.3", {2500000, 8703181}},
        {"none", "20us", "64KiB", {20000, 65536}},
        {"v8", "1s", "1G", {NS_PER_S, 1 << 30}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct isolate_figure boot = {0};
        struct isolate_figure memory = {0};
        struct err err;
        if (cases[i].boot != NULL)
            assert_int_equal(isolate_parse_boot(cases[i].boot, &boot, &err), 0);
        if (cases[i].memory != NULL)
            assert_int_equal(isolate_parse_memory(cases[i].memory, &memory, &err), 0);
        struct isolate got = isolate_choose(cases[i].preset, boot, memory);
        assert_int_equal(got.boot_ns, cases[i].want.boot_ns);
        assert_int_equal(got.bytes, cases[i].want.bytes);
    }
}

static void a_booted_isolate_has_cost_what_it_says(void **state)
{
    (void)state;
    const struct isolate isolate = {10 * NS_PER_MS, 1 << 20};
    atomic_bool stop = false;
    void *heap = NULL;
    int64_t began_ns = clock_now_ns();
    assert_true(isolate_boot(&isolate, &stop, &heap));
    assert_true(clock_now_ns() - began_ns >= isolate.boot_ns);
    for (size_t at = 0; at < (size_t)isolate.bytes; at += 4096)
        assert_int_equal(((const char *)heap)[at], 1);
    isolate_end(&isolate, heap);
    stop = true; /* an end that cannot wait */
    const struct isolate slow = {10 * NS_PER_S, 0};
    began_ns = clock_now_ns();
    assert_true(isolate_boot(&slow, &stop, &heap));
    assert_null(heap);
    assert_true(clock_now_ns() - began_ns < slow.boot_ns);
}

static void results_of_a_service_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        struct work asked;
        int want;
    } cases[] = {
        {"{\"count\":20000000}\n", {WORK_COUNT, 20000000}, 0},
        {"{\"count\":0}", {WORK_COUNT, 0}, 0},
        {"{\"host\":\"a\",\"count\":7}", {WORK_COUNT, 7}, 0},
        {"{\"slept_ms\":50}", {WORK_SLEEP, 50 * NS_PER_MS}, 0},
        {"{\"slept_ms\":1.5}", {WORK_SLEEP, 1500000}, 0},
        {"{\"count\":19999999}", {WORK_COUNT, 20000000}, -1},
        {"{\"count\":20000001}", {WORK_COUNT, 20000000}, -1},
        {"{\"count\":7.0}", {WORK_COUNT, 7}, -1},
        {"{\"count\":\"7\"}", {WORK_COUNT, 7}, -1},
        {"{\"slept_ms\":7}", {WORK_COUNT, 7}, -1},
        {"{\"count\":50}", {WORK_SLEEP, 50 * NS_PER_MS}, -1},
        {"{\"slept_ms\":49.9}", {WORK_SLEEP, 50 * NS_PER_MS}, -1},
        {"[7]", {WORK_COUNT, 7}, -1},
        {"7", {WORK_COUNT, 7}, -1},
        {"{\"count\":7", {WORK_COUNT, 7}, -1},
        {"", {WORK_COUNT, 7}, -1},
        {"\xff", {WORK_COUNT, 7}, -1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        const char *body = cases[i].body;
        assert_int_equal(compute_reply_check(body, strlen(body), &cases[i].asked, &err),
                         cases[i].want);
        assert_int_equal(err.kind, cases[i].want == 0 ? ERR_NONE : ERR_INVALID);
    }
}

static void times_of_a_service_are_read_or_not_believed(void **state)
{
    (void)state;
    static const struct {
        const char *timing;
        int64_t wait_ns, work_ns;
    } cases[] = {
        {"wait;dur=0.012,work;dur=5.7", 12000, 5700000},
        {"work;dur=5.7, wait;dur=0.012", 12000, 5700000},
        {"cache;desc=\"a\", wait;desc=\"q\";dur=1,\twork;dur=2;x", 1000000, 2000000},
        {"wait;dur=0.000,work;dur=0.000", 0, 0},
        {"wait;dur=0,work;dur=10", 0, 10000000},
        /* from here on: not there, or not to be believed, so all of the 10 ms is work */
        {NULL, 0, 10000000},
        {"", 0, 10000000},
        {"work;dur=5.7", 0, 10000000},
        {"waiting;dur=1,working;dur=2", 0, 10000000},
        {"wait,work;dur=2", 0, 10000000},
        {"wait;dur=1,work;dur=9.1", 0, 10000000},
        {"wait;dur=-1,work;dur=2", 0, 10000000},
        {"wait;dur=nan,work;dur=2", 0, 10000000},
        {"wait;dur=1e300,work;dur=1e300", 0, 10000000},
        {"wait;dur=0,work", 0, 10000000},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct compute_reply got = compute_reply_times(cases[i].timing, 10 * NS_PER_MS);
        assert_int_equal(got.wait_ns, cases[i].wait_ns);
        assert_int_equal(got.work_ns, cases[i].work_ns);
    }
}

static void urls_of_services_are_completed(void **state)
{
    (void)state;
    static const struct {
        const char *url, *want;
    } cases[] = {
        {"http://127.0.0.1:81", "http://127.0.0.1:81/heavy?"},
        {"http://127.0.0.1:81/", "http://127.0.0.1:81/heavy?"},
        {"http://h:81/count", "http://h:81/count?"},
        {"https://[::1]/a/b?key=1#c", "https://[::1]/a/b?key=1&"},
        {"ftp://h/", NULL},
        {"http://", NULL},
        {"", NULL},
        {"h:81", NULL},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        char *base = compute_client_base(cases[i].url, &err);
        if (cases[i].want == NULL) {
            assert_null(base);
            assert_int_equal(err.kind, ERR_USAGE);
        } else {
            assert_non_null(base);
            assert_string_equal(base, cases[i].want);
        }
        free(base);
    }
}

static void strategies_are_those_of_the_option(void **state)
{
    (void)state;
    struct err err = {0};
    size_t i = 0;
    for (; strategies[i] != NULL; i++) {
        assert_string_equal(strategies[i]->name, strategy_names[i]);
        assert_ptr_equal(strategy_find(strategy_names[i], &err), strategies[i]);
        assert_non_null(strategies[i]->start);
        assert_non_null(strategies[i]->handle);
    }
    assert_null(strategy_names[i]);
    assert_null(strategy_find("magic", &err));
    assert_int_equal(err.kind, ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_split),
        cmocka_unit_test(bad_targets_are_errors),
        cmocka_unit_test(work_comes_from_params_body_or_default),
        cmocka_unit_test(bad_work_is_told),
        cmocka_unit_test(pairs_are_found_whole),
        cmocka_unit_test(replies_are_exact),
        cmocka_unit_test(bodies_are_exact),
        cmocka_unit_test(stats_tell_every_counter),
        cmocka_unit_test(brief_stats_have_no_histograms),
        cmocka_unit_test(other_histograms_take_the_place_of_the_requests),
        cmocka_unit_test(isolates_are_a_preset_and_what_replaces_it),
        cmocka_unit_test(a_booted_isolate_has_cost_what_it_says),
        cmocka_unit_test(results_of_a_service_are_checked),
        cmocka_unit_test(times_of_a_service_are_read_or_not_believed),
        cmocka_unit_test(urls_of_services_are_completed),
        cmocka_unit_test(strategies_are_those_of_the_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
