#include "targets/http/stop_signal.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"

/* Global, because a signal handler has no argument. Everything but `step` is written before the
 * handlers are installed. */
static struct {
    atomic_int step;
    uv_async_t *wake;
    atomic_bool *stop;
    timer_t grace;
    struct itimerspec grace_time;
} signals;

static const int caught[] = {SIGTERM, SIGINT, SIGHUP, SIGALRM};

/* Calls only what signal-safety(7) and libuv allow in a handler. */
static void on_signal(int number)
{
    int saved = errno;
    int none = STOP_NONE;
    if (number != SIGALRM && atomic_compare_exchange_strong(&signals.step, &none, STOP_GENTLE)) {
        (void)timer_settime(signals.grace, 0, &signals.grace_time, NULL);
    } else {
        atomic_store(&signals.step, STOP_NOW);
        atomic_store(signals.stop, true);
    }
    (void)uv_async_send(signals.wake);
    errno = saved;
}

static void set_handlers(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    for (size_t i = 0; i < LEN(caught); i++) {
        struct sigaction before;
        (void)sigaction(caught[i], NULL, &before);               /* fails only for a bad number */
        if (caught[i] != SIGHUP || before.sa_handler != SIG_IGN) /* as nohup leaves it */
            (void)sigaction(caught[i], &action, NULL);
    }
}

int stop_signal_open(uv_async_t *wake, atomic_bool *stop, int64_t grace_ns, struct err *err)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    int64_t ns = grace_ns > 0 ? grace_ns : 1; /* 0 would disarm the timer */
    signals.wake = wake;
    signals.stop = stop;
    signals.grace_time.it_value.tv_sec = ns / NS_PER_S;
    signals.grace_time.it_value.tv_nsec = ns % NS_PER_S;
    if (timer_create(CLOCK_MONOTONIC, &event, &signals.grace) < 0)
        return err_set(err, ERR_USAGE, "no timer for --grace: %s", strerrordesc_np(errno));
    set_handlers(on_signal);
    return 0;
}

enum stop_step stop_signal_step(void)
{
    return (enum stop_step)atomic_load(&signals.step);
}

void stop_signal_close(void)
{
    set_handlers(SIG_IGN);
    (void)timer_delete(signals.grace);
}
