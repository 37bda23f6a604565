/* capacity/report: what a search for the capacity found, for a terminal, a pull request or a
 * spreadsheet.
 *
 * Shape   a line for each arm with its capacity and interval, a sentence on each, and every trial.
 * Units   of the CSV: those of the document; a figure of a clause as its metric has it.
 * Owner   everything is borrowed. The estimates have been derived, and the goal is the capacity's.
 * Errors  none. Texts of a stored document are untrusted: see report/text.h, markdown.h and csv.h.
 */
#ifndef REPORT_CAPACITY_REPORT_H
#define REPORT_CAPACITY_REPORT_H

#include "analysis/capacity/goal.h"
#include "base/buf.h"
#include "model/capacity.h"
#include "report/style.h"

struct capacity_page {
    const struct capacity *capacity;
    const struct goal *goal;
    const char *file; /* where it is stored; NULL: nowhere */
};

void report_capacity(const struct capacity_page *page, const struct report_style *style,
                     struct buf *out);
/* At most so many bytes; 0: as many as a comment has. */
void report_capacity_markdown(const struct capacity_page *page, size_t most, struct buf *out);
void report_capacity_csv(const struct capacity_page *page, struct buf *out);

#endif
