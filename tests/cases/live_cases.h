/* live_cases: live views of known content, for tests of how they look.
 *
 * Shape   runs, comparisons and sessions as they are in some moment; every number is fixed.
 * Owner   the caller frees the lines.
 * Errors  NULL for a name that is not in live_case_names.
 */
#ifndef TESTS_LIVE_CASES_H
#define TESTS_LIVE_CASES_H

#include <stddef.h>

#include "report/style.h"

extern const char *const live_case_names[]; /* ends with NULL */
char *live_case(const char *name, const struct report_style *style, size_t rows);

#endif
