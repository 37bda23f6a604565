#include "base/signals.h"

#include <stddef.h>

void signals_hold(struct signals *s)
{
    (void)sigemptyset(&s->held);
    (void)sigaddset(&s->held, SIGINT);
    (void)sigaddset(&s->held, SIGTERM);
    (void)sigaddset(&s->held, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &s->held, &s->before);
}

int signals_take(const struct signals *s)
{
    static const struct timespec at_once = {0};
    int number = sigtimedwait(&s->held, NULL, &at_once);
    return number > 0 ? number : 0;
}

void signals_release(const struct signals *s)
{
    (void)pthread_sigmask(SIG_SETMASK, &s->before, NULL);
}

bool signals_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
