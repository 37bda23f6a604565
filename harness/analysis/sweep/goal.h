/* goal: what makes an arm the best at a point of a sweep.
 *
 * Shape   one figure, and whether most or least of it is best: "most work", "lowest p50",
 *         "lowest p99", "least CPU".
 * Owner   goals are constant.
 * Errors  goal_find: kind USAGE, with all goals.
 */
#ifndef ANALYSIS_SWEEP_GOAL_H
#define ANALYSIS_SWEEP_GOAL_H

#include "analysis/findings/rank.h"
#include "base/err.h"

struct sweep_goal {
    const char *text, *key; /* the key of its figure */
    const char *wins;       /* "completes the most work" */
    enum rank_order order;
};

extern const struct sweep_goal sweep_goals[]; /* ends with one without a text; the first is the
                                                 default of a closed loop */
const struct sweep_goal *goal_find(const char *text, struct err *err);
/* "most work", and in an open loop, whose rate decides the work, "lowest p99". */
const struct sweep_goal *goal_default(bool is_open_loop);

#endif
