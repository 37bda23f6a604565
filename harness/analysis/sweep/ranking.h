/* ranking: a sweep as a goal ranks it: which arms are best at each of its points.
 *
 * Shape   made once, and read by all tables, pictures and sentences of the sweep. The goal is that
 *         of the measurement, or another one: what was measured is the same for all goals, but for
 *         the values that bench placed where curves of its goal bend or cross.
 * Owner   the sweep is borrowed, and is told anew (`sweep`) when it moves; the rest is the
 *         ranking's, and ranking_fini frees it before the sweep is freed, also of one that is all
 *         zeros.
 * Errors  kind USAGE: a goal that is none, and another one that the arms of the sweep cannot have.
 *         What failed needs no ranking_fini.
 */
#ifndef ANALYSIS_SWEEP_RANKING_H
#define ANALYSIS_SWEEP_RANKING_H

#include "analysis/sweep/best.h"
#include "base/buf.h"

struct ranking {
    const struct sweep *sweep;
    struct sweep_goal goal;
    struct best *bests; /* of each point */
    enum met *met;      /* of arm a at point p: [p * narms + a] */
};

/* NULL: the goal of the measurement. */
int ranking_init(struct ranking *r, const struct sweep *s, const char *goal, struct err *err);
void ranking_fini(struct ranking *r);
/* Of each arm, whether it holds what must hold. */
const enum met *ranking_met(const struct ranking *r, size_t point);
/* The goal of the measurement, where that is another one; NULL: it is the same. */
const char *ranking_measured_for(const struct ranking *r);
/* "lowest p99; the sweep was measured for 'most work', and its values were placed for that" */
void ranking_tell_goal(const struct ranking *r, struct buf *out);

#endif
