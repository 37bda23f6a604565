/* numbers: the data file of a picture as a short table.
 *
 * Shape   a row of a table for a row of the file; of a block with more than NUMBERS_ROWS_MAX only
 *         as many, evenly spaced, with the first and the last. The name of the block comes first.
 *         Rows of NaN are left out, and so are columns with nothing but 0 and NaN.
 * Owner   the caller initialises the table, and frees it.
 * Errors  none. Without a row there are no columns, nor of a file of cells (a heat map).
 * Source  docs/pictures.md, "The columns".
 */
#ifndef REPORT_PAGE_NUMBERS_H
#define REPORT_PAGE_NUMBERS_H

#include "report/table.h"

#define NUMBERS_ROWS_MAX 12

void numbers_table(const char *data, struct table *out);

#endif
