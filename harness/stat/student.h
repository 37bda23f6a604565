/* student: Student's t distribution, as far as a test of two means needs it.
 *
 * Shape   df is a whole number of degrees of freedom, 1 or more.
 * Units   t is in standard errors; a result is a probability.
 * Owner   nothing is kept.
 * Errors  none; a NAN comes back as NAN.
 * Source  Abramowitz and Stegun, 26.7.3 and 26.7.4: exact finite sums for a whole df.
 */
#ifndef STAT_STUDENT_H
#define STAT_STUDENT_H

/* How often chance alone gives a |t| of this size or more. */
double student_two_sided(double t, int df);

#endif
