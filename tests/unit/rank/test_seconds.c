#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "rank/seconds.h"
#include "stat/hist_text.h"
#include "store/doc.h"

/* A line of `requests`, each of `ns`. */
static void give(struct seconds *s, int member, double at_s, int requests, int64_t ns)
{
    struct err err;
    struct buf line, text;
    struct hist *latency = hist_text_new();
    buf_init(&line, BUF_TEXT_MAX);
    buf_init(&text, BUF_TEXT_MAX);
    hist_record_n(latency, ns, (uint64_t)requests);
    hist_text_write(latency, &text);
    hist_free(latency);
    buf_printf(
        &line,
        "{\"schema\":\"bench.second/1\",\"at_s\":%g,\"length_s\":1,\"requests\":%d,\"due\":null,"
        "\"errors\":%d,\"share\":{\"index\":%d},\"faults\":{\"timed_out\":1,\"failed\":{"
        "\"reset\":%d}},\"latency\":\"%s\"}",
        at_s, requests, member, member, member, text.data);
    assert_int_equal(seconds_add(s, member, line.data, &err), 0);
    buf_fini(&line);
    buf_fini(&text);
}

static json_t *take(struct seconds *s)
{
    struct err err;
    struct buf line;
    buf_init(&line, BUF_TEXT_MAX);
    json_t *second = seconds_take(s, &line) ? doc_parse(line.data, line.len, &err) : NULL;
    buf_fini(&line);
    return second;
}

static int64_t number(const json_t *second, const char *key)
{
    return json_integer_value(json_object_get(second, key));
}

static void a_second_waits_for_all_and_has_the_latencies_of_all(void **state)
{
    (void)state;
    struct seconds *s = seconds_new(3);
    give(s, 0, 1, 98, 1000000);
    give(s, 1, 1, 1, 500000000);
    assert_null(take(s));
    give(s, 2, 1.5, 1, 900000000);
    json_t *second = take(s);
    assert_non_null(second);
    assert_true(json_number_value(json_object_get(second, "at_s")) == 1.5); /* all of it */
    assert_int_equal(number(second, "hosts"), 3);
    assert_int_equal(number(second, "requests"), 100);
    assert_int_equal(number(second, "errors"), 3);
    assert_true(json_is_null(json_object_get(second, "due"))); /* of none it is known */
    assert_null(json_object_get(second, "share"));
    const json_t *faults = json_object_get(second, "faults");
    assert_int_equal(number(faults, "timed_out"), 3);
    assert_int_equal(number(json_object_get(faults, "failed"), "reset"), 3);
    /* The mean of three p99 would be near half a second for the p50, too. */
    assert_in_range(number(second, "p50_ns"), 990000, 1010000);
    assert_in_range(number(second, "p99_ns"), 495000000, 505000000);
    assert_in_range(number(second, "max_ns"), 890000000, 910000000);
    json_decref(second);
    assert_null(take(s));
    seconds_free(s);
}

static void who_left_is_not_waited_for(void **state)
{
    (void)state;
    struct seconds *s = seconds_new(2);
    give(s, 0, 1, 5, 1000);
    give(s, 0, 2, 5, 1000);
    give(s, 1, 1, 7, 1000);
    seconds_leave(s, 1);
    json_t *first = take(s);
    json_t *second = take(s);
    assert_int_equal(number(first, "requests"), 12);
    assert_int_equal(number(second, "requests"), 5);
    assert_int_equal(number(second, "hosts"), 1);
    assert_true(seconds_of_all(s) == 1);
    json_decref(first);
    json_decref(second);
    seconds_leave(s, 0);
    assert_null(take(s));
    seconds_free(s);
}

static void what_is_no_second_is_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "7",
        "{}",
        "{\"schema\":\"bench.result/1\",\"at_s\":1}",
        "{\"schema\":\"bench.second/1\"}",
        "{\"schema\":\"bench.second/1\",\"at_s\":\"1\"}",
        "{\"schema\":\"bench.second/1\",\"at_s\":1",
    };
    struct seconds *s = seconds_new(1);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct err err = {0};
        assert_int_equal(seconds_add(s, 0, lines[i], &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
    }
    assert_null(take(s));
    assert_true(seconds_of_all(s) == 0);
    seconds_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_waits_for_all_and_has_the_latencies_of_all),
        cmocka_unit_test(who_left_is_not_waited_for),
        cmocka_unit_test(what_is_no_second_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
