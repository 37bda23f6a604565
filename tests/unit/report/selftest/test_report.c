#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/selftest/report.h"

static char *report_of(const struct selftest *s)
{
    const struct report_style plain = {.width = 120};
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    report_selftest(s, &plain, &out);
    char *taken = buf_take(&out);
    buf_fini(&out);
    return taken;
}

static void has(const char *report, const char *text)
{
    if (strstr(report, text) == NULL)
        fail_msg("'%s' is not in:\n%s", text, report);
}

static const struct selftest_figure figures[] = {
    {"machine.wake.p50", "wake-up", METRIC_TIME, NAN, 52300, NAN},
    {"due.1000", "due", METRIC_COUNT, 6000, 6000, 0},
    {"rate.1000", "rate", METRIC_NUMBER, 1000, 999.99, 0.1},
    {"constant.p50", "constant", METRIC_TIME, 50e6, 49.9e6, 1e6},
    {"spacing.500", "spacing", METRIC_SHARE, 0, 0.0123, 0.1},
    {"slip.1000.p99", "slip", METRIC_TIME, 0, 300000, 200000},
    {"queue.exact", "queue", METRIC_TIME, NAN, NAN, 0},
};

static void each_figure_has_a_row(void **state)
{
    (void)state;
    struct selftest s;
    selftest_init(&s);
    s.cores = 2;
    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
        selftest_add(&s, &figures[i]);
    char *report = report_of(&s);
    has(report, "verdict");
    has(report, "52.3 us");
    has(report, "6,000");
    has(report, "exact");
    has(report, "999.99");
    has(report, "-0.01");
    has(report, "-100 us");
    has(report, "1.23%");
    has(report, "+300 us");
    has(report, "BEYOND");
    has(report, "4 of 6 figures are within their limits, 1 could not be measured\n");
    has(report, "too few cores");
    free(report);
    selftest_fini(&s);
}

static void when_all_hold_nothing_is_explained(void **state)
{
    (void)state;
    struct selftest s;
    selftest_init(&s);
    selftest_add(&s, &figures[1]);
    char *report = report_of(&s);
    has(report, "1 of 1 figures are within their limits\n");
    assert_null(strstr(report, "meaning"));
    free(report);
    selftest_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_figure_has_a_row),
        cmocka_unit_test(when_all_hold_nothing_is_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
