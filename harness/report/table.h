/* table: rows of short texts under a header and a rule.
 *
 * Shape   filled cell by cell, row by row; the first row is the header. The first column is aligned
 *         left; the others hold numbers and are aligned right. A '*' at the end of a cell hangs
 *         into the gap, so that digits stay aligned. Columns that do not fit on a line follow below
 *         after an empty line, with the first column repeated.
 * Owner   table_init fills the caller's storage, cells are copied; table_fini frees them.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"
#include "report/style.h"

struct table {
    size_t columns;
    struct str_list cells;
};

void table_init(struct table *t, size_t columns);
void table_fini(struct table *t);
void table_cell(struct table *t, const char *text);
/* Drops columns by header, in the order of `least` (ends with NULL), until a row fits on a line. */
void table_fit(struct table *t, const struct report_style *style, const char *const *least);
/* An incomplete last row is not written. */
void table_write(const struct table *t, const struct report_style *style, struct buf *out);

#endif
