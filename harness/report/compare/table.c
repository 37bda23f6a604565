#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/units.h"
#include "model/arm_figure.h"
#include "report/broker_text.h"
#include "report/compare/report_internal.h"
#include "report/marks.h"
#include "report/table.h"
#include "report/text.h"

#define RANGE_NOTE(sign)                                                                           \
    "values are medians over the rounds; range is " sign                                           \
    " half of max - min, as % of the median; "                                                     \
    "counts show min-max"

/* "98-100" for counts; otherwise half of the range relative to the median: "+-3%". */
char *compare_range(const struct arm *arm, const struct arm_figure *figure,
                    const struct arm_summary *sum, const struct report_style *style, char *text,
                    size_t size)
{
    double low = sum->low;
    double high = sum->high;
    double median = sum->median;
    char from[32];
    char to[32];
    const char *sign = style->utf8 ? "±" : "+-";
    double percent = 100 * (high - low) / 2 / median;
    size_t counted = arm_undisturbed(arm) > 0 ? arm_undisturbed(arm) : arm->nresults;
    bool is_vague = median == 0 && figure->unit != METRIC_COUNT; /* no share of it */
    /* Of bounds that agree each only knows that it is that or more. */
    if (isnan(median) || counted < 2 || (low < high ? is_vague : sum->is_bound))
        (void)snprintf(text, size, "-");
    else if (figure->unit == METRIC_COUNT && low < high)
        (void)snprintf(text, size, "%s-%s", text_figure(low, METRIC_COUNT, from, sizeof from),
                       text_figure(high, METRIC_COUNT, to, sizeof to));
    else if (!(low < high))
        (void)snprintf(text, size, "%s0", sign);
    else
        (void)snprintf(text, size, "%s%.*f%%", sign, percent < 0.95 ? 1 : 0, percent);
    return text;
}

/* Probes on new connections are only shown if they differ from those on open connections. */
static bool any_probe_new_differs(const struct comparison *c)
{
    bool any = false;
    for (size_t a = 0; a < c->narms; a++) {
        for (size_t i = 0; i < c->arms[a].nresults; i++)
            any |= result_probe_new_differs(&c->arms[a].results[i]);
    }
    return any;
}

/* True for a column that adds nothing: CPU per response beside CPU per work, unless the latter is
 * unknown for an arm, and probes on new connections that do not differ. */
static bool is_covered(const struct comparison *c, const struct arm_figure *figure)
{
    const struct arm_figure *by_work = arm_figure_find("cpu_per_work");
    if (strcmp(figure->key, "probe_new_p99") == 0)
        return !any_probe_new_differs(c);
    if (strcmp(figure->key, "cpu_per_request") != 0)
        return false;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        if (!isnan(arm_figure_value(arm, figure)) && isnan(arm_figure_value(arm, by_work)))
            return false;
    }
    return true;
}

/* Figures that no arm has are left out. */
size_t compare_figures(const struct comparison *c,
                       const struct arm_figure *shown[COMPARE_FIGURES_MAX])
{
    size_t count = 0;
    for (const struct arm_figure *f = arm_figures; f->key != NULL && count < COMPARE_FIGURES_MAX;
         f++) {
        bool any = false;
        for (size_t i = 0; i < c->narms && !any; i++)
            any = !isnan(arm_figure_value(&c->arms[i], f));
        if (any && !is_covered(c, f))
            shown[count++] = f;
    }
    return count;
}

static bool was_interrupted(const struct arm *arm)
{
    bool any = false;
    for (size_t i = 0; i < arm->nresults; i++)
        any |= arm->results[i].interrupted;
    return any;
}

static size_t bailed_out(const struct arm *arm)
{
    size_t count = 0;
    for (size_t i = 0; i < arm->nresults; i++)
        count += arm->results[i].bailed_out;
    return count;
}

bool compare_arm_is_marked(const struct arm *arm)
{
    return was_interrupted(arm) || arm_undisturbed(arm) < arm->nresults;
}

static void name_cell(struct table *t, const struct arm *arm, const struct report_style *style)
{
    char name[TEXT_NAME];
    char cell[TEXT_NAME + 1];
    (void)snprintf(cell, sizeof cell, "%s%s", text_name(arm->name, style, name, sizeof name),
                   compare_arm_is_marked(arm) ? "!" : "");
    table_cell(t, cell);
}

/* The probe's columns are named by its path: "/ping p99", "new /ping p99". */
char *compare_title(const struct comparison *c, const struct arm_figure *figure,
                    const struct report_style *style)
{
    const char *path = comparison_probe_path(c);
    const char *at = strstr(figure->title, "probe");
    char name[TEXT_NAME];
    if (at == NULL || path == NULL)
        return mem_strdup(figure->title);
    return mem_printf("%.*s%s%s", (int)(at - figure->title), figure->title,
                      text_name(path, style, name, sizeof name), at + strlen("probe"));
}

static void title_cell(struct table *t, const struct comparison *c, const struct arm_figure *figure,
                       const struct report_style *style)
{
    char *title = compare_title(c, figure, style);
    table_cell(t, title);
    free(title);
}

static bool has_ranges(const struct comparison *c)
{
    bool any = false;
    for (size_t i = 0; i < c->narms; i++)
        any |= c->arms[i].nresults > 1;
    return any;
}

/* The arm's figures, and below them their ranges if it has several rounds. */
static void arm_cells(struct table *t, const struct arm *arm, const struct arm_figure *const *shown,
                      size_t count, const struct report_style *style, struct marks *marks)
{
    struct arm_summary sums[COMPARE_FIGURES_MAX];
    char cell[COMPARE_CELL];
    name_cell(t, arm, style);
    for (size_t k = 0; k < count; k++) {
        sums[k] = arm_figure_summary(arm, shown[k]);
        table_cell(t, marks_cell(marks, shown[k], &sums[k], style, cell, sizeof cell));
    }
    if (arm->nresults < 2)
        return;
    table_cell(t, "  range");
    for (size_t k = 0; k < count; k++)
        table_cell(t, compare_range(arm, shown[k], &sums[k], style, cell, sizeof cell));
}

static struct marks write_cells(const struct comparison *c, const struct report_style *style,
                                struct table *t)
{
    struct marks marks = {0};
    const struct arm_figure *shown[COMPARE_FIGURES_MAX];
    size_t count = compare_figures(c, shown);
    if (count == 0)
        return marks;
    t->columns = 1 + count;
    table_cell(t, "arm");
    for (size_t k = 0; k < count; k++)
        title_cell(t, c, shown[k], style);
    for (size_t i = 0; i < c->narms; i++)
        arm_cells(t, &c->arms[i], shown, count, style, &marks);
    return marks;
}

/* What decides: percentiles first. */
static const char *const key_figures[] = {
    "p50",       "p99",          "requests_per_second", "work_per_second", "timeouts",
    "probe_p99", "cpu_per_work", "cpu_per_request",     "rss_peak",
};

static bool is_shown(const struct arm_figure *const *shown, size_t count,
                     const struct arm_figure *figure)
{
    bool any = false;
    for (size_t i = 0; i < count; i++)
        any |= shown[i] == figure;
    return any;
}

static bool is_same_everywhere(const struct comparison *c, const struct arm_figure *a,
                               const struct arm_figure *b)
{
    bool same = true;
    for (size_t i = 0; i < c->narms; i++) {
        double x = arm_figure_value(&c->arms[i], a);
        double y = arm_figure_value(&c->arms[i], b);
        same &= x == y || (isnan(x) && isnan(y));
    }
    return same;
}

static bool is_zero_everywhere(const struct comparison *c, const struct arm_figure *figure)
{
    bool zero = true;
    for (size_t i = 0; i < c->narms; i++)
        zero &= !(arm_figure_value(&c->arms[i], figure) > 0);
    return zero;
}

/* True for a column that would say nothing: work/s that equal req/s, and no timeout at all. */
static bool is_idle(const struct comparison *c, const struct arm_figure *figure)
{
    if (strcmp(figure->key, "work_per_second") == 0)
        return is_same_everywhere(c, figure, arm_figure_find("requests_per_second"));
    return strcmp(figure->key, "timeouts") == 0 && is_zero_everywhere(c, figure);
}

static size_t key_figures_shown(const struct comparison *c,
                                const struct arm_figure *keys[COMPARE_FIGURES_MAX])
{
    const struct arm_figure *shown[COMPARE_FIGURES_MAX];
    size_t all = compare_figures(c, shown);
    size_t count = 0;
    for (size_t i = 0; i < LEN(key_figures); i++) {
        const struct arm_figure *figure = arm_figure_find(key_figures[i]);
        if (is_shown(shown, all, figure) && !is_idle(c, figure))
            keys[count++] = figure;
    }
    return count;
}

void compare_key_cells(const struct comparison *c, const struct report_style *style,
                       struct table *t)
{
    struct marks marks = {0};
    const struct arm_figure *keys[COMPARE_FIGURES_MAX];
    size_t count = key_figures_shown(c, keys);
    if (count == 0)
        return;
    t->columns = 1 + count;
    table_cell(t, "arm");
    for (size_t k = 0; k < count; k++)
        title_cell(t, c, keys[k], style);
    for (size_t i = 0; i < c->narms; i++) {
        name_cell(t, &c->arms[i], style);
        for (size_t k = 0; k < count; k++) {
            char cell[COMPARE_CELL];
            struct arm_summary sum = arm_figure_summary(&c->arms[i], keys[k]);
            table_cell(t, marks_cell(&marks, keys[k], &sum, style, cell, sizeof cell));
        }
    }
}

/* Explains the mark of the arm's name. */
static void note_row(const struct arm *arm, const struct report_style *style,
                     struct str_list *notes)
{
    char name[TEXT_NAME];
    size_t disturbed = arm->nresults - arm_undisturbed(arm);
    struct buf text;
    if (!compare_arm_is_marked(arm))
        return;
    buf_init(&text, BUF_TEXT_MAX);
    if (bailed_out(arm) > 0)
        text_list(&text, "its faults ended %zu of %zu round%s early (-B)", bailed_out(arm),
                  arm->nresults, arm->nresults == 1 ? "" : "s");
    else if (was_interrupted(arm))
        text_list(&text, "it was interrupted");
    if (disturbed > 0)
        text_list(&text,
                  "in %zu of %zu round%s other programs or steal took over 10 %% of the "
                  "cores, so %s",
                  disturbed, arm->nresults, arm->nresults == 1 ? "" : "s",
                  disturbed < arm->nresults ? "the figures leave them out" : "it is not ranked");
    char *note = mem_printf("! %s: %s", text_name(arm->name, style, name, sizeof name), text.data);
    str_list_add(notes, note);
    free(note);
    buf_fini(&text);
}

/* The table shows both what was accepted and what was completed. */
static void note_early(const struct arm *arm, const struct report_style *style,
                       struct str_list *notes)
{
    char name[TEXT_NAME];
    char number[32];
    struct buf text;
    const struct arm_figure *accepted = arm_figure_find("requests_per_second");
    double work = arm_figure_value(arm, arm_figure_find("work_per_second"));
    buf_init(&text, BUF_TEXT_MAX);
    buf_printf(&text, "%s: req/s is the accept rate (%s/s), work/s the completion rate (",
               text_name(arm->name, style, name, sizeof name),
               text_figure(arm_figure_value(arm, accepted), accepted->unit, number, sizeof number));
    if (isnan(work))
        buf_puts(&text, "unknown");
    else
        buf_printf(&text, "%s/s", units_format_count(work, number, sizeof number));
    buf_puts(&text, "); p50, p99 and per-request figures measure accepting only");
    str_list_add(notes, text.data);
    buf_fini(&text);
}

/* One column holds the probes of all arms. */
static void note_probe_paths(const struct comparison *c, const struct report_style *style,
                             struct str_list *notes)
{
    struct buf paths;
    buf_init(&paths, BUF_TEXT_MAX);
    for (size_t i = 0; i < c->narms && comparison_probe_path(c) == NULL; i++) {
        const struct arm *arm = &c->arms[i];
        char name[TEXT_NAME];
        char path[TEXT_NAME];
        if (arm->nresults > 0 && arm->results[0].has_probe)
            text_list(&paths, "%s %s", text_name(arm->name, style, name, sizeof name),
                      text_name(arm->results[0].probe_counts.path, style, path, sizeof path));
    }
    if (paths.len > 0) {
        char *text = mem_printf("probe: %s", paths.data);
        str_list_add(notes, text);
        free(text);
    }
    buf_fini(&paths);
}

void compare_notes(const struct comparison *c, const struct marks *marks,
                   const struct report_style *style, struct str_list *notes)
{
    marks_notes(marks, style, notes);
    note_probe_paths(c, style, notes);
    if (has_ranges(c))
        str_list_add(notes, style->utf8 ? RANGE_NOTE("±") : RANGE_NOTE("+-"));
    for (size_t i = 0; i < c->narms; i++)
        note_row(&c->arms[i], style, notes);
    for (size_t i = 0; i < c->narms; i++) {
        if (arm_answers_early(&c->arms[i]))
            note_early(&c->arms[i], style, notes);
    }
    broker_notes(c, style, notes);
}

void compare_cells(const struct comparison *c, const struct report_style *style, struct table *t,
                   struct str_list *notes)
{
    struct marks marks = write_cells(c, style, t);
    compare_notes(c, &marks, style, notes);
}

void compare_section(compare_cells_fn *cells, const struct comparison *c,
                     const struct report_style *style, struct buf *out)
{
    struct table t;
    struct str_list notes = {0};
    table_init(&t, 0);
    cells(c, style, &t, &notes);
    if (t.columns > 0) {
        buf_puts(out, "\n");
        table_write(&t, style, out);
    }
    for (size_t i = 0; i < notes.count; i++)
        text_notice(out, style, PAINT_DIM, notes.items[i]);
    str_list_fini(&notes);
    table_fini(&t);
}
