#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/sweep/scaling.h"
#include "base/mem.h"
#include "base/units.h"
#include "report/sweep/report.h"
#include "report/table.h"
#include "report/text.h"

#define CELL 96

static void count_cell(struct table *t, const struct usl_value *v)
{
    char value[32];
    char lo[32];
    char hi[32];
    char cell[CELL + 8];
    (void)snprintf(
        cell, sizeof cell, "%s (%s to %s)", units_format_count(v->value, value, sizeof value),
        units_format_count(v->lo, lo, sizeof lo), units_format_count(v->hi, hi, sizeof hi));
    table_cell(t, cell);
}

/* "12", "0.31": two digits of a percentage. */
static char *percents(double share, char *text, size_t size)
{
    (void)snprintf(text, size, share >= 0.1 ? "%.0f" : "%.2g", 100 * share);
    return text;
}

static void share_cell(struct table *t, const struct usl_value *v)
{
    char value[32];
    char lo[32];
    char hi[32];
    char cell[CELL + 8];
    (void)snprintf(cell, sizeof cell, "%s%% (%s to %s)", percents(v->value, value, sizeof value),
                   percents(v->lo, lo, sizeof lo), percents(v->hi, hi, sizeof hi));
    table_cell(t, cell);
}

/* One that was not measured is not told: the curve is not known there. */
static void peak_cells(struct table *t, const struct usl_fit *fit, double largest)
{
    char at[CELL];
    char peak[32];
    bool is_beyond = fit->peak_n > largest;
    (void)snprintf(at, sizeof at, is_beyond ? "beyond %.4g" : "%.2g",
                   is_beyond ? largest : fit->peak_n);
    table_cell(t, at);
    table_cell(t, is_beyond ? "-" : units_format_count(fit->peak_x, peak, sizeof peak));
}

static void arm_row(struct table *t, const char *arm, const struct usl_fit *fit, double largest)
{
    table_cell(t, arm);
    count_cell(t, &fit->lambda);
    share_cell(t, &fit->contention);
    share_cell(t, &fit->coherency);
    peak_cells(t, fit, largest);
}

static void fits_table(const struct sweep *s, const struct usl_fit *fits,
                       const struct report_style *style, struct buf *out)
{
    static const char *const heads[] = {"arm",       "at 1 (95 %)", "contention",
                                        "coherency", "peak at",     "peak"};
    double *values = NULL;
    size_t nvalues = sweep_values(s, 0, &values);
    struct table t;
    table_init(&t, LEN(heads));
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(&t, heads[i]);
    for (size_t i = 0; i < s->narms; i++) {
        if (fits[i].reason == USL_FITS)
            arm_row(&t, s->arms[i], &fits[i], values[nvalues - 1]);
    }
    text_paint(out, style, PAINT_BOLD, "scaling");
    buf_puts(out, ", work/s by the scalability law\n");
    table_write(&t, style, out);
    buf_puts(out, "\n");
    table_fini(&t);
    free(values);
}

static void add_reason(const char *arm, enum usl_reason reason, const struct report_style *style,
                       struct buf *out)
{
    char *text =
        mem_printf("the scalability law does not fit %s: %s", arm, usl_reason_texts[reason]);
    text_entry(out, style, PAINT_PLAIN, "scaling", text);
    free(text);
}

void report_sweep_scaling(const struct sweep *s, const struct report_style *style, struct buf *out)
{
    struct usl_fit *fits = mem_array(s->narms, sizeof *fits);
    bool any = false;
    for (size_t i = 0; i < s->narms; i++) {
        scaling_fit(s, i, &fits[i]);
        any |= fits[i].reason == USL_FITS;
    }
    if (any)
        fits_table(s, fits, style, out);
    for (size_t i = 0; i < s->narms; i++) {
        if (fits[i].reason != USL_FITS && fits[i].reason != USL_TOO_FEW)
            add_reason(s->arms[i], fits[i].reason, style, out);
    }
    free(fits);
}
