/* gate/capacity: whether the capacity of an arm crosses a threshold, by its interval.
 *
 * Shape   it does when all of the interval is beyond, and does not when none of it is; else the
 *         limit lies within, and the verdict is unknown.
 * Errors  none: a search that cannot tell is an outcome with a reason.
 */
#ifndef ANALYSIS_GATE_CAPACITY_H
#define ANALYSIS_GATE_CAPACITY_H

#include "analysis/gate/gate.h"
#include "model/capacity.h"

/* The threshold's metric is METRIC_CAPACITY, and the estimates have been derived. */
struct gate_outcome gate_judge_capacity(const struct gate_threshold *threshold,
                                        const struct capacity *c, size_t arm,
                                        enum gate_partial partial);

#endif
