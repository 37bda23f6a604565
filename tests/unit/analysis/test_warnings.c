#include <errno.h>
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

static void saturate(struct result *r)
{
    r->client.busiest_worker = 0.95;
}

static void collapse(struct result *r)
{
    r->accounting.completed = 0;
    r->accounting.in_flight_at_end = r->accounting.sent;
    r->fairness.starved = 10;
}

static void disconnect(struct result *r)
{
    r->accounting = (struct accounting){.connect_failed = 50, .gone_after_ns = MISSING};
}

static void refuse_some(struct result *r)
{
    r->accounting.connect_failed = 1;
    r->accounting.connect_errors = mem_array(1, sizeof *r->accounting.connect_errors);
    r->accounting.connect_errors[0] = (struct connect_error){.number = ECONNREFUSED, .count = 1};
    r->accounting.nconnect_errors = 1;
}

static void lose_some(struct result *r)
{
    r->accounting.completed -= 11;
    r->accounting.failed[LOSS_EOF] = 11;
}

static void time_out_some(struct result *r)
{
    r->accounting.completed -= 11;
    r->accounting.timed_out = 11;
}

static void go_away(struct result *r)
{
    r->accounting.gone_after_ns = 3 * NS_PER_S;
}

static void answer_errors(struct result *r)
{
    r->accounting.non_2xx = r->accounting.completed;
    r->accounting.statuses[503] = r->accounting.completed;
}

static void accept_only(struct result *r)
{
    r->accounting.statuses[202] = r->accounting.completed;
    r->accounting.statuses[200] = 0;
}

static void answer_wrong(struct result *r)
{
    r->accounting.mismatches = 3;
}

static void starve(struct result *r)
{
    r->fairness.starved = 2;
}

static void favour(struct result *r)
{
    r->fairness.jain = 0.5;
}

static void idle(struct result *r)
{
    r->client.little_residual = 0.5;
}

static void pipeline(struct result *r)
{
    r->pipelining = 8;
    r->accounting.failed[LOSS_EOF] = 200;
}

static void send_twice(struct result *r)
{
    r->accounting.unasked = 4;
}

static void miss_a_value(struct result *r)
{
    r->accounting.unbound = 5;
}

/* Nothing is said of the server then. */
static void miss_every_value(struct result *r)
{
    r->accounting.sent = r->accounting.completed = 0;
    r->accounting.statuses[200] = 0;
    r->accounting.unbound = 5;
}

static void stand_still(struct result *r)
{
    r->nseconds = 2;
    r->seconds = mem_array(2, sizeof *r->seconds);
    r->seconds[0].length_s = 1;
    r->seconds[1].length_s = 4;
}

static void be_somebody_else(struct result *r)
{
    r->has_server = true;
    r->server.total.cpu_user_s = r->server.total.cpu_system_s = 0;
}

static void crowd(struct result *r)
{
    r->environment.load_average_1m = 3;
}

/* A server of ours on a machine that others use as well. */
static void serve(struct result *r)
{
    r->has_server = true;
    r->server.total.cpu_user_s = 5;
    r->server.total.cpu_system_s = 1;
    r->environment.load_average_1m = 3; /* our own doing, for all that it says */
    r->environment.cores_allowed = 4;
    r->machine = (struct machine){.other_cpu_cores = 0.1, .stolen_cores = 0.2};
}

static void be_interrupted_by_others(struct result *r)
{
    serve(r);
    r->machine.other_cpu_cores = 0.11;
}

/* The others leave 1.39 of the four cores, and the quota is more. */
static void get_less_than_the_quota(struct result *r)
{
    serve(r);
    r->environment.cpu_quota_cores = 1.5;
    r->machine.other_cpu_cores = 2.61;
}

static void be_robbed(struct result *r)
{
    serve(r);
    r->machine.stolen_cores = 0.21;
}

static void be_robbed_beside_a_stranger(struct result *r)
{
    r->environment.cores_allowed = 4;
    r->machine.stolen_cores = 0.21;
}

static void each_figure_raises_its_own_warning(void **state)
{
    (void)state;
    static const struct {
        void (*spoil)(struct result *r);
        const char *code;
        bool valid;
    } cases[] = {
        {saturate, "saturated", true},
        {collapse, "nothing-completed", true}, /* a collapse is a finding */
        {disconnect, "nothing-connected", false},
        {answer_errors, "non-2xx", true},
        {accept_only, "accepted-only", true},
        {answer_wrong, "mismatches", true},
        {starve, "starved", true},
        {favour, "unfair", true},
        {idle, "time-outside", true},
        {refuse_some, "connects-failed", true},
        {lose_some, "lost", true},
        {time_out_some, "lost", true},
        {go_away, "server-gone", true},
        {pipeline, "pipelining", true},
        {send_twice, "unasked", true},
        {miss_a_value, "unbound", true},
        {miss_every_value, "unbound", true},
        {stand_still, "stalled", true},
        {be_somebody_else, "idle-target", true},
        {crowd, "busy-machine", true},
        {be_interrupted_by_others, "busy-machine", true},
        {get_less_than_the_quota, "busy-machine", true},
        {be_robbed, "stolen", true},
        {be_robbed_beside_a_stranger, "stolen", true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        healthy_result(&r);
        cases[i].spoil(&r);
        warnings_add(&r);
        if (r.nwarnings != 1 || strcmp(r.warnings[0].code, cases[i].code) != 0)
            fail_msg("%s: %zu warnings, the first %s", cases[i].code, r.nwarnings,
                     r.nwarnings > 0 ? r.warnings[0].code : "-");
        assert_non_null(r.warnings[0].remedy);
        assert_int_equal(r.valid, cases[i].valid);
        result_fini(&r);
    }
}

static void failed_connects_name_the_socket(void **state)
{
    (void)state;
    char name[] = "socket_path";
    char path[] = "/run/app.sock";
    const struct setting setting = {.name = name, .kind = SETTING_TEXT, .text = path};
    struct result r;
    healthy_result(&r);
    result_add_setting(&r, &setting);
    refuse_some(&r);
    r.accounting.connect_errors[0].number = EAGAIN;
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 1);
    assert_non_null(strstr(r.warnings[0].message, "attempts to connect to /run/app.sock failed"));
    assert_non_null(strstr(r.warnings[0].message, "\"the listen queue is full\" (EAGAIN, "));
    assert_non_null(strstr(r.warnings[0].remedy, "longer listen queue"));
    result_fini(&r);
    healthy_result(&r);
    result_add_setting(&r, &setting);
    disconnect(&r);
    warnings_add(&r);
    assert_non_null(strstr(r.warnings[0].message, "no connection to /run/app.sock could be"));
    result_fini(&r);
}

static void more_time_is_no_remedy_for_failures(void **state)
{
    (void)state;
    struct result r;
    healthy_result(&r);
    collapse(&r);
    warnings_add(&r);
    assert_non_null(strstr(r.warnings[0].remedy, "allow more time"));
    result_fini(&r);
    healthy_result(&r);
    r.accounting.completed = 0;
    r.accounting.failed[LOSS_PARSE] = r.accounting.sent;
    warnings_add(&r);
    assert_string_equal(r.warnings[0].code, "nothing-completed");
    assert_non_null(strstr(r.warnings[0].remedy, "most requests failed"));
    result_fini(&r);
}

static void a_304_is_no_redirect(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *remedy;
    } cases[] = {{302, "does not follow redirects"}, {304, "leave out If-None-Match"}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        healthy_result(&r);
        r.accounting.non_2xx = r.accounting.statuses[cases[i].status] = r.accounting.completed;
        warnings_add(&r);
        assert_int_equal(r.nwarnings, 1);
        assert_non_null(strstr(r.warnings[0].remedy, cases[i].remedy));
        result_fini(&r);
    }
}

static void a_healthy_run_has_none(void **state)
{
    (void)state;
    struct result r;
    healthy_result(&r);
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    assert_true(r.valid);
    assert_false(r.client.saturated);
    result_fini(&r);
}

static void others_that_are_no_trouble_raise_none(void **state)
{
    (void)state;
    struct result r;
    healthy_result(&r);
    serve(&r);
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    r.machine.other_cpu_cores = 2.59; /* what they leave is what the quota gives */
    r.environment.cpu_quota_cores = 1.5;
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    r.machine = (struct machine){.other_cpu_cores = NAN, .stolen_cores = NAN};
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    result_fini(&r);
}

/* With the errno or the reason of each loss that has one. */
static void losses_say_why(void **state)
{
    (void)state;
    struct result r;
    healthy_result(&r);
    struct accounting *a = &r.accounting;
    a->completed -= 100;
    a->timed_out = 10;
    a->failed[LOSS_RESET] = 40;
    a->failed[LOSS_PARSE] = 30;
    a->failed[LOSS_EOF] = 20;
    a->nloss_reasons = 2;
    a->loss_reasons = mem_array(2, sizeof *a->loss_reasons);
    a->loss_reasons[0] =
        (struct loss_reason){.kind = LOSS_RESET, .number = ECONNRESET, .count = 40};
    a->loss_reasons[1] =
        (struct loss_reason){.kind = LOSS_PARSE, .text = mem_strdup("not HTTP"), .count = 30};
    refuse_some(&r);
    a->connect_errors[0] = (struct connect_error){.number = EADDRNOTAVAIL, .count = 10};
    a->connect_failed = 10;
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 2);
    assert_string_equal(r.warnings[0].message,
                        "50.00 % of the attempts to connect failed, mostly with \"no local port is "
                        "free\" (EADDRNOTAVAIL, errno 99)");
    assert_non_null(strstr(r.warnings[0].remedy, "keep connections alive"));
    assert_string_equal(
        r.warnings[1].message,
        "9.90 % of the requests got no whole response: 10 timed out; 40 the connection broke "
        "(Connection reset by peer, errno 104); 30 the reply could not be read (not HTTP); 20 the "
        "server closed before the reply was whole");
    result_fini(&r);
}

static void the_figure_is_told(void **state)
{
    (void)state;
    struct result r;
    healthy_result(&r);
    serve(&r);
    r.machine = (struct machine){.other_cpu_cores = 0.42, .stolen_cores = 0.3};
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 2);
    assert_string_equal(r.warnings[0].message, "other programs used 0.42 cores during the run");
    assert_string_equal(r.warnings[1].message,
                        "the hypervisor took away 0.30 of 4 cores during the run (steal)");
    result_fini(&r);
}

static void what_was_not_measured_raises_nothing(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.accounting.connected = r.accounting.completed = 1;
    r.connections = r.pipelining = 1;
    r.fairness.starved = 0;
    warnings_add(&r);
    assert_int_equal(r.nwarnings, 0);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_raises_its_own_warning),
        cmocka_unit_test(failed_connects_name_the_socket),
        cmocka_unit_test(more_time_is_no_remedy_for_failures),
        cmocka_unit_test(a_304_is_no_redirect),
        cmocka_unit_test(a_healthy_run_has_none),
        cmocka_unit_test(others_that_are_no_trouble_raise_none),
        cmocka_unit_test(losses_say_why),
        cmocka_unit_test(the_figure_is_told),
        cmocka_unit_test(what_was_not_measured_raises_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
