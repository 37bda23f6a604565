/* render_cases: results of known content, for tests of what is written, read and shown.
 *
 * Shape   plausible runs; every number is fixed, so that outputs can be compared byte by byte.
 * Owner   the caller finishes the result with result_fini.
 * Errors  -1 for a name that is not in render_case_names.
 */
#ifndef TESTS_RENDER_CASES_H
#define TESTS_RENDER_CASES_H

#include "model/result.h"

extern const char *const render_case_names[]; /* ends with NULL */
int render_case(const char *name, struct result *out);

#endif
