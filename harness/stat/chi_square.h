/* chi_square: the chi-square distribution, as far as a bound of a standard deviation needs it.
 *
 * Shape   df is a whole number of degrees of freedom, 1 to 1000.
 * Units   x is a sum of squares in units of the variance; p is a probability.
 * Owner   nothing is kept.
 * Errors  NAN for a NAN, a p outside 0..1, or a df out of range.
 * Source  Abramowitz and Stegun, 26.4.4 and 26.4.5: exact finite sums for a whole df.
 */
#ifndef STAT_CHI_SQUARE_H
#define STAT_CHI_SQUARE_H

/* P(X <= x) */
double chi_square_below(double x, int df);
/* The x with P(X <= x) = p: 0 for p = 0, INFINITY for p = 1. */
double chi_square_quantile(double p, int df);

#endif
