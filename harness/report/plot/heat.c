#include "report/plot/heat.h"

#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/plot/field.h"
#include "stat/hist_text.h"

#define ROWS_PER_DOUBLING 4
#define ROWS              ((size_t)ROWS_PER_DOUBLING * 43) /* an hour has 42 doublings of 1 ns */

/* The stretches of an arm. */
struct stretches {
    const struct result *longest; /* of its rounds: it has the times */
    size_t entries;               /* of series in each; whole intervals in every round */
    size_t count;
};

static bool has_latencies(const struct result *r)
{
    return r->series_latency != NULL && r->series_latency->count > 0;
}

bool plot_heat_is_known(const struct arm *arm)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        if (has_latencies(&arm->results[i]))
            return true;
    }
    return false;
}

/* False when no round has latencies over time. */
static bool stretches_of(const struct arm *arm, struct stretches *out)
{
    size_t step = 1;
    *out = (struct stretches){0};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        if (!has_latencies(r))
            continue;
        step = r->series_latency->step > step ? r->series_latency->step : step;
        if (out->longest == NULL || r->nseconds > out->longest->nseconds)
            out->longest = r;
    }
    if (out->longest == NULL)
        return false;
    size_t n = out->longest->nseconds;
    size_t intervals = (n - 1) / step + 1;
    out->entries = step * ((intervals - 1) / HEAT_STRETCHES_MAX + 1);
    out->count = (n - 1) / out->entries + 1;
    return true;
}

static size_t row_of(double ns)
{
    double row = ns > 1 ? floor(log2(ns) * ROWS_PER_DOUBLING) : 0;
    return row < ROWS ? (size_t)row : ROWS - 1;
}

static double row_ms(size_t row)
{
    return exp2((double)row / ROWS_PER_DOUBLING) / (double)NS_PER_MS;
}

static void count_rows(const struct hist *h, double counts[ROWS])
{
    struct hist_bucket b;
    for (size_t at = 0; hist_next(h, &at, &b);)
        counts[row_of(((double)b.low_ns + (double)b.high_ns) / 2)] += (double)b.count;
    counts[row_of((double)HIST_MAX_NS)] += (double)hist_over(h);
}

/* When so many entries of the series have ended. A document need not say it: then as if they were
 * seconds. */
static double end_s(const struct result *r, size_t entries)
{
    size_t last = entries < r->nseconds ? entries : r->nseconds;
    double at_s = last == 0 ? 0 : r->seconds[last - 1].at_s;
    return isnan(at_s) ? (double)last : at_s;
}

static void add_stretch(const struct stretches *all, size_t i, const struct hist *h,
                        struct buf *out)
{
    double counts[ROWS] = {0};
    double requests = (double)(hist_count(h) + hist_over(h));
    count_rows(h, counts);
    for (size_t row = 0; row < ROWS; row++) {
        if (counts[row] == 0)
            continue;
        buf_printf(out, "%.9g", end_s(all->longest, i * all->entries));
        plot_number(out, end_s(all->longest, (i + 1) * all->entries));
        plot_number(out, row_ms(row));
        plot_number(out, row_ms(row + 1));
        buf_printf(out, "\t%.0f", counts[row]);
        plot_number(out, counts[row] / requests);
        buf_puts(out, "\n");
    }
}

static void add_stretches(const struct arm *arm, const struct stretches *all, struct buf *out)
{
    struct hist *h = hist_text_new();
    for (size_t i = 0; i < all->count; i++) {
        hist_reset(h);
        for (size_t k = 0; k < arm->nresults; k++) {
            const struct hist_series *s = arm->results[k].series_latency;
            if (!has_latencies(&arm->results[k]))
                continue;
            size_t intervals = all->entries / s->step;
            hist_series_sum(s, i * intervals, intervals, h);
        }
        add_stretch(all, i, h, out);
    }
    hist_free(h);
}

void plot_heat(const struct arm *arm, struct buf *out)
{
    struct stretches all;
    size_t before = out->len;
    if (stretches_of(arm, &all))
        add_stretches(arm, &all, out);
    if (out->len == before)
        buf_puts(out, "NaN\tNaN\tNaN\tNaN\tNaN\tNaN\n");
}
