#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/compute/reply.h"

static void results_of_a_service_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        struct work asked;
        int want;
    } cases[] = {
        {"{\"count\":20000000}\n", {WORK_COUNT, 20000000}, 0},
        {"{\"count\":0}", {WORK_COUNT, 0}, 0},
        {"{\"host\":\"a\",\"count\":7}", {WORK_COUNT, 7}, 0},
        {"{\"slept_ms\":50}", {WORK_SLEEP, 50 * NS_PER_MS}, 0},
        {"{\"slept_ms\":1.5}", {WORK_SLEEP, 1500000}, 0},
        {"{\"count\":19999999}", {WORK_COUNT, 20000000}, -1},
        {"{\"count\":20000001}", {WORK_COUNT, 20000000}, -1},
        {"{\"count\":7.0}", {WORK_COUNT, 7}, -1},
        {"{\"count\":\"7\"}", {WORK_COUNT, 7}, -1},
        {"{\"slept_ms\":7}", {WORK_COUNT, 7}, -1},
        {"{\"count\":50}", {WORK_SLEEP, 50 * NS_PER_MS}, -1},
        {"{\"slept_ms\":49.9}", {WORK_SLEEP, 50 * NS_PER_MS}, -1},
        {"[7]", {WORK_COUNT, 7}, -1},
        {"7", {WORK_COUNT, 7}, -1},
        {"{\"count\":7", {WORK_COUNT, 7}, -1},
        {"", {WORK_COUNT, 7}, -1},
        {"\xff", {WORK_COUNT, 7}, -1},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct err err = {0};
        const char *body = cases[i].body;
        assert_int_equal(compute_reply_check(body, strlen(body), &cases[i].asked, &err),
                         cases[i].want);
        assert_int_equal(err.kind, cases[i].want == 0 ? ERR_NONE : ERR_INVALID);
    }
}

static void times_of_a_service_are_read_or_not_believed(void **state)
{
    (void)state;
    static const struct {
        const char *timing;
        int64_t wait_ns, work_ns;
    } cases[] = {
        {"wait;dur=0.012,work;dur=5.7", 12000, 5700000},
        {"work;dur=5.7, wait;dur=0.012", 12000, 5700000},
        {"cache;desc=\"a\", wait;desc=\"q\";dur=1,\twork;dur=2;x", 1000000, 2000000},
        {"wait;dur=0.000,work;dur=0.000", 0, 0},
        {"wait;dur=0,work;dur=10", 0, 10000000},
        /* from here on: missing or not credible, so all of the 10 ms are work */
        {NULL, 0, 10000000},
        {"", 0, 10000000},
        {"work;dur=5.7", 0, 10000000},
        {"waiting;dur=1,working;dur=2", 0, 10000000},
        {"wait,work;dur=2", 0, 10000000},
        {"wait;dur=1,work;dur=9.1", 0, 10000000},
        {"wait;dur=-1,work;dur=2", 0, 10000000},
        {"wait;dur=nan,work;dur=2", 0, 10000000},
        {"wait;dur=1e300,work;dur=1e300", 0, 10000000},
        {"wait;dur=0,work", 0, 10000000},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct compute_reply got = compute_reply_times(cases[i].timing, 10 * NS_PER_MS);
        assert_int_equal(got.wait_ns, cases[i].wait_ns);
        assert_int_equal(got.work_ns, cases[i].work_ns);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_of_a_service_are_checked),
        cmocka_unit_test(times_of_a_service_are_read_or_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
