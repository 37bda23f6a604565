/* stage: which values a sweep measures next.
 *
 * Shape   a sweep begins with all values of its lists, and with some of each range, spaced evenly.
 *         Then one value after the other is added to the axis where it says most
 *         (analysis/sweep/placing.h), with all values of the other axis. The curves are those of
 *         the goal's figure.
 * Units   values as in struct sweep.
 * Owner   everything is borrowed.
 * Errors  none.
 */
#ifndef ANALYSIS_SWEEP_STAGE_H
#define ANALYSIS_SWEEP_STAGE_H

#include "analysis/sweep/goal.h"
#include "model/sweep.h"

/* The value in the middle of two neighbours on an axis that is worth measuring; NAN: there is none.
 */
typedef double stage_middle_fn(void *ctx, size_t axis, double lo, double hi);

struct stage_value {
    size_t axis;
    double value;
};

/* `more[axis]`: how many values may be added to it. False: there is nothing to add. */
bool stage_next(const struct sweep *s, const struct sweep_goal *goal, const size_t *more,
                stage_middle_fn *middle, void *ctx, struct stage_value *out);

#endif
