#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
