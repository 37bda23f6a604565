#include "report/plot/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

#define COLUMNS_MAX 16
#define AXES_MAX    32
#define AXIS_FIELDS 8 /* panel, left, right, top, bottom, from, to, log */

/* The numbers of one line, NAN where there is none. */
struct row {
    double columns[COLUMNS_MAX];
};

/* The points of an arm while they are read. */
struct curve {
    struct row *rows;
    size_t count;
};

struct writer {
    const struct plot_panel *panel;
    enum plot_across across;
    struct str_list xs; /* as they stand in the JSON */
    struct buf panels;
    bool has_curve; /* of this panel */
};

/* --- the rows of a file --- */

static struct row read_row(const char *line, const char *end, char separator)
{
    struct row row;
    for (size_t i = 0; i < COLUMNS_MAX; i++) {
        char *after = NULL;
        double value = line < end ? strtod(line, &after) : NAN;
        row.columns[i] = after != NULL && after > line && after <= end ? value : NAN;
        const char *next = line < end ? memchr(line, separator, (size_t)(end - line)) : NULL;
        line = next == NULL ? end : next + 1;
    }
    return row;
}

static void add_row(struct curve *curve, const struct row *row)
{
    curve->rows = mem_one_more(curve->rows, curve->count, sizeof *curve->rows);
    curve->rows[curve->count++] = *row;
}

/* --- a curve --- */

static double x_of(const struct writer *w, const struct row *row)
{
    if (w->across == PLOT_BY_PERCENTILE)
        return row->columns[1];
    return w->panel->at_end ? row->columns[1] : (row->columns[0] + row->columns[1]) / 2;
}

/* The row of point i of n. */
static const struct row *point(const struct curve *curve, size_t i, size_t n)
{
    return &curve->rows[n == curve->count ? i : i * (curve->count - 1) / (n - 1)];
}

/* Returns the number of the list. */
static size_t add_xs(struct writer *w, const struct curve *curve, size_t n)
{
    struct buf text;
    size_t at = 0;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "%s%.5g", i == 0 ? "[" : ",", x_of(w, point(curve, i, n)));
    buf_puts(&text, "]");
    while (at < w->xs.count && strcmp(w->xs.items[at], text.data) != 0)
        at++;
    if (at == w->xs.count)
        str_list_add(&w->xs, text.data);
    buf_fini(&text);
    return at;
}

static void add_y(const struct writer *w, const struct row *row, struct buf *out)
{
    const struct plot_panel *panel = w->panel;
    double y = row->columns[panel->column];
    double bound = panel->bound > 0 ? row->columns[panel->bound] : 0;
    bool is_few = panel->few > 0 && row->columns[panel->few] == 1;
    const char *sign = bound == 1 ? ">" : bound == 2 ? "<" : "";
    if (!isfinite(y))
        buf_puts(out, "null");
    else if (is_few || sign[0] != '\0')
        buf_printf(out, "\"%s%.4g%s\"", sign, y, is_few ? "*" : "");
    else
        buf_printf(out, "%.4g", y);
}

static void add_curve(struct writer *w, size_t arm, const struct curve *curve)
{
    struct buf *out = &w->panels;
    size_t n = curve->count < POINTS_MAX ? curve->count : POINTS_MAX;
    bool any = false;
    for (size_t i = 0; i < n; i++)
        any = any || isfinite(point(curve, i, n)->columns[w->panel->column]);
    if (!any)
        return;
    buf_printf(out, "%s[%zu,%zu,[", w->has_curve ? "," : "", arm, add_xs(w, curve, n));
    w->has_curve = true;
    for (size_t i = 0; i < n; i++) {
        buf_puts(out, i == 0 ? "" : ",");
        add_y(w, point(curve, i, n), out);
    }
    buf_puts(out, "]]");
}

/* Two empty lines lie between the arms. */
static void add_curves(struct writer *w, const char *text)
{
    struct curve curve = {0};
    size_t arm = 0;
    size_t empty = 0;
    while (*text != '\0') {
        const char *end = text + strcspn(text, "\n");
        empty = end == text ? empty + 1 : 0;
        if (empty == 2) {
            add_curve(w, arm++, &curve);
            free(curve.rows);
            curve = (struct curve){0};
        } else if (end > text && text[0] != '#') {
            struct row row = read_row(text, end, '\t');
            if (isfinite(x_of(w, &row)))
                add_row(&curve, &row);
        }
        text = end + (*end == '\n');
    }
    add_curve(w, arm, &curve);
    free(curve.rows);
}

static void add_panel(struct writer *w, const struct plot_panel *panel, const char *text)
{
    size_t before = w->panels.len;
    w->panel = panel;
    w->has_curve = false;
    buf_printf(&w->panels, "%s{\"panel\":%d,\"name\":\"%s\",\"unit\":\"%s\",\"curves\":[",
               before == 0 ? "" : ",", panel->number, panel->name, panel->unit);
    add_curves(w, text);
    buf_puts(&w->panels, "]}");
    if (!w->has_curve)
        w->panels.len = before;
}

/* --- the axes --- */

/* "1 0.07 0.71 0.15 0.82 1 1206 1" */
static bool is_axis(const struct row *axis)
{
    const double *f = axis->columns;
    bool is_number = true;
    for (size_t i = 0; i < AXIS_FIELDS; i++)
        is_number = is_number && isfinite(f[i]);
    return is_number && f[0] >= 0 && f[0] < AXES_MAX && f[1] < f[2] && f[3] < f[4] && f[5] < f[6] &&
           (f[7] == 0 || f[5] > 0);
}

static void add_axis(const struct row *axis, const char *before, struct buf *out)
{
    for (size_t i = 0; i < AXIS_FIELDS; i++)
        buf_printf(out, "%s%.9g", i == 0 ? before : ",", axis->columns[i]);
    buf_puts(out, "]");
}

static size_t add_axes(const char *text, struct buf *out)
{
    size_t count = 0;
    while (*text != '\0' && count < AXES_MAX) {
        const char *end = text + strcspn(text, "\n");
        struct row axis = read_row(text, end, ' ');
        if (is_axis(&axis))
            add_axis(&axis, count++ == 0 ? "[" : ",[", out);
        text = end + (*end == '\n');
    }
    return count;
}

/* --- the whole --- */

static void write_all(const struct writer *w, const struct buf *axes, struct buf *out)
{
    buf_printf(out, "{\"across\":\"%s\",\"axes\":[%s],\"x\":[",
               w->across == PLOT_BY_PERCENTILE ? "percentile" : "time", axes->data);
    for (size_t i = 0; i < w->xs.count; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : ",", w->xs.items[i]);
    buf_puts(out, "],\"panels\":[");
    buf_add(out, w->panels.data, w->panels.len);
    buf_puts(out, "]}");
}

void plot_points(const struct plot_panel *panels, enum plot_across across, const char *axes,
                 plot_text_fn text_of, void *ctx, struct buf *out)
{
    struct writer w = {.across = across};
    struct buf axis;
    buf_init(&axis, BUF_TEXT_MAX);
    buf_init(&w.panels, out->max);
    if (add_axes(axes, &axis) > 0) {
        for (const struct plot_panel *p = panels; p->name != NULL; p++) {
            const char *text = text_of(ctx, p->file);
            if (text != NULL)
                add_panel(&w, p, text);
        }
    }
    if (w.panels.len > 0)
        write_all(&w, &axis, out);
    str_list_fini(&w.xs);
    buf_fini(&w.panels);
    buf_fini(&axis);
}
