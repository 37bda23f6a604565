#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "targets/strategies/strategies.h"

static void strategies_are_those_of_the_option(void **state)
{
    (void)state;
    struct err err = {0};
    size_t i = 0;
    for (; strategies[i] != NULL; i++) {
        assert_string_equal(strategies[i]->name, strategy_names[i]);
        assert_ptr_equal(strategy_find(strategy_names[i], &err), strategies[i]);
        assert_non_null(strategies[i]->start);
        assert_non_null(strategies[i]->handle);
    }
    assert_null(strategy_names[i]);
    assert_null(strategy_find("magic", &err));
    assert_int_equal(err.kind, ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strategies_are_those_of_the_option),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
