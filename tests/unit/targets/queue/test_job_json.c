#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "targets/queue/job_json.h"

static void a_job_is_told_whole(void **state)
{
    (void)state;
    const struct job_view job = {.id = "17",
                                 .state = JOB_COMPLETED,
                                 .data = "{\"n\":5}",
                                 .result = "{\"count\":5}\n",
                                 .error = "it fell \"over\"",
                                 .attempts = 2,
                                 .attempts_max = 3,
                                 .added_wall_ms = 1000,
                                 .started_wall_ms = 2000,
                                 .ended_wall_ms = 3000};
    char *text = job_to_json(&job);
    assert_string_equal(
        text,
        "{\"id\":\"17\",\"state\":\"completed\",\"data\":{\"n\":5},\"attempts\":2,"
        "\"attempts_max\":3,\"added_unix_ms\":1000,\"started_unix_ms\":2000,"
        "\"ended_unix_ms\":3000,\"result\":{\"count\":5},\"error\":\"it fell \\\"over\\\"\"}");
    free(text);
}

static void what_has_not_come_or_is_no_json_is_null(void **state)
{
    (void)state;
    static const struct {
        const char *data, *result, *error;
    } cases[] = {
        {NULL, NULL, NULL}, {"", "", NULL}, {"{\"n\":", "nan", "\xff"}, {"\xff", "[1", "\xc0\x80"}};
    for (size_t i = 0; i < LEN(cases); i++) {
        const struct job_view job = {.id = "1",
                                     .state = JOB_DELAYED,
                                     .data = cases[i].data,
                                     .result = cases[i].result,
                                     .error = cases[i].error,
                                     .attempts_max = 1,
                                     .added_wall_ms = MISSING_TIME,
                                     .started_wall_ms = MISSING_TIME,
                                     .ended_wall_ms = MISSING_TIME};
        char *text = job_to_json(&job);
        assert_string_equal(text,
                            "{\"id\":\"1\",\"state\":\"delayed\",\"data\":null,\"attempts\":0,"
                            "\"attempts_max\":1,\"added_unix_ms\":null,"
                            "\"started_unix_ms\":null,\"ended_unix_ms\":null,"
                            "\"result\":null,\"error\":null}");
        free(text);
    }
}

static void data_say_the_work_to_the_nanosecond(void **state)
{
    (void)state;
    static const struct {
        struct work work;
        const char *want;
    } cases[] = {
        {{WORK_COUNT, 0}, "{\"n\":0}"},
        {{WORK_COUNT, INT64_MAX}, "{\"n\":9223372036854775807}"},
        {{WORK_SLEEP, 50 * NS_PER_MS}, "{\"sleep_ms\":50}"},
        {{WORK_SLEEP, 1}, "{\"sleep_ms\":1e-06}"},
        {{WORK_SLEEP, 3600 * NS_PER_S - 1}, "{\"sleep_ms\":3599999.999999}"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char text[JOB_DATA_MAX];
        size_t len = job_data_format(&cases[i].work, text, sizeof text);
        assert_string_equal(text, cases[i].want);
        assert_int_equal(len, strlen(text));
    }
}

static void work_takes_its_place_among_other_data(void **state)
{
    (void)state;
    static const struct {
        struct work work;
        const char *body, *want;
    } cases[] = {
        {{WORK_COUNT, 5}, "{}", "{\"n\":5}"},
        {{WORK_COUNT, 5}, " {\"n\": 6, \"x\": [1, {\"n\": 7}]} ", "{\"x\":[1,{\"n\":7}],\"n\":5}"},
        {{WORK_SLEEP, 1500000}, "{\"n\":6,\"x\":\"\\u0041\"}", "{\"x\":\"A\",\"sleep_ms\":1.5}"},
        {{WORK_COUNT, 5}, "{\"sleep_ms\":6,\"a\":1}", "{\"a\":1,\"n\":5}"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        char *text = job_data_merge(&cases[i].work, cases[i].body, strlen(cases[i].body));
        assert_string_equal(text, cases[i].want);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_job_is_told_whole),
        cmocka_unit_test(what_has_not_come_or_is_no_json_is_null),
        cmocka_unit_test(data_say_the_work_to_the_nanosecond),
        cmocka_unit_test(work_takes_its_place_among_other_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
