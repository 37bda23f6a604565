#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "targets/http/date_line.h"

static void the_line_is_made_once_a_second(void **state)
{
    (void)state;
    struct date_line line = {0};
    const char *first = date_line_at(&line, INT64_C(784111777000));
    assert_string_equal(first, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    line.text[6] = 'X'; /* not made again */
    assert_string_equal(date_line_at(&line, INT64_C(784111777999)),
                        "Date: Xun, 06 Nov 1994 08:49:37 GMT\r\n");
    assert_string_equal(date_line_at(&line, INT64_C(784111778000)),
                        "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
    assert_string_equal(date_line_at(&line, 0), "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_line_is_made_once_a_second)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
