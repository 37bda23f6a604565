/* gate_report: what bench check found, for a terminal, a pull request, a CI server.
 *
 * Shape   each is one walk over the sheet: one line, row or test case a limit.
 * Errors  none. File names and limits may hold anything: they can neither drive a terminal nor
 *         break out of a table cell or an attribute.
 * Source  JUnit: the testsuites/testsuite/testcase/failure/skipped subset that Jenkins, GitLab and
 *         GitHub's report actions read; XML 1.0, section 2.2 for what may stand in it.
 */
#ifndef REPORT_GATE_REPORT_H
#define REPORT_GATE_REPORT_H

#include <stddef.h>

#include "analysis/gate/gate.h"
#include "base/buf.h"
#include "report/style.h"

void report_gate_text(const struct gate_sheet *sheet, const struct report_style *style,
                      struct buf *out);
void report_gate_markdown(const struct gate_sheet *sheet, struct buf *out);
void report_gate_junit(const struct gate_sheet *sheet, struct buf *out);

/* The pieces that all three show. Each returns text, which should hold 64 bytes. */
const char *gate_mark(const struct gate_outcome *o); /* "ok", "FAIL", "WARN", "?" */
/* "388 ms", "≥7.28 s", or why there is none. */
char *gate_measured(const struct gate_outcome *o, const struct report_style *style, char *text,
                    size_t size);
/* "fails if >250ms", the limit in its giver's own words. */
char *gate_condition(const struct gate_outcome *o, char *text, size_t size);
/* "1 of 3 limits broken, 1 cannot be judged". */
char *gate_summary(const struct gate_sheet *sheet, char *text, size_t size);

#endif
