/* product_limit: a percentile of durations some of which had not ended yet.
 *
 * Shape   a function of two histograms of one shape: those that ended, and the ages of those still
 *         open. One that is open takes longer than its age, and no other is known of it: it counts
 *         among those that could end until then, and no longer.
 * Units   nanoseconds; q in (0, 1).
 * Errors  none: INT64_MAX where too many are open to tell.
 * Source  Kaplan & Meier (1958), Nonparametric estimation from incomplete observations.
 */
#ifndef STAT_PRODUCT_LIMIT_H
#define STAT_PRODUCT_LIMIT_H

#include "stat/hist.h"

int64_t product_limit_percentile_ns(const struct hist *ended, const struct hist *open, double q);

#endif
