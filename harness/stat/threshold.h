/* threshold: where on a scale a noisy yes turns into a no, found with few trials.
 *
 * Shape   each trial at x answers yes or no. The chance of a yes falls with x, as
 *           lapse + (1 - 2 lapse) / (1 + exp(ln(x / threshold) / width))
 *         so at the threshold it is one half. The threshold and the width are not known; the trials
 *         so far say how likely each pair of them is, starting from all alike. The next trial
 *         belongs at the median: there its answer says most.
 * Units   x in any unit, above 0; the width is a fraction of x.
 * Owner   the caller's storage; nothing else is kept.
 * Errors  none; x outside of the range tells what it can.
 * Source  Bayesian adaptive estimation of a psychometric function: Watson and Pelli (1983), QUEST;
 *         Kontsevich and Tyler (1999), with the width unknown as well. The lapse is a trial that
 *         went wrong for a reason of its own.
 */
#ifndef STAT_THRESHOLD_H
#define STAT_THRESHOLD_H

#include <stdbool.h>

#define THRESHOLD_PLACES 400
#define THRESHOLD_WIDTHS 7

struct threshold {
    double lo, hi;                                         /* between which it lies */
    double log_chance[THRESHOLD_WIDTHS][THRESHOLD_PLACES]; /* up to a factor */
};

struct threshold_estimate {
    double median, lo, hi; /* 90 %: each end is passed in one case of twenty */
};

/* 0 < lo < hi: at lo a yes is as good as sure, at hi a no. */
void threshold_init(struct threshold *t, double lo, double hi);
void threshold_add(struct threshold *t, double x, bool yes);
struct threshold_estimate threshold_estimate(const struct threshold *t);

#endif
