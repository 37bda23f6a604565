/* status_set: the statuses that a text names, and what is wrong with one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "match/status_set.h"

static void a_set_has_what_it_names(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int has[4], lacks[4];
    } cases[] = {
        {"404", {404}, {200, 403, 405}},
        {"200-299,404", {200, 250, 299, 404}, {199, 300, 403, 500}},
        {"2xx,5XX", {200, 299, 500, 599}, {199, 300, 499, 404}},
        {"200-4xx", {200, 301, 499}, {199, 500}},
        {"1xx-5xx", {100, 599}, {600, 999}},
        {"301-301", {301}, {300, 302}},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct expectation expect = {0};
        struct err err = {0};
        assert_int_equal(status_set_parse(cases[i].text, &expect, &err), 0);
        for (size_t k = 0; k < LEN(cases[i].has); k++) {
            assert_true(cases[i].has[k] == 0 || status_set_has(&expect, cases[i].has[k]));
            assert_true(cases[i].lacks[k] == 0 || !status_set_has(&expect, cases[i].lacks[k]));
        }
        expectation_fini(&expect);
    }
}

static void without_a_set_a_2xx_is_right(void **state)
{
    (void)state;
    static const struct expectation none;
    assert_true(status_set_has(&none, 200));
    assert_true(status_set_has(&none, 299));
    assert_false(status_set_has(&none, 199));
    assert_false(status_set_has(&none, 304));
}

static void an_error_has_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *set, *text;
    } cases[] = {
        {"", "'' is not a set of statuses: a status from 100 to 599, or one like 2xx, is expected "
             "at character 1; try 200-299,404"},
        {"20", "at character 1;"},
        {"200,", "at character 5;"},
        {"200;404", "a comma or the end is expected at character 4;"},
        {"2000", "a comma or the end is expected at character 4;"},
        {"200-", "at character 5;"},
        {"299-200", "a status not below the first is expected at character 5;"},
        {"099", "at character 1;"},
        {"600", "at character 1;"},
        {"200, 404", "at character 5;"},
        {"2x0", "at character 1;"},
        {"200-299-300", "a comma or the end is expected at character 8;"},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        struct expectation expect = {0};
        struct err err = {0};
        assert_int_equal(status_set_parse(cases[i].set, &expect, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        if (strstr(err.text, cases[i].text) == NULL)
            fail_msg("%s", err.text);
        expectation_fini(&expect);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_has_what_it_names),
        cmocka_unit_test(without_a_set_a_2xx_is_right),
        cmocka_unit_test(an_error_has_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
