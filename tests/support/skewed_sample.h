/* skewed_sample: random values from 1 - e^-x raised to a power, for the tests of a distribution.
 *
 * Shape   in ascending order; with a power of 1 it is the exponential distribution with mean 1.
 * Owner   the caller frees the values.
 */
#ifndef TESTS_SKEWED_SAMPLE_H
#define TESTS_SKEWED_SAMPLE_H

#include <stddef.h>
#include <stdint.h>

double *skewed_sample(uint64_t seed, size_t n, double power);
/* Fails the test unless got is within `by` of want. */
void expect_near(double got, double want, double by);

#endif
