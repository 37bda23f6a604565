#include "report/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/text.h"

#define GAP 2

void table_init(struct table *t, size_t columns)
{
    *t = (struct table){.columns = columns};
}

void table_fini(struct table *t)
{
    str_list_fini(&t->cells);
}

void table_cell(struct table *t, const char *text)
{
    str_list_add(&t->cells, text);
}

/* The width used for alignment: a trailing '*' does not count. */
static size_t cell_width(const char *cell)
{
    return text_width(cell) - (str_ends(cell, "*") ? 1 : 0);
}

static size_t *widths_of(const struct table *t)
{
    size_t *widths = mem_array(t->columns, sizeof *widths);
    size_t full = t->cells.count - t->cells.count % t->columns;
    for (size_t i = 0; i < full; i++) {
        size_t width = cell_width(t->cells.items[i]);
        if (width > widths[i % t->columns])
            widths[i % t->columns] = width;
    }
    return widths;
}

/* One column stays free for the mark of the last cell. */
static size_t room(const struct report_style *style)
{
    return text_columns(style) - 1;
}

static void drop_column(struct table *t, size_t column)
{
    size_t to = 0;
    for (size_t i = 0; i < t->cells.count; i++) {
        if (i % t->columns == column)
            free(t->cells.items[i]);
        else
            t->cells.items[to++] = t->cells.items[i];
    }
    t->cells.count = to;
    t->columns--;
}

static size_t total_width(const struct table *t)
{
    size_t *widths = widths_of(t);
    size_t total = GAP * (t->columns - 1);
    for (size_t column = 0; column < t->columns; column++)
        total += widths[column];
    free(widths);
    return total;
}

void table_fit(struct table *t, const struct report_style *style, const char *const *least)
{
    for (; *least != NULL && total_width(t) > room(style); least++) {
        size_t column = 0;
        while (column < t->columns && strcmp(t->cells.items[column], *least) != 0)
            column++;
        if (column < t->columns)
            drop_column(t, column);
    }
}

/* The first column and the columns [from, to) that share one line. */
struct part {
    const struct table *table;
    const size_t *widths;
    size_t from, to;
};

static size_t part_width(const struct part *p)
{
    size_t width = p->widths[0];
    for (size_t column = p->from; column < p->to; column++)
        width += GAP + p->widths[column];
    return width;
}

/* As many columns as fit, but at least one. */
static struct part part_from(const struct table *t, const size_t *widths, size_t from, size_t room)
{
    struct part p = {t, widths, from, from};
    while (p.to < t->columns) {
        p.to++;
        if (part_width(&p) > room && p.to - from > 1) {
            p.to--;
            break;
        }
    }
    return p;
}

static size_t count_parts(const struct table *t, const size_t *widths, size_t room)
{
    size_t count = 0;
    for (size_t from = 1; from < t->columns; count++)
        from = part_from(t, widths, from, room).to;
    return count;
}

/* The narrowest width that needs no more parts: two even halves instead of a full line and a rest.
 */
static size_t even_room(const struct table *t, const size_t *widths, size_t room)
{
    size_t count = count_parts(t, widths, room);
    while (count > 1 && room > 0 && count_parts(t, widths, room - 1) == count)
        room--;
    return room;
}

static void write_row(const struct part *p, const struct report_style *style, size_t row,
                      struct buf *out)
{
    char *const *cells = &p->table->cells.items[row * p->table->columns];
    enum paint paint = row == 0 ? PAINT_BOLD : PAINT_PLAIN;
    text_paint(out, style, paint, cells[0]);
    /* Blanks to write before the next text, so that no line has trailing blanks. */
    size_t owed = GAP + p->widths[0] - text_width(cells[0]);
    for (size_t column = p->from; column < p->to; column++) {
        buf_pad(out, ' ', owed + p->widths[column] - cell_width(cells[column]));
        text_paint(out, style, paint, cells[column]);
        owed = GAP - (text_width(cells[column]) - cell_width(cells[column]));
    }
    buf_puts(out, "\n");
}

void table_write(const struct table *t, const struct report_style *style, struct buf *out)
{
    size_t *widths = widths_of(t);
    size_t each = even_room(t, widths, room(style));
    for (size_t from = 1; from < t->columns;) {
        struct part p = part_from(t, widths, from, each);
        buf_puts(out, from > 1 ? "\n" : "");
        for (size_t row = 0; row < t->cells.count / t->columns; row++) {
            write_row(&p, style, row, out);
            if (row == 0)
                text_rule(out, style, part_width(&p));
        }
        from = p.to;
    }
    free(widths);
}
