/* csv: untrusted text and figures in a table that a spreadsheet opens.
 *
 * Shape   every call adds one cell to a row of a buf; csv_end ends the row. UTF-8.
 * Errors  none. Every text is quoted. One that a spreadsheet would take for a formula gets an
 *         apostrophe before it, and a control character becomes '?'. What was not measured is an
 *         empty cell.
 * Source  RFC 4180. OWASP, "CSV Injection": a cell that begins with = + - @, a tab or a return.
 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include <stdbool.h>

#include "base/buf.h"

struct csv {
    struct buf *out;
    bool is_inside; /* of a row: a comma comes before the next cell */
};

/* The cell alone. */
void csv_quote(struct buf *out, const char *text);

void csv_text(struct csv *csv, const char *text); /* NULL: empty */
void csv_number(struct csv *csv, double x);       /* nine digits; a whole number is exact */
void csv_end(struct csv *csv);

#endif
