#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stat/hist_text.h"
#include "store/comparison_file.h"
#include "store/comparison_json.h"
#include "store/result_json.h"
#include "store/result_series.h"

static struct second second_of(size_t i)
{
    return (struct second){.at_s = (double)(i + 1),
                           .length_s = 1,
                           .requests = 10 + (int64_t)i,
                           .errors = 1,
                           .non_2xx = 2,
                           .bytes = 100,
                           .due = 12,
                           .sent = 11,
                           .late = 3,
                           .p50_ns = 5,
                           .p99_ns = 6,
                           .max_ns = 7 + (int64_t)i,
                           .server_cpu_cores = i % 2 == 0 ? 1 : 2,
                           .server_rss_bytes = (int64_t)i,
                           .server_threads = 3,
                           .server_switches = 4,
                           .server_run_wait_s = 0.5,
                           .queue_backlog = (int64_t)i,
                           .jobs_completed = MISSING};
}

/* The counts of the whole run are the sums of its seconds. */
static void count(struct result *r, int64_t completed)
{
    struct accounting *a = &r->accounting;
    a->completed = completed;
    a->failed[LOSS_RESET] = (int64_t)r->nseconds;
    a->sent = a->completed + a->failed[LOSS_RESET];
    a->non_2xx = a->statuses[500] = 2 * (int64_t)r->nseconds;
    a->statuses[200] = completed - a->non_2xx;
    a->bytes_received = 100 * (int64_t)r->nseconds;
    r->latency = hist_new_latency();
    hist_record_n(r->latency, 1000, (uint64_t)completed);
    r->unfinished = hist_new_latency();
    hist_record_n(r->unfinished, 1000, (uint64_t)a->failed[LOSS_RESET]);
}

static void fill(struct result *r, size_t seconds)
{
    result_init(r);
    r->nseconds = seconds;
    r->seconds = mem_array(seconds, sizeof *r->seconds);
    for (size_t i = 0; i < seconds; i++)
        r->seconds[i] = second_of(i);
}

static void a_series_that_fits_is_kept(void **state)
{
    (void)state;
    struct result r;
    size_t count = 0;
    fill(&r, 5);
    struct second *kept = result_series_within(&r, 5, &count);
    assert_int_equal(count, 5);
    assert_int_equal(kept[4].requests, 14);
    assert_int_equal(kept[4].p50_ns, 5);
    free(kept);
    result_fini(&r);
}

static void a_longer_one_has_entries_of_several_seconds(void **state)
{
    (void)state;
    struct result r;
    size_t count = 0;
    fill(&r, 5);
    struct second *s = result_series_within(&r, 3, &count);
    assert_int_equal(count, 3);
    assert_true(s[0].at_s == 2 && s[0].length_s == 2 && s[2].at_s == 5 && s[2].length_s == 1);
    assert_int_equal(s[0].requests, 21);
    assert_int_equal(s[0].errors, 2);
    assert_int_equal(s[0].non_2xx, 4);
    assert_int_equal(s[0].bytes, 200);
    assert_int_equal(s[0].due, 24);
    assert_int_equal(s[0].sent, 22);
    assert_int_equal(s[0].late, 6);
    assert_int_equal(s[0].max_ns, 8);
    assert_true(s[0].p50_ns == MISSING && s[0].p99_ns == MISSING);
    assert_true(s[0].server_cpu_cores == 1.5 && s[0].server_run_wait_s == 1);
    assert_int_equal(s[0].server_rss_bytes, 1);
    assert_int_equal(s[0].server_switches, 8);
    assert_true(s[0].jobs_completed == MISSING);
    free(s);
    result_fini(&r);
}

/* Second i holds its 10 + i requests at 2^i ns: the counts of the texts are in order. */
static void add_latencies(struct result *r)
{
    r->series_latency = hist_series_new();
    r->latency = hist_new_latency();
    for (size_t i = 0; i < r->nseconds; i++) {
        struct hist *h = hist_new_latency();
        hist_record_n(h, INT64_C(1) << i % 20, (uint64_t)r->seconds[i].requests);
        hist_series_add(r->series_latency, h);
        hist_merge(r->latency, h);
        hist_free(h);
        r->seconds[i].max_ns = INT64_C(1) << i % 20;
    }
}

static void merged_seconds_have_the_percentiles_of_all(void **state)
{
    (void)state;
    struct result r;
    size_t count = 0;
    fill(&r, 5);
    add_latencies(&r);
    struct second *s = result_series_within(&r, 3, &count);
    assert_int_equal(count, 3);
    assert_true(s[0].p50_ns == 2 && s[0].p99_ns == 2); /* 10 of 1 ns, 11 of 2 ns */
    assert_true(s[1].p50_ns == 8 && s[1].p99_ns == 8);
    assert_true(s[2].p50_ns == 16 && s[2].p99_ns == 16);
    free(s);
    struct hist_series *latency = result_series_latency_within(&r, 3, SIZE_MAX);
    assert_int_equal(latency->step, 1);
    assert_int_equal(latency->count, 3);
    assert_string_equal(latency->texts[0], "+1 10 11");
    assert_string_equal(latency->texts[2], "+16 14");
    hist_series_free(latency);
    /* Five seconds as they are; no percentile is known of a part of an interval. */
    s = result_series_within(&r, 5, &count);
    assert_true(count == 5 && s[0].p50_ns == 5);
    free(s);
    r.series_latency->step = 4; /* as if they had been merged already */
    s = result_series_within(&r, 3, &count);
    assert_true(s[0].p50_ns == MISSING && s[0].p99_ns == MISSING);
    free(s);
    result_fini(&r);
}

/* Two digits are coarser than the maximum has: a bucket ends above it. */
static void no_percentile_is_above_the_maximum(void **state)
{
    (void)state;
    struct result r;
    size_t count = 0;
    fill(&r, 18);
    add_latencies(&r);
    struct second *s = result_series_within(&r, 9, &count);
    assert_int_equal(count, 9);
    for (size_t i = 0; i < count; i++)
        assert_true(s[i].p99_ns == INT64_C(1) << (2 * i + 1) && s[i].max_ns == s[i].p99_ns);
    free(s);
    result_fini(&r);
}

/* A run of twelve days: nothing of it is lost, and it is read back. */
static void the_longest_runs_fit_into_a_document(void **state)
{
    (void)state;
    struct result r;
    struct result got;
    struct err err;
    fill(&r, 1000000);
    count(&r, INT64_C(500009500000));
    json_t *doc = result_to_json(&r);
    /* 8 seconds an entry would be 125,000 of them. */
    assert_int_equal(json_array_size(json_object_get(doc, "series")), 1000000 / 16);
    assert_int_equal(result_from_json(doc, &got, &err), 0);
    int64_t requests = 0;
    for (size_t i = 0; i < got.nseconds; i++)
        requests += got.seconds[i].requests;
    assert_int_equal(requests, INT64_C(500009500000));
    json_decref(doc);
    result_fini(&got);
    result_fini(&r);
}

static void the_results_of_a_comparison_share_the_room(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "a");
    c.rounds = 4;
    for (int64_t round = 1; round <= 4; round++) {
        struct result r;
        fill(&r, round == 1 ? 10 : 90000);
        comparison_add_result(&c, 0, round, &r);
    }
    json_t *doc = comparison_to_json(&c);
    json_t *results = json_object_get(json_array_get(json_object_get(doc, "arms"), 0), "results");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(json_array_size(json_object_get(json_array_get(results, i), "series")),
                         i == 0 ? 10 : 45000);
    json_decref(doc);
    comparison_fini(&c);
}

/* Of requests in every bucket: a text takes 9 kB, and the 1000 results may have 8 kB each. */
static void add_wide_latencies(struct result *r, size_t buckets)
{
    r->series_latency = hist_series_new();
    struct hist *h = hist_text_new();
    for (size_t b = 0; b < buckets; b++)
        hist_add_at(h, b, 1);
    for (size_t i = 0; i < r->nseconds; i++)
        hist_series_add(r->series_latency, h);
    hist_free(h);
}

static size_t bytes_of(const json_t *latency)
{
    size_t bytes = 0;
    size_t i = 0;
    json_t *text = NULL;
    json_array_foreach(json_object_get(latency, "histograms"), i, text) bytes +=
        json_string_length(text);
    return bytes;
}

static void latencies_over_time_share_the_bytes(void **state)
{
    (void)state;
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "a");
    c.rounds = COMPARISON_TRIALS_MAX;
    for (int64_t round = 1; round <= c.rounds; round++) {
        struct result r;
        fill(&r, 8);
        add_wide_latencies(&r, round == 1 ? HIST_TEXT_OVER : 1000);
        comparison_add_result(&c, 0, round, &r);
    }
    json_t *doc = comparison_to_json(&c);
    json_t *results = json_object_get(json_array_get(json_object_get(doc, "arms"), 0), "results");
    size_t bytes = 0;
    for (size_t i = 0; i < json_array_size(results); i++)
        bytes += bytes_of(json_object_get(json_array_get(results, i), "series_latency"));
    assert_in_range(bytes, COMPARISON_LATENCY_BYTES_MAX / 2, COMPARISON_LATENCY_BYTES_MAX);
    /* 8 texts of 2 kB would be too much, 4 are not; one of 9 kB is. */
    const json_t *first = json_object_get(json_array_get(results, 0), "series_latency");
    const json_t *second = json_object_get(json_array_get(results, 1), "series_latency");
    assert_true(json_is_null(first));
    assert_int_equal(json_integer_value(json_object_get(second, "interval")), 2);
    assert_int_equal(json_array_size(json_object_get(second, "histograms")), 4);
    json_decref(doc);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_that_fits_is_kept),
        cmocka_unit_test(a_longer_one_has_entries_of_several_seconds),
        cmocka_unit_test(merged_seconds_have_the_percentiles_of_all),
        cmocka_unit_test(no_percentile_is_above_the_maximum),
        cmocka_unit_test(the_longest_runs_fit_into_a_document),
        cmocka_unit_test(the_results_of_a_comparison_share_the_room),
        cmocka_unit_test(latencies_over_time_share_the_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
