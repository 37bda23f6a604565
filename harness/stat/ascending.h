/* ascending: real numbers in ascending order.
 *
 * Shape   none of them is a NAN.
 * Owner   the caller's storage.
 * Errors  the median of none is NAN.
 */
#ifndef STAT_ASCENDING_H
#define STAT_ASCENDING_H

#include <stddef.h>

void ascending_sort(double *values, size_t n);
/* Of values that are sorted. */
double ascending_median(const double *sorted, size_t n);

#endif
