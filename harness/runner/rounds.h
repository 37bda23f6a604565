/* rounds: runs the trials of a comparison, one after the other, each with fresh processes.
 *
 * Shape   only one arm's processes exist at a time. Each result is saved at once, so that nothing
 *         is lost, and moved into the comparison. A trial that other programs disturbed is measured
 *         once more, and only the second result is kept. The first SIGINT or SIGTERM ends the
 *         current trial and the rounds; between trials the caller holds both signals.
 * Owner   everything is borrowed; the comparison takes the results.
 * Errors  none: a trial without a result becomes a problem of its arm, reported at once, and the
 *         others continue. An arm whose command cannot be run is not tried again.
 */
#ifndef RUNNER_ROUNDS_H
#define RUNNER_ROUNDS_H

#include "base/signals.h"
#include "model/comparison.h"
#include "runner/arm_trial.h"

struct rounds {
    const struct arm_plan *const *arms; /* as many as the comparison has, in its order */
    const struct trial_ref *order;      /* of all trials */
    size_t norder;
    const char *out;               /* where to save results, as in result_save; NULL: results/ */
    bool repeats_disturbed;        /* measures a disturbed trial once more */
    const struct signals *signals; /* held */
    const struct rounds_view *view;
    void (*on_trial)(void *ctx); /* after each that was not cut short; may be NULL */
    void *ctx;
    struct comparison *comparison; /* with the arms, and room for `norder` trials */
};

/* Returns the signal that ended it early, or 0. */
int rounds_run(const struct rounds *rounds);

#endif
