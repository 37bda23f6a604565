/* signals: what waits, what is one, and what ends the program. Each case is a process of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/signals.h"

#define HOUR_NS (3600 * NS_PER_S)

static void raise_all(void)
{
    (void)raise(SIGINT);
    (void)raise(SIGTERM);
    (void)raise(SIGHUP);
}

/* How the process of a case ended: 0, or the signal that ended it. */
static int end_of(void (*run)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        run();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
}

static void at_once(void)
{
    signals_note(clock_now_ns() + HOUR_NS); /* however slow the machine is */
    raise_all();
    raise_all();
}

static void later(void)
{
    signals_note(clock_now_ns() - SIGNALS_ONE_NS);
    (void)raise(SIGTERM);
}

static void held(void)
{
    struct signals s;
    signals_hold(&s);
    raise_all();
    signals_release(&s);
}

/* Two more wait: they are one with it. */
static void held_and_taken(void)
{
    struct signals s;
    signals_hold(&s);
    raise_all();
    if (signals_take(&s) == 0)
        _exit(1);
    signals_release(&s);
}

static void held_and_noted(void)
{
    struct signals s;
    signals_hold(&s);
    signals_note(clock_now_ns() - HOUR_NS);
    raise_all();
    signals_release(&s);
}

static void ignored(void)
{
    (void)signal(SIGHUP, SIG_IGN);
    signals_note(clock_now_ns() - HOUR_NS);
    (void)raise(SIGHUP);
    if (!signals_ignored(SIGHUP) || signals_ignored(SIGINT))
        _exit(1);
}

static void those_that_come_at_once_are_one(void **state)
{
    (void)state;
    assert_int_equal(end_of(at_once), 0);
}

static void a_later_one_ends_the_program(void **state)
{
    (void)state;
    assert_int_equal(end_of(later), SIGTERM);
}

static void held_ones_wait_until_they_are_released(void **state)
{
    (void)state;
    int end = end_of(held);
    assert_true(end == SIGINT || end == SIGTERM || end == SIGHUP);
}

static void what_was_taken_is_the_first(void **state)
{
    (void)state;
    assert_int_equal(end_of(held_and_taken), 0);
}

static void what_waits_is_dropped_once_one_was_noted(void **state)
{
    (void)state;
    assert_int_equal(end_of(held_and_noted), 0);
}

static void what_is_ignored_stays_so(void **state)
{
    (void)state;
    assert_int_equal(end_of(ignored), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_come_at_once_are_one),
        cmocka_unit_test(a_later_one_ends_the_program),
        cmocka_unit_test(held_ones_wait_until_they_are_released),
        cmocka_unit_test(what_was_taken_is_the_first),
        cmocka_unit_test(what_waits_is_dropped_once_one_was_noted),
        cmocka_unit_test(what_is_ignored_stays_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
