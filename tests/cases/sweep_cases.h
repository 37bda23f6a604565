/* sweep_cases: sweeps of known content, for tests of their pictures and pages.
 *
 * Shape   every number is fixed, so that outputs can be compared byte by byte. How much an arm
 *         completes at a point is a letter or a digit of a table; equal ones are too close to call.
 * Owner   the caller finishes what it gets with sweep_fini.
 * Errors  -1 for a name that is neither in sweep_case_names nor one of the large ones: "sixteen"
 *         arms, a "grid" of 12 x 12.
 */
#ifndef TESTS_SWEEP_CASES_H
#define TESTS_SWEEP_CASES_H

#include "model/sweep.h"

extern const char *const sweep_case_names[]; /* ends with NULL */
int sweep_case(const char *name, struct sweep *out);

#endif
