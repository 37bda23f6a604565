/* trial: one run from start to stop: target, load, signals, numbers.
 *
 * Shape   trial_run blocks until everything that it started has ended. SIGINT or SIGTERM ends the
 *         window early (the result is partial and marked), or later the waiting for a queue's
 *         backlog (the result is whole); a second one ends the program at once. The caller may
 *         have them blocked: they come through only while the trial watches for them.
 * Owner   out is caller's storage, made by result_init; result_fini in every case.
 * Errors  -1 when there is no result at all: the target cannot start, nothing can be connected to
 *         (kind INVALID), interrupted before the window (INTERRUPTED). A run that went wrong on
 *         the way is a result with valid = false.
 */
#ifndef RUNNER_TRIAL_H
#define RUNNER_TRIAL_H

#include "base/err.h"
#include "model/plan.h"
#include "model/result.h"

/* Who watches: called for each closed second, and while a queue drains. */
struct trial_view {
    void *ctx;
    void (*on_second)(void *ctx, const struct second *second);
    void (*on_left)(void *ctx, int64_t jobs_left, int64_t waited_ns);
};

/* Makes room for the plan's connections; before trial_run, and before the limits are recorded. */
int trial_raise_limits(const struct plan *plan, struct err *err);

/* *out_signal: the signal that ended it early, or 0. */
int trial_run(const struct plan *plan, const struct trial_view *view, struct result *out,
              int *out_signal, struct err *err);

#endif
