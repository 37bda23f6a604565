/* claims/arms: the arms that claims are judged by, and whether they were run as published.
 *
 * Shape   one row per arm: the strategy or original its results must name, and the settings that
 *         only this arm has.
 * Owner   arms are borrowed from the comparison.
 * Errors  an arm whose results name something else is treated as missing.
 */
#ifndef ANALYSIS_CLAIMS_ARMS_H
#define ANALYSIS_CLAIMS_ARMS_H

#include "analysis/claims/claims.h"
#include "analysis/sentence.h"

/* Finds an arm by its name and by what its results name; NULL if it is missing. */
const struct arm *claims_arm(const struct comparison *c, const char *name);
/* The pool, and the queue with larger jobs, of the same family (bundled or original). */
const char *claims_pool_of(const struct arm *arm);
const char *claims_larger_of(const struct arm *arm);
bool claims_is_original(const struct arm *arm);

/* Whether the run must be as long as the published one. */
enum claims_window { WINDOW_ANY, WINDOW_WHOLE };
/* True if the arm's results are usable and were measured as published; otherwise the sentence says
 * what is wrong with `who` ("it", or the arm's name). */
bool claims_arm_fits(struct sentence *s, const struct arm *arm, enum claims_window window,
                     const char *who);

/* A setting of the run; NAN when it has none of that name that is a number. */
double claims_number(const struct result *r, const char *name);
/* Cores that its processes and bench could use, limited by a quota; NAN: unknown. */
double claims_cores(const struct arm *arm);

#endif
