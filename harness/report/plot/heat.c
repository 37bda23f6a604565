#include "report/plot/heat.h"

#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/plot/field.h"
#include "report/plot/stretch.h"
#include "stat/hist_text.h"

#define ROWS_PER_DOUBLING 4
#define ROWS              ((size_t)ROWS_PER_DOUBLING * 43) /* an hour has 42 doublings of 1 ns */

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

static void add_stretch(const struct stretches *all, size_t i, const struct hist *h,
                        struct buf *out)
{
    double counts[ROWS] = {0};
    double requests = (double)(hist_count(h) + hist_over(h));
    count_rows(h, counts);
    for (size_t row = 0; row < ROWS; row++) {
        if (counts[row] == 0)
            continue;
        buf_printf(out, "%.9g", stretch_from_s(all, i));
        plot_number(out, stretch_to_s(all, i));
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
        stretch_latencies(arm, all, i, h);
        add_stretch(all, i, h, out);
    }
    hist_free(h);
}

void plot_heat(const struct arm *arm, struct buf *out)
{
    struct stretches all;
    size_t before = out->len;
    if (stretches_of(arm, stretch_has_latencies, HEAT_STRETCHES_MAX, &all))
        add_stretches(arm, &all, out);
    if (out->len == before)
        buf_puts(out, "NaN\tNaN\tNaN\tNaN\tNaN\tNaN\n");
}
