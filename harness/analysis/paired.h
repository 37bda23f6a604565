/* paired: whether two arms differ, each round of one against the same round of the other.
 *
 * Shape   the difference of a pair is that of the natural logs of a figure, positive for worse. The
 *         interval has the signed-rank statistic's largest critical value that leaves a level of
 *         95 % or more, two-sided. A word needs it and a p that max-T has adjusted: worse if the
 *         interval is above 0 and reaches beyond the band of what does not matter, and better the
 *         same way below it; the same if the whole interval is in the band; else inconclusive.
 * Units   those of the differences.
 * Owner   nothing is kept; a result is the arm's.
 * Errors  -1 for fewer than REFERENCE_ROUNDS_LEAST pairs, or a difference that is not finite.
 * Source  stat/walsh.h and stat/max_t.h; docs/compare.md explains the words.
 */
#ifndef ANALYSIS_PAIRED_H
#define ANALYSIS_PAIRED_H

#include "model/comparison.h"
#include "stat/walsh.h"

/* Whether a round of an arm may be half of a pair. No figure is looked at, because leaving rounds
 * out by what was measured in them would favour an arm. */
enum paired_use { PAIRED_USED, PAIRED_DISTURBED, PAIRED_INVALID, PAIRED_MISSING };
enum paired_use paired_use(const struct arm *arm, int64_t round);

int paired_interval(const double *d, int n, struct walsh_interval *out);
/* p of each of the rows, `tests` of them with n differences each. */
int paired_adjust(const double *d, int tests, int n, double *p);
enum reference_word paired_word(const struct walsh_interval *interval, double band, double p);

#endif
