/* gate/report: the verdicts of bench check, for a terminal, a pull request, a CI server or a
 * spreadsheet.
 *
 * Shape   each is one walk over the sheet: one line, row or test case per threshold.
 * Errors  none. File names and thresholds may hold anything: they cannot control a terminal, break
 *         out of a table cell or an attribute, end an annotation or become a formula.
 * Source  JUnit: the testsuites/testsuite/testcase/failure/skipped subset that Jenkins, GitLab and
 *         GitHub's report actions read; XML 1.0, section 2.2 for the characters allowed in it.
 *         GitHub: "Workflow commands for GitHub Actions", with the escapes of its toolkit; a step
 *         shows 10 annotations of each kind. CSV: RFC 4180.
 */
#ifndef REPORT_GATE_REPORT_H
#define REPORT_GATE_REPORT_H

#include <stddef.h>

#include "analysis/gate/sheet.h"
#include "base/buf.h"
#include "report/style.h"

void report_gate_text(const struct gate_sheet *sheet, const struct report_style *style,
                      struct buf *out);
void report_gate_markdown(const struct gate_sheet *sheet, struct buf *out);
void report_gate_junit(const struct gate_sheet *sheet, struct buf *out);
void report_gate_github(const struct gate_sheet *sheet, struct buf *out);
void report_gate_csv(const struct gate_sheet *sheet, struct buf *out);

/* Shared by the formats. Each returns text, which should hold 64 bytes. */
const char *gate_mark(const struct gate_outcome *o); /* "ok", "FAIL", "WARN", "?" */
/* "388 ms", "≥7.28 s", or why there is no value. */
char *gate_measured(const struct gate_outcome *o, const struct report_style *style, char *text,
                    size_t size);
/* "fails if >250ms", with the value as the user wrote it. */
char *gate_condition(const struct gate_outcome *o, char *text, size_t size);
/* "2 of 5 rounds beyond", "2 of 5 rounds beyond, 1 unknown"; "" for a single run, and for an arm
 * that could not be judged. */
char *gate_beyond(const struct gate_outcome *o, char *text, size_t size);
/* "p99: 388 ms, fails if >250ms, 2 of 5 rounds beyond; why". */
void gate_describe(const struct gate_outcome *o, struct buf *out);
/* "the machine was busy [busy-machine]". The caller frees it. */
char *gate_warning_text(const struct gate_warning *w);
/* "1 of 3 thresholds crossed, 1 could not be checked". */
char *gate_summary(const struct gate_sheet *sheet, char *text, size_t size);

#endif
