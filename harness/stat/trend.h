/* trend: whether a series grows from its beginning to its end, and by how much.
 *
 * Shape   the test counts, over all pairs, how many later values are above earlier ones; the slope
 *         is the median of those of all pairs. Neither minds single values that lie far out.
 *         Neighbours of a series that was sampled often resemble each other, which makes the test
 *         too sure: give it values that are apart.
 * Units   values in any unit; the slope is in that unit a step.
 * Owner   nothing is kept.
 * Errors  NAN for fewer than TREND_LEAST values.
 * Source  Mann (1945), Kendall (1975), with the correction for ties; Sen (1968) for the slope.
 */
#ifndef STAT_TREND_H
#define STAT_TREND_H

#include <stddef.h>

#define TREND_LEAST 6
#define TREND_MOST  1000 /* of a longer series, the caller takes means of parts */

/* How often chance alone gives a series that grows as much or more; one-sided. */
double trend_chance(const double *values, size_t n);
double trend_slope(const double *values, size_t n);

#endif
