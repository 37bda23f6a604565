/* table: rows of short texts under a head and a rule.
 *
 * Shape   filled cell by cell, row by row; the first row is the head. The first column is aligned
 *         to the left, the others, which hold numbers, to the right. A '*' at the end of a cell is
 *         a mark that hangs into the gap, so that the digits stay aligned. Columns that a line has
 *         no room for follow below, after an empty line, beside the first one again.
 * Owner   table_init makes it in caller's storage, cells are copied; table_fini frees them.
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
/* Drops columns by their heads, in the order of `least` (ends with NULL), until a row fits a line.
 */
void table_fit(struct table *t, const struct report_style *style, const char *const *least);
/* A last row that is not full is not written. */
void table_write(const struct table *t, const struct report_style *style, struct buf *out);

#endif
