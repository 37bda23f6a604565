#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h>

#include <cmocka.h>

#include "base/clock.h"

static void the_clock_moves_and_writes_dates(void **state)
{
    (void)state;
    char text[32];
    int64_t first_ns = clock_now_ns();
    assert_true(clock_now_ns() >= first_ns);
    clock_format_wall(INT64_C(1782000000123), text, sizeof text);
    assert_string_equal(text, "2026-06-21T00:00:00.123Z");
    const struct timeval time = {.tv_sec = 3, .tv_usec = 250000};
    assert_true(clock_timeval_s(&time) == 3.25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_moves_and_writes_dates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
