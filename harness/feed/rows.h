/* rows: the lines of a CSV file, one after the other, through a window that moves over the file.
 *
 * Shape   a row ends with a line feed that is not inside quotes. What is between two commas is a
 *         field, as it is written; field_unquoted takes its quotes away.
 * Owner   rows_init opens nothing: the descriptor is the caller's. A row is in the window, and
 *         gone with the next one.
 * Errors  none is worded here: see enum row_problem.
 * Source  RFC 4180.
 */
#ifndef FEED_ROWS_H
#define FEED_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field {
    char *at;
    size_t len;
};

enum rows_step { ROWS_ROW, ROWS_END, ROWS_TOO_LONG, ROWS_UNREADABLE };

struct rows {
    int fd;
    int64_t offset; /* in the file, of what is read into the window next */
    char *window;
    size_t size, len; /* of the window, and of what is in it */
    size_t next;      /* where the next row begins in it */
    bool is_end;
    long line, next_line; /* of the row, and of the next */
};

void rows_init(struct rows *r, int fd, size_t size, int64_t offset, long line);
void rows_fini(struct rows *r);
/* Where the next row begins in the file. */
int64_t rows_offset(const struct rows *r);
/* The next row without its line end; empty lines are passed over. */
enum rows_step rows_next(struct rows *r, struct field *row);

enum row_problem { ROW_GOOD, ROW_QUOTE_INSIDE, ROW_BEHIND_QUOTE, ROW_UNCLOSED, ROW_NUL };

/* Fills the first `most` fields. *count: how many there are, also beyond that. *wrong: where the
 * problem is, or where field number `most` begins when there are more, or the end of the row. */
enum row_problem row_split(const struct field *row, struct field *fields, size_t most,
                           size_t *count, const char **wrong);
/* In place. */
struct field field_unquoted(struct field f);

#endif
