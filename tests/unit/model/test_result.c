#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/result.h"

static void close_to(double got, double want)
{
    if (fabs(got - want) > 1e-9 * fmax(1, fabs(want)))
        fail_msg("%.17g instead of %.17g", got, want);
}

/* Read again and again, a number of a document stays what it is. */
static void a_stored_number_is_stored_as_itself(void **state)
{
    (void)state;
    static const double numbers[] = {0,      1.0 / 3,   -2e300 / 3,
                                     5e-324, 0.1 + 0.2, 1.2345678901234567e17};
    for (size_t i = 0; i < LEN(numbers); i++) {
        double stored = result_stored(numbers[i]);
        close_to(stored, numbers[i]);
        assert_true(result_stored(stored) == stored);
    }
    assert_true(result_stored(0.1 + 0.2) == 0.3);
    assert_true(isnan(result_stored(NAN)));
}

static void with_seconds(struct result *r, const int64_t *requests, size_t count, double last_s)
{
    result_init(r);
    r->seconds = mem_array(count, sizeof *r->seconds);
    r->nseconds = count;
    for (size_t i = 0; i < count; i++) {
        r->seconds[i].length_s = i + 1 < count ? 1 : last_s;
        r->seconds[i].requests = requests[i];
        r->seconds[i].bytes = requests[i] * 100;
    }
}

static void a_dead_second_counts(void **state)
{
    (void)state;
    struct result r;
    with_seconds(&r, (const int64_t[]){10, 0, 20, 10}, 4, 1);
    struct second_stats s = result_second_stats(&r, SECOND_REQUESTS);
    assert_int_equal(s.count, 4);
    close_to(s.mean, 10);
    close_to(s.min, 0);
    close_to(s.max, 20);
    close_to(s.stddev, sqrt(50));
    struct second_stats bytes = result_second_stats(&r, SECOND_BYTES);
    close_to(bytes.mean, 1000);
    close_to(bytes.stddev, sqrt(50) * 100);
    result_fini(&r);
}

static void a_last_second_cut_short_is_a_rate_or_nothing(void **state)
{
    (void)state;
    static const struct {
        double last_s;
        size_t count;
        double mean;
    } cases[] = {
        {1, 3, 10},         /* 10, 10, 10 */
        {0.5, 3, 40.0 / 3}, /* 10, 10, and 10 in half a second are 20 a second */
        {0.49, 2, 10},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        with_seconds(&r, (const int64_t[]){10, 10, 10}, 3, cases[i].last_s);
        struct second_stats s = result_second_stats(&r, SECOND_REQUESTS);
        assert_int_equal(s.count, cases[i].count);
        close_to(s.mean, cases[i].mean);
        result_fini(&r);
    }
}

static void a_short_run_has_its_one_second(void **state)
{
    (void)state;
    struct result r;
    with_seconds(&r, (const int64_t[]){7}, 1, 0.1);
    struct second_stats s = result_second_stats(&r, SECOND_REQUESTS);
    assert_int_equal(s.count, 1);
    close_to(s.mean, 70);
    close_to(s.stddev, 0);
    close_to(result_second_percentile(&r, SECOND_REQUESTS, 0.5), 70);
    result_fini(&r);
}

static void no_seconds_have_no_statistics(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    struct second_stats s = result_second_stats(&r, SECOND_REQUESTS);
    assert_int_equal(s.count, 0);
    assert_true(isnan(s.mean) && isnan(s.stddev) && isnan(s.min) && isnan(s.max));
    assert_true(isnan(result_second_percentile(&r, SECOND_BYTES, 0.5)));
    assert_true(isnan(result_requests_per_second(&r)));
    result_fini(&r);
}

static void percentiles_are_nearest_rank(void **state)
{
    (void)state;
    static const struct {
        double q, want;
    } cases[] = {{0, 0}, {0.01, 0}, {0.1, 0}, {0.11, 1}, {0.5, 4}, {0.9, 8}, {0.975, 9}, {1, 9}};
    struct result r;
    with_seconds(&r, (const int64_t[]){9, 3, 7, 1, 5, 0, 8, 2, 6, 4}, 10, 1);
    for (size_t i = 0; i < LEN(cases); i++)
        close_to(result_second_percentile(&r, SECOND_REQUESTS, cases[i].q), cases[i].want);
    result_fini(&r);
}

/* The rank of the quantiles in use, against whole-number arithmetic: a product that comes out just
 * above its whole number would skip a rank. */
static void percentile_ranks_are_exact(void **state)
{
    (void)state;
    static const int64_t per_mille[] = {1, 10, 25, 100, 250, 500, 750, 900, 975, 990, 999};
    for (size_t n = 1; n <= 400; n++) {
        struct result r;
        int64_t *requests = mem_array(n, sizeof *requests);
        for (size_t i = 0; i < n; i++)
            requests[i] = (int64_t)i + 1;
        with_seconds(&r, requests, n, 1);
        for (size_t k = 0; k < LEN(per_mille); k++) {
            int64_t rank = (per_mille[k] * (int64_t)n + 999) / 1000;
            close_to(result_second_percentile(&r, SECOND_REQUESTS, (double)per_mille[k] / 1000),
                     (double)rank);
        }
        result_fini(&r);
        free(requests);
    }
}

static void every_request_is_accounted_for(void **state)
{
    (void)state;
    struct accounting a = {.sent = 15 + LOSS_COUNT,
                           .completed = 10,
                           .timed_out = 3,
                           .in_flight_at_end = 2,
                           .due = MISSING,
                           .unsent = MISSING};
    for (size_t i = 0; i < LOSS_COUNT; i++)
        a.failed[i] = 1;
    assert_int_equal(accounting_failed(&a), LOSS_COUNT);
    assert_true(accounting_adds_up(&a));
    assert_int_equal(accounting_waiting(&a), 2);
    a.due = a.sent + 5; /* an open loop */
    a.unsent = 5;
    assert_true(accounting_adds_up(&a));
    assert_int_equal(accounting_waiting(&a), 7);
    a.unsent = 4;
    assert_false(accounting_adds_up(&a));
    a.unsent = 5;
    a.failed[LOSS_DROPPED]++;
    assert_false(accounting_adds_up(&a));
}

static void what_is_not_measured_is_missing(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    assert_true(isnan(r.duration_s) && isnan(r.client.cpu_user_s) && isnan(r.fairness.jain));
    assert_true(r.work_n == MISSING && r.accounting.oldest_in_flight_ns == MISSING);
    assert_true(r.server.total.rss_peak_bytes == MISSING && r.environment.fd_limit == MISSING);
    assert_true(r.valid && !r.interrupted);
    result_fini(&r);
}

static void a_result_owns_what_is_added(void **state)
{
    (void)state;
    char text[] = "GET";
    char name[] = "method";
    struct result r;
    result_init(&r);
    result_warn(&r, "code", "message", NULL);
    result_add_setting(&r, &(struct setting){.name = name, .kind = SETTING_TEXT, .text = text});
    struct process_cost *c = result_add_process(&r, "compute", 7);
    assert_true(isnan(c->cpu_user_s) && c->threads_peak == MISSING && c->pid == 7);
    text[0] = name[0] = '?';
    assert_string_equal(r.config[0].name, "method");
    assert_string_equal(r.config[0].text, "GET");
    assert_null(r.warnings[0].remedy);
    assert_string_equal(r.server.processes[0].role, "compute");
    result_fini(&r);
}

static void the_work_of_a_queue_ends_with_its_measured_drain(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.duration_s = 0.5;
    assert_true(isnan(queue_work_per_second(&r))); /* no queue */
    assert_true(queue_work_jobs(&r) == MISSING);
    r.has_queue = true;
    assert_true(isnan(queue_work_per_second(&r)));
    r.queue.completed = 3;
    r.queue.completed_per_s = 6;
    r.queue.backlog_end = 998;
    close_to(queue_work_per_second(&r), 6);
    r.queue.drain = DRAIN_PROJECTED;
    r.queue.drain_s = 166;
    close_to(queue_work_per_second(&r), 6);
    r.queue.drain = DRAIN_CUT;
    r.queue.drain_s = 1;
    r.queue.drain_left = 900;
    r.queue.drain_completed = 98;
    close_to(queue_work_per_second(&r), 6);
    r.queue.drain = DRAIN_MEASURED;
    r.queue.drain_s = 3.5;
    r.queue.drain_left = 0;
    r.queue.drain_completed = 997; /* and one failed */
    close_to(queue_work_per_second(&r), 250);
    close_to(queue_work_s(&r), 4);
    assert_int_equal(queue_work_jobs(&r), 1000);
    r.queue.drain_completed = MISSING;
    assert_int_equal(queue_work_jobs(&r), 1001);
    r.queue.drain_s = NAN;
    close_to(queue_work_per_second(&r), 6);
    result_fini(&r);
}

static void what_is_left_of_a_queue_is_of_its_last_look(void **state)
{
    (void)state;
    static const struct {
        enum drain_how how;
        int64_t want;
    } cases[] = {{DRAIN_UNKNOWN, 50}, {DRAIN_PROJECTED, 50}, {DRAIN_CUT, 7}, {DRAIN_MEASURED, 7}};
    struct queue_account q;
    queue_account_init(&q);
    assert_true(queue_account_left(&q) == MISSING);
    q.backlog_end = 50;
    q.drain_left = 7;
    for (size_t i = 0; i < LEN(cases); i++) {
        q.drain = cases[i].how;
        assert_int_equal(queue_account_left(&q), cases[i].want);
    }
}

/* Of 300 replies that arrived in 2 s, 100 were to requests from before. */
static void rates_are_of_all_that_arrived(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.duration_s = 2;
    r.accounting.warmup_discarded = 120;
    r.accounting.carried = 100;
    assert_int_equal(accounting_replies(&r.accounting), 100);
    close_to(accounting_replies_like(&r.accounting, 0), 0);
    r.accounting.completed = 200;
    close_to(result_requests_per_second(&r), 150);
    close_to(accounting_replies_like(&r.accounting, 50), 75);
    close_to(accounting_replies_like(&r.accounting, 200), 300);
    result_fini(&r);
}

/* Four 404 of requests for which 404 is expected, one 500 of these, and two 500 of others. */
static void an_expected_status_is_not_wrong(void **state)
{
    (void)state;
    const struct accounting a = {
        .completed = 20, .non_2xx = 7, .judged_non_2xx = 5, .mismatches = 1};
    assert_int_equal(accounting_wrong_status(&a), 2);
    assert_int_equal(accounting_wrong(&a), 3);
}

static void few_answers_are_fewer_than_half(void **state)
{
    (void)state;
    assert_false(accounting_answers_few(&(struct accounting){0}));
    assert_true(accounting_answers_few(&(struct accounting){.sent = 102, .completed = 2}));
    assert_true(accounting_answers_few(&(struct accounting){.sent = 102, .completed = 50}));
    assert_false(accounting_answers_few(&(struct accounting){.sent = 102, .completed = 51}));
    /* Half of an odd number is no whole one. */
    assert_true(accounting_answers_few(&(struct accounting){.sent = 1}));
    assert_false(accounting_answers_few(&(struct accounting){.sent = 1, .completed = 1}));
    assert_true(accounting_answers_few(&(struct accounting){.sent = 3, .completed = 1}));
    assert_false(accounting_answers_few(&(struct accounting){.sent = 3, .completed = 2}));
    assert_true(accounting_answers_few(&(struct accounting){.sent = 101, .completed = 50}));
}

static void a_queue_is_known_by_its_name_or_its_account(void **state)
{
    (void)state;
    static const struct {
        const char *strategy, *original;
        bool has_queue, want;
    } cases[] = {
        {NULL, NULL, false, false},
        {NULL, NULL, true, true},
        {"queue", NULL, false, true},
        {"pool", NULL, false, false},
        {NULL, "express-bullmq", false, true},
        {NULL, "express-piscina", false, false},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        result_init(&r);
        r.strategy = mem_strdup_or_null(cases[i].strategy);
        r.original = mem_strdup_or_null(cases[i].original);
        r.has_queue = cases[i].has_queue;
        assert_int_equal(result_is_queue(&r), cases[i].want);
        result_fini(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_queue_is_known_by_its_name_or_its_account),
        cmocka_unit_test(a_dead_second_counts),
        cmocka_unit_test(a_stored_number_is_stored_as_itself),
        cmocka_unit_test(a_last_second_cut_short_is_a_rate_or_nothing),
        cmocka_unit_test(a_short_run_has_its_one_second),
        cmocka_unit_test(no_seconds_have_no_statistics),
        cmocka_unit_test(percentiles_are_nearest_rank),
        cmocka_unit_test(percentile_ranks_are_exact),
        cmocka_unit_test(every_request_is_accounted_for),
        cmocka_unit_test(the_work_of_a_queue_ends_with_its_measured_drain),
        cmocka_unit_test(what_is_left_of_a_queue_is_of_its_last_look),
        cmocka_unit_test(rates_are_of_all_that_arrived),
        cmocka_unit_test(an_expected_status_is_not_wrong),
        cmocka_unit_test(few_answers_are_fewer_than_half),
        cmocka_unit_test(what_is_not_measured_is_missing),
        cmocka_unit_test(a_result_owns_what_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
