#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/probed_result.h"
#include "cases/render_cases.h"
#include "store/result_json.h"
#include "support/damage.h"

/* To the result "pool": each value is possible alone, and contradicts another. */
static const struct damage of_pool[] = {
    {"histograms/latency", "null", "histograms.latency holds 0, and accounting.completed is 2981"},
    {"histograms/latency/over", "3",
     "histograms.latency holds 2984, and accounting.completed is 2981"},
    {"histograms/first_byte/over", "1", "histograms.first_byte holds 2982, and accounting"},
    {"histograms/unfinished", "null", "histograms.unfinished holds 0, and accounting.timed_out"},
    {"accounting/connected", "7", "histograms.connect holds more than accounting.connected"},
    {"series/3/requests", "7", "series has "},
    {"series/3/bytes", "7", "series has "},
    {"series_latency", "7", "series_latency is neither null nor an object"},
    {"series_latency/unit", "\"ms\"", "series_latency.unit is not \"ns\""},
    {"series_latency/unit", NULL, "series_latency.unit is not \"ns\""},
    {"series_latency/digits", "3", "series_latency.digits is not 2"},
    {"series_latency/digits", NULL, "series_latency.digits is missing"},
    {"series_latency/interval", "0", "series_latency.interval is not 1, 2, 4 or"},
    {"series_latency/interval", "3", "series_latency.interval is not 1, 2, 4 or"},
    {"series_latency/interval", "-1", "series_latency.interval is not a whole number"},
    {"series_latency/interval", "2", "series_latency.histograms are not one for each interval"},
    {"series_latency/interval", "4503599627370496",
     "series_latency.histograms are not one for each interval"},
    {"series_latency/histograms", NULL, "series_latency.histograms is missing"},
    {"series_latency/histograms", "{}", "series_latency.histograms is not an array"},
    {"series_latency/histograms", "[]", "series_latency.histograms are not one for each"},
    {"series_latency/histograms/3", "7", "series_latency.histograms[3] is not a text"},
    {"series_latency/histograms/3", "\"1 x\"",
     "series_latency.histograms[3]: not a histogram: the text is not counts and gaps"},
    {"series_latency/histograms/3", "\"+9999999999999999 1\"",
     "series_latency.histograms[3]: not a histogram: it has more buckets than an hour has"},
    {"series_latency/histograms/3", "\"9007199254740992 1\"",
     "series_latency.histograms[3]: not a histogram: it counts more requests than 2^53"},
    {"series_latency/histograms/3", "\"\"", "series_latency.histograms[3] holds 0, and the req"},
    {"series_latency/histograms/3", "\"9007199254740992\"",
     "series_latency.histograms[3] holds 9007199254740992, and the requests of its entries of"},
    {"series/3/errors", "7", "series has 7 errors, and accounting.timed_out + failed is 0"},
    {"series/3/non_2xx", "7", "series has 7 non_2xx, and accounting.non_2xx is 0"},
    {"series/3/requests", "9007199254740991", "series has 9"},
    {"server/total/cpu_per_request_us", "1", "server.total.cpu_per_request_us is not "},
    {"server/total/cpu_per_request_us", "null", "server.total.cpu_per_request_us is not "},
    {"server/total/cpu_user_s", "0.5", "server.total.cpu_per_request_us is not "},
    {"server/total/cpu_user_s", "null", "server.total.cpu_per_request_us is known, without CPU"},
    {"server/processes/0/cpu_per_request_us", "1", "server.processes[0].cpu_per_request_us is not"},
    {"client/cpu_per_request_us", "1", "client.cpu_per_request_us is not "},
    {"duration", "5", "client.little_residual is not what duration, connections and latency give"},
    {"duration", "null", "client.little_residual is not"},
    {"connections", "50", "client.little_residual is not"},
    {"client/little_residual", "0.5", "client.little_residual is not"},
    {"latency/mean", "1", "latency.mean contradicts the histograms"},
    {"latency/p99", "1", "latency.p99 contradicts the histograms"},
    {"latency/max", "null", "latency.max contradicts the histograms"},
    {"latency/totalCount", "1", "latency.totalCount contradicts the histograms"},
    {"latency", NULL, "latency.average contradicts the histograms"},
    {"requests/mean", "1", "requests.mean contradicts the histograms, series and accounting"},
    {"requests/total", "1", "requests.total contradicts"},
    {"requests/sent", "1", "requests.sent contradicts"},
    {"throughput/p50", "1", "throughput.p50 contradicts"},
    {"throughput/total", "1", "throughput.total contradicts"},
};

static const struct damage of_queue[] = {
    {"queue/completed_per_s", "500", "queue.completed_per_s is not queue.completed over the"},
    {"queue/completed_per_s", "null", "queue.completed_per_s is not queue.completed over the"},
    {"queue/completed", "500", "queue.completed_per_s is not queue.completed over the duration"},
};

static const struct damage of_probes[] = {
    {"histograms/probe/over", "1",
     "histograms.probe holds 101, and probe.completed less probe.new.completed is 100"},
    {"histograms/probe_unfinished/over", "1", "histograms.probe_unfinished holds 3, and probe."},
    {"histograms/probe_new/over", "1", "histograms.probe_new holds 21, and probe.new.completed"},
    {"histograms/probe_new_unfinished/over", "1", "histograms.probe_new_unfinished holds 2"},
};

/* Each interval holds as many requests as it should, but one of them another latency. */
static void latencies_over_time_are_those_of_the_run(void **state)
{
    (void)state;
    struct result r;
    struct result got;
    struct err err = {0};
    char text[40];
    assert_int_equal(render_case("pool", &r), 0);
    json_t *doc = result_to_json(&r);
    (void)snprintf(text, sizeof text, "\"+5 %lld\"", (long long)r.seconds[3].requests);
    damage_at(doc, "series_latency/histograms/3", text);
    assert_int_equal(result_from_json(doc, &got, &err), -1);
    assert_non_null(strstr(err.text, "series_latency holds other latencies than"));
    json_decref(doc);
    result_fini(&r);
}

/* Files of older versions have none. */
static void without_latencies_over_time_it_is_read(void **state)
{
    (void)state;
    static const char *const values[] = {NULL, "null"};
    for (size_t i = 0; i < LEN(values); i++) {
        struct result r;
        struct result got;
        struct err err;
        assert_int_equal(render_case("pool", &r), 0);
        json_t *doc = result_to_json(&r);
        assert_true(json_is_object(json_object_get(doc, "series_latency")));
        damage_at(doc, "series_latency", values[i]);
        assert_int_equal(result_from_json(doc, &got, &err), 0);
        assert_null(got.series_latency);
        json_decref(doc);
        doc = result_to_json(&got);
        assert_true(json_is_null(json_object_get(doc, "series_latency")));
        json_decref(doc);
        result_fini(&got);
        result_fini(&r);
    }
}

/* Takes the result. */
static void refuse(struct result *r, const struct damage *all, size_t count)
{
    json_t *good = result_to_json(r);
    for (size_t i = 0; i < count; i++) {
        struct result got;
        struct err err = {0};
        json_t *doc = json_deep_copy(good);
        damage_at(doc, all[i].path, all[i].value);
        if (result_from_json(doc, &got, &err) == 0)
            fail_msg("%s = %s was accepted", all[i].path, all[i].value);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, all[i].complaint) == NULL)
            fail_msg("%s = %s: '%s' instead of '%s'", all[i].path, all[i].value, err.text,
                     all[i].complaint);
        json_decref(doc);
    }
    json_decref(good);
    result_fini(r);
}

static void documents_that_contradict_themselves_are_refused(void **state)
{
    struct result r;
    (void)state;
    assert_int_equal(render_case("pool", &r), 0);
    refuse(&r, of_pool, LEN(of_pool));
    assert_int_equal(render_case("queue", &r), 0);
    refuse(&r, of_queue, LEN(of_queue));
    probed_result(&r);
    refuse(&r, of_probes, LEN(of_probes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_that_contradict_themselves_are_refused),
        cmocka_unit_test(latencies_over_time_are_those_of_the_run),
        cmocka_unit_test(without_latencies_over_time_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
