/* The map of a sweep over two options: its cells, the stripes of those that are too close to call,
 * and the borders between them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/plot/field.h"
#include "report/plot/sweep_internal.h"
#include "report/text.h"

#define NAME_MOST 11   /* columns of a name in a cell */
#define STRIPES   12   /* across a cell, from corner to corner */
#define INSET     0.03 /* of a cell: their ends are not beyond its edges */

/* What is drawn, by the place of its cells: [column + row * columns]. */
struct map {
    const struct ranking *ranking;
    size_t columns, rows;
    size_t *points; /* npoints: none was measured there */
    const struct best **bests;
};

/* Of a point that was not measured. */
static const struct best nothing = {.value = NAN};

static void map_init(struct map *m, const struct ranking *r)
{
    const struct sweep *s = r->sweep;
    double *along = NULL;
    double *across = NULL;
    *m = (struct map){.ranking = r};
    m->columns = sweep_values(s, 0, &along);
    m->rows = sweep_values(s, 1, &across);
    m->points = mem_array(m->columns * m->rows, sizeof *m->points);
    m->bests = mem_array(m->columns * m->rows, sizeof(struct best *));
    for (size_t i = 0; i < m->columns * m->rows; i++) {
        const double at[SWEEP_AXES_MAX] = {along[i % m->columns], across[i / m->columns]};
        bool is_there = sweep_find_point(s, at, &m->points[i]);
        m->bests[i] = is_there ? &r->bests[m->points[i]] : &nothing;
        if (!is_there)
            m->points[i] = s->npoints;
    }
    free(along);
    free(across);
}

static void map_fini(struct map *m)
{
    free(m->bests);
    free(m->points);
}

/* --- cells --- */

/* Of the arms at a point, how many stand so. */
static size_t count_standing(const struct map *m, size_t cell, enum best_standing standing)
{
    const struct sweep *s = m->ranking->sweep;
    size_t count = 0;
    for (size_t i = 0; i < s->narms && m->points[cell] < s->npoints; i++)
        count += best_standing(m->bests[cell], s, m->points[cell], i) == standing;
    return count;
}

/* What the best of the cell is, or why there is none. */
static enum best_standing standing_of(const struct map *m, size_t cell)
{
    size_t narms = m->ranking->sweep->narms;
    if (m->bests[cell]->count > 0)
        return m->bests[cell]->count == 1 ? BEST_ALONE : BEST_SHARED;
    if (count_standing(m, cell, BEST_UNRANKED) > 0)
        return BEST_UNRANKED;
    return narms > 0 && count_standing(m, cell, BEST_FAILED) > 0 ? BEST_FAILED : BEST_UNMEASURED;
}

/* "pool", "= offload", "= 2 others" */
static char *name_line(const struct map *m, size_t cell, size_t line)
{
    static const struct report_style utf8 = {.utf8 = true};
    const struct best *b = m->bests[cell];
    char name[TEXT_NAME];
    if (m->ranking->sweep->narms == 1 || line >= b->count)
        return mem_strdup(" ");
    if (line == 1 && b->count > 2)
        return mem_printf("= %zu others", b->count - 1);
    (void)text_short(m->ranking->sweep->arms[b->arms[line]], &utf8, NAME_MOST, name, sizeof name);
    return mem_printf("%s%s", line == 0 ? "" : "= ", name);
}

static char *value_line(const struct map *m, size_t cell)
{
    char text[32];
    enum best_standing standing = standing_of(m, cell);
    const struct arm_figure *figure = arm_figure_find(m->ranking->goal.key);
    if (standing == BEST_ALONE || standing == BEST_SHARED)
        return mem_strdup(text_figure(m->bests[cell]->value, figure->unit, text, sizeof text));
    return mem_strdup(best_standing_names[standing]);
}

static void add_cell(const struct map *m, size_t cell, struct buf *out)
{
    const struct best *b = m->bests[cell];
    char *lines[] = {name_line(m, cell, 0), name_line(m, cell, 1), value_line(m, cell)};
    const struct arm_figure *figure = arm_figure_find(m->ranking->goal.key);
    buf_printf(out, "%zu\t%zu\t%d", cell % m->columns, cell / m->columns,
               (int)standing_of(m, cell));
    plot_number(out, b->count > 0 ? (double)b->arms[0] : NAN);
    plot_number(out, sweep_in_unit(figure, b->value));
    buf_printf(out, "\t%zu", count_standing(m, cell, BEST_FAILED));
    for (size_t i = 0; i < LEN(lines); i++) {
        buf_puts(out, "\t");
        plot_both(out, lines[i], NAME_MOST + 3);
        free(lines[i]);
    }
    buf_puts(out, "\n");
}

static void write_cells(const void *what, struct buf *out)
{
    struct map m;
    map_init(&m, what);
    buf_puts(
        out,
        "# The cells: column, row, standing (0 best alone, 1 too close to call, 3 not ranked,\n"
        "# 4 failed, 5 not measured), the best arm, its figure, how many arms failed, and what\n"
        "# the cell says in three lines, each for the SVG and for the PNG.\n");
    for (size_t i = 0; i < m.columns * m.rows; i++)
        add_cell(&m, i, out);
    map_fini(&m);
}

/* --- stripes --- */

/* From one edge of the cell to another, so that the stripes of all arms that tie take turns. */
static void add_stripes(const struct map *m, size_t cell, struct buf *out)
{
    const struct best *b = m->bests[cell];
    size_t column = cell % m->columns;
    size_t row = cell / m->columns;
    for (size_t i = 0; i < STRIPES; i++) {
        double sum = (2 * (double)i + 1) / STRIPES; /* x + y, from 0 to 2 */
        double from = fmax(0, sum - 1);
        double to = fmin(1, sum);
        double size = 1 - 2 * INSET;
        buf_printf(out, "%.6g\t%.6g\t%.6g\t%.6g\t%zu\n", (double)column + INSET + size * from,
                   (double)row + INSET + size * (sum - from), size * (to - from),
                   size * (from - to), b->arms[i % b->count]);
    }
}

static void write_stripes(const void *what, struct buf *out)
{
    struct map m;
    size_t before = 0;
    map_init(&m, what);
    buf_puts(out,
             "# The stripes of cells that are too close to call: x, y, to the right, upwards,\n"
             "# arm. A cell is 1 wide and high. NaN: there are none.\n");
    before = out->len;
    for (size_t i = 0; i < m.columns * m.rows; i++) {
        if (m.bests[i]->count > 1)
            add_stripes(&m, i, out);
    }
    buf_puts(out, out->len == before ? "NaN\tNaN\tNaN\tNaN\tNaN\n" : "");
    map_fini(&m);
}

/* --- borders --- */

static bool has_arm(const struct best *b, size_t arm)
{
    for (size_t i = 0; i < b->count; i++) {
        if (b->arms[i] == arm)
            return true;
    }
    return false;
}

/* How many arms may be the best in both. */
static size_t in_common(const struct best *a, const struct best *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        count += has_arm(b, a->arms[i]);
    return count;
}

/* A side of a cell: where it begins, and whether it goes to the right or upwards. */
struct side {
    size_t x, y;
    bool is_upwards;
};

/* Between two cells; nothing when the same arms may be best in both. */
static void add_border(const struct best *a, const struct best *b, struct side side,
                       struct buf *out)
{
    size_t common = in_common(a, b);
    if (a->count == 0 || b->count == 0 || (common == a->count && common == b->count))
        return;
    buf_printf(out, "%zu\t%zu\t%d\t%d\t%d\n", side.x, side.y, !side.is_upwards, side.is_upwards,
               common == 0);
}

static void write_borders(const void *what, struct buf *out)
{
    struct map m;
    map_init(&m, what);
    buf_puts(out,
             "# The borders: x, y, to the right, upwards, and 1 where the best arm changes, 0\n"
             "# where it may. NaN: there are none.\n");
    size_t before = out->len;
    for (size_t row = 0; row < m.rows; row++) {
        for (size_t column = 0; column < m.columns; column++) {
            const struct best *const *at = &m.bests[row * m.columns + column];
            if (column + 1 < m.columns)
                add_border(at[0], at[1], (struct side){column + 1, row, true}, out);
            if (row + 1 < m.rows)
                add_border(at[0], at[m.columns], (struct side){column, row + 1, false}, out);
        }
    }
    buf_puts(out, out->len == before ? "NaN\tNaN\tNaN\tNaN\tNaN\n" : "");
    map_fini(&m);
}

const struct plot_file map_files[] = {
    SWEEP_FILES,
    {.name = "cells.dat", .write = write_cells},
    {.name = "stripes.dat", .write = write_stripes},
    {.name = "borders.dat", .write = write_borders},
    {NULL, NULL},
};
