#include "report/selftest/report.h"

#include <math.h>
#include <stdio.h>

#include "report/table.h"
#include "report/text.h"

#define COLUMNS 6
#define DIGITS  7 /* of a rate, whose error is in the fifth */

static const char *mark(enum selftest_verdict verdict)
{
    static const char *const marks[SELFTEST_VERDICTS] = {[SELFTEST_STATED] = "",
                                                         [SELFTEST_HOLDS] = "ok",
                                                         [SELFTEST_BEYOND] = "BEYOND",
                                                         [SELFTEST_UNKNOWN] = "?"};
    return marks[verdict];
}

/* Without its sign: the text of a negative time would have no unit that fits. */
static void format(double value, enum metric_unit unit, char *text, size_t size)
{
    if (unit == METRIC_NUMBER)
        (void)metric_format_exact(value, unit, DIGITS, text, size);
    else
        (void)text_figure(value, unit, text, size);
}

static void cell(struct table *t, const char *before, double value, enum metric_unit unit)
{
    char figure[32];
    char text[48];
    if (isnan(value)) {
        table_cell(t, "");
        return;
    }
    format(fabs(value), unit, figure, sizeof figure);
    (void)snprintf(text, sizeof text, "%s%s", before, figure);
    table_cell(t, text);
}

static void error_cell(struct table *t, const struct selftest_figure *f)
{
    double error = selftest_error(f);
    double settled = f->unit == METRIC_NUMBER ? round(error * 1e6) / 1e6 : error;
    cell(t, settled > 0 ? "+" : settled < 0 ? "-" : "", settled, f->unit);
}

static void limit_cell(struct table *t, const struct selftest_figure *f)
{
    if (f->limit == 0)
        table_cell(t, "exact");
    else
        cell(t, "", f->unit == METRIC_NUMBER ? round(f->limit * 1e6) / 1e6 : f->limit, f->unit);
}

static void rows(const struct selftest *s, const struct report_style *style, struct buf *out)
{
    static const char *const heads[COLUMNS] = {"figure", "truth", "measured",
                                               "error",  "limit", "verdict"};
    struct table t;
    table_init(&t, COLUMNS);
    for (size_t i = 0; i < COLUMNS; i++)
        table_cell(&t, heads[i]);
    for (size_t i = 0; i < s->nfigures; i++) {
        const struct selftest_figure *f = &s->figures[i];
        table_cell(&t, f->text);
        cell(&t, "", f->truth, f->unit);
        cell(&t, "", f->measured, f->unit);
        error_cell(&t, f);
        limit_cell(&t, f);
        table_cell(&t, mark(selftest_judge(f)));
    }
    table_write(&t, style, out);
    table_fini(&t);
}

void report_selftest(const struct selftest *s, const struct report_style *style, struct buf *out)
{
    size_t beyond = selftest_count(s, SELFTEST_BEYOND);
    size_t unknown = selftest_count(s, SELFTEST_UNKNOWN);
    size_t judged = beyond + unknown + selftest_count(s, SELFTEST_HOLDS);
    const char *meaning = selftest_meaning(s);
    rows(s, style, out);
    buf_printf(out, "\n%zu of %zu figures are within their limits", judged - beyond - unknown,
               judged);
    if (unknown > 0)
        buf_printf(out, ", %zu could not be measured", unknown);
    buf_puts(out, "\n");
    if (meaning != NULL)
        text_entry(out, style, PAINT_YELLOW, "meaning", meaning);
}
