/* rounds: the trials of a comparison, one after the other, each with fresh processes.
 *
 * Shape   only one arm's processes live at a time. What a trial gave is stored at once, so that
 *         nothing is lost, and goes into the comparison. The first SIGINT or SIGTERM ends the trial
 *         that is on, and with it the rounds; the caller holds both back for the time between.
 * Owner   everything is borrowed; the results become the comparison's.
 * Errors  none: a trial without a result is a problem of its arm, told at once, and the others go
 *         on. An arm whose command is no program is not tried again.
 */
#ifndef RUNNER_ROUNDS_H
#define RUNNER_ROUNDS_H

#include "model/comparison.h"
#include "proc/signals.h"
#include "runner/arm.h"
#include "runner/trial.h"

/* Who watches: `of_trial` is told of each trial's seconds, between on_start and on_end. */
struct rounds_view {
    struct trial_view of_trial;
    void (*on_start)(void *ctx, const struct plan *plan, const struct trial_place *place);
    void (*on_end)(void *ctx);
};

struct rounds {
    const struct arms *arms;
    const struct turn *order; /* of all trials */
    size_t norder;
    const char *out;               /* where results go, as result_save; NULL: results/ */
    const struct signals *signals; /* held */
    const struct rounds_view *view;
    struct comparison *comparison; /* has the arms, and room for `norder` turns */
};

/* Returns the signal that ended it early, or 0. */
int rounds_run(const struct rounds *rounds);

#endif
