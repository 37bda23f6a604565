/* wins: at how many points of a sweep each arm is the best, and one sentence about it.
 *
 * Owner   wins_init fills the caller's storage; wins_fini frees it.
 * Errors  none.
 */
#ifndef ANALYSIS_SWEEP_WINS_H
#define ANALYSIS_SWEEP_WINS_H

#include "analysis/sweep/ranking.h"
#include "base/buf.h"

struct wins {
    size_t *alone;    /* by arm */
    size_t *order;    /* the arms, those with the most points first */
    size_t shared;    /* too close to call */
    size_t undecided; /* nothing could be ranked */
};

void wins_init(struct wins *w, const struct ranking *r);
void wins_fini(struct wins *w);
/* "pool completes the most work at 12 of 25 points, inline at 5; 8 are too close to call" */
void wins_tell(const struct ranking *r, struct buf *out);

#endif
