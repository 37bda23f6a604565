/* rank: arms ordered by one figure, and which of them are tied with the best.
 *
 * Shape   the best first, then the arms tied with it, then the rest, by their medians. An arm is
 *         behind the best if their rounds are told apart and no lower bound could change the order.
 *         With REFERENCE_ROUNDS_LEAST rounds in which all of them can be judged, two are told apart
 *         round by round (rank_pairs.h), and else by their spread (analysis/apart.h). Where the
 *         rounds of arms were not neighbours in time, it is always by their spread.
 * Owner   call rank_init before use and rank_fini after; the arms are borrowed.
 */
#ifndef ANALYSIS_FINDINGS_RANK_H
#define ANALYSIS_FINDINGS_RANK_H

#include "analysis/apart.h"
#include "analysis/findings/rank_pairs.h"
#include "analysis/sentence.h"

enum rank_order { RANK_MOST, RANK_LEAST };
enum rank_test { RANK_BY_ROUND, RANK_BY_SPREAD };

struct standing {
    const struct arm *arm;
    double value, low, high; /* the median, and the range over the rounds */
    struct log_rounds rounds;
    size_t row;    /* in the pairs */
    bool is_bound; /* a lower bound */
};

struct rank {
    enum rank_order order;
    struct standing *items;
    size_t count;
    size_t ntop;     /* the best and the arms tied with it */
    bool has_bounds; /* at least one tie is due to a lower bound, not to noise */
    struct pooled_spread spread;
    struct rank_pairs pairs;
};

void rank_init(struct rank *rank, const struct arm_set *arms, const struct arm_figure *figure,
               enum rank_order order, enum rank_test test);
void rank_fini(struct rank *rank);
/* The ranking that the findings make by this figure, of the arms that they rank. False, and nothing
 * to finish, when they make none: there is no such contest, or an open loop decides the figure. */
bool rank_contest(const struct comparison *c, const char *key, enum rank_test test,
                  struct rank *rank);
/* True if the rounds of the two are told apart, and `top` is the better. */
bool rank_told_apart(const struct rank *rank, const struct standing *top,
                     const struct standing *other);
/* Adds the median, with "at least" also if bench, not the run, is the reason for the bound. */
void standing_add(struct sentence *s, const struct standing *it, const struct arm_figure *figure);

#endif
