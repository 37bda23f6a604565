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

/* A machine that runs this test is awake, but may sleep between two lines of it. */
static void a_suspend_is_known_apart_from_the_time_awake(void **state)
{
    (void)state;
    int64_t first_ns = clock_suspended_ns();
    int64_t wall_ns = clock_wall_offset_ns();
    assert_true(first_ns > -NS_PER_S); /* two clocks are not read at the same moment */
    assert_true(clock_suspended_ns() - first_ns > -NS_PER_S);
    assert_true(wall_ns >
                first_ns + INT64_C(365) * 24 * 3600 * NS_PER_S); /* 1970 is farther away */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_moves_and_writes_dates),
        cmocka_unit_test(a_suspend_is_known_apart_from_the_time_awake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
