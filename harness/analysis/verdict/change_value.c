/* A change as a number, and in words. */
#include <math.h>
#include <stdio.h>

#include "analysis/verdict/change.h"

static double log_ratio(double x, double of)
{
    return x > 0 && of > 0 ? log(x) - log(of) : NAN;
}

double change_d(const struct change_gate *g, const struct change_bound *b, double reference,
                double x)
{
    double d = NAN;
    if (b->scale == CHANGE_RATIO)
        d = log_ratio(x, reference);
    else if (b->scale == CHANGE_ADDED)
        d = x - reference;
    else if (g->unit == METRIC_SHARE)
        d = x - b->limit;
    else
        d = log_ratio(x, b->limit);
    return g->higher_is_better ? -d : d;
}

/* Without a minus before what is shown as 0. */
static double no_minus_zero(double x, double smallest)
{
    return fabs(x) < smallest ? 0 : x;
}

static void format_ratio(double d, char *text, size_t size)
{
    double percent = 100 * expm1(d);
    if (fabs(percent) >= 99.95)
        (void)snprintf(text, size, "%+.0f%%", percent);
    else
        (void)snprintf(text, size, "%+.1f%%", no_minus_zero(percent, 0.05));
}

static void format_added(const struct change_gate *g, double d, char *text, size_t size)
{
    char amount[32];
    if (g->unit == METRIC_SHARE)
        (void)snprintf(text, size, "%+.2f points", no_minus_zero(100 * d, 0.005));
    else
        (void)snprintf(text, size, "%c%s", d < 0 ? '-' : '+',
                       metric_format(fabs(d), g->unit, amount, sizeof amount));
}

double change_shown(const struct change_gate *g, const struct change_bound *b, double d)
{
    double change = g->higher_is_better ? -d : d;
    switch (b->scale) {
    case CHANGE_RATIO:
        return expm1(change);
    case CHANGE_ADDED:
        return change;
    case CHANGE_ABSOLUTE:
        return g->unit == METRIC_SHARE ? b->limit + change : b->limit * exp(change);
    }
    return NAN;
}

char *change_format(const struct change_gate *g, double d, char *text, size_t size)
{
    const struct change_bound *b = &g->bounds[0];
    double change = g->higher_is_better ? -d : d;
    switch (b->scale) {
    case CHANGE_RATIO:
        format_ratio(change, text, size);
        break;
    case CHANGE_ADDED:
        format_added(g, change, text, size);
        break;
    case CHANGE_ABSOLUTE:
        (void)metric_format(change_shown(g, b, d), g->unit, text, size);
        break;
    }
    return text;
}
