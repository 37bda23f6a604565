#include "report/plot/figures.h"

#include <math.h>

#include "base/clock.h"
#include "model/arm_figure.h"
#include "report/plot/field.h"
#include "report/text.h"

static const char *unit_suffix(enum metric_unit unit)
{
    return unit == METRIC_TIME ? "_ms" : unit == METRIC_SIZE ? "_bytes" : "";
}

static double in_unit(enum metric_unit unit, double value)
{
    return unit == METRIC_TIME ? value / (double)NS_PER_MS : value;
}

void plot_figures(const struct comparison *c, struct buf *out)
{
    buf_puts(out, "# The figures of each arm: median, minimum and maximum over its rounds.\n"
                  "# NaN: not measured. See docs/measurement.md for what each figure is.\n"
                  "\"arm\"\t\"name\"");
    for (const struct arm_figure *f = arm_figures; f->key != NULL; f++) {
        const char *unit = unit_suffix(f->unit);
        buf_printf(out, "\t\"%s%s\"\t\"%s%s_low\"\t\"%s%s_high\"", f->key, unit, f->key, unit,
                   f->key, unit);
    }
    for (size_t i = 0; i < c->narms; i++) {
        buf_printf(out, "\n%zu\t", i);
        plot_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
        for (const struct arm_figure *f = arm_figures; f->key != NULL; f++) {
            double low = NAN;
            double high = NAN;
            arm_figure_range(&c->arms[i], f, &low, &high);
            plot_number(out, in_unit(f->unit, arm_figure_value(&c->arms[i], f)));
            plot_number(out, in_unit(f->unit, low));
            plot_number(out, in_unit(f->unit, high));
        }
    }
    buf_puts(out, "\n");
}

static void add_figure_text(const struct arm *arm, const struct arm_figure *f, struct buf *out)
{
    char text[32];
    double value = arm_figure_value(arm, f);
    if (isnan(value)) {
        buf_puts(out, "\t\"not measured\"");
        return;
    }
    buf_printf(out, "\t\"%s%s%s\"", arm_figure_is_bound(arm, f) ? "≥" : "",
               text_figure(value, f->unit, text, sizeof text),
               arm_figure_is_few(arm, f) ? "*" : "");
}

void plot_figure_texts(const struct comparison *c, struct buf *out)
{
    buf_puts(
        out,
        "# The figures of compare.dat as the pictures show them: ≥ is a lower bound, * is based\n"
        "# on too few samples.\n\"arm\"\t\"name\"");
    for (const struct arm_figure *f = arm_figures; f->key != NULL; f++)
        buf_printf(out, "\t\"%s%s\"", f->key, unit_suffix(f->unit));
    for (size_t i = 0; i < c->narms; i++) {
        buf_printf(out, "\n%zu\t", i);
        plot_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
        for (const struct arm_figure *f = arm_figures; f->key != NULL; f++)
            add_figure_text(&c->arms[i], f, out);
    }
    buf_puts(out, "\n");
}
