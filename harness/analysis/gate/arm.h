/* gate/arm: whether an arm of a comparison crosses a threshold, by the median of its rounds.
 *
 * Shape   the median is that of the undisturbed rounds, or of all when every one was disturbed (as
 *         in model/arm_figure.h). A round's figure has a low and a high end, and one that cannot
 *         tell may be anything from 0 up: the arm crosses the threshold, or not, only when the
 *         median of the low ends and that of the high ends agree on it. An arm passes nothing while
 *         a planned round has no valid result, or while a judged one is full of errors.
 * Owner   gate_rounds_of gives an array to the caller, who frees it; it borrows from the arm.
 * Errors  none: an arm that cannot tell is an outcome with a reason.
 */
#ifndef ANALYSIS_GATE_ARM_H
#define ANALYSIS_GATE_ARM_H

#include "analysis/gate/gate.h"
#include "model/comparison.h"

struct gate_round {
    const struct result *result; /* NULL: there is none */
    const char *problem;         /* why; NULL: the round was not run */
    enum gate_reason lack;       /* NONE: it is judged, or may be left out */
};

/* The planned rounds in order. With GATE_PARTIAL_JUDGED those that were not run may be left out,
 * unless that leaves none. */
struct gate_round *gate_rounds_of(const struct arm *arm, int64_t planned,
                                  const struct gate_policy *policy);
struct gate_outcome gate_judge_arm(const struct gate_threshold *threshold,
                                   const struct gate_round *rounds, size_t planned,
                                   const struct gate_policy *policy);

#endif
