#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"

static void err_wraps_and_cuts(void **state)
{
    (void)state;
    struct err err;
    assert_int_equal(err_set(&err, ERR_USAGE, "no %s", "way"), -1);
    assert_int_equal(err_wrap(&err, "--%s", "rate"), -1);
    assert_string_equal(err.text, "--rate: no way");
    assert_int_equal(err.kind, ERR_USAGE);
    char big[1000];
    memset(big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    (void)err_wrap(&err, "%s", big);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    (void)err_set(&err, ERR_INVALID, "%s", big);
    (void)err_wrap(&err, "context");
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
    assert_int_equal(strncmp(err.text, "context: xx", 11), 0);
}

static void exit_codes_are_as_documented(void **state)
{
    (void)state;
    assert_int_equal(err_exit_code(ERR_GATE), 1);
    assert_int_equal(err_exit_code(ERR_USAGE), 2);
    assert_int_equal(err_exit_code(ERR_INCONCLUSIVE), 3);
    assert_int_equal(err_exit_code(ERR_INCOMPARABLE), 4);
    assert_int_equal(err_exit_code(ERR_INVALID), 5);
    assert_int_equal(err_exit_code(ERR_INTERRUPTED), 130);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(err_wraps_and_cuts),
        cmocka_unit_test(exit_codes_are_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
