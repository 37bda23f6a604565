/* best: which arms are best at a point of a sweep, and how the others stand.
 *
 * Shape   the best, and all that are not told apart from it: as a comparison ranks its arms. Behind
 *         them, by their medians, the others that were ranked. Where something must hold, only arms
 *         that hold it are ranked.
 * Owner   best_init fills the caller's storage; best_fini frees it.
 * Errors  none: where nothing can be ranked, `count` is 0, and `lack` says why.
 */
#ifndef ANALYSIS_SWEEP_BEST_H
#define ANALYSIS_SWEEP_BEST_H

#include "analysis/sweep/goal.h"
#include "analysis/sweep/met.h"
#include "model/sweep.h"

enum best_lack {
    BEST_LACKS_ROUNDS,    /* too few rounds that tell something */
    BEST_LACKS_HOLDER,    /* what must hold */
    BEST_LACKS_CERTAINTY, /* no arm is known to hold it, and of one it is too close to call */
};

struct best {
    size_t *arms;        /* by their index in the sweep; the best first */
    size_t count;        /* of the best and of those that are tied with it */
    size_t ranked;       /* of all */
    enum best_lack lack; /* only where count is 0 */
    double value;        /* of the first, the median of the goal's figure */
};

/* Of an arm at a point. */
enum best_standing {
    BEST_ALONE,
    BEST_SHARED, /* too close to call */
    BEST_BEHIND,
    BEST_UNRANKED, /* it was measured, but takes no part */
    BEST_FAILED,
    BEST_UNMEASURED,
};
extern const char *const best_standing_names[]; /* "best", "too close to call" */

/* `met`: of each arm there, whether it holds what must hold. */
void best_init(struct best *b, const struct sweep *s, size_t point, const struct sweep_goal *goal,
               const enum met *met);
void best_fini(struct best *b);
enum best_standing best_standing(const struct best *b, const struct sweep *s, size_t point,
                                 size_t arm);
bool best_is_same(const struct best *a, const struct best *b); /* one arm alone, and the same */

#endif
