#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "targets/queue/brokers.h"
#include "targets/queue/sqlite/broker.h"

static void kinds_are_found_by_their_scheme(void **state)
{
    (void)state;
    struct err err = {0};
    assert_ptr_equal(broker_find("sqlite:x", &err), &broker_sqlite);
    assert_null(broker_find("mysql://x", &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.text, "mysql://x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_found_by_their_scheme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
