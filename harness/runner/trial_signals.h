/* trial_signals: SIGINT, SIGTERM and SIGHUP during a trial.
 *
 * Shape   the first one calls on_signal on the loop and is not watched for any more: one that
 *         follows at once is dropped, and a later one has its default effect. SIGHUP is left alone
 * when it is ignored (nohup). Owner   caller's storage, which must outlive the loop's close
 * callbacks. The handles keep the loop alive until trial_signals_stop. Errors  none.
 */
#ifndef RUNNER_TRIAL_SIGNALS_H
#define RUNNER_TRIAL_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <uv.h>

struct trial_signals {
    uv_signal_t handles[3];
    sigset_t mask; /* the caller's */
    bool watching;
    int first; /* the signal that came; 0: none */
    void (*on_signal)(void *ctx);
    void *ctx;
};

void trial_signals_init(struct trial_signals *s, void (*on_signal)(void *ctx), void *ctx);
/* Unblocks the signals, which the caller may have blocked. */
void trial_signals_watch(struct trial_signals *s, uv_loop_t *loop);
/* Restores the caller's mask, unless a signal came. Without effect when they are not watched. */
void trial_signals_stop(struct trial_signals *s);
/* Restores the caller's mask; after the loop has ended. */
void trial_signals_fini(struct trial_signals *s);

#endif
