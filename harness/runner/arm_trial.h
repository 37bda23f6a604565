/* arm_trial: one trial of an arm, recorded and with its warnings, in a row of trials.
 *
 * Shape   what a comparison and a search do again and again.
 * Owner   out belongs to the caller; result_fini in every case.
 * Errors  as trial_run.
 */
#ifndef RUNNER_ARM_TRIAL_H
#define RUNNER_ARM_TRIAL_H

#include "model/comparison.h"
#include "runner/arm.h"
#include "runner/trial.h"

/* Callbacks for progress: `of_trial` gets each trial's seconds, between on_start and on_end. */
struct rounds_view {
    struct trial_view of_trial;
    /* Before a trial: the document has all those before it. */
    void (*on_start)(void *ctx, const struct plan *plan, const struct trial_place *place);
    void (*on_end)(void *ctx);
};

struct arm_trial {
    const struct arm_plan *arm;
    const struct trial_place *place;
    const struct rounds_view *view;
    double *load_average_1m; /* NAN before the first trial, which sets it: later it includes our own
                                load */
};

int arm_trial_run(const struct arm_trial *trial, struct result *out, int *out_signal,
                  struct err *err);

#endif
