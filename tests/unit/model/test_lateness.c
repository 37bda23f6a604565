/* Whose fault it was that requests of an open loop were sent late. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/lateness.h"

#define US NS_PER_US
#define MS NS_PER_MS

/* 10,000 requests, each answered after `service_ns`; none is late. */
static void make(struct result *r, int64_t service_ns)
{
    result_init(r);
    r->accounting.due = r->accounting.sent = r->accounting.completed = 10000;
    r->accounting.unsent = r->accounting.held = 0;
    r->latency = hist_new_latency();
    r->service = hist_new_latency();
    r->slip = hist_new_latency();
    r->lag = hist_new_latency();
    hist_record_n(r->service, service_ns, 10000);
}

/* So many were due, seen and sent after these times. */
static void add(struct result *r, int64_t count, int64_t lag_ns, int64_t slip_ns)
{
    int64_t service_ns = hist_percentile_ns(r->service, 0.5);
    hist_record_n(r->lag, lag_ns, (uint64_t)count);
    hist_record_n(r->slip, slip_ns, (uint64_t)count);
    hist_record_n(r->latency, slip_ns + service_ns, (uint64_t)count);
}

static void a_closed_loop_has_no_lateness(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    struct lateness l = lateness_of(&r);
    assert_int_equal(l.limit_ns, MISSING);
    assert_false(l.is_own);
    assert_false(l.is_no_connection);
    assert_true(isnan(lateness_own_p99_ns(&r)));
    result_fini(&r);
}

static void the_limit_is_a_millisecond_or_a_part_of_the_p50(void **state)
{
    (void)state;
    struct result r;
    make(&r, 2 * MS);
    add(&r, 10000, 0, 0);
    assert_int_equal(lateness_of(&r).limit_ns, RESULT_LATE_NS);
    result_fini(&r);
    make(&r, 100 * MS);
    add(&r, 10000, 0, 0);
    assert_true(llabs(lateness_of(&r).limit_ns - 5 * MS) <= 5 * US); /* a bucket's width */
    result_fini(&r);
}

static void each_fault_is_told_from_the_others(void **state)
{
    (void)state;
    static const struct {
        int64_t late, lag_ns, slip_ns, held;
        bool is_own, is_no_connection;
    } cases[] = {
        {100, 2 * MS, 2 * MS, 0, false, false},   /* 1 % is not more than 1 % */
        {101, 2 * MS, 2 * MS, 0, true, false},    /* seen late */
        {101, 10 * US, 2 * MS, 0, true, false},   /* seen in time, and a connection was free */
        {101, 10 * US, 2 * MS, 101, false, true}, /* it waited for a connection */
        {101, 10 * US, 2 * MS, 100, true, false}, /* most of them did not */
        {5000, 500 * US, 900 * US, 5000, false, false}, /* all in time */
        {5000, 300 * MS, 301 * MS, 5000, true, false},  /* a stall, and what piled up in it */
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        make(&r, 2 * MS);
        add(&r, cases[i].late, cases[i].lag_ns, cases[i].slip_ns);
        add(&r, 10000 - cases[i].late, 5 * US, 10 * US);
        r.accounting.held = cases[i].held;
        struct lateness l = lateness_of(&r);
        if (l.is_own != cases[i].is_own || l.is_no_connection != cases[i].is_no_connection)
            fail_msg("case %zu: own %g, no connection %g of %g", i, l.own, l.no_connection, l.due);
        result_fini(&r);
    }
}

static void two_late_requests_are_an_accident(void **state)
{
    (void)state;
    for (int64_t late = 1; late <= 4; late++) {
        struct result r;
        make(&r, 2 * MS);
        r.accounting.due = 60;
        add(&r, late, 5 * MS, 5 * MS);
        add(&r, 60 - late, 10 * US, 10 * US);
        assert_int_equal(lateness_of(&r).is_own, late >= LATENESS_LEAST);
        result_fini(&r);
    }
}

static void both_may_be_at_fault(void **state)
{
    (void)state;
    struct result r;
    make(&r, 2 * MS);
    add(&r, 300, 5 * MS, 5 * MS);
    add(&r, 700, 10 * US, 5 * MS);
    add(&r, 9000, 10 * US, 10 * US);
    r.accounting.held = 700;
    struct lateness l = lateness_of(&r);
    assert_true(l.own == 300);
    assert_true(l.no_connection == 700);
    assert_true(l.is_own);
    assert_true(l.is_no_connection);
    result_fini(&r);
}

static void the_own_share_of_the_p99_is_what_it_is_raised_by(void **state)
{
    (void)state;
    struct result r;
    make(&r, 20 * MS);
    add(&r, 200, 3 * MS, 3 * MS);
    add(&r, 9800, 50 * US, 50 * US);
    assert_true(fabs(lateness_own_p99_ns(&r) - 3e6) < 3e4);
    result_fini(&r);

    /* Of a wait for a connection only what bench was behind is its own. */
    make(&r, 20 * MS);
    add(&r, 200, 40 * US, 500 * MS);
    add(&r, 9800, 40 * US, 50 * US);
    r.accounting.held = 200;
    assert_true(fabs(lateness_own_p99_ns(&r) - 4e4) < 4e2);
    result_fini(&r);

    /* The slowest 2 % of the responses hide what others were late by. */
    make(&r, 20 * MS);
    hist_record_n(r.service, 400 * MS, 400);
    hist_record_n(r.latency, 400 * MS, 400);
    add(&r, 300, 3 * MS, 3 * MS);
    add(&r, 9700, 50 * US, 50 * US);
    assert_true(lateness_own_p99_ns(&r) == 0);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_loop_has_no_lateness),
        cmocka_unit_test(the_limit_is_a_millisecond_or_a_part_of_the_p50),
        cmocka_unit_test(each_fault_is_told_from_the_others),
        cmocka_unit_test(two_late_requests_are_an_accident),
        cmocka_unit_test(both_may_be_at_fault),
        cmocka_unit_test(the_own_share_of_the_p99_is_what_it_is_raised_by),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
