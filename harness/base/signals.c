#include "base/signals.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/mem.h"

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

/* Written before the handler is there to read them. */
static int64_t noted_ns;
static bool is_noted;

void signals_hold(struct signals *s)
{
    (void)sigemptyset(&s->held);
    for (size_t i = 0; i < LEN(numbers); i++)
        (void)sigaddset(&s->held, numbers[i]);
    (void)pthread_sigmask(SIG_BLOCK, &s->held, &s->before);
}

/* One that waits, or 0. */
static int next_waiting(const struct signals *s)
{
    static const struct timespec at_once = {0};
    int number = sigtimedwait(&s->held, NULL, &at_once);
    return number > 0 ? number : 0;
}

int signals_take(const struct signals *s)
{
    int number = next_waiting(s);
    if (number > 0 && !is_noted)
        signals_note(clock_now_ns());
    return number;
}

void signals_release(const struct signals *s)
{
    while (is_noted && next_waiting(s) > 0)
        ;
    (void)pthread_sigmask(SIG_SETMASK, &s->before, NULL);
}

/* The signal is blocked until this returns; then the default has its effect. */
static void on_another(int number)
{
    if (clock_now_ns() - noted_ns < SIGNALS_ONE_NS)
        return;
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

void signals_note(int64_t first_ns)
{
    struct signals signals;
    struct sigaction action = {.sa_handler = on_another, .sa_flags = SA_RESTART};
    (void)sigemptyset(&action.sa_mask);
    signals_hold(&signals);
    noted_ns = first_ns;
    is_noted = true;
    for (size_t i = 0; i < LEN(numbers); i++) {
        if (!signals_ignored(numbers[i]))
            (void)sigaction(numbers[i], &action, NULL);
    }
    signals_release(&signals);
}

bool signals_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
