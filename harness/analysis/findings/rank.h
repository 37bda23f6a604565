/* findings_rank: arms in the order of one figure, and which of them can be told from the best.
 *
 * Shape   the best first; those that cannot be told from it follow at once, then the rest.
 * Owner   rank_init and rank_fini frame its use; the arms are borrowed.
 * Source  one trial each: 10 % apart, which trials with a spread of 3.5 % pass by chance once in
 *         twenty. Two or three: ranges that do not overlap, which is chance once in three or ten,
 *         and 5 % apart. Four and more: ranges that do not overlap, once in 35.
 */
#ifndef ANALYSIS_FINDINGS_RANK_H
#define ANALYSIS_FINDINGS_RANK_H

#include "analysis/sentence.h"

enum rank_order { RANK_MOST, RANK_LEAST };

struct standing {
    const struct arm *arm;
    double value, low, high; /* the median, and the range over the rounds */
    size_t rounds;
    bool is_open; /* the truth is that or more */
};

struct rank {
    enum rank_order order;
    struct standing *items;
    size_t count;
    size_t ntop;  /* the best, and those that cannot be told from it */
    bool is_open; /* what keeps those apart is not only noise */
};

void rank_init(struct rank *rank, const struct arm_set *arms, const struct arm_figure *figure,
               enum rank_order order);
void rank_fini(struct rank *rank);

#endif
