#include "runner/trial_signals.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/signals.h"

void trial_signals_init(struct trial_signals *s, void (*on_signal)(void *ctx), void *ctx)
{
    *s = (struct trial_signals){.on_signal = on_signal, .ctx = ctx};
    (void)pthread_sigmask(SIG_SETMASK, NULL, &s->mask);
}

/* After a first signal others are let through, to be dropped or to end the program (signals_note);
 * otherwise the caller's mask is restored, which may block them. */
void trial_signals_stop(struct trial_signals *s)
{
    if (s->first == 0)
        (void)pthread_sigmask(SIG_SETMASK, &s->mask, NULL);
    for (size_t i = 0; i < LEN(s->handles); i++) {
        if (s->watching)
            uv_close((uv_handle_t *)&s->handles[i], NULL);
    }
    s->watching = false;
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct trial_signals *s = handle->data;
    struct signals signals;
    s->first = number;
    signals_hold(&signals); /* until the next handler is in place */
    trial_signals_stop(s);
    signals_note(clock_now_ns());
    signals_release(&signals);
    s->on_signal(s->ctx);
}

void trial_signals_watch(struct trial_signals *s, uv_loop_t *loop)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    sigset_t watched;
    (void)sigemptyset(&watched);
    s->watching = true;
    for (size_t i = 0; i < LEN(s->handles); i++) {
        (void)uv_signal_init(loop, &s->handles[i]);
        s->handles[i].data = s;
        if (numbers[i] != SIGHUP || !signals_ignored(SIGHUP))
            (void)uv_signal_start(&s->handles[i], on_signal, numbers[i]);
        (void)sigaddset(&watched, numbers[i]);
    }
    (void)pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
}

void trial_signals_fini(struct trial_signals *s)
{
    (void)pthread_sigmask(SIG_SETMASK, &s->mask, NULL);
}
