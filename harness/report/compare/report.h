/* compare/report: a comparison as text for the terminal.
 *
 * Shape   the claims, if there are any, each with its verdicts and their reasons; one table with
 *         one row per arm (the median of several rounds); the verdicts against the reference, if
 *         there is one; the findings, one sentence each; what could not be measured, and the
 *         warnings of the runs.
 * Errors  none. A number that was not measured is shown as '-'. Names, claims, findings and
 *         warnings are untrusted text and are made safe.
 */
#ifndef REPORT_COMPARE_REPORT_H
#define REPORT_COMPARE_REPORT_H

#include "base/buf.h"
#include "model/comparison.h"
#include "report/style.h"

/* Only the table with its notes, and the warnings: for results that were not measured together. */
void report_arms(const struct comparison *c, const struct report_style *style, struct buf *out);
void report_comparison(const struct comparison *c, const struct report_style *style,
                       struct buf *out);

#endif
