#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "report/spread.h"
#include "support/report_styles.h"

static void few_samples_beyond_are_marked(void **state)
{
    (void)state;
    static const struct {
        uint64_t count;
        double q;
        bool few;
    } cases[] = {
        {20, 0.5, false},      {19, 0.5, true},     {100, 0.9, false},   {99, 0.9, true},
        {400, 0.975, false},   {399, 0.975, true},  {1000, 0.99, false}, {999, 0.99, true},
        {10000, 0.999, false}, {9999, 0.999, true}, {1000, 0.01, false}, {999, 0.01, true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct spread s;
        struct hist *h = hist_new_latency();
        hist_record_n(h, NS_PER_MS, cases[i].count);
        spread_init(&s, h);
        assert_int_equal(spread_is_few(&s, cases[i].q), cases[i].few);
        spread_fini(&s);
        hist_free(h);
    }
}

struct unfinished {
    int64_t completed_ms, unfinished_ms;
    uint64_t completed, unfinished;
    const char *p50, *p99; /* NULL: no second row */
};

static void unfinished_requests_are_lower_bounds(void **state)
{
    (void)state;
    static const struct unfinished cases[] = {
        /* nothing unfinished; unfinished but younger than every reply */
        {100, 0, 1000, 0, NULL, NULL},
        {100, 1, 1000, 100, NULL, NULL},
        /* a tenth timed out at 10 s: the median is as it is, the tail at least that */
        {100, 10000, 900, 100, "100 ms", "≥10.0 s"},
        /* most timed out */
        {100, 10000, 10, 90, "≥10.0 s", "≥10.0 s"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct result r;
        struct spread s;
        char text[40];
        result_init(&r);
        r.latency = hist_new_latency();
        r.unfinished = hist_new_latency();
        hist_record_n(r.latency, cases[i].completed_ms * NS_PER_MS, cases[i].completed);
        hist_record_n(r.unfinished, cases[i].unfinished_ms * NS_PER_MS, cases[i].unfinished);
        spread_init_unfinished(&s, &r);
        if (cases[i].p50 == NULL) {
            assert_int_equal(spread_samples(&s), 0);
        } else {
            assert_int_equal(spread_samples(&s), cases[i].completed + cases[i].unfinished);
            assert_string_equal(spread_percentile(&s, 0.5, &style_utf8, text, sizeof text),
                                cases[i].p50);
            assert_string_equal(spread_percentile(&s, 0.99, &style_utf8, text, sizeof text),
                                cases[i].p99);
            assert_string_equal(spread_max(&s, &style_ascii, text, sizeof text), ">=10.0 s");
            assert_string_equal(spread_stddev(&s, text, sizeof text), "-");
        }
        spread_fini(&s);
        result_fini(&r);
    }
}

/* 71 probes of a stalled server had a response within 6.6 s, 130 had waited for up to 6.5 s: too
 * few samples for a p99, but the unfinished ones leave it open. */
static void few_samples_are_bounds_as_well(void **state)
{
    (void)state;
    struct result r;
    struct spread s;
    char text[40];
    result_init(&r);
    r.latency = hist_new_latency();
    r.unfinished = hist_new_latency();
    for (int64_t i = 0; i < 71; i++)
        hist_record(r.latency, (3300 + i * 3300 / 70) * NS_PER_MS);
    for (int64_t i = 0; i < 130; i++)
        hist_record(r.unfinished, i * 50 * NS_PER_MS);
    spread_init_unfinished(&s, &r);
    assert_int_equal(spread_samples(&s), 201);
    assert_true(spread_is_few(&s, 0.99));
    assert_string_equal(spread_percentile(&s, 0.99, &style_utf8, text, sizeof text), "≥6.51 s");
    spread_fini(&s);
    result_fini(&r);
}

static void values_above_the_range_are_bounds_too(void **state)
{
    (void)state;
    struct spread s;
    char text[40];
    struct hist *h = hist_new_latency();
    hist_record_n(h, NS_PER_MS, 50);
    hist_record_n(h, HIST_MAX_NS * 2, 50);
    spread_init(&s, h);
    assert_string_equal(spread_percentile(&s, 0.5, &style_utf8, text, sizeof text), "1.00 ms");
    assert_true(str_starts(spread_percentile(&s, 0.99, &style_utf8, text, sizeof text), "≥36"));
    assert_true(str_starts(spread_max(&s, &style_utf8, text, sizeof text), "≥36"));
    assert_true(str_starts(spread_mean(&s, &style_utf8, text, sizeof text), "≥"));
    hist_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_samples_beyond_are_marked),
        cmocka_unit_test(unfinished_requests_are_lower_bounds),
        cmocka_unit_test(few_samples_are_bounds_as_well),
        cmocka_unit_test(values_above_the_range_are_bounds_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
