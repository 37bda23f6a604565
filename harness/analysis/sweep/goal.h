/* goal: what makes an arm the best at a point of a sweep.
 *
 * Shape   a figure of which most or least is best: "most work", "lowest p99". Or what must hold
 *         there, in the words of a goal of bench capacity (analysis/capacity/goal.h), and the
 *         figure by which those that hold it are ranked: "p99<200ms and errors<0.1% at least cost";
 *         without a figure it is the most work.
 * Owner   a goal owns its texts; sweep_goal_fini frees them.
 * Errors  kind USAGE, with what to write instead.
 */
#ifndef ANALYSIS_SWEEP_GOAL_H
#define ANALYSIS_SWEEP_GOAL_H

#include "analysis/capacity/goal.h"
#include "analysis/findings/rank.h"
#include "base/err.h"

struct sweep_goal {
    char *text;      /* as it was given */
    const char *key; /* of the figure */
    enum rank_order order;
    struct goal limits; /* no clauses: nothing must hold */
    char *must;         /* "p99<200ms and errors<0.1%"; NULL: nothing must hold */
    char *wins;         /* "uses the least CPU per unit of work within p99<200ms" */
};

/* NULL: the default, which is "most work", and in an open loop, whose rate decides the work,
 * "lowest p99". */
int sweep_goal_parse(const char *text, bool is_open_loop, struct sweep_goal *out, struct err *err);
void sweep_goal_fini(struct sweep_goal *goal);

/* The first arm that cannot tell the metric; NULL: all can. */
typedef const char *sweep_goal_lacks_fn(const void *ctx, const struct metric *m);
/* Whether the arms can have all that the goal is about. */
int sweep_goal_check(const struct sweep_goal *goal, bool is_open_loop, sweep_goal_lacks_fn *lacks,
                     const void *ctx, struct err *err);

#endif
