#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/place.h"

static void lines_and_characters_are_counted(void **state)
{
    (void)state;
    static const char bytes[] = "ab\n\xc3\xa9x\n\ny";
    const struct written text = {"f", bytes, strlen(bytes)};
    static const struct {
        size_t at;
        struct place want;
    } cases[] = {{0, {1, 1}}, {1, {1, 2}}, {2, {1, 3}}, {3, {2, 1}}, {5, {2, 2}},
                 {6, {2, 3}}, {7, {3, 1}}, {8, {4, 1}}, {99, {4, 2}}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct place p = place_of(&text, cases[i].at);
        assert_int_equal(p.line, cases[i].want.line);
        assert_int_equal(p.column, cases[i].want.column);
    }
}

static void an_error_begins_with_the_place(void **state)
{
    (void)state;
    struct err err;
    const struct written text = {"a.csv", "x\ny", 3};
    assert_int_equal(place_error(&text, 2, &err, "no %s", "good"), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_string_equal(err.text, "a.csv:2:1: no good");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_characters_are_counted),
        cmocka_unit_test(an_error_begins_with_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
