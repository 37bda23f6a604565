#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
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
    assert_int_equal(s[0].max_ns, 8);
    assert_true(s[0].p50_ns == MISSING && s[0].p99_ns == MISSING);
    assert_true(s[0].server_cpu_cores == 1.5 && s[0].server_run_wait_s == 1);
    assert_int_equal(s[0].server_rss_bytes, 1);
    assert_int_equal(s[0].server_switches, 8);
    assert_true(s[0].jobs_completed == MISSING);
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
    assert_int_equal(json_array_size(json_object_get(doc, "series")), RESULT_SECONDS_MAX);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_that_fits_is_kept),
        cmocka_unit_test(a_longer_one_has_entries_of_several_seconds),
        cmocka_unit_test(the_longest_runs_fit_into_a_document),
        cmocka_unit_test(the_results_of_a_comparison_share_the_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
