/* run_report: the report of one run, as a text.
 *
 * Owner   the caller frees the text.
 * Errors  a name that is not in render_case_names fails the test.
 */
#ifndef TESTS_RUN_REPORT_H
#define TESTS_RUN_REPORT_H

#include "model/result.h"
#include "report/style.h"

char *report_of(const struct result *r, const struct report_style *style);
char *report_case(const char *name, const struct report_style *style);

#endif
