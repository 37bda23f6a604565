#include "report/gate/report.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/spread.h"
#include "report/text.h"

#define COLUMNS 4 /* padded to a width; the file comes last and needs none */
#define GAP     2

const char *gate_mark(const struct gate_outcome *o)
{
    if (o->verdict == GATE_PASSED)
        return "ok";
    if (o->verdict == GATE_UNKNOWN)
        return "?";
    return o->threshold->level == GATE_FAIL ? "FAIL" : "WARN";
}

/* "812/s (795 to 830)", ">=795/s" where nothing bounds it above. */
static char *interval(const struct gate_outcome *o, const struct report_style *style, char *text,
                      size_t size)
{
    const struct metric_value *v = &o->measured;
    char median[32];
    char lo[32];
    char hi[32];
    (void)metric_format(v->low, o->threshold->unit, lo, sizeof lo);
    (void)metric_format(v->high, o->threshold->unit, hi, sizeof hi);
    if (isinf(v->high))
        (void)snprintf(text, size, "%s%s/s", spread_bound_sign(style), lo);
    else if (isnan(v->finished))
        (void)snprintf(text, size, "below %s/s", hi);
    else
        (void)snprintf(text, size, "%s/s (%s to %s)",
                       metric_format(v->finished, o->threshold->unit, median, sizeof median), lo,
                       hi);
    return text;
}

char *gate_measured(const struct gate_outcome *o, const struct report_style *style, char *text,
                    size_t size)
{
    const struct metric_value *v = &o->measured;
    enum metric_unit unit = o->threshold->unit;
    static const int digits[] = {9, 17};
    char value[40];
    char threshold[40];
    if (o->reason != GATE_NONE) {
        (void)snprintf(text, size, "%s", gate_reason_labels[o->reason]);
        return text;
    }
    if (o->is_interval)
        return interval(o, style, text, size);
    (void)metric_format(v->low, unit, value, sizeof value);
    (void)metric_format(o->threshold->value, unit, threshold, sizeof threshold);
    /* The threshold is shown as it was given, so a rounded figure could contradict the verdict. */
    size_t finer = v->low == o->threshold->value ? 1 : LEN(digits);
    for (size_t i = 0; i < finer && strcmp(value, threshold) == 0; i++) {
        (void)metric_format_exact(v->low, unit, digits[i], value, sizeof value);
        (void)metric_format_exact(o->threshold->value, unit, digits[i], threshold,
                                  sizeof threshold);
    }
    bool bound = v->raised || v->high > v->low;
    (void)snprintf(text, size, "%s%s", bound ? spread_bound_sign(style) : "", value);
    return text;
}

/* The value was parsed, so it is printable; the blanks around it are skipped. */
char *gate_condition(const struct gate_outcome *o, char *text, size_t size)
{
    const char *value = gate_operator(o->threshold->text);
    value += strspn(value, "<>=");
    value += strspn(value, " \t\n\v\f\r");
    size_t len = strlen(value);
    while (len > 0 && isspace((unsigned char)value[len - 1]))
        len--;
    (void)snprintf(text, size, "%s if %s%.*s", o->threshold->level == GATE_FAIL ? "fails" : "warns",
                   gate_op_text(o->threshold->op), (int)len, value);
    return text;
}

char *gate_beyond(const struct gate_outcome *o, char *text, size_t size)
{
    const struct gate_rounds *rounds = &o->rounds;
    text[0] = '\0';
    if (rounds->judged == 0)
        return text;
    int len = snprintf(text, size, "%zu of %zu round%s beyond", rounds->beyond, rounds->judged,
                       rounds->judged == 1 ? "" : "s");
    if (rounds->unknown > 0)
        (void)snprintf(text + len, size - (size_t)len, ", %zu unknown", rounds->unknown);
    return text;
}

void gate_describe(const struct gate_outcome *o, struct buf *out)
{
    static const struct report_style style = {.utf8 = true};
    char piece[320];
    buf_printf(out, "%s: %s", o->threshold->metric.name,
               gate_measured(o, &style, piece, sizeof piece));
    buf_printf(out, ", %s", gate_condition(o, piece, sizeof piece));
    if (gate_beyond(o, piece, sizeof piece)[0] != '\0')
        buf_printf(out, ", %s", piece);
    if (gate_explain(o, piece, sizeof piece)[0] != '\0')
        buf_printf(out, "; %s", piece);
}

char *gate_summary(const struct gate_sheet *sheet, char *text, size_t size)
{
    struct gate_counts counts = gate_sheet_count(sheet);
    size_t crossed = counts.failed + counts.warned;
    int len = snprintf(text, size, "%zu of %zu threshold%s crossed", crossed, sheet->count,
                       sheet->count == 1 ? "" : "s");
    if (counts.failed == 0 && crossed > 0)
        len += snprintf(text + len, size - (size_t)len, " (warnings only)");
    if (counts.unknown > 0)
        (void)snprintf(text + len, size - (size_t)len, ", %zu could not be checked",
                       counts.unknown);
    return text;
}

static enum paint paint_of(const struct gate_outcome *o)
{
    if (o->verdict == GATE_PASSED)
        return PAINT_PLAIN;
    bool fails = o->verdict == GATE_CROSSED && o->threshold->level == GATE_FAIL;
    return fails ? PAINT_RED : PAINT_YELLOW;
}

struct row {
    char cells[COLUMNS][64];
};

static struct row row_of(const struct gate_outcome *o, const struct report_style *style)
{
    struct row row;
    const char *name = o->threshold->metric.name;
    size_t len = str_fit(name, sizeof row.cells[0] - 1);
    memcpy(row.cells[0], name, len);
    row.cells[0][len] = '\0';
    str_make_printable(row.cells[0], len);
    (void)gate_measured(o, style, row.cells[1], sizeof row.cells[1]);
    (void)gate_condition(o, row.cells[2], sizeof row.cells[2]);
    (void)gate_beyond(o, row.cells[3], sizeof row.cells[3]);
    return row;
}

static void line(const struct gate_outcome *o, const size_t *widths,
                 const struct report_style *style, struct buf *out)
{
    const char *mark = gate_mark(o);
    struct row row = row_of(o, style);
    text_paint(out, style, paint_of(o), mark);
    buf_pad(out, ' ', 4 - text_width(mark) + GAP);
    for (size_t i = 0; i < COLUMNS && widths[i] > 0; i++) {
        size_t pad = widths[i] - text_width(row.cells[i]);
        bool number = i == 1;
        buf_pad(out, ' ', number ? pad : 0);
        buf_puts(out, row.cells[i]);
        buf_pad(out, ' ', (number ? 0 : pad) + GAP);
    }
    text_safe(out, style, o->file);
    buf_puts(out, "\n");
}

/* A note about a whole run is shown once. */
static void note(const struct gate_sheet *sheet, size_t at, const struct report_style *style,
                 struct buf *out)
{
    char text[320];
    char before[320] = "";
    const struct gate_outcome *o = &sheet->outcomes[at];
    (void)gate_explain(o, text, sizeof text);
    if (at > 0 && strcmp(o[-1].file, o->file) == 0)
        (void)gate_explain(o - 1, before, sizeof before);
    if (text[0] != '\0' && strcmp(text, before) != 0)
        text_entry(out, style, PAINT_PLAIN, "", text);
}

char *gate_warning_text(const struct gate_warning *w)
{
    return mem_printf("%s [%s]", w->message, w->code);
}

/* The run's own warnings, after the last outcome of its file. Returns where those of the next
 * file begin. */
static size_t warnings(const struct gate_sheet *sheet, size_t at, size_t from,
                       const struct report_style *style, struct buf *out)
{
    const char *file = sheet->outcomes[at].file;
    if (at + 1 < sheet->count && strcmp(sheet->outcomes[at + 1].file, file) == 0)
        return from;
    size_t end = gate_sheet_warnings_end(sheet, from, file);
    for (size_t i = from; i < end; i++) {
        char *text = gate_warning_text(&sheet->warnings[i]);
        text_entry(out, style, PAINT_YELLOW, "  warning", text);
        free(text);
    }
    return end;
}

void report_gate_text(const struct gate_sheet *sheet, const struct report_style *style,
                      struct buf *out)
{
    size_t widths[COLUMNS] = {0};
    size_t warned = 0;
    char text[80];
    for (size_t i = 0; i < sheet->count; i++) {
        struct row row = row_of(&sheet->outcomes[i], style);
        for (size_t k = 0; k < COLUMNS; k++) {
            size_t width = text_width(row.cells[k]);
            widths[k] = width > widths[k] ? width : widths[k];
        }
    }
    for (size_t i = 0; i < sheet->count; i++) {
        line(&sheet->outcomes[i], widths, style, out);
        note(sheet, i, style, out);
        warned = warnings(sheet, i, warned, style, out);
    }
    buf_printf(out, "%s\n", gate_summary(sheet, text, sizeof text));
}
