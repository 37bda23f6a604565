/* diff/report: two measurements side by side, for a terminal, a pull request or a spreadsheet.
 *
 * Shape   first what differs in plan, machine, version and state, by name; then one table per arm;
 *         at the end that this is no verdict. CSV is one row per figure, with numbers only.
 * Errors  none. Names, settings and files are untrusted text and are made safe. What was not
 *         measured is '-', in CSV an empty field.
 * Source  CSV: RFC 4180, but with plain line ends. A text that a spreadsheet would take for a
 * formula gets a ' before it.
 */
#ifndef REPORT_DIFF_REPORT_H
#define REPORT_DIFF_REPORT_H

#include "analysis/diff/diff.h"
#include "base/buf.h"
#include "report/style.h"

void report_diff_text(const struct diff *d, const struct report_style *style, struct buf *out);
void report_diff_markdown(const struct diff *d, struct buf *out);
void report_diff_csv(const struct diff *d, struct buf *out);

/* For a picture, in one line each: what was measured, and what differs. */
void report_diff_captions(const struct diff *d, struct buf *sides, struct buf *differences);

#endif
