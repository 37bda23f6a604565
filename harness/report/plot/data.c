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
#include "report/text.h"

#define LABEL_COLUMNS   32 /* of a name beside a curve or a bar */
#define CAPTION_COLUMNS 120

/* A PNG is drawn with the fonts of this machine, which may lack a character; an SVG is not. */
enum glyphs { GLYPHS_ALL, GLYPHS_COMMON };

static const struct report_style utf8 = {.utf8 = true};

/* --- fields --- */

static size_t character_len(const char *text)
{
    size_t len = 1;
    while (((unsigned char)text[len] & 0xc0) == 0x80)
        len++;
    return len;
}

/* U+FFFE and U+FFFF are not allowed in XML, and so not in an SVG. */
static bool is_forbidden(const char *text)
{
    return strncmp(text, "\xef\xbf\xbe", 3) == 0 || strncmp(text, "\xef\xbf\xbf", 3) == 0;
}

/* Latin, Greek, Cyrillic, dashes and quotes: available in most fonts. */
static bool is_common(const char *text, size_t len)
{
    unsigned code = (unsigned char)text[0];
    if (len == 2)
        code = (code & 0x1f) << 6 | ((unsigned char)text[1] & 0x3f);
    else if (len == 3)
        code = (code & 0x0f) << 12 | ((unsigned)text[1] & 0x3f) << 6 | ((unsigned)text[2] & 0x3f);
    return len <= 3 && (code < 0x250 || (code >= 0x391 && code < 0x500 && code != 0x3a2) ||
                        (code >= 0x2010 && code <= 0x2027));
}

/* In a quoted text, gnuplot interprets only quotes and backslashes. */
static void add_character(struct buf *out, const char *text, size_t len)
{
    if (*text == '"' || *text == '\\')
        buf_puts(out, *text == '"' ? "\\042" : "\\\\");
    else if (is_forbidden(text))
        buf_puts(out, "?");
    else
        buf_add(out, text, len);
}

/* gnuplot would merge an empty text with the field after it. */
static void add_text(struct buf *out, const char *text, size_t columns_max, enum glyphs glyphs)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, &utf8, text[0] == '\0' ? " " : text);
    size_t room = text_width(safe.data) > columns_max ? columns_max - 1 : SIZE_MAX;
    const char *c = safe.data;
    buf_puts(out, "\"");
    for (; *c != '\0' && room > 0; room--) {
        size_t len = character_len(c);
        if (glyphs == GLYPHS_ALL || is_common(c, len))
            add_character(out, c, len);
        else
            buf_puts(out, "?");
        c += len;
    }
    buf_puts(out, *c == '\0' ? "\"" : "…\"");
    buf_fini(&safe);
}

static void add_number(struct buf *out, double value)
{
    if (isnan(value))
        buf_puts(out, "\tNaN");
    else
        buf_printf(out, "\t%.9g", value);
}

/* --- arms.dat --- */

static void write_arms(const struct comparison *c, struct buf *out)
{
    buf_puts(
        out,
        "# The arms: index, name, label in the SVG, label in the PNG, rounds, completed requests\n"
        "# of all rounds.\n"
        "\"arm\"\t\"name\"\t\"label\"\t\"plain_label\"\t\"rounds\"\t\"completed\"\t"
        "\"completed_text\"\n");
    for (size_t i = 0; i < c->narms; i++) {
        char number[32];
        int64_t completed = 0;
        for (size_t k = 0; k < c->arms[i].nresults; k++)
            completed += c->arms[i].results[k].accounting.completed;
        buf_printf(out, "%zu\t", i);
        add_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
        buf_puts(out, "\t");
        add_text(out, c->arms[i].name, LABEL_COLUMNS, GLYPHS_ALL);
        buf_puts(out, "\t");
        add_text(out, c->arms[i].name, LABEL_COLUMNS, GLYPHS_COMMON);
        buf_printf(out, "\t%zu\t%" PRId64 "\t\"%s%s\"\n", c->arms[i].nresults, completed,
                   text_grouped(completed, number, sizeof number),
                   arm_answers_early(&c->arms[i]) ? " accepted" : "");
    }
}

/* --- latency.dat, latency_unfinished.dat --- */

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
        buf_printf(out, "%s# arm %zu ", i == 0 ? "" : "\n\n", i);
        add_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
        buf_puts(out, "\n");
        plot_pool_init(&pool, &c->arms[i]);
        curve(&pool, out);
        plot_pool_fini(&pool);
    }
}

static void write_latency(const struct comparison *c, struct buf *out)
{
    write_curves(c, "# Latency of the completed requests by percentile.\n", plot_curve_completed,
                 out);
}

static void write_unfinished(const struct comparison *c, struct buf *out)
{
    write_curves(c,
                 "# Latency by percentile, including unfinished requests with the time elapsed so\n"
                 "# far, if that differs from latency.dat.\n",
                 plot_curve_unfinished, out);
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

static void write_compare(const struct comparison *c, struct buf *out)
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
        add_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
        for (const struct arm_figure *f = arm_figures; f->key != NULL; f++) {
            double low = NAN;
            double high = NAN;
            arm_figure_range(&c->arms[i], f, &low, &high);
            add_number(out, in_unit(f->unit, arm_figure_value(&c->arms[i], f)));
            add_number(out, in_unit(f->unit, low));
            add_number(out, in_unit(f->unit, high));
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

static void write_compare_text(const struct comparison *c, struct buf *out)
{
    buf_puts(
        out,
        "# The figures of compare.dat as the pictures show them: ≥ is a lower bound, * is based\n"
        "# on too few samples.\n\"arm\"\t\"name\"");
    for (const struct arm_figure *f = arm_figures; f->key != NULL; f++)
        buf_printf(out, "\t\"%s%s\"", f->key, unit_suffix(f->unit));
    for (size_t i = 0; i < c->narms; i++) {
        buf_printf(out, "\n%zu\t", i);
        add_text(out, c->arms[i].name, SIZE_MAX, GLYPHS_ALL);
        for (const struct arm_figure *f = arm_figures; f->key != NULL; f++)
            add_figure_text(&c->arms[i], f, out);
    }
    buf_puts(out, "\n");
}

/* --- caption.dat --- */

static void write_caption(const struct comparison *c, struct buf *out)
{
    static void (*const lines[])(const struct comparison *, struct buf *) = {
        plot_caption_load, plot_caption_machine, plot_caption_probe};
    buf_puts(out, "# Test conditions: the load and the machine; then what the probe measured. As\n"
                  "# shown in the SVG and in the PNG.\n");
    for (size_t i = 0; i < LEN(lines); i++) {
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        lines[i](c, &text);
        buf_printf(out, "%zu\t", i);
        add_text(out, text.data, CAPTION_COLUMNS, GLYPHS_ALL);
        buf_puts(out, "\t");
        add_text(out, text.data, CAPTION_COLUMNS, GLYPHS_COMMON);
        buf_puts(out, "\n");
        buf_fini(&text);
    }
}

const struct plot_file plot_files[] = {
    {.name = "arms.dat", .write = write_arms},
    {.name = "caption.dat", .write = write_caption},
    {.name = "compare.dat", .write = write_compare},
    {.name = "compare_text.dat", .write = write_compare_text},
    {.name = "latency.dat", .write = write_latency},
    {.name = "latency_unfinished.dat", .write = write_unfinished},
    {NULL, NULL},
};
