/* What bench says of itself in a document: its threads, and how it kept to the times of an open
 * loop. Read back, refused when it is spoilt, and as older versions wrote it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "cases/render_cases.h"
#include "model/plan.h"
#include "store/result_json.h"
#include "support/damage.h"

static struct hist *hist_with(int64_t count)
{
    struct hist *h = hist_new_latency();
    hist_record_n(h, 30 * NS_PER_US, (uint64_t)count);
    return h;
}

/* The run "pool", as if its requests had been due at a rate: three were never sent. */
static void open_loop(struct result *r)
{
    assert_int_equal(render_case("pool", r), 0);
    struct accounting *a = &r->accounting;
    a->due = a->sent + 3;
    a->unsent = 3;
    a->held = 7;
    r->service = hist_with(a->completed);
    r->slip = hist_with(a->sent);
    r->lag = hist_with(a->due);
    r->unsent = hist_with(3);
    hist_merge(r->unfinished, r->unsent);
    r->offered.rate_rps = 400;
    r->workers = 2;
    r->offered.arrivals = mem_strdup("constant");
    r->offered.max_connections = 200;
    r->client.little_residual = NAN;
    r->client.late = false;
    r->client.spin_s = 0.25;
    r->client.threads = mem_array(2, sizeof *r->client.threads);
    r->client.nthreads = 2;
    r->client.threads[0] = (struct thread_cost){.cpu_s = 1.5, .run_wait_s = 0.125};
    r->client.threads[1] = (struct thread_cost){.cpu_s = 2.5, .run_wait_s = NAN};
    r->machine.suspended_s = 1.25;
    for (size_t i = 0; i < r->nseconds; i++) {
        bool is_last = i + 1 == r->nseconds;
        int64_t each = a->sent / (int64_t)r->nseconds;
        r->seconds[i].sent = is_last ? a->sent - each * (int64_t)i : each;
        r->seconds[i].due = r->seconds[i].sent + (is_last ? 3 : 0);
        r->seconds[i].late = (int64_t)i;
    }
}

static json_t *written(void)
{
    struct result r;
    open_loop(&r);
    json_t *doc = result_to_json(&r);
    result_fini(&r);
    return doc;
}

/* Takes the document. */
static struct result read_back(json_t *doc)
{
    struct result r;
    struct err err;
    if (result_from_json(doc, &r, &err) < 0)
        fail_msg("%s", err.text);
    json_decref(doc);
    return r;
}

static void read_back_it_is_the_same(void **state)
{
    (void)state;
    struct result r = read_back(written());
    const struct accounting *a = &r.accounting;
    assert_int_equal(a->due, a->sent + 3);
    assert_int_equal(a->unsent, 3);
    assert_int_equal(a->held, 7);
    assert_int_equal(hist_count(r.service), a->completed);
    assert_int_equal(hist_count(r.slip), a->sent);
    assert_int_equal(hist_count(r.lag), a->due);
    assert_int_equal(hist_count(r.unsent), 3);
    assert_false(r.client.late);
    assert_true(r.client.spin_s == 0.25);
    assert_int_equal(r.client.nthreads, 2);
    assert_true(r.client.threads[0].cpu_s == 1.5 && r.client.threads[0].run_wait_s == 0.125);
    assert_true(r.client.threads[1].cpu_s == 2.5 && isnan(r.client.threads[1].run_wait_s));
    assert_true(r.machine.suspended_s == 1.25);
    assert_int_equal(r.seconds[2].due, a->sent / (int64_t)r.nseconds);
    assert_int_equal(r.seconds[2].sent, r.seconds[2].due);
    assert_int_equal(r.seconds[2].late, 2);
    result_fini(&r);
}

/* Of a closed loop, none of it is known. */
static void a_closed_loop_has_nulls(void **state)
{
    (void)state;
    struct result closed;
    assert_int_equal(render_case("pool", &closed), 0);
    struct result r = read_back(result_to_json(&closed));
    assert_int_equal(r.accounting.due, MISSING);
    assert_int_equal(r.accounting.held, MISSING);
    assert_null(r.service);
    assert_null(r.lag);
    assert_false(r.client.late);
    assert_true(isnan(r.client.spin_s));
    assert_int_equal(r.seconds[0].due, MISSING);
    assert_int_equal(r.seconds[0].late, MISSING);
    result_fini(&r);
    result_fini(&closed);
}

static void a_file_of_an_older_version_is_read(void **state)
{
    (void)state;
    static const char *const added[] = {
        "accounting/due",     "accounting/unsent", "accounting/held",     "client/late",
        "client/spin_s",      "client/threads",    "histograms/slip",     "histograms/lag",
        "histograms/service", "histograms/unsent", "machine/suspended_s", "offered"};
    struct result closed;
    assert_int_equal(render_case("pool", &closed), 0);
    json_t *doc = result_to_json(&closed);
    result_fini(&closed);
    for (size_t k = 0; k < LEN(added); k++)
        damage_at(doc, added[k], NULL);
    struct result r = read_back(doc);
    assert_int_equal(r.accounting.due, MISSING);
    assert_int_equal(r.accounting.unsent, MISSING);
    assert_int_equal(r.accounting.held, MISSING);
    assert_null(r.slip);
    assert_int_equal(r.client.nthreads, 0);
    assert_false(r.client.late);
    assert_true(isnan(r.client.spin_s) && isnan(r.machine.suspended_s));
    assert_int_equal(r.seconds[0].due, MISSING);
    result_fini(&r);
}

static void what_contradicts_itself_is_refused_by_key(void **state)
{
    (void)state;
    static const struct damage damages[] = {
        {"accounting/due", "5", "accounting.due is not sent + unsent"},
        {"accounting/due", "null", "accounting.due is not sent + unsent"},
        {"accounting/held", "null", "accounting.held is not a part of due"},
        {"accounting/held", "9007199254740991", "accounting.held is not a part of due"},
        {"accounting/unsent", NULL, "accounting.unsent is missing"},
        {"client/late", "0", "client.late is neither true nor false"},
        {"client/late", "true", "client.late is not what the histograms lag and slip give"},
        {"workers", "1", "client.threads are not as many as workers"},
        {"offered/rate", "1", "offered.rate is less than duration and accounting.due give"},
        {"offered/max_connections", "0", "offered.max_connections is less than connections"},
        {"offered/arrivals", "\"uniform\"", "offered.arrivals is neither constant nor poisson"},
        {"series/1/late", "null", "series has due, sent and late that do not fit each other"},
        {"series/1/at_s", "0.5", "series is not in the order of at_s"},
        {"client/spin_s", "-1", "client.spin_s is neither"},
        {"client/threads", "{}", "client.threads is not an array"},
        {"client/threads/0", "7", "client.threads[0].cpu_s is missing"},
        {"client/threads/1/run_wait_s", "\"x\"", "client.threads[1].run_wait_s is neither"},
        {"machine/suspended_s", "-1", "machine.suspended_s is neither"},
        {"series/1/late", "9007199254740991", "series[1].late is more than was sent"},
        {"series/1/sent", NULL, "series[1].sent is missing"},
        {"histograms/service/over", "1", "histograms.service holds"},
        {"histograms/slip/over", "1", "histograms.slip holds"},
        {"histograms/unsent/over", "1", "histograms.unsent holds 4, and accounting.unsent is 3"},
        {"histograms/lag/count", "1", "histograms.lag.count is not"},
    };
    for (size_t i = 0; i < LEN(damages); i++) {
        struct result got;
        struct err err = {0};
        json_t *doc = written();
        damage_at(doc, damages[i].path, damages[i].value);
        if (result_from_json(doc, &got, &err) == 0)
            fail_msg("%s was accepted", damages[i].path);
        if (strstr(err.text, damages[i].complaint) == NULL)
            fail_msg("%s: '%s' instead of '%s'", damages[i].path, err.text, damages[i].complaint);
        json_decref(doc);
    }
}

static void a_histogram_of_an_open_loop_needs_its_counts(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct result r;
        struct result got;
        struct err err = {0};
        assert_int_equal(render_case("pool", &r), 0);
        *(i == 0 ? &r.slip : &r.lag) = hist_with(r.accounting.sent);
        json_t *doc = result_to_json(&r);
        assert_int_equal(result_from_json(doc, &got, &err), -1);
        assert_non_null(strstr(err.text, "is known, and accounting.due is not"));
        json_decref(doc);
        result_fini(&r);
    }
}

static void no_run_has_so_many_threads(void **state)
{
    (void)state;
    struct result got;
    struct err err = {0};
    json_t *doc = written();
    json_t *threads = json_object_get(json_object_get(doc, "client"), "threads");
    (void)json_object_set_new(doc, "workers", json_integer(PLAN_WORKERS_MAX));
    while (json_array_size(threads) < PLAN_WORKERS_MAX)
        (void)json_array_append(threads, json_array_get(threads, 0));
    struct result most = read_back(json_incref(doc));
    assert_int_equal(most.client.nthreads, PLAN_WORKERS_MAX);
    result_fini(&most);
    (void)json_array_append(threads, json_array_get(threads, 0));
    assert_int_equal(result_from_json(doc, &got, &err), -1);
    assert_non_null(strstr(err.text, "client.threads are more than the 1024 of any run"));
    json_decref(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_back_it_is_the_same),
        cmocka_unit_test(a_closed_loop_has_nulls),
        cmocka_unit_test(a_file_of_an_older_version_is_read),
        cmocka_unit_test(what_contradicts_itself_is_refused_by_key),
        cmocka_unit_test(a_histogram_of_an_open_loop_needs_its_counts),
        cmocka_unit_test(no_run_has_so_many_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
