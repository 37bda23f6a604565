/* The findings, each with the figures that it rests on. */
#include <math.h>
#include <string.h>

#include "base/str.h"
#include "model/arm_figure.h"
#include "model/metric.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/text.h"
#include "report/xml.h"

/* "work/s" for "work_per_second"; a metric has no other name. */
static const struct arm_figure *figure_of(const char *metric)
{
    const struct arm_figure *f = arm_figures;
    while (f->key != NULL && strcmp(f->key, metric) != 0)
        f++;
    return f->key == NULL ? NULL : f;
}

/* Of a figure that only findings have, its name says when it is a time. */
static enum metric_unit unit_of(const char *name)
{
    struct metric metric;
    struct err err;
    if (metric_find(name, &metric, &err) == 0)
        return metric_unit(&metric);
    return str_ends(name, "_time") ? METRIC_TIME : METRIC_NUMBER;
}

static void add_figure(const struct figure *figure, struct buf *list)
{
    char text[32];
    char name[TEXT_NAME];
    if (isnan(figure->value) || figure->metric == NULL)
        return;
    const struct arm_figure *known = figure_of(figure->metric);
    enum metric_unit unit = known == NULL ? unit_of(figure->metric) : known->unit;
    text_list(list, "%s", "");
    if (figure->arm != NULL)
        buf_printf(list, "%s ", text_name(figure->arm, &page_style, name, sizeof name));
    buf_printf(list, "%s %s", known == NULL ? figure->metric : known->title,
               text_figure(figure->value, unit, text, sizeof text));
}

static void rests_on(const struct finding *f, struct buf *out)
{
    struct buf list;
    buf_init(&list, BUF_TEXT_MAX);
    for (size_t i = 0; i < f->nfigures; i++)
        add_figure(&f->figures[i], &list);
    if (list.len > 0) {
        buf_puts(out, "<p class=\"basis\">Rests on: ");
        html_name(out, list.data);
        buf_puts(out, "</p>");
    }
    buf_fini(&list);
}

void page_findings(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    if (c == NULL || c->nfindings == 0)
        return;
    view_section(v, "findings", "Findings");
    buf_puts(v->out, "<ol class=\"findings\">\n");
    for (size_t i = 0; i < c->nfindings; i++) {
        buf_puts(v->out, "<li>");
        html_paragraph(v->out, NULL, c->findings[i].text);
        rests_on(&c->findings[i], v->out);
        buf_puts(v->out, "</li>\n");
    }
    buf_puts(v->out, "</ol>\n");
    view_section_end(v);
}
