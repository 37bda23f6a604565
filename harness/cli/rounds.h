/* rounds: the trials of a comparison, one after the other, each with fresh processes.
 *
 * Shape   only one arm's processes live at a time. What a trial gave is stored at once, so that
 *         nothing is lost, and goes into the comparison. The first SIGINT or SIGTERM ends the trial
 *         that is on, and with it the rounds; the caller holds both back for the time between.
 * Owner   everything is borrowed; the results become the comparison's.
 * Errors  none: a trial without a result is a problem of its arm, told at once, and the others go
 *         on. An arm whose command is no program is not tried again.
 */
#ifndef CLI_ROUNDS_H
#define CLI_ROUNDS_H

#include "cli/arm.h"
#include "cli/signals.h"
#include "model/comparison.h"

struct rounds {
    const struct arms *arms;
    const struct turn *order; /* of all trials */
    size_t norder;
    const char *out;               /* where results go, as result_save; NULL: results/ */
    const struct signals *signals; /* held */
    struct comparison *comparison; /* has the arms, and room for `norder` turns */
};

/* Returns the signal that ended it early, or 0. */
int rounds_run(const struct rounds *rounds);

#endif
