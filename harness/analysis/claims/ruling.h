/* claims/ruling: one claim while it is judged by one arm, and helpers shared by several rules.
 *
 * Shape   first the words for what was measured, up to ruling_measured; then the reason. The
 *         figures that either names become the claim's. The rule is added at the end of the reason.
 * Units   as in a metric: ns, bytes, counts, numbers.
 * Owner   all words belong to the ruling until a claim takes them; arms are borrowed.
 * Errors  if a figure is unknown, a function returns false or NULL, and the reason says why.
 * Source  docs/article.md, "What holds for every row".
 */
#ifndef ANALYSIS_CLAIMS_RULING_H
#define ANALYSIS_CLAIMS_RULING_H

#include "analysis/apart.h"
#include "analysis/claims/arms.h"

struct ruling {
    const struct comparison *all;
    const struct arm *arm;
    struct sentence words;
    char *measured;   /* NULL: nothing was measured */
    char *holds_when; /* NULL: not set yet */
};

/* The words so far are what was measured. */
void ruling_measured(struct ruling *r);
/* The rule in words, set once before the first verdict: "that factor is at least 4". */
__attribute__((format(printf, 2, 3))) void ruling_holds_when(struct ruling *r, const char *format,
                                                             ...);

/* True if the figure is known and has enough samples. `arm` is the ruling's own or one to compare
 * it with. */
bool ruling_knows(struct ruling *r, const struct arm *arm, const struct arm_figure *figure);
/* A usable arm to compare with, run as published; without one the reason still states the figure
 * of the ruling's own arm. */
const struct arm *ruling_partner(struct ruling *r, const char *name,
                                 const struct arm_figure *figure);

/* The same if the verdict does not depend on it: returns NULL without adding words. */
const struct arm *ruling_other(const struct ruling *r, const char *name);

/* True if the timeout is as long as a run of the arm: that none timed out says nothing. */
bool ruling_cannot_time_out(const struct arm *arm);
/* True if no request failed in any round; otherwise adds how many failed and how. */
bool ruling_nothing_failed(struct ruling *r);
/* True if the ruling's own figure is only a lower bound, which cannot show that it is below a
 * limit; then it adds why. */
bool ruling_is_bound(struct ruling *r, const struct arm_figure *figure);
/* True if bench, not the arm, may have been the bottleneck. */
bool ruling_limited(struct ruling *r, const struct arm *arm);
/* True if the rounds of the two figures are told apart (analysis/apart.h), `more` being the larger;
 * otherwise adds that they are too close to call. */
bool ruling_told_apart(struct ruling *r, const struct log_rounds *more,
                       const struct log_rounds *less);
/* The verdict for a rate or latency that misses: fails, unless bench may be the reason. */
enum claim_verdict ruling_short(struct ruling *r);

/* "43 times pool (9.60 MB)"; `value` is the arm's own. */
void ruling_add_times(struct ruling *r, double value, const struct arm *than,
                      const struct arm_figure *figure);
/* "; with pool it takes 5.89 ms", if there is such an arm with that figure. */
void ruling_add_beside(struct ruling *r, const char *name, const char *words,
                       const struct arm_figure *figure);

#endif
