/* anderson_darling: the Anderson-Darling test of one sample, for the arrivals of a Poisson process.
 *
 * Shape   beside Kolmogorov's distance, which looks at the middle of a distribution most, this one
 *         weighs its ends: gaps that are too short or too long.
 * Units   gaps in any unit above 0; `mean` in the same. The statistic has none; the probability is
 *         a fraction.
 * Owner   nothing is kept.
 * Errors  NAN for an empty sample, infinity for one with a gap of 0.
 * Source  Anderson and Darling (1952); the limit for large samples by Marsaglia and Marsaglia
 *         (2004), "Evaluating the Anderson-Darling distribution", right to six digits. From 8
 *         values on the difference to it is below a thousandth.
 */
#ifndef STAT_ANDERSON_DARLING_H
#define STAT_ANDERSON_DARLING_H

#include <stddef.h>

/* Of n values in ascending order against the exponential distribution with this mean. */
double anderson_darling_exponential(const double *sorted, size_t n, double mean);
/* How often values of the distribution itself give this statistic or a larger one. */
double anderson_darling_chance(double statistic);
/* The statistic that chance alone reaches with this probability, between 1e-4 and 0.9. */
double anderson_darling_critical(double chance);

#endif
