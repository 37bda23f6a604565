#include "analysis/sentence.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/units.h"

#define FIGURE_MAX     0x1p53
#define STATUSES_NAMED 4

void sentence_begin(struct sentence *s, const char *code)
{
    s->finding = (struct finding){.code = mem_strdup(code)};
    buf_init(&s->text, BUF_TEXT_MAX);
}

void sentence_end(struct sentence *s, struct comparison *c)
{
    buf_puts(&s->text, ".");
    s->finding.text = buf_take(&s->text);
    buf_fini(&s->text);
    comparison_add_finding(c, &s->finding);
}

void sentence_end_claim(struct sentence *s, struct claim *claim)
{
    buf_puts(&s->text, ".");
    claim->code = s->finding.code;
    claim->reason = buf_take(&s->text);
    claim->figures = s->finding.figures;
    claim->nfigures = s->finding.nfigures;
    buf_fini(&s->text);
}

char *sentence_take(struct sentence *s)
{
    return buf_take(&s->text);
}

void sentence_drop(struct sentence *s)
{
    finding_fini(&s->finding);
    buf_fini(&s->text);
}

void sentence_add(struct sentence *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vprintf(&s->text, format, args);
    va_end(args);
}

void sentence_value(struct sentence *s, double value, enum metric_unit unit)
{
    char text[40];
    buf_puts(&s->text, metric_format(value, unit, text, sizeof text));
}

void sentence_long(struct sentence *s, double ns)
{
    char text[32];
    sentence_add(s, "%s", units_format_long(ns, text, sizeof text));
}

/* Rates get "/s". */
static void add_value(struct sentence *s, double value, const struct arm_figure *figure)
{
    sentence_value(s, value, figure->unit);
    if (str_ends(figure->key, "_per_second"))
        buf_puts(&s->text, "/s");
}

void sentence_figure(struct sentence *s, const struct arm *arm, const struct arm_figure *figure)
{
    struct arm_summary sum = arm_figure_summary(arm, figure);
    if (sum.is_bound)
        buf_puts(&s->text, "at least ");
    add_value(s, sum.median, figure);
    sentence_cite(s, arm, figure->key, sum.median);
}

void sentence_range(struct sentence *s, const struct arm *arm, const struct arm_figure *figure)
{
    struct arm_summary sum = arm_figure_summary(arm, figure);
    char low[40];
    char high[40];
    (void)metric_format(sum.low, figure->unit, low, sizeof low);
    (void)metric_format(sum.high, figure->unit, high, sizeof high);
    if (!(sum.low < sum.high) || strcmp(low, high) == 0)
        return;
    buf_puts(&s->text, " (from ");
    add_value(s, sum.low, figure);
    buf_puts(&s->text, " to ");
    add_value(s, sum.high, figure);
    buf_puts(&s->text, ")");
}

/* Rounded to nine digits, so that a figure recomputed from a stored document (15 digits) is equal.
 * A value that a document cannot hold becomes NAN. */
static double settled(double value)
{
    char text[40];
    if (fabs(value) > FIGURE_MAX)
        return NAN;
    (void)snprintf(text, sizeof text, "%.9g", value);
    return strtod(text, NULL);
}

void sentence_cite(struct sentence *s, const struct arm *arm, const char *metric, double value)
{
    struct finding *f = &s->finding;
    for (size_t i = 0; i < f->nfigures; i++) {
        bool same_arm =
            arm != NULL && f->figures[i].arm != NULL && strcmp(f->figures[i].arm, arm->name) == 0;
        if (same_arm && strcmp(f->figures[i].metric, metric) == 0)
            return;
    }
    f->figures = mem_grow(f->figures, f->nfigures + 1, sizeof *f->figures);
    f->figures[f->nfigures++] = (struct figure){
        .arm = mem_strdup_or_null(arm == NULL ? NULL : arm->name),
        .metric = mem_strdup(metric),
        .value = settled(value),
    };
}

void sentence_failed_probes(struct sentence *s, const struct arm *arm)
{
    struct probe_fate all = arm_probes(arm);
    size_t named = 0;
    sentence_add(s, "%" PRId64 " of %" PRId64 " probes failed", probe_fate_failed(&all), all.due);
    for (int status = 0; status < 1000 && named < STATUSES_NAMED; status++) {
        int64_t count = arm_probe_statuses(arm, status);
        if (count > 0)
            sentence_add(s, "%s%" PRId64 " x %03d", named++ == 0 ? " (" : ", ", count, status);
    }
    if (named > 0)
        sentence_add(s, ")");
    sentence_cite(s, arm, "probes_failed", (double)probe_fate_failed(&all));
}

void arm_set_add(struct arm_set *set, const struct arm *arm)
{
    /* NOLINTNEXTLINE(bugprone-sizeof-expression): pointers are what it holds */
    set->items = mem_grow(set->items, set->count + 1, sizeof *set->items);
    set->items[set->count++] = arm;
}

void arm_set_fini(struct arm_set *set)
{
    free(set->items);
    *set = (struct arm_set){0};
}

bool arm_set_has(const struct arm_set *set, const struct arm *arm)
{
    for (size_t i = 0; i < set->count; i++) {
        if (set->items[i] == arm)
            return true;
    }
    return false;
}

void sentence_arms(struct sentence *s, const struct arm_set *set, const char *last)
{
    for (size_t i = 0; i < set->count; i++) {
        if (i > 0 && i + 1 == set->count)
            sentence_add(s, " %s ", last);
        else if (i > 0)
            buf_puts(&s->text, ", ");
        buf_puts(&s->text, set->items[i]->name);
    }
}
