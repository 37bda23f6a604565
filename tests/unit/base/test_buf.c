#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"

static void buf_stops_at_its_ceiling(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    assert_string_equal(b.data, "");
    buf_puts(&b, "12345");
    buf_printf(&b, "%d", 678);
    assert_string_equal(b.data, "12345678");
    buf_puts(&b, "abc");
    assert_true(b.overflow);
    assert_string_equal(b.data, "12345678");
    buf_clear(&b);
    buf_pad(&b, '.', 10);
    assert_false(b.overflow);
    assert_int_equal(b.len, 10);
    char *taken = buf_take(&b);
    assert_string_equal(taken, "..........");
    assert_int_equal(b.len, 0);
    free(taken);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buf_stops_at_its_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
