/* latency_shift: by how much the latency of a session's second arm differs at each quantile.
 *
 * Shape   one curve, with a point at each quantile that every valid block knows in both arms (10
 *         samples beyond it, and none that may have been longer): the Walsh estimate of the blocks'
 *         log ratios, and their interval. No look is due for it: it is for the eye.
 * Units   a ratio: above 1, the second arm is slower.
 * Owner   the caller frees the curve with shift_curve_fini.
 * Errors  none: with fewer than two valid blocks a point has no interval, and without one the curve
 *         is empty.
 */
#ifndef ANALYSIS_VERDICT_LATENCY_SHIFT_H
#define ANALYSIS_VERDICT_LATENCY_SHIFT_H

#include "model/session.h"
#include "model/shift.h"

/* *out_level: how often such an interval covers the truth at one quantile; NAN without one. */
void latency_shift(const struct session *s, struct shift_curve *out, double *out_level);

#endif
