/* sweeping: a sweep from its options to its last trial.
 *
 * Shape   sweeping_init checks all that can be checked before anything is started, and makes the
 *         points that it begins with; sweeping_run measures them, and places more on ranges. The
 *         document is saved after each trial, or less often when it is large.
 * Owner   the caller's storage; sweeping_fini, unless sweeping_init failed. Options are borrowed.
 * Errors  kind USAGE, before anything is started. Afterwards an arm that fails at a point is a
 *         problem of that point, and the sweep goes on.
 */
#ifndef CLI_SWEEPING_H
#define CLI_SWEEPING_H

#include "analysis/sweep/goal.h"
#include "cli/over.h"
#include "cli/saving.h"
#include "cli/sweep_place.h"
#include "model/sweep.h"

struct sweeping {
    const struct sweep_options *options;
    struct sweep_goal goal;
    struct sweep_common common;
    struct over overs[SWEEP_AXES_MAX];
    struct sweep sweep;
    struct sweep_place **places; /* one for each point */
    size_t nplaces;
    int64_t began_ns;
    size_t ntrials; /* of this run */
    struct saving saving;
};

int sweeping_init(struct sweeping *w, const struct sweep_options *options,
                  const struct opt_line *line, struct err *err);
int sweeping_preview(const struct sweeping *w, struct err *err); /* on stdout */
/* *out_signal: what ended it early, or 0. */
int sweeping_run(struct sweeping *w, int *out_signal, struct err *err);
void sweeping_fini(struct sweeping *w);

#endif
