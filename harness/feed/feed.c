#include "feed/feed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/place.h"
#include "base/str.h"
#include "feed/rows.h"
#include "model/placeholder.h"

#define SHOWN(len) ((len) > 60 ? 60 : (int)(len)) /* how much of a text a message shows */

struct feed {
    int fd;
    char *path;
    struct str_list columns;
    int64_t rows_at; /* in the file */
    long rows_line;
};

struct feed_cursor {
    const struct feed *feed;
    struct rows rows;
    uint64_t skip; /* rows before the next one of this cursor */
    uint64_t step;
    size_t count; /* of values of the row */
    struct field *values;
};

/* --- what is wrong with it --- */

static int row_error(const struct feed *f, const struct rows *rows, const struct field *row,
                     const char *wrong, struct err *err, const char *what)
{
    const struct written text = {f->path, row->at, row->len};
    struct place p = place_of(&text, (size_t)(wrong - row->at));
    return err_set(err, ERR_USAGE, "%s:%ld:%ld: %s", f->path, rows->line + p.line - 1, p.column,
                   what);
}

static int split_error(const struct feed *f, const struct rows *rows, const struct field *row,
                       enum row_problem problem, const char *wrong, struct err *err)
{
    static const char *const what[] = {
        [ROW_QUOTE_INSIDE] = "a quote inside a value that does not begin with one; put quotes "
                             "around the value, and write \"\" for each that is in it",
        [ROW_BEHIND_QUOTE] = "a comma or the end of the line must follow the closing quote; write "
                             "\"\" for a quote inside of a value",
        [ROW_UNCLOSED] = "this quote is not closed",
        [ROW_NUL] = "a NUL byte: this is not a text file; save it as CSV in UTF-8",
    };
    return row_error(f, rows, row, wrong, err, what[problem]);
}

/* The file could not be read on. */
static int step_error(const struct feed *f, const struct rows *rows, enum rows_step step,
                      struct err *err)
{
    if (step == ROWS_TOO_LONG)
        return err_set(err, ERR_USAGE,
                       "%s:%ld:1: this row is longer than %zu KiB; is a quote not closed?", f->path,
                       rows->next_line, FEED_ROW_MAX >> 10);
    return err_set(err, ERR_USAGE, "cannot read %s: %s", f->path, strerrordesc_np(errno));
}

/* --- the header line --- */

/* NULL when it can be the name of a column. */
static const char *name_problem(const struct feed *f, const char *name)
{
    if (name[0] == '\0')
        return "a column without a name; the first line of a feed names its columns";
    if (strpbrk(name, "{}") != NULL)
        return "the name of a column cannot have braces, because it is written in them";
    if (placeholder_is_built_in(name))
        return "this name is that of a placeholder that bench fills in itself; give the column "
               "another one";
    for (size_t i = 0; i < f->columns.count; i++) {
        if (strcmp(f->columns.items[i], name) == 0)
            return "a second column of this name";
    }
    return NULL;
}

static int add_column(struct feed *f, const struct rows *rows, const struct field *row,
                      const struct field *field, struct err *err)
{
    const char *at = field->at;
    struct field value = field_unquoted(*field);
    char *name = mem_strndup(value.at, value.len);
    const char *problem = name_problem(f, name);
    str_list_add(&f->columns, name);
    free(name);
    return problem == NULL ? 0 : row_error(f, rows, row, at, err, problem);
}

static int read_columns(struct feed *f, const struct rows *rows, const struct field *row,
                        struct err *err)
{
    struct field *fields = mem_array(FEED_COLUMNS_MAX, sizeof *fields);
    size_t count = 0;
    const char *wrong = NULL;
    enum row_problem problem = row_split(row, fields, FEED_COLUMNS_MAX, &count, &wrong);
    int failed = 0;
    if (problem != ROW_GOOD)
        failed = split_error(f, rows, row, problem, wrong, err);
    else if (count > FEED_COLUMNS_MAX)
        failed = row_error(f, rows, row, wrong, err,
                           "more than " STR_NUMBER(FEED_COLUMNS_MAX) " columns");
    for (size_t i = 0; i < count && failed == 0; i++)
        failed = add_column(f, rows, row, &fields[i], err);
    free(fields);
    return failed;
}

static bool is_utf16(const struct field *row)
{
    return row->len > 1 &&
           (memcmp(row->at, "\xff\xfe", 2) == 0 || memcmp(row->at, "\xfe\xff", 2) == 0);
}

static int read_header(struct feed *f, struct err *err)
{
    struct rows rows;
    struct field row;
    rows_init(&rows, f->fd, FEED_ROW_MAX, 0, 1);
    enum rows_step step = rows_next(&rows, &row);
    int failed = 0;
    if (step == ROWS_END) {
        failed = err_set(err, ERR_USAGE,
                         "%s is empty; its first line names the columns, as in 'id,name'", f->path);
    } else if (step != ROWS_ROW) {
        failed = step_error(f, &rows, step, err);
    } else if (is_utf16(&row)) {
        failed = row_error(f, &rows, &row, row.at, err, "this is UTF-16; save it as UTF-8");
    } else {
        size_t bom = str_bom(row.at, row.len);
        row = (struct field){row.at + bom, row.len - bom};
        failed = read_columns(f, &rows, &row, err);
    }
    f->rows_at = rows_offset(&rows);
    f->rows_line = rows.next_line;
    rows_fini(&rows);
    return failed;
}

/* --- the feed --- */

static int open_file(struct feed *f, struct err *err)
{
    struct stat there;
    f->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (f->fd < 0 || fstat(f->fd, &there) < 0)
        return err_set(err, ERR_USAGE, "cannot read %s: %s", f->path, strerrordesc_np(errno));
    if (!S_ISREG(there.st_mode))
        return err_set(err, ERR_USAGE,
                       "%s is not a regular file; a feed is read again and again, so save it to "
                       "one first",
                       f->path);
    return 0;
}

struct feed *feed_open(const char *path, struct err *err)
{
    struct feed *f = mem_zalloc(sizeof *f);
    f->path = mem_strdup(path);
    if (open_file(f, err) == 0 && read_header(f, err) == 0)
        return f;
    feed_close(f);
    return NULL;
}

void feed_close(struct feed *f)
{
    if (f == NULL)
        return;
    if (f->fd >= 0)
        (void)close(f->fd);
    str_list_fini(&f->columns);
    free(f->path);
    free(f);
}

size_t feed_columns(const struct feed *f)
{
    return f->columns.count;
}

const char *feed_column(const struct feed *f, size_t i)
{
    return f->columns.items[i];
}

static int check_row(const struct feed *f, const struct rows *rows, const struct field *row,
                     struct err *err)
{
    struct field fields[1];
    size_t count = 0;
    size_t want = f->columns.count;
    const char *wrong = NULL;
    enum row_problem problem = row_split(row, fields, 0, &count, &wrong);
    if (problem != ROW_GOOD)
        return split_error(f, rows, row, problem, wrong, err);
    if (count == want)
        return 0;
    char *what = mem_printf("%zu value%s, and the header line names %zu column%s", count,
                            count == 1 ? "" : "s", want, want == 1 ? "" : "s");
    (void)row_error(f, rows, row, row->at + row->len, err, what);
    free(what);
    return -1;
}

int feed_check(const struct feed *f, struct err *err)
{
    struct rows rows;
    struct field row;
    enum rows_step step = ROWS_ROW;
    int failed = 0;
    int64_t count = 0;
    rows_init(&rows, f->fd, FEED_ROW_MAX, f->rows_at, f->rows_line);
    while (failed == 0 && (step = rows_next(&rows, &row)) == ROWS_ROW) {
        failed = check_row(f, &rows, &row, err);
        count++;
    }
    if (failed == 0 && step != ROWS_END)
        failed = step_error(f, &rows, step, err);
    if (failed == 0 && count == 0)
        failed = err_set(err, ERR_USAGE, "%s has a header line and no row behind it", f->path);
    rows_fini(&rows);
    return failed;
}

/* --- a cursor --- */

struct feed_cursor *feed_cursor_new(const struct feed *f, uint64_t first, uint64_t step)
{
    struct feed_cursor *c = mem_zalloc(sizeof *c);
    *c = (struct feed_cursor){.feed = f, .skip = first, .step = step};
    c->values = mem_array(f->columns.count, sizeof *c->values);
    rows_init(&c->rows, f->fd, FEED_ROW_MAX, f->rows_at, f->rows_line);
    return c;
}

void feed_cursor_free(struct feed_cursor *c)
{
    if (c == NULL)
        return;
    rows_fini(&c->rows);
    free(c->values);
    free(c);
}

static void rewind_rows(struct feed_cursor *c)
{
    c->rows.offset = c->feed->rows_at;
    c->rows.len = c->rows.next = 0;
    c->rows.is_end = false;
}

/* The next row of all, from the beginning again after the last. */
static bool take_row(struct feed_cursor *c, struct field *row)
{
    enum rows_step step = rows_next(&c->rows, row);
    if (step == ROWS_END) {
        rewind_rows(c);
        step = rows_next(&c->rows, row);
    }
    return step == ROWS_ROW;
}

bool feed_next(struct feed_cursor *c)
{
    struct field row;
    const char *wrong = NULL;
    c->count = 0;
    for (; c->skip > 0; c->skip--) {
        if (!take_row(c, &row))
            return false;
    }
    if (!take_row(c, &row))
        return false;
    c->skip = c->step - 1;
    size_t most = c->feed->columns.count;
    if (row_split(&row, c->values, most, &c->count, &wrong) != ROW_GOOD)
        c->count = 0; /* the file is no longer what was checked */
    if (c->count > most)
        c->count = most;
    for (size_t i = 0; i < c->count; i++)
        c->values[i] = field_unquoted(c->values[i]);
    return true;
}

const char *feed_value(const struct feed_cursor *c, size_t column, size_t *len)
{
    if (column >= c->count)
        return NULL;
    *len = c->values[column].len;
    return c->values[column].at;
}
