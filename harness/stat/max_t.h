/* max_t: p-values of many tests at once, adjusted so that one false alarm among all is rare.
 *
 * Shape   one row of differences a test (an arm and a metric), all rows over the same blocks. The
 *         signs of whole blocks are flipped, in all rows together, and each time the largest |t|
 *         of any row is kept: what the largest would be by chance. The adjusted p of a row is the
 *         share of flips whose largest |t| reaches the |t| of that row. Two-sided. Up to
 *         MAX_T_EXACT_N_MOST blocks all 2^n flips are made, beyond that 9999 seeded ones, and
 *         p = (1 + those that reach it) / (1 + 9999).
 *         A block that a row has not is a 0 in it: whichever way it is flipped, it adds nothing.
 * Units   those of d; a row may be scaled, each differently, without a change.
 * Owner   nothing is kept.
 * Errors  -1, and nothing is written, when n or the number of tests is out of range or a value is
 *         not finite. A row of zeros has p = 1.
 * Source  Westfall and Young (1993), single step; Phipson and Smyth (2010) for the seeded ones.
 *         Exact when flipping a whole block leaves the distribution as it is: two arms in an order
 *         that a coin decides. Several arms against one reference are an approximation. Simulated
 *         at .05, with 3 to 7 arms, 5 metrics and 6 to 24 blocks, 3 to 5 % of the families have a
 *         false alarm where the arms are equally noisy, whether the noise is normal, comes in
 *         bursts or is lognormal, and 2 to 3 % where some arms truly differ. A reference whose
 *         noise is 3 times, or a third of, that of the arms makes it 5 to 6 % with bursts and 7 to
 *         9 % with lognormal noise (tests/perf/verdict_rates).
 */
#ifndef STAT_MAX_T_H
#define STAT_MAX_T_H

#include <stdint.h>

#define MAX_T_TESTS_MOST   4950 /* all pairs of 100 arms */
#define MAX_T_N_MOST       64
#define MAX_T_EXACT_N_MOST 12

struct max_t_rows {
    const double *d; /* the differences of test i are d[i * n] .. d[i * n + n - 1] */
    int tests, n;    /* up to MAX_T_TESTS_MOST, MAX_T_N_MOST */
};
/* p has as many as there are tests. The seed matters beyond MAX_T_EXACT_N_MOST blocks. */
int max_t_adjust(const struct max_t_rows *rows, uint64_t seed, double *p);

#endif
