/* borders: where on an axis the best arm of a sweep changes, as stretches and as sentences.
 *
 * Shape   neighbours at which the same arm alone is best are one stretch. Between two stretches
 *         lies a border; a point at which two arms cannot be told apart belongs to it, which makes
 *         it wider: the border is known to lie between the last point of one and the first of the
 *         next. One sentence for each value of the other axis. Where something must hold, points
 *         at which no arm does are said, and so is a limit that no arm ever breaks.
 * Owner   the list is the caller's; str_list_fini. The caller frees the stretches.
 * Errors  none.
 */
#ifndef ANALYSIS_SWEEP_BORDERS_H
#define ANALYSIS_SWEEP_BORDERS_H

#include "analysis/sweep/ranking.h"
#include "base/str.h"

struct stretch {
    size_t arm;      /* that is best alone */
    double from, to; /* values of the first axis */
};
/* Of a sweep over one option, in ascending order; returns how many. */
size_t borders_stretches(const struct ranking *r, struct stretch **out);

/* "up to connections=8 inline completes the most work; from connections=32 on pool; ..." */
void borders_tell(const struct ranking *r, struct str_list *out);

#endif
