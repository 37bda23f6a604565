#include "report/plot/sweep.h"

#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sweep/borders.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"
#include "report/plot/caption.h"
#include "report/plot/field.h"
#include "report/plot/sweep_internal.h"
#include "report/text.h"

#define LABEL_MOST  12 /* columns of a value below an axis */
#define TITLE_MOST  60
#define OPTION_MOST 40

double sweep_in_unit(const struct arm_figure *figure, double value)
{
    return figure->unit == METRIC_TIME ? value / (double)NS_PER_MS : value;
}

double sweep_value_cpu_ns(const struct sweep *s, size_t axis, double value)
{
    const struct arm_figure *cpu = arm_figure_find("cpu_per_work");
    double least = NAN;
    for (size_t p = 0; p < s->npoints && strcmp(s->axes[axis].option, "work") == 0; p++) {
        for (size_t i = 0; i < s->narms && s->points[p].values[axis] == value; i++)
            least = fmin(least, arm_figure_value(sweep_arm(s, p, i), cpu));
    }
    return least;
}

/* --- what both have --- */

void sweep_write_arms(const void *what, struct buf *out)
{
    const struct sweep *s = ((const struct ranking *)what)->sweep;
    buf_puts(out, PLOT_ARMS_HEAD);
    for (size_t i = 0; i < s->narms; i++) {
        plot_arm(out, i, s->arms[i]);
        buf_printf(out, "\t%" PRId64 "\tNaN\t\" \"\n", s->comparison.rounds);
    }
}

#define PLACED "placed where curves bend or cross"

/* Said once of both options; a caption has the length of a line. */
static void add_placing(const struct ranking *r, struct buf *out)
{
    const struct sweep *s = r->sweep;
    const char *measured = ranking_measured_for(r);
    bool are_both = s->naxes > 1 && s->axes[0].is_placed && s->axes[1].is_placed;
    for (size_t i = 0; i < s->naxes; i++) {
        double *values = NULL;
        size_t count = sweep_values(s, i, &values);
        text_list(out, "%s: %zu value%s%s", s->axes[i].option, count, count == 1 ? "" : "s",
                  s->axes[i].is_placed && !are_both ? " " PLACED : "");
        free(values);
    }
    if (are_both)
        text_list(out, PLACED);
    if (measured != NULL)
        text_list(out, "measured for the goal '%s'", measured);
}

void sweep_write_captions(const void *what, struct buf *out)
{
    const struct sweep *s = ((const struct ranking *)what)->sweep;
    struct buf lines[3];
    for (size_t i = 0; i < LEN(lines); i++)
        buf_init(&lines[i], BUF_TEXT_MAX);
    plot_caption_shared(&s->comparison, &lines[0]);
    text_list(&lines[0], "%" PRId64 " round%s in random order at each point", s->comparison.rounds,
              s->comparison.rounds == 1 ? "" : "s");
    plot_caption_machine(&s->comparison, &lines[1]);
    add_placing(what, &lines[2]);
    if (s->comparison.interrupted)
        text_list(&lines[2], "interrupted");
    else if (s->is_cut)
        text_list(&lines[2], "ended by the budget");
    buf_puts(out, "# How it was measured. As shown in the SVG and in the PNG.\n");
    for (size_t i = 0; i < LEN(lines); i++) {
        plot_caption(out, i, lines[i].data);
        buf_fini(&lines[i]);
    }
}

void sweep_write_texts(const void *what, struct buf *out)
{
    const struct ranking *r = what;
    const struct sweep *s = r->sweep;
    char *title = s->narms > 1
                      ? mem_printf("Best by %s", r->goal.text)
                      : mem_printf("%s of %s", arm_figure_find(r->goal.key)->title, s->arms[0]);
    buf_puts(out,
             "# The title, and the name of the figure. As shown in the SVG and in the PNG.\n0\t");
    plot_both(out, title, TITLE_MOST);
    buf_puts(out, "\n1\t");
    plot_both(out, arm_figure_find(r->goal.key)->title, TITLE_MOST);
    buf_puts(out, "\n");
    free(title);
}

void sweep_write_axes(const void *what, struct buf *out)
{
    const struct ranking *r = what;
    const struct sweep *s = r->sweep;
    buf_puts(out, "# The axes: number, option (for the SVG and for the PNG), scale (0 names, 1\n"
                  "# linear, 2 logarithmic), and 1 where the figure is a time.\n");
    for (size_t i = 0; i < s->naxes; i++) {
        buf_printf(out, "%zu\t", i);
        plot_both(out, s->axes[i].option, OPTION_MOST);
        buf_printf(out, "\t%d\t%d\n", (int)s->axes[i].scale,
                   arm_figure_find(r->goal.key)->unit == METRIC_TIME);
    }
}

/* "0.72 ms CPU": what an amount of work comes to. */
static void add_cpu(const struct sweep *s, size_t axis, double value, struct buf *out)
{
    char text[32];
    double ns = sweep_value_cpu_ns(s, axis, value);
    char *note = isnan(ns) ? mem_strdup(" ")
                           : mem_printf("%s CPU", text_figure(ns, METRIC_TIME, text, sizeof text));
    buf_puts(out, "\t");
    plot_text(out, note, LABEL_MOST, GLYPHS_ALL);
    free(note);
}

void sweep_write_values(const void *what, struct buf *out)
{
    const struct sweep *s = ((const struct ranking *)what)->sweep;
    buf_puts(out,
             "# The values: axis, number on it, value, label (for the SVG and for the PNG), and\n"
             "# for an amount of work the least CPU time that an arm used for it.\n");
    for (size_t i = 0; i < s->naxes; i++) {
        double *values = NULL;
        size_t count = sweep_values(s, i, &values);
        for (size_t k = 0; k < count; k++) {
            buf_printf(out, "%zu\t%zu", i, k);
            plot_number(out, values[k]);
            buf_puts(out, "\t");
            plot_both(out, sweep_label(s, i, values[k]), LABEL_MOST);
            add_cpu(s, i, values[k], out);
            buf_puts(out, "\n");
        }
        free(values);
    }
}

/* --- curves --- */

static void add_point(const struct ranking *r, size_t point, size_t arm, struct buf *out)
{
    const struct arm_figure *figure = arm_figure_find(r->goal.key);
    const struct arm *at = sweep_arm(r->sweep, point, arm);
    struct arm_summary sum = arm_figure_summary(at, figure);
    buf_printf(out, "%.9g", r->sweep->points[point].values[0]);
    plot_number(out, sweep_in_unit(figure, sum.median));
    plot_number(out, sweep_in_unit(figure, sum.low));
    plot_number(out, sweep_in_unit(figure, sum.high));
    buf_printf(out, "\t%d\t%d\t%d\n", (int)best_standing(&r->bests[point], r->sweep, point, arm),
               sum.is_few, sum.is_bound);
}

static void write_curves(const void *what, struct buf *out)
{
    const struct ranking *r = what;
    const struct sweep *s = r->sweep;
    size_t *points = sweep_order(s);
    buf_puts(
        out,
        "# The figure over the values, one block per arm, in the order of arms.dat, separated\n"
        "# by two empty lines: median, lowest and highest round. standing: 0 best alone, 1 too\n"
        "# close to call, 2 behind, 3 not ranked, 4 failed, 5 not measured. few: too few\n"
        "# samples. bound: a lower bound.\n"
        "# value\tmedian\tlow\thigh\tstanding\tfew\tbound\n");
    for (size_t arm = 0; arm < s->narms; arm++) {
        buf_printf(out, "%s# arm %zu ", arm == 0 ? "" : "\n\n", arm);
        plot_text(out, s->arms[arm], SIZE_MAX, GLYPHS_ALL);
        buf_puts(out, "\n");
        for (size_t i = 0; i < s->npoints; i++)
            add_point(r, points[i], arm, out);
    }
    free(points);
}

static void write_stretches(const void *what, struct buf *out)
{
    const struct ranking *r = what;
    struct stretch *all = NULL;
    size_t count = r->sweep->narms > 1 ? borders_stretches(r, &all) : 0;
    buf_puts(out, "# Where one arm is best alone: arm, first and last value. NaN: nowhere.\n");
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "%zu", all[i].arm);
        plot_number(out, all[i].from);
        plot_number(out, all[i].to);
        buf_puts(out, "\n");
    }
    buf_puts(out, count == 0 ? "NaN\tNaN\tNaN\n" : "");
    free(all);
}

const struct plot_file sweep_files[] = {
    SWEEP_FILES,
    {.name = "curves.dat", .write = write_curves},
    {.name = "stretches.dat", .write = write_stretches},
    {NULL, NULL},
};
