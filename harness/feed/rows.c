#include "feed/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

void rows_init(struct rows *r, int fd, size_t size, int64_t offset, long line)
{
    *r = (struct rows){
        .fd = fd, .offset = offset, .window = mem_array(size, 1), .size = size, .next_line = line};
}

void rows_fini(struct rows *r)
{
    free(r->window);
    r->window = NULL;
}

int64_t rows_offset(const struct rows *r)
{
    return r->offset - (int64_t)(r->len - r->next);
}

/* --- the next row --- */

static size_t count_of(char c, const char *from, const char *to)
{
    size_t n = 0;
    for (; (from = memchr(from, c, (size_t)(to - from))) != NULL; from++)
        n++;
    return n;
}

/* The line feed that ends the row at p, which is one with an even number of quotes before it. */
static const char *row_end(const char *p, const char *end)
{
    size_t quotes = 0;
    for (const char *stop; (stop = memchr(p, '\n', (size_t)(end - p))) != NULL; p = stop + 1) {
        quotes += count_of('"', p, stop);
        if (quotes % 2 == 0)
            return stop;
    }
    return NULL;
}

/* Moves the row that has begun to the front, and reads on behind it. */
static enum rows_step refill(struct rows *r)
{
    ssize_t got = 0;
    r->len -= r->next;
    memmove(r->window, r->window + r->next, r->len);
    r->next = 0;
    if (r->len == r->size)
        return ROWS_TOO_LONG;
    do {
        got = pread(r->fd, r->window + r->len, r->size - r->len, r->offset);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        return ROWS_UNREADABLE;
    r->is_end = got == 0;
    r->len += (size_t)got;
    r->offset += got;
    return ROWS_ROW;
}

static enum rows_step next_line(struct rows *r, struct field *row)
{
    const char *stop = NULL;
    while ((stop = row_end(r->window + r->next, r->window + r->len)) == NULL && !r->is_end) {
        enum rows_step step = refill(r);
        if (step != ROWS_ROW)
            return step;
    }
    if (stop == NULL && r->next == r->len)
        return ROWS_END;
    row->at = r->window + r->next;
    row->len = (stop == NULL ? r->len : (size_t)(stop - r->window)) - r->next;
    r->next += row->len + (stop != NULL);
    r->line = r->next_line;
    r->next_line += 1 + (long)count_of('\n', row->at, row->at + row->len);
    row->len -= row->len > 0 && row->at[row->len - 1] == '\r';
    return ROWS_ROW;
}

enum rows_step rows_next(struct rows *r, struct field *row)
{
    enum rows_step step = ROWS_ROW;
    do {
        step = next_line(r, row);
    } while (step == ROWS_ROW && row->len == 0);
    return step;
}

/* --- its fields --- */

/* The end of the quoted field at p; NULL: it has none. */
static char *quoted_end(char *p, char *end)
{
    for (p++; p < end && (p = memchr(p, '"', (size_t)(end - p))) != NULL; p += 2) {
        if (p + 1 == end || p[1] != '"')
            return p + 1;
    }
    return NULL;
}

static char *plain_end(char *p, char *end)
{
    while (p < end && *p != ',' && *p != '"')
        p++;
    return p;
}

static enum row_problem problem_at(const char *p)
{
    return *p == '"' ? ROW_QUOTE_INSIDE : ROW_BEHIND_QUOTE;
}

/* The end of the field at p; NULL: its quotes have no end. */
static char *row_field_end(char *p, char *end)
{
    return p < end && *p == '"' ? quoted_end(p, end) : plain_end(p, end);
}

enum row_problem row_split(const struct field *row, struct field *fields, size_t most,
                           size_t *count, const char **wrong)
{
    char *p = row->at;
    char *end = row->at + row->len;
    *count = 0;
    *wrong = memchr(row->at, '\0', row->len);
    if (*wrong != NULL)
        return ROW_NUL;
    *wrong = end;
    for (;; p++) { /* over the comma */
        char *stop = row_field_end(p, end);
        if (*count < most)
            fields[*count] = (struct field){p, stop == NULL ? 0 : (size_t)(stop - p)};
        else if (*count == most)
            *wrong = p;
        if (stop == NULL) {
            *wrong = p;
            return ROW_UNCLOSED;
        }
        (*count)++;
        p = stop;
        if (p == end)
            return ROW_GOOD;
        if (*p != ',')
            break;
    }
    *wrong = p;
    return problem_at(p);
}

struct field field_unquoted(struct field f)
{
    if (f.len == 0 || f.at[0] != '"')
        return f;
    size_t len = 0;
    for (size_t i = 1; i + 1 < f.len; i++) {
        f.at[len++] = f.at[i];
        i += f.at[i] == '"'; /* the second of two */
    }
    return (struct field){f.at, len};
}
