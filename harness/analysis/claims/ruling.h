/* claims_ruling: one claim by one arm while it is judged, and what several rules ask.
 *
 * Shape   first the words for what was measured, which ruling_measured hands over; then the reason.
 *         The figures that either names are the claim's.
 *         The rule stands at the end of it, after every verdict that it led to.
 * Units   as in a metric: ns, bytes, counts, numbers.
 * Owner   all words belong to the ruling until a claim takes them; arms are borrowed.
 * Errors  what is not known makes a question false, or NULL, after the reason has said so.
 * Source  docs/article.md, "What holds for every row".
 */
#ifndef ANALYSIS_CLAIMS_RULING_H
#define ANALYSIS_CLAIMS_RULING_H

#include "analysis/claims/arms.h"

struct ruling {
    const struct comparison *all;
    const struct arm *arm;
    struct sentence words;
    char *measured;   /* NULL: nothing was */
    char *holds_when; /* NULL: not said yet */
};

/* What was written so far is what was measured. */
void ruling_measured(struct ruling *r);
/* The rule, once, before the first verdict by it: "that is 4 times or more". */
__attribute__((format(printf, 2, 3))) void ruling_holds_when(struct ruling *r, const char *format,
                                                             ...);

/* The figure is known, and rests on enough samples to judge by. `arm` is the ruling's own or one
 * to set it against. */
bool ruling_knows(struct ruling *r, const struct arm *arm, const struct arm_figure *figure);
/* An arm to set it against, which can be used and was run as published; without one the reason
 * still has the figure of the ruling's own. */
const struct arm *ruling_partner(struct ruling *r, const char *name,
                                 const struct arm_figure *figure);

/* The same where the verdict does not need it: NULL, and nothing is said. */
const struct arm *ruling_other(const struct ruling *r, const char *name);

/* Every request of every round that was ended got what it asked for; says which did not. */
bool ruling_nothing_failed(struct ruling *r);
/* bench, not the arm, may have set its pace. */
bool ruling_limited(struct ruling *r, const struct arm *arm);
/* Of a rate or a latency that falls short: it fails, unless bench itself may be why. */
enum claim_verdict ruling_short(struct ruling *r);

/* "43 times the 9.60 MB of pool"; `value` is the arm's own. */
void ruling_add_times(struct ruling *r, double value, const struct arm *than,
                      const struct arm_figure *figure);
/* "; with pool it takes 5.89 ms", where such an arm is there and has the figure. */
void ruling_add_beside(struct ruling *r, const char *name, const char *words,
                       const struct arm_figure *figure);

#endif
