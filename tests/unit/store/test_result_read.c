#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/render_cases.h"
#include "store/result_json.h"
#include "support/damage.h"

static struct result reread(const char *name)
{
    struct result r;
    struct result again;
    struct err err;
    assert_int_equal(render_case(name, &r), 0);
    json_t *doc = result_to_json(&r);
    assert_int_equal(result_from_json(doc, &again, &err), 0);
    json_decref(doc);
    result_fini(&r);
    return again;
}

static void read_back_it_is_the_same_result(void **state)
{
    (void)state;
    struct result want;
    assert_int_equal(render_case("collapse", &want), 0);
    struct result got = reread("collapse");
    assert_string_equal(got.title, want.title);
    assert_string_equal(got.strategy, "threads");
    assert_int_equal(got.started_wall_ms, want.started_wall_ms);
    assert_memory_equal(got.accounting.statuses, want.accounting.statuses,
                        sizeof want.accounting.statuses);
    assert_memory_equal(got.accounting.failed, want.accounting.failed,
                        sizeof want.accounting.failed);
    assert_int_equal(got.accounting.nconnect_errors, 2);
    assert_int_equal(got.accounting.connect_errors[0].number, ECONNREFUSED);
    assert_int_equal(got.accounting.connect_errors[1].count, 3);
    assert_int_equal(hist_count(got.latency), 14);
    assert_int_equal(hist_max_ns(got.unfinished), hist_max_ns(want.unfinished));
    assert_null(got.connect);
    assert_int_equal(got.nseconds, want.nseconds);
    assert_int_equal(got.seconds[0].p50_ns, MISSING);
    assert_true(got.seconds[1].server_cpu_cores == want.seconds[1].server_cpu_cores);
    assert_true(got.has_server && got.server.total.live_threads_only);
    assert_int_equal(got.server.total.threads_peak, 4118);
    assert_int_equal(got.nwarnings, 2);
    assert_null(got.warnings[1].remedy);
    assert_int_equal(got.config[3].kind, SETTING_FLAG);
    assert_int_equal(got.config[5].kind, SETTING_NULL);
    assert_true(got.config[2].number == 0.5);
    assert_int_equal(got.target_argv.count, 2);
    assert_int_equal(got.pids[0], 4242);
    assert_true(got.target_counted == MISSING && isnan(got.environment.cpu_quota_cores));
    result_fini(&got);
    result_fini(&want);
}

/* The largest seed that is accepted, to its last digit. */
static void a_seed_is_read_back_exactly(void **state)
{
    (void)state;
    static char name[] = "seed";
    struct result r;
    struct result got;
    struct err err;
    assert_int_equal(render_case("collapse", &r), 0);
    result_add_setting(
        &r, &(struct setting){.name = name, .kind = SETTING_NUMBER, .number = 9007199254740991.0});
    json_t *written = result_to_json(&r);
    char *text = json_dumps(written, JSON_COMPACT);
    assert_non_null(strstr(text, "\"seed\":9007199254740991"));
    json_t *doc = json_loads(text, 0, NULL);
    assert_int_equal(result_from_json(doc, &got, &err), 0);
    const struct setting *seed = &got.config[got.nconfig - 1];
    assert_string_equal(seed->name, "seed");
    assert_true(seed->kind == SETTING_NUMBER && seed->number == 9007199254740991.0);
    json_decref(written);
    json_decref(doc);
    free(text);
    result_fini(&got);
    result_fini(&r);
}

static void what_a_queue_did_is_read_back(void **state)
{
    (void)state;
    struct result got = reread("queue");
    const struct queue_account *q = &got.queue;
    assert_true(got.has_queue);
    assert_string_equal(q->broker, "sqlite");
    assert_int_equal(q->accepted, 150158);
    assert_int_equal(q->completed, 1748);
    assert_int_equal(q->failed, 3);
    assert_int_equal(q->backlog_start, 0);
    assert_int_equal(q->backlog_end, 148407);
    assert_int_equal(queue_account_lost(q), 0);
    assert_int_equal(q->workers, 1);
    assert_int_equal(q->workers_lost, 0);
    assert_int_equal(q->drain, DRAIN_PROJECTED);
    assert_true(q->drain_s == 849.078 && q->completed_per_s == 174.786);
    assert_int_equal(q->drain_left, MISSING);
    assert_int_equal(hist_count(got.job), 1748);
    assert_int_equal(got.seconds[9].queue_backlog, 148407);
    int64_t sum = 0;
    for (size_t i = 0; i < got.nseconds; i++)
        sum += got.seconds[i].jobs_completed;
    assert_int_equal(sum, 1748);
    result_fini(&got);
    got = reread("undone");
    assert_int_equal(got.queue.drain, DRAIN_CUT);
    assert_int_equal(got.queue.drain_left, 150000);
    result_fini(&got);
    got = reread("pool");
    assert_false(got.has_queue);
    assert_null(got.job);
    assert_int_equal(got.queue.accepted, MISSING);
    assert_int_equal(got.seconds[0].queue_backlog, MISSING);
    result_fini(&got);
}

static void a_file_of_before_the_machine_was_watched_is_read(void **state)
{
    (void)state;
    struct result r;
    struct result again;
    struct err err;
    assert_int_equal(render_case("pool", &r), 0);
    assert_true(r.machine.other_cpu_cores > 0);
    json_t *doc = result_to_json(&r);
    assert_int_equal(json_object_del(doc, "machine"), 0);
    if (result_from_json(doc, &again, &err) < 0)
        fail_msg("%s", err.text);
    assert_true(isnan(again.machine.other_cpu_cores) && isnan(again.machine.stolen_cores));
    json_decref(doc);
    result_fini(&r);
    result_fini(&again);
    again = reread("pool");
    assert_true(again.machine.other_cpu_cores == 0.07 && again.machine.stolen_cores == 0.01);
    result_fini(&again);
}

static void values_above_the_range_stay_over(void **state)
{
    (void)state;
    struct result r;
    struct result again;
    struct err err;
    result_init(&r);
    r.latency = hist_new_latency();
    hist_record_n(r.latency, HIST_MAX_NS + NS_PER_S, 3);
    r.accounting.sent = r.accounting.completed = r.accounting.statuses[200] = 3;
    json_t *doc = result_to_json(&r);
    json_t *latency = json_object_get(doc, "latency");
    assert_int_equal(json_integer_value(json_object_get(latency, "totalCount")), 3);
    assert_int_equal(result_from_json(doc, &again, &err), 0);
    assert_int_equal(hist_over(again.latency), 3);
    assert_int_equal(hist_count(again.latency), 0);
    json_decref(doc);
    result_fini(&r);
    result_fini(&again);
}

/* --- untrusted documents --- */

/* To the result "collapse". */
static const struct damage damages[] = {
    {"schema", NULL, "schema is missing"},
    {"schema", "\"bench.result/2\"", "schema is not bench.result/1"},
    {"connections", "\"100\"", "connections is not a whole number"},
    {"connections", "-1", "connections is not a whole number"},
    {"connections", "1.5", "connections is not a whole number"},
    {"connections", "1000001", "connections is more than the 1000000 of any run"},
    {"pipelining", "1025", "pipelining is more than the 1024 of any run"},
    {"workers", "9007199254740991", "workers is more than the 1024 of any run"},
    {"connections", "9007199254740992", "connections is not a whole number"},
    {"duration", "-1", "duration is neither null nor a number"},
    {"duration", "1e300", "duration is neither null nor a number"},
    {"title", "7", "title is neither null nor a text"},
    {"start", "\"2026-11-22 21:04\"", "start is not a time"},
    {"start", "\"2026-13-22T21:04:05.123Z\"", "start is not a time"},
    {"valid", "1", "valid is neither true nor false"},
    {"accounting", NULL, "accounting is missing"},
    {"accounting", "[]", "accounting is not an object"},
    {"accounting/sent", NULL, "accounting.sent is missing"},
    {"accounting/sent", "null", "accounting.sent is not a whole number"},
    {"accounting/sent", "201", "accounting.sent is not completed +"},
    {"accounting/failed/eof", "3", "accounting.sent is not completed +"},
    {"accounting/failed/eof", NULL, "accounting.failed.eof is missing"},
    {"accounting/non_2xx", "4", "accounting.non_2xx is not what statusCodeStats says"},
    {"accounting/mismatches", "12", "accounting.mismatches is more than"},
    {"accounting/judged_non_2xx", "1", "accounting.match_limit is missing"},
    {"accounting/connect_failed", "11", "accounting.connect_errors count more"},
    {"accounting/connect_errors/0/errno", "0", "connect_errors[0].errno is not an error"},
    {"accounting/connect_errors/1", "7", "connect_errors[1].errno is missing"},
    {"statusCodeStats/200/count", "12", "statusCodeStats does not add up"},
    {"statusCodeStats/2000", "{\"count\": 1}", "statusCodeStats has a key"},
    {"statusCodeStats/-12", "{\"count\": 1}", "statusCodeStats has a key"},
    {"statusCodeStats/200", "11", "statusCodeStats.count is missing"},
    {"errors", "97", "errors contradicts"},
    {"5xx", "4", "5xx contradicts"},
    {"histograms/latency", NULL, "histograms.latency is missing"},
    {"histograms/latency/count", "15", "histograms.latency.count is not the count"},
    {"histograms/latency/unit", "\"ms\"", "histograms.latency.unit is not"},
    {"histograms/latency/digits", "2", "histograms.latency.digits"},
    {"histograms/latency/over", "-1", "histograms.latency.over is not a whole"},
    {"histograms/latency/data", "\"HISTFAAAA\"", "histograms.latency.data: "},
    {"histograms/latency/data", "7", "histograms.latency.data is not a text"},
    {"series/0/requests", "-5", "series[0].requests is not a whole"},
    {"series/2", "7", "series[2].at_s is missing"},
    {"server", NULL, "server is missing"},
    {"server", "7", "server is not an object"},
    {"server/total/run_wait_s", "\"x\"", "server.total.run_wait_s is neither"},
    {"server/processes", "{}", "server.processes is not an array"},
    {"target/pids/0", "0", "target.pids holds"},
    {"target/argv/1", "7", "target.argv holds"},
    {"target/work", NULL, "target.work is missing"},
    {"target/work/n", "\"many\"", "target.work.n is neither"},
    {"tool/argv", "null", "tool.argv is not an array"},
    {"config", "[]", "config is not an object"},
    {"config/rate", "{}", "config holds"},
    {"warnings/0/code", "null", "warnings[0].code is not a text"},
    {"client/little_residual", "\"x\"", "client.little_residual is neither"},
    {"environment/cpu_model", "[]", "environment.cpu_model is neither"},
    {"machine", "null", "machine is not an object"},
    {"machine/other_cpu_cores", NULL, "machine.other_cpu_cores is missing"},
    {"machine/other_cpu_cores", "-0.1", "machine.other_cpu_cores is neither"},
    {"machine/stolen_cores", "\"x\"", "machine.stolen_cores is neither"},
    {"fairness/jain", NULL, "fairness.jain is missing"},
};

/* To the result "queue". */
static const struct damage queue_damages[] = {
    {"queue", NULL, "queue is missing"},
    {"queue", "7", "queue is not an object"},
    {"queue/accepted", NULL, "queue.accepted is missing"},
    {"queue/accepted", "-1", "queue.accepted is neither"},
    {"queue/backlog_end", "9007199254740992", "queue.backlog_end is neither"},
    {"queue/completed_per_s", "\"x\"", "queue.completed_per_s is neither"},
    {"queue/broker", "7", "queue.broker is neither"},
    {"queue/drain", "null", "queue.drain is not an object"},
    {"queue/drain/how", NULL, "queue.drain.how is none of"},
    {"queue/drain/how", "\"soon\"", "queue.drain.how is none of"},
    {"queue/drain/how", "1", "queue.drain.how is none of"},
    {"queue/drain/time_s", "-1", "queue.drain.time_s is neither"},
    {"queue/drain/left", NULL, "queue.drain.left is missing"},
    {"series/0/queue_backlog", "1.5", "series[0].queue_backlog is neither"},
    {"histograms/job", NULL, "histograms.job is missing"},
    {"histograms/job/count", "1", "histograms.job.count is not"},
};

static void refuse(const char *name, const struct damage *all, size_t count)
{
    struct result r;
    assert_int_equal(render_case(name, &r), 0);
    json_t *good = result_to_json(&r);
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
    result_fini(&r);
}

static void damaged_documents_are_refused_by_key(void **state)
{
    (void)state;
    refuse("collapse", damages, LEN(damages));
    refuse("queue", queue_damages, LEN(queue_damages));
}

/* They could not be merged with the others. */
static void histograms_of_another_shape_are_refused(void **state)
{
    (void)state;
    static const struct {
        int64_t max_ns;
        int digits;
    } shapes[] = {{HIST_MAX_NS, HIST_DIGITS - 1}, {HIST_MAX_NS / 2, HIST_DIGITS}};
    struct result r;
    assert_int_equal(render_case("pool", &r), 0);
    for (size_t i = 0; i < LEN(shapes); i++) {
        struct result got;
        struct err err;
        hist_free(r.connect);
        r.connect = hist_new(shapes[i].max_ns, shapes[i].digits);
        json_t *doc = result_to_json(&r);
        assert_int_equal(result_from_json(doc, &got, &err), -1);
        assert_non_null(strstr(err.text, "histograms.connect"));
        json_decref(doc);
    }
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_back_it_is_the_same_result),
        cmocka_unit_test(a_seed_is_read_back_exactly),
        cmocka_unit_test(what_a_queue_did_is_read_back),
        cmocka_unit_test(a_file_of_before_the_machine_was_watched_is_read),
        cmocka_unit_test(values_above_the_range_stay_over),
        cmocka_unit_test(damaged_documents_are_refused_by_key),
        cmocka_unit_test(histograms_of_another_shape_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
