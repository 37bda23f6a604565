/* capacity_trials: measures what a search for the capacity asks for, trial after trial.
 *
 * Shape   rounds: each has one trial of every arm whose search goes on, in an order drawn from the
 *         seed and the number of the round; a trial has fresh processes, and its rate is what the
 *         trials before make of it. Where the search stands follows from the trials alone, so that
 *         one that was interrupted goes on where it ended. A trial that other programs disturbed,
 *         and that did not hold, is measured once more.
 *         The first SIGINT or SIGTERM ends the trial, which is dropped, and the search; between
 *         trials the caller holds both signals.
 * Owner   everything is borrowed; the capacity takes the trials.
 * Errors  none: a trial without a result is one that cannot tell, and says why.
 */
#ifndef RUNNER_CAPACITY_TRIALS_H
#define RUNNER_CAPACITY_TRIALS_H

#include "analysis/capacity/goal.h"
#include "base/signals.h"
#include "model/capacity.h"
#include "runner/arm_trial.h"

struct capacity_trials {
    const struct arms *arms; /* open loops; each trial sets the rate */
    const struct goal *goal;
    int64_t trial_ns;              /* of a trial; longer where the goal needs more requests */
    int64_t pilot_ns;              /* of the pilot */
    int64_t budget_ns;             /* from now on; 0: no limit */
    const struct signals *signals; /* held */
    const struct rounds_view *view;
    void (*on_trial)(void *ctx); /* after each, with the estimates as they are then */
    void *ctx;
    struct capacity *capacity;
};

/* Returns the signal that ended it early, or 0. */
int capacity_trials_run(const struct capacity_trials *trials);

#endif
