/* What is logged of an outage of the broker: its start and its end, however long it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/log.h"
#include "targets/queue/outage.h"

static struct {
    int lines;
    char last[200];
} logged;

/* NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the linker's names */
void __wrap_log_warn(const char *format, ...);
void __wrap_log_warn(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    /* NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized): a false alarm of version 14 */
    (void)vsnprintf(logged.last, sizeof logged.last, format, args);
    va_end(args);
    logged.lines++;
}
/* NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming) */

static void logged_is(int lines, const char *last)
{
    assert_int_equal(logged.lines, lines);
    assert_string_equal(logged.last, last);
    logged.lines = 0;
}

static void a_lost_connection_is_logged_at_its_start_and_its_end(void **state)
{
    (void)state;
    struct outage o = {0};
    outage_away(&o, "refused");
    for (int second = 0; second < 20; second++) {
        outage_failed(&o, "not sent");
        o.failed_ns -= NS_PER_S;
    }
    logged_is(1, "the broker is away: refused; trying again");
    outage_back(&o);
    logged_is(1, "the broker is back");
    outage_worked(&o);
    outage_back(&o);
    assert_int_equal(logged.lines, 0);
}

static void requests_that_fail_are_logged_at_the_start_and_the_end(void **state)
{
    (void)state;
    struct outage o = {0};
    for (int i = 0; i < 100; i++) {
        outage_failed(&o, "the disk is full");
        outage_worked(&o); /* the next one finds room */
    }
    logged_is(1, "the broker: the disk is full; trying again");
    o.failed_ns -= 10 * NS_PER_S;
    outage_worked(&o);
    logged_is(1, "the broker works again");
    outage_failed(&o, "the disk is full");
    logged_is(1, "the broker: the disk is full; trying again");
}

static void it_counts_lost_connections(void **state)
{
    (void)state;
    struct outage o = {0};
    outage_failed(&o, "not sent");
    outage_away(&o, "refused");
    assert_true(o.is_away);
    outage_back(&o);
    assert_false(o.is_away);
    outage_away(&o, "refused");
    assert_int_equal(o.times_away, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_connection_is_logged_at_its_start_and_its_end),
        cmocka_unit_test(requests_that_fail_are_logged_at_the_start_and_the_end),
        cmocka_unit_test(it_counts_lost_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
