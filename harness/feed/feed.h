/* feed: the rows of a CSV file, whose columns are placeholders of a request.
 *
 * Shape   a header line names the columns. Rows are taken round robin over all threads: thread j of
 *         w takes the rows j, j + w, ... and begins anew at the end of the file. Empty lines are no
 *         rows.
 *         The file is read through a window, each cursor has its own, so that its size does not
 *         matter; it is not mapped, because a file that is cut meanwhile would end the program.
 * Units   bytes.
 * Owner   feed_open gives the feed to the caller, who closes it after its cursors. A cursor is one
 *         thread's; the values of a row are its own until the next row. No row is allocated.
 * Errors  kind USAGE, with file, line and column: what is no regular file; a header line with no
 *         name, with a name twice or with that of another placeholder; a row with more or fewer
 *         values; a quote that is not closed, or that is not where a value begins or ends; a NUL; a
 *         row longer than FEED_ROW_MAX. feed_open looks at the header line, feed_check at all rows.
 *         A file that changed after that gives rows without values.
 * Source  RFC 4180; also with bare line feeds, and with the mark of UTF-8 at its beginning.
 */
#ifndef FEED_FEED_H
#define FEED_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define FEED_ROW_MAX     ((size_t)256 << 10)
#define FEED_COLUMNS_MAX 1000

struct feed;
struct feed_cursor;

struct feed *feed_open(const char *path, struct err *err); /* NULL with err set */
int feed_check(const struct feed *f, struct err *err);
void feed_close(struct feed *f); /* NULL is fine */
size_t feed_columns(const struct feed *f);
const char *feed_column(const struct feed *f, size_t i);

/* Begins before row `first`, from 0, and takes each `step`th from there. */
struct feed_cursor *feed_cursor_new(const struct feed *f, uint64_t first, uint64_t step);
void feed_cursor_free(struct feed_cursor *c); /* NULL is fine */
/* The next row; false: the file cannot be read any more. */
bool feed_next(struct feed_cursor *c);
/* Of the row that was taken last; NULL: it has none. Not NUL-terminated. */
const char *feed_value(const struct feed_cursor *c, size_t column, size_t *len);

#endif
