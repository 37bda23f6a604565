#include "report/plot/data.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/arm_figure.h"
#include "report/plot/caption.h"
#include "report/plot/curve.h"
#include "report/plot/field.h"
#include "report/plot/heat.h"
#include "report/text.h"

/* --- arms.dat --- */

static void write_arms(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    buf_puts(out, PLOT_ARMS_HEAD);
    for (size_t i = 0; i < c->narms; i++) {
        char number[32];
        int64_t completed = 0;
        for (size_t k = 0; k < c->arms[i].nresults; k++)
            completed += c->arms[i].results[k].accounting.completed;
        plot_arm(out, i, c->arms[i].name);
        buf_printf(out, "\t%zu\t%" PRId64 "\t\"%s%s\"\n", c->arms[i].nresults, completed,
                   text_grouped(completed, number, sizeof number),
                   arm_answers_early(&c->arms[i]) ? " accepted" : "");
    }
}

/* --- latency.dat, latency_unfinished.dat, heat.dat --- */

/* Before the rows of an arm, in a file with one block per arm. */
static void add_block(const struct comparison *c, size_t i, struct buf *out)
{
    buf_printf(out, "%s# arm %zu ", i == 0 ? "" : "\n\n", i);
    plot_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
    buf_puts(out, "\n");
}

static void write_curves(const struct comparison *c, const char *head,
                         void (*curve)(const struct plot_pool *pool, struct buf *out),
                         struct buf *out)
{
    buf_puts(out, head);
    buf_puts(out,
             "# One block per arm, in the order of arms.dat, separated by two empty lines; the\n"
             "# rounds of an arm are merged. few = 1: fewer than 10 samples beyond it.\n"
             "# bound = 1: the latency is a lower bound. A block of NaN: no data for this curve.\n"
             "# percentile\t1/(1-percentile)\tlatency_ms\tfew\tbound\n");
    for (size_t i = 0; i < c->narms; i++) {
        struct plot_pool pool;
        add_block(c, i, out);
        plot_pool_init(&pool, &c->arms[i]);
        curve(&pool, out);
        plot_pool_fini(&pool);
    }
}

static void write_latency(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    write_curves(c, "# Latency of the completed requests by percentile.\n", plot_curve_completed,
                 out);
}

static void write_unfinished(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    write_curves(c,
                 "# Latency by percentile, including unfinished requests with the time elapsed so\n"
                 "# far, if that differs from latency.dat.\n",
                 plot_curve_unfinished, out);
}

static void write_heat(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    buf_puts(out,
             "# The latencies over time: the requests that completed in a stretch of time with a\n"
             "# latency in that range, and their share of the stretch's requests. One block per\n"
             "# arm, in the order of arms.dat, separated by two empty lines; the rounds of an arm\n"
             "# are merged. A block of NaN: no request, or a result without latencies over time.\n"
             "# from_s\tto_s\tfrom_ms\tto_ms\trequests\tshare\n");
    for (size_t i = 0; i < c->narms; i++) {
        add_block(c, i, out);
        plot_heat(&c->arms[i], out);
    }
}

/* --- compare.dat, compare_text.dat --- */

static const char *unit_suffix(enum metric_unit unit)
{
    return unit == METRIC_TIME ? "_ms" : unit == METRIC_SIZE ? "_bytes" : "";
}

static double in_unit(enum metric_unit unit, double value)
{
    return unit == METRIC_TIME ? value / (double)NS_PER_MS : value;
}

static void write_compare(const void *what, struct buf *out)
{
    const struct comparison *c = what;
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

static void write_compare_text(const void *what, struct buf *out)
{
    const struct comparison *c = what;
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

/* --- caption.dat --- */

static void write_caption(const void *what, struct buf *out)
{
    const struct comparison *c = what;
    static void (*const lines[])(const struct comparison *, struct buf *) = {
        plot_caption_load, plot_caption_machine, plot_caption_probe};
    buf_puts(out, "# Test conditions: the load and the machine; then what the probe measured. As\n"
                  "# shown in the SVG and in the PNG.\n");
    for (size_t i = 0; i < LEN(lines); i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        lines[i](c, &text);
        plot_caption(out, i, text.data);
        buf_fini(&text);
    }
}

const struct plot_file plot_files[] = {
    {.name = "arms.dat", .write = write_arms},
    {.name = "caption.dat", .write = write_caption},
    {.name = "compare.dat", .write = write_compare},
    {.name = "compare_text.dat", .write = write_compare_text},
    {.name = "heat.dat", .write = write_heat},
    {.name = "latency.dat", .write = write_latency},
    {.name = "latency_unfinished.dat", .write = write_unfinished},
    {NULL, NULL},
};
