#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "store/selftest_json.h"

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.17g is not %.17g", got, want);
}

static const struct selftest_figure stated = {
    "machine.wake.p50", "machine: idle wake-up late by, p50", METRIC_TIME, NAN, 52000, NAN};
static const struct selftest_figure beyond = {
    "slip.1000.p99", "sent late at 1,000/s by, p99", METRIC_TIME, 0, 300000, 200000};

/* The caller frees it. */
static json_t *written(const struct selftest *s)
{
    struct buf out;
    json_error_t error;
    buf_init(&out, BUF_TEXT_MAX);
    selftest_write(s, DOC_INDENTED, &out);
    json_t *doc = json_loadb(out.data, out.len, 0, &error);
    assert_non_null(doc);
    assert_int_equal(out.data[out.len - 1], '\n');
    buf_fini(&out);
    return doc;
}

static void every_figure_is_written_and_none_is_zero_for_unknown(void **state)
{
    (void)state;
    struct selftest s;
    selftest_init(&s);
    s.cores = 2;
    selftest_add(&s, &stated);
    selftest_add(&s, &beyond);
    json_t *doc = written(&s);
    const json_t *figures = json_object_get(doc, "figures");
    const json_t *first = json_array_get(figures, 0);
    const json_t *second = json_array_get(figures, 1);
    assert_string_equal(json_string_value(json_object_get(doc, "schema")), SELFTEST_SCHEMA);
    assert_string_equal(json_string_value(json_object_get(doc, "verdict")), "fail");
    assert_int_equal(json_integer_value(json_object_get(doc, "exit_code")), 1);
    assert_int_equal(json_integer_value(json_object_get(doc, "cores")), 2);
    assert_true(json_is_null(json_object_get(doc, "other_cpu_cores")));
    assert_true(json_is_null(json_object_get(doc, "duration_s")));
    assert_non_null(json_string_value(json_object_get(doc, "meaning")));
    assert_int_equal(json_array_size(figures), 2);
    assert_true(json_is_null(json_object_get(first, "truth")));
    assert_true(json_is_null(json_object_get(first, "error")));
    assert_true(json_is_null(json_object_get(first, "limit")));
    assert_string_equal(json_string_value(json_object_get(first, "verdict")), "stated");
    near(json_number_value(json_object_get(second, "error")), 300000, 1e-9);
    assert_string_equal(json_string_value(json_object_get(second, "unit")), "ns");
    assert_string_equal(json_string_value(json_object_get(second, "verdict")), "beyond");
    json_decref(doc);
    selftest_fini(&s);
}

static void without_a_limit_that_does_not_hold_there_is_no_meaning(void **state)
{
    (void)state;
    struct selftest s;
    selftest_init(&s);
    selftest_add(&s, &stated);
    json_t *doc = written(&s);
    assert_string_equal(json_string_value(json_object_get(doc, "verdict")), "pass");
    assert_true(json_is_null(json_object_get(doc, "meaning")));
    json_decref(doc);
    selftest_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_is_written_and_none_is_zero_for_unknown),
        cmocka_unit_test(without_a_limit_that_does_not_hold_there_is_no_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
