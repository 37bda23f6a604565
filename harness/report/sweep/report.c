#include "report/sweep/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sweep/borders.h"
#include "analysis/sweep/scaling.h"
#include "base/mem.h"
#include "model/arm_figure.h"
#include "report/markdown.h"
#include "report/marks.h"
#include "report/table.h"
#include "report/text.h"

static const char *const figures[] = {"requests_per_second", "work_per_second", "p50", "p99",
                                      "cpu_per_work"};

/* --- what is best at a point --- */

/* "pool", "pool = offload" where they are not told apart; where no arm is, why. */
static const char *const lacks[] = {
    [BEST_LACKS_ROUNDS] = "-", [BEST_LACKS_HOLDER] = "none", [BEST_LACKS_CERTAINTY] = "too close"};

static void best_cell(struct table *t, const struct ranking *r, size_t point)
{
    const struct best *best = &r->bests[point];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < best->count; i++)
        buf_printf(&text, "%s%s", i == 0 ? "" : " = ", r->sweep->arms[best->arms[i]]);
    table_cell(t, text.len > 0 ? text.data : lacks[best->lack]);
    buf_fini(&text);
}

/* A goal has the names of requests, which may be anything. */
static void add_title(const char *title, const struct report_style *style, struct buf *out)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, style, title);
    text_paint(out, style, PAINT_BOLD, safe.data);
    buf_fini(&safe);
}

/* --- one option --- */

static void figure_cell(struct table *t, const struct arm *at, const struct arm_figure *figure,
                        const struct report_style *style, struct marks *marks)
{
    char cell[MARKS_CELL];
    struct arm_summary sum = arm_figure_summary(at, figure);
    bool is_gone = at->nresults == 0 && at->nproblems > 0;
    table_cell(t, is_gone ? "failed" : marks_cell(marks, figure, &sum, style, cell, sizeof cell));
}

static bool has_figure(const struct sweep *s, const struct arm_figure *figure)
{
    for (size_t i = 0; i < s->comparison.narms; i++) {
        if (!isnan(arm_figure_value(&s->comparison.arms[i], figure)))
            return true;
    }
    return false;
}

/* Requests and work a second are the same but for a queue, and a server whose work is unknown. */
static bool is_shown(const struct sweep *s, const char *key)
{
    const struct arm_figure *figure = arm_figure_find(key);
    const struct arm_figure *work = arm_figure_find("work_per_second");
    if (strcmp(key, "requests_per_second") == 0 && has_figure(s, work))
        return false;
    return has_figure(s, figure);
}

static void figure_table(const struct ranking *r, const char *key, const struct report_style *style,
                         struct marks *marks, struct buf *out)
{
    const struct sweep *s = r->sweep;
    const struct arm_figure *figure = arm_figure_find(key);
    bool is_goal = s->narms > 1 && strcmp(key, r->goal.key) == 0;
    double *values = NULL;
    size_t count = sweep_values(s, 0, &values);
    struct table t;
    table_init(&t, 1 + s->narms + is_goal);
    text_paint(out, style, PAINT_BOLD, figure->title);
    buf_puts(out, "\n");
    table_cell(&t, s->axes[0].option);
    for (size_t i = 0; i < s->narms; i++)
        table_cell(&t, s->arms[i]);
    if (is_goal)
        table_cell(&t, "best");
    for (size_t i = 0; i < count; i++) {
        size_t point = 0;
        (void)sweep_find_point(s, &values[i], &point);
        table_cell(&t, sweep_point_label(s, point, 0));
        for (size_t arm = 0; arm < s->narms; arm++)
            figure_cell(&t, sweep_arm(s, point, arm), figure, style, marks);
        if (is_goal)
            best_cell(&t, r, point);
    }
    table_write(&t, style, out);
    buf_puts(out, "\n");
    table_fini(&t);
    free(values);
}

/* Of one option: whether each arm holds what must hold. */
static void must_table(const struct ranking *r, const struct report_style *style, struct buf *out)
{
    static const char *const words[] = {
        [MET_UNKNOWN] = "-", [MET_NO] = "no", [MET_CLOSE] = "too close", [MET_YES] = "holds"};
    const struct sweep *s = r->sweep;
    double *values = NULL;
    size_t count = sweep_values(s, 0, &values);
    struct table t;
    table_init(&t, 1 + s->narms);
    add_title(r->goal.must, style, out);
    buf_puts(out, "\n");
    table_cell(&t, s->axes[0].option);
    for (size_t i = 0; i < s->narms; i++)
        table_cell(&t, s->arms[i]);
    for (size_t i = 0; i < count; i++) {
        size_t point = 0;
        (void)sweep_find_point(s, &values[i], &point);
        table_cell(&t, sweep_point_label(s, point, 0));
        for (size_t arm = 0; arm < s->narms; arm++)
            table_cell(&t, words[ranking_met(r, point)[arm]]);
    }
    table_write(&t, style, out);
    buf_puts(out, "\n");
    table_fini(&t);
    free(values);
}

static void figure_tables(const struct ranking *r, const struct report_style *style,
                          struct buf *out)
{
    struct marks marks = {0};
    struct str_list notes = {0};
    if (r->goal.must != NULL)
        must_table(r, style, out);
    figure_table(r, r->goal.key, style, &marks, out);
    for (size_t i = 0; i < LEN(figures); i++) {
        if (strcmp(figures[i], r->goal.key) != 0 && is_shown(r->sweep, figures[i]))
            figure_table(r, figures[i], style, &marks, out);
    }
    marks_notes(&marks, style, &notes);
    for (size_t i = 0; i < notes.count; i++)
        text_notice(out, style, PAINT_DIM, notes.items[i]);
    str_list_fini(&notes);
}

/* --- two options --- */

typedef void cell_fn(struct table *t, const struct ranking *r, size_t point);

static void value_cell(struct table *t, const struct ranking *r, size_t point)
{
    char text[32];
    double value = r->bests[point].value;
    enum metric_unit unit = arm_figure_find(r->goal.key)->unit;
    table_cell(t, isnan(value) ? "-" : text_figure(value, unit, text, sizeof text));
}

/* "pool offload?": the arms that hold what must hold, and those of which it is too close to call.
 */
static void must_cell(struct table *t, const struct ranking *r, size_t point)
{
    const enum met *met = ranking_met(r, point);
    struct buf text;
    bool any_known = false;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < r->sweep->narms; i++) {
        any_known |= met[i] != MET_UNKNOWN;
        if (met[i] == MET_YES || met[i] == MET_CLOSE)
            buf_printf(&text, "%s%s%s", text.len > 0 ? " " : "", r->sweep->arms[i],
                       met[i] == MET_CLOSE ? "?" : "");
    }
    table_cell(t, text.len > 0 ? text.data : any_known ? "none" : "-");
    buf_fini(&text);
}

static void map_table(const struct ranking *r, const char *title, cell_fn *cell,
                      const struct report_style *style, struct buf *out)
{
    const struct sweep *s = r->sweep;
    double *rows = NULL;
    double *columns = NULL;
    size_t nrows = sweep_values(s, 0, &rows);
    size_t ncolumns = sweep_values(s, 1, &columns);
    struct table t;
    table_init(&t, 1 + ncolumns);
    add_title(title, style, out);
    buf_printf(out, ", %s downwards, %s to the right\n", s->axes[0].option, s->axes[1].option);
    table_cell(&t, "");
    for (size_t k = 0; k < ncolumns; k++)
        table_cell(&t, sweep_label(s, 1, columns[k]));
    for (size_t i = 0; i < nrows; i++) {
        table_cell(&t, sweep_label(s, 0, rows[i]));
        for (size_t k = 0; k < ncolumns; k++) {
            const double at[] = {rows[i], columns[k]};
            size_t point = 0;
            if (sweep_find_point(s, at, &point))
                cell(&t, r, point);
            else
                table_cell(&t, "-");
        }
    }
    table_write(&t, style, out);
    buf_puts(out, "\n");
    table_fini(&t);
    free(rows);
    free(columns);
}

static void maps(const struct ranking *r, const struct report_style *style, struct buf *out)
{
    char *title = mem_printf("Best by %s", r->goal.text);
    char *value = mem_printf("%s of the best", arm_figure_find(r->goal.key)->title);
    map_table(r, title, best_cell, style, out);
    map_table(r, value, value_cell, style, out);
    if (r->goal.must != NULL) {
        char *must = mem_printf("Arms that hold %s (?: too close to call)", r->goal.must);
        map_table(r, must, must_cell, style, out);
        free(must);
    }
    free(title);
    free(value);
}

/* --- what went wrong --- */

static void add_problem(const struct arm *arm, struct str_list *out)
{
    bool is_last = arm->nresults == 0;
    char *text = mem_printf("%s: %s%s", arm->name, arm->problems[0].text,
                            is_last ? "" : " (in one round or more)");
    str_list_add(out, text);
    free(text);
}

static void problems(const struct sweep *s, const struct report_style *style, struct buf *out)
{
    struct str_list texts = {0};
    for (size_t i = 0; i < s->comparison.narms; i++) {
        if (s->comparison.arms[i].nproblems > 0)
            add_problem(&s->comparison.arms[i], &texts);
    }
    for (size_t i = 0; i < texts.count; i++)
        text_entry(out, style, PAINT_YELLOW, "failed", texts.items[i]);
    str_list_fini(&texts);
}

/* --- all of it --- */

/* A goal that the sweep was not measured for. */
static void add_other_goal(const struct ranking *r, const struct report_style *style,
                           struct buf *out)
{
    struct buf text;
    if (ranking_measured_for(r) == NULL)
        return;
    buf_init(&text, BUF_TEXT_MAX);
    ranking_tell_goal(r, &text);
    text_entry(out, style, PAINT_BOLD, "goal", text.data);
    buf_fini(&text);
}

static void head(const struct ranking *r, const struct report_style *style, struct buf *out)
{
    const struct sweep *s = r->sweep;
    struct buf text;
    const struct comparison *c = &s->comparison;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < s->naxes; i++) {
        double *values = NULL;
        size_t count = sweep_values(s, i, &values);
        buf_printf(&text, "%s%s=%s", i == 0 ? "" : ", ", s->axes[i].option, s->axes[i].range);
        if (s->axes[i].is_placed)
            buf_printf(&text, " (%zu values, placed where curves bend or cross)", count);
        free(values);
    }
    if (c->title != NULL)
        text_entry(out, style, PAINT_BOLD, "title", c->title);
    text_entry(out, style, PAINT_BOLD, "sweep", text.data);
    add_other_goal(r, style, out);
    buf_clear(&text);
    buf_printf(&text, "%lld of each arm at each point, in a random order (seed %llu)%s%s",
               (long long)c->rounds, (unsigned long long)c->seed,
               c->interrupted ? "; it was interrupted" : "",
               s->is_cut ? "; the budget ended it before all values were placed" : "");
    text_entry(out, style, PAINT_PLAIN, "trials", text.data);
    buf_fini(&text);
    buf_puts(out, "\n");
}

void report_sweep(const struct ranking *r, const struct report_style *style, struct buf *out)
{
    const struct sweep *s = r->sweep;
    struct str_list borders = {0};
    head(r, style, out);
    if (s->naxes == 1)
        figure_tables(r, style, out);
    else
        maps(r, style, out);
    report_sweep_recovery(s, style, out);
    if (scaling_applies(s))
        report_sweep_scaling(s, style, out);
    borders_tell(r, &borders);
    for (size_t i = 0; s->narms > 1 && i < borders.count; i++)
        text_entry(out, style, PAINT_PLAIN, "finding", borders.items[i]);
    problems(s, style, out);
    report_sweep_warnings(s, style, out);
    str_list_fini(&borders);
}

/* The tables as they are: a map loses its shape in cells of different widths. */
void report_sweep_markdown(const struct ranking *r, struct buf *out)
{
    const struct report_style style = {.utf8 = true};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    report_sweep(r, &style, &text);
    markdown_fence(out, text.data);
    buf_fini(&text);
}
