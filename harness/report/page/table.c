/* All arms and their figures, as in the table of the terminal. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/compare/content.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/text.h"
#include "report/xml.h"

static void head(struct view *v, const struct arm_figure *const *shown, size_t count)
{
    const struct sweep *s = v->chapter->sweep;
    buf_puts(v->out, "<thead><tr><th scope=\"col\">arm</th>");
    for (size_t i = 0; s != NULL && i < s->naxes; i++) {
        buf_puts(v->out, "<th scope=\"col\">");
        html_name(v->out, s->axes[i].option);
        buf_puts(v->out, "</th>");
    }
    for (size_t k = 0; k < count; k++) {
        char *title = compare_title(v->chapter->comparison, shown[k], &page_style);
        buf_puts(v->out, "<th scope=\"col\">");
        html_name(v->out, title);
        buf_puts(v->out, "</th>");
        free(title);
    }
    buf_puts(v->out, "</tr></thead>\n");
}

/* The figure with its marks, below it its range; for sorting also as a number. */
static void cell(struct view *v, const struct arm *arm, const struct arm_figure *figure,
                 struct marks *marks)
{
    char text[COMPARE_CELL];
    struct arm_summary sum = arm_figure_summary(arm, figure);
    if (isnan(sum.median))
        buf_puts(v->out, "<td>");
    else
        buf_printf(v->out, "<td data-v=\"%.6g\">", sum.median);
    xml_text(v->out, marks_cell(marks, figure, &sum, &page_style, text, sizeof text));
    if (arm->nresults > 1) {
        buf_puts(v->out, "<small>");
        xml_text(v->out, compare_range(arm, figure, &sum, &page_style, text, sizeof text));
        buf_puts(v->out, "</small>");
    }
    buf_puts(v->out, "</td>");
}

/* The values of the point that row `at` of a sweep is about. */
static void options(struct view *v, size_t at)
{
    const struct sweep *s = v->chapter->sweep;
    const struct sweep_point *point = &s->points[at / s->narms];
    for (size_t i = 0; i < s->naxes; i++) {
        buf_printf(v->out, "<td data-v=\"%.6g\">", point->values[i]);
        xml_text(v->out, sweep_point_label(s, at / s->narms, i));
        buf_puts(v->out, "</td>");
    }
}

static void row(struct view *v, size_t at, const struct arm_figure *const *shown, size_t count,
                struct marks *marks)
{
    const struct sweep *s = v->chapter->sweep;
    const struct arm *arm = &v->chapter->comparison->arms[at];
    size_t number = s == NULL ? at : at % s->narms;
    char name[TEXT_NAME];
    buf_printf(v->out,
               "<tr data-arm=\"%zu\"><th scope=\"row\"><span class=\"swatch b-a%zu\"></span>",
               number, number % 10);
    html_name(v->out,
              text_name(s == NULL ? arm->name : s->arms[number], &page_style, name, sizeof name));
    buf_puts(v->out, compare_arm_is_marked(arm) ? "!" : "");
    buf_puts(v->out, "</th>");
    if (s != NULL)
        options(v, at);
    for (size_t k = 0; k < count; k++)
        cell(v, arm, shown[k], marks);
    buf_puts(v->out, "</tr>\n");
}

/* --- columns that say the same of every arm --- */

/* Every measured arm has the same value, which is written to *value. */
static bool is_same(const struct comparison *c, const char *key, double *value)
{
    *value = NAN;
    for (size_t i = 0; i < c->narms; i++) {
        struct arm_summary sum = arm_figure_summary(&c->arms[i], arm_figure_find(key));
        if (isnan(sum.median))
            continue;
        if (sum.low < sum.high || (!isnan(*value) && sum.median != *value))
            return false;
        *value = sum.median;
    }
    return !isnan(*value);
}

/* They are told in a note instead: it leaves room for those that differ. */
static const struct {
    const char *key, *none, *some;
} told_once[] = {
    {"unfinished", "every request was answered before its run ended",
     "requests were in flight at the end of each run, with every arm"},
    {"timeouts", "no request timed out", "requests timed out in each run, with every arm"},
};

static size_t tell_once(const struct comparison *c, const struct arm_figure **shown, size_t count,
                        struct str_list *notes)
{
    for (size_t i = 0; i < LEN(told_once) && c->narms > 1; i++) {
        double value = NAN;
        char number[32];
        size_t kept = 0;
        if (!is_same(c, told_once[i].key, &value))
            continue;
        for (size_t k = 0; k < count; k++) {
            if (strcmp(shown[k]->key, told_once[i].key) != 0)
                shown[kept++] = shown[k];
        }
        if (kept == count)
            continue;
        count = kept;
        char *note =
            value == 0
                ? mem_strdup(told_once[i].none)
                : mem_printf("%s %s", text_figure(value, METRIC_COUNT, number, sizeof number),
                             told_once[i].some);
        str_list_add(notes, note);
        free(note);
    }
    return count;
}

/* In the order of the arms; of a sweep, in that of its points. */
static void rows(struct view *v, const struct arm_figure *const *shown, size_t count,
                 struct marks *marks)
{
    const struct sweep *s = v->chapter->sweep;
    size_t *order = s == NULL ? NULL : sweep_order(s);
    for (size_t i = 0; i < v->chapter->comparison->narms; i++) {
        size_t at = s == NULL ? i : order[i / s->narms] * s->narms + i % s->narms;
        row(v, at, shown, count, marks);
    }
    free(order);
}

static void figures(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    const struct arm_figure *shown[COMPARE_FIGURES_MAX];
    size_t count = compare_figures(c, shown);
    struct marks marks = {0};
    struct str_list notes = {0};
    if (count == 0) {
        html_paragraph(v->out, "notice", "Nothing was measured.");
        return;
    }
    count = tell_once(c, shown, count, &notes);
    html_scroll(v->out, "Figures of all arms");
    buf_puts(v->out, "<table class=\"sortable\">\n");
    head(v, shown, count);
    buf_puts(v->out, "<tbody>\n");
    rows(v, shown, count, &marks);
    buf_puts(v->out, "</tbody>\n</table>\n");
    html_scroll_end(v->out);
    compare_notes(c, &marks, &page_style, &notes);
    html_list(v->out, "notes", &notes);
    str_list_fini(&notes);
}

static void reference(struct view *v)
{
    struct table t;
    struct str_list notes = {0};
    table_init(&t, 0);
    compare_reference_cells(v->chapter->comparison, &page_style, &t, &notes);
    if (t.columns > 0) {
        view_section(v, "reference", "Against the reference");
        html_table(v->out, "Against the reference", &t);
        html_list(v->out, "notes", &notes);
        view_section_end(v);
    }
    str_list_fini(&notes);
    table_fini(&t);
}

void page_table(struct view *v)
{
    if (v->chapter->comparison == NULL)
        return;
    view_section(v, "figures", "Figures");
    figures(v);
    view_section_end(v);
    reference(v);
}
