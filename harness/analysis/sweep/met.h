/* met: which arms hold the limits of a goal at a point of a sweep.
 *
 * Shape   each round is judged as a trial of bench capacity is (analysis/capacity/judge.h); but a
 *         percentile of few requests counts as it is, as where arms are ranked by it. An arm holds
 *         the goal when every round does, and its rounds are told apart from the limit of each
 *         clause (analysis/apart.h); it does not when no round does, and they are told apart from
 *         a limit that is broken, or something else is wrong. All others are too close to call.
 *         Rounds that other programs disturbed, or that `bench` limited, count for nothing.
 * Owner   caller's storage.
 * Errors  none: an arm with fewer than two rounds that tell something is unknown.
 */
#ifndef ANALYSIS_SWEEP_MET_H
#define ANALYSIS_SWEEP_MET_H

#include "analysis/sweep/goal.h"
#include "model/sweep.h"

enum met { MET_UNKNOWN, MET_NO, MET_CLOSE, MET_YES };

/* `out` has one for each arm. All are MET_YES when nothing must hold. */
void met_judge(const struct sweep *s, size_t point, const struct sweep_goal *goal, enum met *out);

#endif
