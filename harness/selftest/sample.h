/* sample: what a list of times says. Pure.
 *
 * Units   nanoseconds; rates per second; a spread is a part of the median gap.
 * Owner   everything is borrowed; sample_sort changes the order of what it is given.
 * Errors  a list that is too short gives NAN, or -1 for a time.
 * Source  the percentile is that of stat/hist.h: Hyndman and Fan (1996), definition 1.
 */
#ifndef SELFTEST_SAMPLE_H
#define SELFTEST_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

void sample_sort(int64_t *values, size_t n);
int64_t sample_percentile_ns(const int64_t *sorted, size_t n, double q);
double sample_mean_ns(const int64_t *values, size_t n);
/* Of arrivals in ascending order: the slope of the straight line through them, so that one that is
 * late hardly changes it. */
double sample_rate_rps(const int64_t *arrivals_ns, size_t n);
/* The median absolute deviation of their gaps, divided by the median gap. */
double sample_gap_spread(const int64_t *arrivals_ns, size_t n);

#endif
