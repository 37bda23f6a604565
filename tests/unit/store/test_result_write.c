#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "cases/render_cases.h"
#include "store/result_json.h"
#include "support/document_text.h"

static void read_back_it_is_the_same_text(void **state)
{
    (void)state;
    for (size_t i = 0; render_case_names[i] != NULL; i++) {
        struct result r;
        struct result again;
        struct err err;
        assert_int_equal(render_case(render_case_names[i], &r), 0);
        char *first = result_text(&r);
        json_t *doc = doc_parse(first, strlen(first), &err);
        assert_non_null(doc);
        if (result_from_json(doc, &again, &err) < 0)
            fail_msg("%s: %s", render_case_names[i], err.text);
        char *second = result_text(&again);
        assert_string_equal(first, second);
        json_decref(doc);
        free(first);
        free(second);
        result_fini(&r);
        result_fini(&again);
    }
}

/* Rates are made of the lengths as the document holds them, not as they were measured. */
static void numbers_of_many_digits_settle_at_once(void **state)
{
    (void)state;
    for (int n = 1; n <= 200; n++) {
        struct result r;
        struct result again;
        struct err err;
        result_init(&r);
        r.duration_s = 2 + 1.0 / 3 / n;
        r.client.cpu_user_s = sqrt(n) / 7;
        r.seconds = mem_array(3, sizeof *r.seconds);
        r.nseconds = 3;
        for (int i = 0; i < 3; i++)
            r.seconds[i] = (struct second){.at_s = sqrt(i + n),
                                           .length_s = 1 + sqrt(i + n) / 1e6,
                                           .requests = 1000 + i * 7,
                                           .bytes = 12345678 + i * n};
        struct accounting *a = &r.accounting;
        a->sent = a->completed = a->statuses[200] = 3021;
        a->bytes_received = INT64_C(3) * 12345678 + INT64_C(3) * n;
        r.latency = hist_new_latency();
        hist_record_n(r.latency, 1000, 3021);
        char *first = result_text(&r);
        json_t *doc = doc_parse(first, strlen(first), &err);
        assert_int_equal(result_from_json(doc, &again, &err), 0);
        char *second = result_text(&again);
        assert_string_equal(first, second);
        json_decref(doc);
        free(first);
        free(second);
        result_fini(&r);
        result_fini(&again);
    }
}

/* As in autocannon: only with a socket. */
static void a_socket_has_autocannons_key(void **state)
{
    (void)state;
    char name[] = "socket_path";
    char path[] = "/run/app.sock";
    struct result r;
    result_init(&r);
    json_t *doc = result_to_json(&r);
    assert_null(json_object_get(doc, "socketPath"));
    json_decref(doc);
    result_add_setting(&r, &(struct setting){.name = name, .kind = SETTING_TEXT, .text = path});
    doc = result_to_json(&r);
    assert_string_equal(json_string_value(json_object_get(doc, "socketPath")), path);
    json_decref(doc);
    result_fini(&r);
}

static void what_is_missing_is_null(void **state)
{
    (void)state;
    static const char *const paths[][3] = {
        {"duration"},
        {"title"},
        {"latency", "mean"},
        {"latency", "p50"},
        {"latency", "max"},
        {"requests", "min"},
        {"requests", "p99"},
        {"throughput", "mean"},
        {"server"},
        {"queue"},
        {"client", "cpu_user_s"},
        {"machine", "other_cpu_cores"},
        {"machine", "stolen_cores"},
        {"fairness", "jain"},
        {"accounting", "oldest_in_flight_ns"},
        {"environment", "memory_bytes"},
        {"target", "counted"},
        {"target", "work"},
        {"histograms", "latency"},
        {"histograms", "job"},
    };
    struct result r;
    result_init(&r);
    json_t *doc = result_to_json(&r);
    for (size_t i = 0; i < LEN(paths); i++) {
        const json_t *value = json_object_get(doc, paths[i][0]);
        if (paths[i][1] != NULL)
            value = json_object_get(value, paths[i][1]);
        if (!json_is_null(value))
            fail_msg("%s %s is not null", paths[i][0], paths[i][1] == NULL ? "" : paths[i][1]);
    }
    json_decref(doc);
    result_fini(&r);
}

static double number_at(const json_t *doc, const char *object, const char *key)
{
    const json_t *value = json_object_get(json_object_get(doc, object), key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

/* The names and units of autocannon, on figures that can be checked by hand. */
static void the_autocannon_part_means_what_it_says(void **state)
{
    (void)state;
    struct result r;
    result_init(&r);
    r.latency = hist_new_latency();
    hist_record_n(r.latency, 250 * NS_PER_US, 2); /* autocannon would show 0 ms */
    hist_record_n(r.latency, 750 * NS_PER_US, 2);
    r.seconds = mem_array(3, sizeof *r.seconds);
    r.nseconds = 3;
    for (size_t i = 0; i < 3; i++)
        r.seconds[i] = (struct second){.at_s = (double)i + 1, .length_s = 1};
    r.seconds[0].requests = 4;
    r.seconds[0].bytes = 400;
    r.accounting = (struct accounting){.sent = 9,
                                       .completed = 4,
                                       .timed_out = 2,
                                       .in_flight_at_end = 1,
                                       .non_2xx = 1,
                                       .mismatches = 1,
                                       .connect_failed = 5,
                                       .oldest_in_flight_ns = MISSING,
                                       .due = MISSING,
                                       .unsent = MISSING,
                                       .held = MISSING};
    r.accounting.failed[LOSS_RESET] = 2;
    r.accounting.statuses[200] = 3;
    r.accounting.statuses[404] = 1;
    json_t *doc = result_to_json(&r);
    assert_true(fabs(number_at(doc, "latency", "mean") - 0.5) < 0.001);
    assert_true(number_at(doc, "latency", "average") == number_at(doc, "latency", "mean"));
    assert_true(fabs(number_at(doc, "latency", "p50") - 0.25) < 0.001);
    assert_true(fabs(number_at(doc, "latency", "p99") - 0.75) < 0.001);
    assert_true(number_at(doc, "requests", "min") == 0);
    assert_true(number_at(doc, "requests", "max") == 4);
    assert_true(number_at(doc, "requests", "p99") == 4);
    assert_true(number_at(doc, "requests", "total") == 4);
    assert_true(number_at(doc, "requests", "sent") == 9);
    assert_true(fabs(number_at(doc, "throughput", "mean") - 400.0 / 3) < 1e-9);
    assert_int_equal(json_integer_value(json_object_get(doc, "errors")), 2 + 2 + 5);
    assert_int_equal(json_integer_value(json_object_get(doc, "timeouts")), 2);
    assert_int_equal(json_integer_value(json_object_get(doc, "non2xx")), 1);
    assert_int_equal(json_integer_value(json_object_get(doc, "4xx")), 1);
    json_decref(doc);
    result_fini(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_back_it_is_the_same_text),
        cmocka_unit_test(numbers_of_many_digits_settle_at_once),
        cmocka_unit_test(a_socket_has_autocannons_key),
        cmocka_unit_test(what_is_missing_is_null),
        cmocka_unit_test(the_autocannon_part_means_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
