/* compare/csv: arms as a table for a spreadsheet, a row each (docs/compare.md).
 *
 * Shape   report_arms_csv_head is the first line, report_arms_csv adds the arms of one comparison;
 *         a result is a comparison of one arm. Below an arm that sent several requests there is a
 *         row for each name, with the figures that are counted by name. The columns and their order
 *         never depend on what was measured. Figures are the medians of the rounds, with the lowest
 *         and highest.
 * Units   in the names of the columns: ms, bytes, else counts.
 * Errors  none. What was not measured is an empty cell. Texts: see report/csv.h.
 */
#ifndef REPORT_COMPARE_CSV_H
#define REPORT_COMPARE_CSV_H

#include "base/buf.h"
#include "model/comparison.h"

void report_arms_csv_head(struct buf *out);
void report_arms_csv(const char *file, const struct comparison *c, struct buf *out); /* or NULL */

#endif
