/* rank: arms ordered by one figure, and which of them are tied with the best.
 *
 * Shape   the best first, then the arms tied with it, then the rest.
 * Owner   call rank_init before use and rank_fini after; the arms are borrowed.
 * Source  one round: at least 10 % apart, which happens by chance once in twenty if trials spread
 * by 3.5 %. Two or three rounds: ranges that do not overlap (by chance once in three or ten) and
 * medians 5 % apart. Four and more: ranges that do not overlap, by chance once in 35.
 */
#ifndef ANALYSIS_FINDINGS_RANK_H
#define ANALYSIS_FINDINGS_RANK_H

#include "analysis/sentence.h"

enum rank_order { RANK_MOST, RANK_LEAST };

struct standing {
    const struct arm *arm;
    double value, low, high; /* the median, and the range over the rounds */
    size_t rounds;
    bool is_bound; /* a lower bound */
};

struct rank {
    enum rank_order order;
    struct standing *items;
    size_t count;
    size_t ntop;     /* the best and the arms tied with it */
    bool has_bounds; /* at least one tie is due to a lower bound, not to noise */
};

void rank_init(struct rank *rank, const struct arm_set *arms, const struct arm_figure *figure,
               enum rank_order order);
void rank_fini(struct rank *rank);

#endif
