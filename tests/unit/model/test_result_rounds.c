/* result_rounds: runs that followed each other are as one. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/result_rounds.h"

static void make(struct result *r, int64_t completed, size_t nseconds)
{
    result_init(r);
    r->url = mem_strdup("http://localhost/");
    r->accounting.sent = r->accounting.completed = r->accounting.statuses[200] = completed;
    r->latency = hist_new_latency();
    r->connect = hist_new_latency();
    hist_record_n(r->latency, NS_PER_MS, (uint64_t)completed);
    hist_record_n(r->connect, NS_PER_MS, 2);
    r->duration_s = (double)nseconds;
    r->client.cpu_user_s = 1;
    r->client.cpu_system_s = 2;
    r->client.rss_peak_bytes = completed;
    r->client.saturated = completed == 100;
    r->seconds = mem_array(nseconds, sizeof *r->seconds);
    for (size_t i = 0; i < nseconds; i++)
        r->seconds[i] = (struct second){.at_s = (double)(i + 1), .length_s = 1, .requests = 1};
    r->nseconds = nseconds;
    r->named = mem_array(1, sizeof *r->named);
    named_request_init(&r->named[0], "a", "GET", "/a");
    r->nnamed = 1;
    r->named[0].counts.sent = r->named[0].counts.completed = completed;
}

static void rounds_add_up(void **state)
{
    (void)state;
    struct result sum;
    struct result parts[2];
    result_init(&sum);
    make(&parts[0], 100, 2);
    make(&parts[1], 50, 3);
    parts[1].interrupted = true;
    result_rounds_add(&sum, &parts[0]);
    assert_false(sum.interrupted);
    result_rounds_add(&sum, &parts[1]);
    assert_int_equal(sum.rounds, 2);
    assert_int_equal(sum.accounting.completed, 150);
    assert_int_equal(hist_count(sum.latency), 150);
    assert_int_equal(hist_count(sum.connect), 4);
    assert_null(sum.handshake);
    assert_int_equal(sum.nnamed, 1);
    assert_int_equal(sum.named[0].counts.completed, 150);
    assert_true(sum.interrupted && sum.client.saturated);
    assert_int_equal(sum.client.rss_peak_bytes, 100);
    assert_float_equal(sum.client.cpu_per_request_us, 6e6 / 150, 1e-6);
    assert_string_equal(sum.url, "http://localhost/");
    /* The seconds of the second round follow those of the first. */
    assert_int_equal(sum.nseconds, 5);
    for (size_t i = 0; i < sum.nseconds; i++)
        assert_float_equal(sum.seconds[i].at_s, (double)(i + 1), 1e-9);
    for (size_t i = 0; i < LEN(parts); i++)
        result_fini(&parts[i]);
    result_fini(&sum);
}

static void seconds_end_where_they_would_be_too_many(void **state)
{
    (void)state;
    struct result sum;
    struct result part;
    result_init(&sum);
    make(&part, 100, RESULT_ROUNDS_SECONDS - 1);
    result_rounds_add(&sum, &part);
    assert_int_equal(sum.nseconds, RESULT_ROUNDS_SECONDS - 1);
    result_fini(&part);
    make(&part, 50, 2);
    result_rounds_add(&sum, &part);
    assert_int_equal(sum.nseconds, 0);
    result_rounds_add(&sum, &part); /* and they do not begin again */
    assert_int_equal(sum.nseconds, 0);
    assert_int_equal(sum.accounting.completed, 200);
    result_fini(&part);
    result_fini(&sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_add_up),
        cmocka_unit_test(seconds_end_where_they_would_be_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
