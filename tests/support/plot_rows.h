/* plot_rows: the files of a picture, read by rows and by the names of columns.
 *
 * Owner   the caller frees each text, and finishes a comparison with comparison_fini.
 * Errors  a file, row or column that is missing fails the test.
 */
#ifndef TESTS_PLOT_ROWS_H
#define TESTS_PLOT_ROWS_H

#include "model/comparison.h"

/* An arm of one result with so many requests of 1 ms each, and one more of 5 ms. */
struct comparison plot_simple(const char *name, uint64_t of_1_ms);

char *plot_file_of(const struct comparison *c, const char *name);
/* The nth line that is not a comment, from 0; NULL past the end. */
char *plot_row_of(const char *text, size_t nth);
void plot_expect_row(const char *text, size_t nth, const char *want);
/* The field under the column's name in the row of the nth arm. */
char *plot_field_of(const char *text, size_t arm, const char *column);
void plot_expect_field(const char *text, size_t arm, const char *column, const char *want);

#endif
