/* reference: judges every arm of a comparison against one of them.
 *
 * Shape   each round of an arm is paired with the same round of the reference. Rounds that are
 *         missing, invalid or disturbed on either side are no pairs; at most the first
 *         REFERENCE_ROUNDS_MOST rounds of the reference are used. All tests of all arms and metrics
 *         are one family: the chance of one false "better" or "worse" among them is
 *         REFERENCE_ALPHA. An inconclusive verdict says why.
 * Units   as in model/reference.h.
 * Owner   the verdicts belong to the comparison; existing ones are replaced.
 * Errors  none. Judging a comparison again after it was stored gives the same verdicts.
 * Source  analysis/paired.h; docs/compare.md.
 */
#ifndef ANALYSIS_REFERENCE_H
#define ANALYSIS_REFERENCE_H

#include "model/comparison.h"

void reference_judge(struct comparison *c, size_t reference);

#endif
