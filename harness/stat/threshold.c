#include "stat/threshold.h"

#include <math.h>
#include <string.h>

#define LAPSE 0.02

/* From a server whose limit is as sharp as a wall to one that fades over a third. */
static const double widths[THRESHOLD_WIDTHS] = {0.0025, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16};

/* The middles of places that are evenly spaced on a logarithmic scale. */
static double ln_place(const struct threshold *t, double i)
{
    return log(t->lo) + log(t->hi / t->lo) * (i + 0.5) / THRESHOLD_PLACES;
}

void threshold_init(struct threshold *t, double lo, double hi)
{
    memset(t, 0, sizeof *t);
    t->lo = lo;
    t->hi = hi;
}

void threshold_add(struct threshold *t, double x, bool yes)
{
    for (int w = 0; w < THRESHOLD_WIDTHS; w++) {
        for (int i = 0; i < THRESHOLD_PLACES; i++) {
            double above = (log(x) - ln_place(t, i)) / widths[w];
            double chance = LAPSE + (1 - 2 * LAPSE) / (1 + exp(above));
            t->log_chance[w][i] += log(yes ? chance : 1 - chance);
        }
    }
}

/* How likely each place is, whatever the width; the largest of all pairs is taken for 1. */
static double marginal(const struct threshold *t, double *chance)
{
    double most = -INFINITY;
    double sum = 0;
    for (int w = 0; w < THRESHOLD_WIDTHS; w++)
        for (int i = 0; i < THRESHOLD_PLACES; i++)
            most = fmax(most, t->log_chance[w][i]);
    for (int i = 0; i < THRESHOLD_PLACES; i++) {
        chance[i] = 0;
        for (int w = 0; w < THRESHOLD_WIDTHS; w++)
            chance[i] += exp(t->log_chance[w][i] - most);
        sum += chance[i];
    }
    return sum;
}

/* The place below which a share q of the chance lies; within a place it lies evenly. */
static double quantile(const struct threshold *t, const double *chance, double sum, double q)
{
    double below = 0;
    for (int i = 0; i < THRESHOLD_PLACES; i++) {
        if (below + chance[i] >= q * sum)
            return exp(ln_place(t, i - 0.5 + (q * sum - below) / chance[i]));
        below += chance[i];
    }
    return t->hi;
}

struct threshold_estimate threshold_estimate(const struct threshold *t)
{
    double chance[THRESHOLD_PLACES];
    double sum = marginal(t, chance);
    return (struct threshold_estimate){.median = quantile(t, chance, sum, 0.5),
                                       .lo = quantile(t, chance, sum, 0.05),
                                       .hi = quantile(t, chance, sum, 0.95)};
}
