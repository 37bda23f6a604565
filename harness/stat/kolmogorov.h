/* kolmogorov: the Kolmogorov-Smirnov test of one sample, for the arrivals of a Poisson process.
 *
 * Shape   the distance is the largest difference between the sample's distribution and the
 *         exponential one; the test tells how often chance alone gives one of this size or more.
 * Units   gaps in any unit; `mean` in the same. The probability is a fraction.
 * Owner   nothing is kept.
 * Errors  NAN for an empty sample.
 * Source  Kolmogorov (1933) for the limit of large samples, with Stephens's (1970) correction for
 *         small ones: from 5 on it is right to a few thousandths.
 */
#ifndef STAT_KOLMOGOROV_H
#define STAT_KOLMOGOROV_H

#include <stddef.h>

/* Of n values in ascending order from the exponential distribution with this mean. */
double kolmogorov_exponential(const double *sorted, size_t n, double mean);
/* How often n values of the distribution itself are this far from it or farther. */
double kolmogorov_chance(double distance, size_t n);
/* The distance that chance alone reaches with this probability, between 1e-6 and 0.5. */
double kolmogorov_critical(double chance, size_t n);

#endif
