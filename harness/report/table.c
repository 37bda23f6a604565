#include "report/table.h"

#include <stdlib.h>

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

/* Columns of the cell that count for the alignment. */
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

static void write_rule(const struct table *t, const size_t *widths,
                       const struct report_style *style, struct buf *out)
{
    struct buf rule;
    size_t total = GAP * (t->columns - 1);
    for (size_t column = 0; column < t->columns; column++)
        total += widths[column];
    buf_init(&rule, BUF_TEXT_MAX);
    for (size_t i = 0; i < total; i++)
        buf_puts(&rule, style->utf8 ? "─" : "-");
    text_paint(out, style, PAINT_DIM, rule.data);
    buf_puts(out, "\n");
    buf_fini(&rule);
}

static void write_row(const struct table *t, const size_t *widths, const struct report_style *style,
                      size_t row, struct buf *out)
{
    size_t owed = 0; /* blanks before the next text, so that no line ends with some */
    for (size_t column = 0; column < t->columns; column++) {
        const char *cell = t->cells.items[row * t->columns + column];
        size_t slack = widths[column] - cell_width(cell);
        buf_pad(out, ' ', owed + (column == 0 ? 0 : slack));
        text_paint(out, style, row == 0 ? PAINT_BOLD : PAINT_PLAIN, cell);
        owed = GAP + (column == 0 ? slack : 0) - (text_width(cell) - cell_width(cell));
    }
    buf_puts(out, "\n");
}

void table_write(const struct table *t, const struct report_style *style, struct buf *out)
{
    size_t *widths = widths_of(t);
    for (size_t row = 0; row < t->cells.count / t->columns; row++) {
        write_row(t, widths, style, row, out);
        if (row == 0)
            write_rule(t, widths, style, out);
    }
    free(widths);
}
