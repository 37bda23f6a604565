/* trial: one run from start to finish: target, load, signals and figures.
 *
 * Shape   trial_run blocks until everything that it started has ended. SIGINT or SIGTERM ends the
 *         window early (the result is partial and marked), or afterwards the wait for a queue's
 *         backlog (the result is complete); a second one ends the program at once. The caller may
 *         block both signals: a trial unblocks them while it watches for them.
 * Owner   out is the caller's, initialised by result_init; call result_fini in every case.
 * Errors  -1 if there is no result at all: the target cannot start, nothing can be connected
 *         (kind INVALID), interrupted before the window (INTERRUPTED). A run that failed later is
 *         a result with valid = false.
 */
#ifndef RUNNER_TRIAL_H
#define RUNNER_TRIAL_H

#include "base/err.h"
#include "model/plan.h"
#include "model/result.h"

/* Callbacks for progress: after each second, and while a queue drains. */
struct trial_view {
    void *ctx;
    void (*on_second)(void *ctx, const struct second *second);
    void (*on_left)(void *ctx, int64_t jobs_left, int64_t waited_ns);
};

/* Raises the limit of open files for the plan's connections, or finds the programs that start the
 * load on other hosts; call it before trial_run, and before the limits are recorded. */
int trial_prepare(const struct plan *plan, struct err *err);

/* *out_signal: the signal that ended it early, or 0. */
int trial_run(const struct plan *plan, const struct trial_view *view, struct result *out,
              int *out_signal, struct err *err);

#endif
