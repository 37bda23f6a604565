/* claims_arms: the arms that a claim can be judged by, and whether they were run as published.
 *
 * Shape   one row an arm: what its results must name, and the part of the set-up that is its own.
 * Owner   arms are borrowed from the comparison.
 * Errors  an arm whose results are of something else is not there.
 */
#ifndef ANALYSIS_CLAIMS_ARMS_H
#define ANALYSIS_CLAIMS_ARMS_H

#include "analysis/claims/claims.h"
#include "analysis/sentence.h"

/* By its name and by what its results say they are of; NULL when it is not there. */
const struct arm *claims_arm(const struct comparison *c, const char *name);
/* Of the same family, ours or the originals: its pool, and the queue's arm of larger work. */
const char *claims_pool_of(const struct arm *arm);
const char *claims_larger_of(const struct arm *arm);
bool claims_is_original(const struct arm *arm);

/* Whether the whole of the published window must have been run. */
enum claims_window { WINDOW_ANY, WINDOW_WHOLE };
/* True for one whose results can be used and were made as published; else the sentence says what
 * is wrong with `who`: "it", or the arm's name. */
bool claims_arm_fits(struct sentence *s, const struct arm *arm, enum claims_window window,
                     const char *who);

/* Cores that its processes and bench could use, as far as a quota lets them; NAN: not known. */
double claims_cores(const struct arm *arm);

#endif
