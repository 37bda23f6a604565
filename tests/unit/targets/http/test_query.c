#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "targets/http/query.h"

static const struct target_options options = {
    .work = {WORK_COUNT, 777},
    .max_work = {WORK_COUNT, 1000000},
};

/* The work that a target and a body ask for. */
static int ask(const char *target, const char *body, struct work *work, struct err *err)
{
    struct query query;
    char *text = mem_strdup(target);
    int failed = query_split(text, strlen(text), &query, err);
    if (failed == 0)
        failed = query_work(&query, body, strlen(body), &options, work, err);
    free(text);
    return failed;
}

static void targets_are_split(void **state)
{
    (void)state;
    static const struct {
        const char *target, *path, *params;
    } cases[] = {
        {"/heavy", "/heavy", ""},
        {"/heavy?n=5", "/heavy", "n=5"},
        {"/heavy?", "/heavy", ""},
        {"/a/b?x=1&y=2#z", "/a/b", "x=1&y=2"},
        {"http://127.0.0.1:80/ping?a=b", "/ping", "a=b"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct query query;
        struct err err;
        char *text = mem_strdup(cases[i].target);
        assert_int_equal(query_split(text, strlen(text), &query, &err), 0);
        assert_string_equal(query.path, cases[i].path);
        assert_string_equal(query.params, cases[i].params);
        free(text);
    }
}

static void bad_targets_are_errors(void **state)
{
    (void)state;
    static const char *const cases[] = {"", "heavy", "127.0.0.1:80", "http://"};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct query query;
        struct err err = {0};
        char *text = mem_strdup(cases[i]);
        assert_int_equal(query_split(text, strlen(text), &query, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        free(text);
    }
}

static void work_comes_from_params_body_or_default(void **state)
{
    (void)state;
    static const struct {
        const char *target, *body;
        struct work want;
    } cases[] = {
        {"/heavy", "", {WORK_COUNT, 777}},
        {"/heavy?n=5", "", {WORK_COUNT, 5}},
        {"/heavy?n=0", "", {WORK_COUNT, 0}},
        {"/heavy?x=1&n=5&y", "", {WORK_COUNT, 5}},
        {"/heavy?nn=9&", "", {WORK_COUNT, 777}},
        {"/heavy?n", "", {WORK_COUNT, 777}},
        {"/heavy?sleep_ms=1.5", "", {WORK_SLEEP, 1500000}},
        {"/heavy", "{}", {WORK_COUNT, 777}},
        {"/heavy", "{\"n\":6}", {WORK_COUNT, 6}},
        {"/heavy", "{\"sleep_ms\":0.25,\"x\":[1]}", {WORK_SLEEP, 250000}},
        {"/heavy", "{\"sleep_ms\":2}", {WORK_SLEEP, 2000000}},
        {"/heavy?n=5", "{\"n\":6}", {WORK_COUNT, 5}},
        {"/heavy?n=1000000", "", {WORK_COUNT, 1000000}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct work work = {0};
        struct err err = {0};
        assert_int_equal(ask(cases[i].target, cases[i].body, &work, &err), 0);
        assert_int_equal(work.kind, cases[i].want.kind);
        assert_int_equal(work.n, cases[i].want.n);
    }
}

static void bad_work_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *target, *body, *want;
    } cases[] = {
        {"/heavy?n=", "", "whole number"},
        {"/heavy?n=-1", "", "whole number"},
        {"/heavy?n=1.5", "", "whole number"},
        {"/heavy?n=5x", "", "whole number"},
        {"/heavy?n=1e3", "", "whole number"},
        {"/heavy?n=%35", "", "whole number"},
        {"/heavy?n=00000000000000000001", "", "whole number"},
        {"/heavy?n=9999999999999999999", "", "--max-work"},
        {"/heavy?n=1000001", "", "--max-work"},
        {"/heavy?sleep_ms=3600000.1", "", "--max-work"},
        {"/heavy?sleep_ms=9999999999999999999", "", "absurd"},
        {"/heavy?sleep_ms=", "", "number"},
        {"/heavy?sleep_ms=1.2.3", "", "number"},
        {"/heavy?sleep_ms=.", "", "number"},
        {"/heavy?n=1&sleep_ms=1", "", "not both"},
        {"/heavy", "{\"n\":1,\"sleep_ms\":1}", "not both"},
        {"/heavy", "{\"n\":1.5}", "whole number"},
        {"/heavy", "{\"n\":\"5\"}", "whole number"},
        {"/heavy", "{\"n\":-1}", "negative"},
        {"/heavy", "{\"n\":1000001}", "--max-work"},
        {"/heavy", "{\"n\":1,\"n\":2}", "not JSON"},
        {"/heavy", "{\"sleep_ms\":-1}", "negative"},
        {"/heavy", "{\"sleep_ms\":null}", "number"},
        {"/heavy", "{\"n\":", "not JSON"},
        {"/heavy", "[5]", "object"},
        {"/heavy", "\xff", "not JSON"},
        {"/heavy?n=5", "nonsense", "not JSON"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct work work = {0};
        struct err err = {0};
        assert_int_equal(ask(cases[i].target, cases[i].body, &work, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_non_null(strstr(err.text, cases[i].want));
    }
}

static void pairs_are_found_whole(void **state)
{
    (void)state;
    static const struct {
        const char *params;
        bool want;
    } cases[] = {
        {"", false},         {"brief=1", true},   {"a=b&brief=1", true}, {"brief=1&c", true},
        {"brief=10", false}, {"abrief=1", false}, {"&&", false},         {"brief=1&", true},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct query query = {.path = "/stats", .params = cases[i].params};
        assert_int_equal(query_has(&query, "brief=1"), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_are_split),
        cmocka_unit_test(bad_targets_are_errors),
        cmocka_unit_test(work_comes_from_params_body_or_default),
        cmocka_unit_test(bad_work_is_told),
        cmocka_unit_test(pairs_are_found_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
