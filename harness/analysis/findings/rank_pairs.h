/* rank_pairs: which of several arms are told apart by a figure, round by round.
 *
 * Shape   a row of natural logs for each arm, over the rounds in which all of them can be judged
 *         and have the figure. All pairs of arms are one family for max-T, not only those with the
 *         best: which is the best is seen from the same rounds. Against the best alone, simulated
 *         at .05, 8 to 10 % of 5 to 8 equal arms would have one that is shown to be behind; with
 *         all pairs it is 2 to 4 %. An arm that had the figure in no round, or was 0 in one, takes
 *         no part, and is told apart from none.
 * Owner   call rank_pairs_init before use and rank_pairs_fini after.
 * Errors  none. With fewer than REFERENCE_ROUNDS_LEAST such rounds, `rounds` is 0 and no pair may
 * be asked about. Source  analysis/paired.h
 */
#ifndef ANALYSIS_FINDINGS_RANK_PAIRS_H
#define ANALYSIS_FINDINGS_RANK_PAIRS_H

#include "analysis/sentence.h"

struct rank_pairs {
    int rounds;
    size_t arms;
    double *logs; /* of arm i in round k: [i * rounds + k]; NAN for one that takes no part */
    double *p;    /* of the arms i < k: [i * arms + k] */
    double band;
};

void rank_pairs_init(struct rank_pairs *pairs, const struct arm_set *arms,
                     const struct arm_figure *figure);
void rank_pairs_fini(struct rank_pairs *pairs);
/* Of two arms by their index in the set. */
bool rank_pairs_is_more(const struct rank_pairs *pairs, size_t more, size_t less);

#endif
