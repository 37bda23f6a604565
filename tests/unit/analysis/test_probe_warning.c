#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/probe_warning.h"
#include "base/mem.h"
#include "cases/probed_result.h"

static void failed_probes_are_told_with_their_status(void **state)
{
    (void)state;
    struct result r;
    probed_result(&r);
    probe_warning_add(&r);
    assert_int_equal(r.nwarnings, 1);
    assert_string_equal(r.warnings[0].code, "probe-failed");
    assert_string_equal(r.warnings[0].message,
                        "77 of 200 probes failed, mostly 500: they are in no latency");
    result_fini(&r);
}

static void the_remedy_is_that_of_the_status(void **state)
{
    (void)state;
    static const struct {
        int status;
        const char *remedy;
    } cases[] = {{0, "check the server: it refused"},
                 {301, "bench does not follow redirects"},
                 {304, "check the server's log"},
                 {401, "choose a path for --probe that needs no credentials"},
                 {404, "check the path of --probe"},
                 {503, "check the server's log"}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        result_init(&r);
        r.has_probe = true;
        r.probe_counts.all = (struct probe_fate){.due = 10, .non_2xx = 10};
        r.probe_counts.statuses[cases[i].status] = 10;
        probe_warning_add(&r);
        assert_int_equal(r.nwarnings, 1);
        assert_non_null(strstr(r.warnings[0].remedy, cases[i].remedy));
        result_fini(&r);
    }
}

static void few_failures_and_stalls_are_none(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.probe_counts.all = (struct probe_fate){.due = 10, .failed = 10};
    probe_warning_add(&r); /* there was no probe */
    r.has_probe = true;
    r.probe_counts.all = (struct probe_fate){
        .due = 200, .completed = 98, .failed = 2, .timed_out = 50, .open_at_end = 50};
    probe_warning_add(&r);
    assert_int_equal(r.nwarnings, 0);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failed_probes_are_told_with_their_status),
        cmocka_unit_test(the_remedy_is_that_of_the_status),
        cmocka_unit_test(few_failures_and_stalls_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
