/* What a run says of bench itself. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/warnings.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cases/healthy_result.h"

/* An open loop of 100 requests per second for 10 s, answered in 20 ms each, that kept to its times;
 * at most 10 connections. */
static void open_loop(struct result *r)
{
    healthy_result(r);
    r->accounting.due = 1010;
    r->accounting.unsent = 0;
    r->accounting.held = 0;
    r->client.little_residual = NAN;
    r->fairness = (struct fairness){.min = 1, .median = 5, .max = 500, .jain = 0.2};
    r->latency = hist_new_latency();
    r->service = hist_new_latency();
    r->slip = hist_new_latency();
    r->lag = hist_new_latency();
    hist_record_n(r->latency, 20 * NS_PER_MS, 1000);
    hist_record_n(r->service, 20 * NS_PER_MS, 1000);
    hist_record_n(r->slip, 20 * NS_PER_US, 1010);
    hist_record_n(r->lag, 10 * NS_PER_US, 1010);
    r->offered.max_connections = 10;
}

/* 20 % more were sent 30 ms late. */
static void slip(struct result *r)
{
    hist_record_n(r->slip, 30 * NS_PER_MS, 200);
    r->accounting.due += 200;
    r->accounting.sent += 200;
    r->accounting.completed += 200;
}

static void be_late(struct result *r)
{
    slip(r);
    hist_record_n(r->lag, 30 * NS_PER_MS, 200);
}

static void have_no_connection(struct result *r)
{
    slip(r);
    r->accounting.held = 200;
}

static void leave_unsent(struct result *r)
{
    r->accounting.due += 11;
    r->accounting.unsent = 11;
}

static void contradict_itself(struct result *r)
{
    hist_free(r->service);
    r->service = hist_new_latency();
    hist_record_n(r->service, 107 * NS_PER_MS, 1000); /* 100/s of them are 10.7 */
}

static void starve(struct result *r)
{
    r->fairness.starved = 1;
}

static void sleep_for_a_while(struct result *r)
{
    r->machine.suspended_s = 30.25;
}

static void threads(struct result *r, double wait_s)
{
    r->client.threads = mem_array(2, sizeof *r->client.threads);
    r->client.nthreads = 2;
    r->client.threads[0] = (struct thread_cost){.cpu_s = 1, .run_wait_s = NAN};
    r->client.threads[1] = (struct thread_cost){.cpu_s = 1, .run_wait_s = wait_s};
}

static void wait_for_cores(struct result *r)
{
    threads(r, 2.1);
}

/* One thread is the fewest. */
static void fewer_threads_are_advised_only_where_there_are_more(void **state)
{
    (void)state;
    for (int64_t workers = 1; workers <= 2; workers++) {
        struct result r;
        open_loop(&r);
        r.workers = workers;
        wait_for_cores(&r);
        warnings_add(&r);
        assert_int_equal(r.nwarnings, 1);
        assert_true((strstr(r.warnings[0].remedy, "fewer threads") != NULL) == (workers > 1));
        result_fini(&r);
    }
}

static void each_fault_has_its_own_warning(void **state)
{
    (void)state;
    static const struct {
        void (*spoil)(struct result *r);
        const char *code, *message, *remedy;
    } cases[] = {
        {be_late, "late", "16.5 % of the requests more than 1.00 ms after they were due", "-w"},
        {have_no_connection, "connection-limited",
         "16.5 % of the requests were sent more than 1.00 ms late, because no connection was free",
         "--max-connections"},
        {leave_unsent, "unsent", "11 of 1021 requests were due and never sent", "-w"},
        {contradict_itself, "little",
         "10.7 requests were in flight on average, and the connections "
         "hold only 10",
         "report"},
        {starve, "starved", "1 connection got no response", "unfinished"},
        {sleep_for_a_while, "suspended", "for 30.2 s during the run", "repeat"},
        {wait_for_cores, "cpu-wait", "waited for a CPU core 21 % of the time", "taskset"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        open_loop(&r);
        cases[i].spoil(&r);
        warnings_add(&r);
        if (r.nwarnings != 1 || strcmp(r.warnings[0].code, cases[i].code) != 0)
            fail_msg("%s: %zu warnings, the first %s", cases[i].code, r.nwarnings,
                     r.nwarnings > 0 ? r.warnings[0].code : "-");
        if (strstr(r.warnings[0].message, cases[i].message) == NULL)
            fail_msg("%s: %s", cases[i].code, r.warnings[0].message);
        if (strstr(r.warnings[0].remedy, cases[i].remedy) == NULL)
            fail_msg("%s: %s", cases[i].code, r.warnings[0].remedy);
        assert_int_equal(r.client.late, strcmp(cases[i].code, "late") == 0);
        assert_true(r.valid);
        result_fini(&r);
    }
}

/* Connections come as they are needed, so that their numbers say nothing. */
static void an_open_loop_in_time_has_none(void **state)
{
    (void)state;
    struct result r;
    open_loop(&r);
    threads(&r, 1.9);
    r.machine.suspended_s = 0.01;
    r.accounting.due++;
    r.accounting.unsent = 1;
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    assert_false(r.client.late);
    result_fini(&r);
}

static void one_that_is_hardly_used_starves_no_connection(void **state)
{
    (void)state;
    struct result r;
    open_loop(&r);
    r.fairness.starved = 3;
    r.accounting.connected = 100; /* ten responses each */
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    result_fini(&r);
}

/* Little's law says how many were in the system, and where they cannot have been. */
static void the_limit_of_connections_is_told_by_figures(void **state)
{
    (void)state;
    struct result r;
    open_loop(&r);
    have_no_connection(&r);
    hist_record_n(r.latency, 520 * NS_PER_MS, 1000); /* 270 ms on average, of 120/s */
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 1);
    if (strstr(r.warnings[0].message,
               "; 32 were due and not answered on average, and the connections hold 10") == NULL)
        fail_msg("%s", r.warnings[0].message);
    result_fini(&r);
}

static void unsent_for_want_of_connections_has_another_remedy(void **state)
{
    (void)state;
    struct result r;
    open_loop(&r);
    leave_unsent(&r);
    r.accounting.held = 11;
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 1);
    assert_non_null(strstr(r.warnings[0].remedy, "--max-connections"));
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fewer_threads_are_advised_only_where_there_are_more),
        cmocka_unit_test(each_fault_has_its_own_warning),
        cmocka_unit_test(an_open_loop_in_time_has_none),
        cmocka_unit_test(one_that_is_hardly_used_starves_no_connection),
        cmocka_unit_test(the_limit_of_connections_is_told_by_figures),
        cmocka_unit_test(unsent_for_want_of_connections_has_another_remedy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
