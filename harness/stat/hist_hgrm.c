#include "stat/hist_hgrm.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define TICKS 5 /* rows for each halving of the distance to 100 % */

/* Where the rows are in the buckets: it only goes up. */
struct walk {
    const struct hist *h;
    uint64_t n, passed;
    size_t at;
    struct hist_bucket bucket;
};

static void walk_to(struct walk *w, uint64_t rank)
{
    while (w->passed < rank && hist_next(w->h, &w->at, &w->bucket))
        w->passed += w->bucket.count;
    if (w->passed < rank) { /* above the maximum */
        w->bucket.high_ns = hist_max_ns(w->h);
        w->passed = w->n;
    }
}

static double ms(double ns)
{
    return ns / (double)NS_PER_MS;
}

/* The percentile as it is written, so that its value is exactly that of what stands there. */
static double as_written(double q)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%.12f", q);
    return strtod(text, NULL);
}

static double next_percentile(double q)
{
    double half = exp2(floor(log2(1 / (1 - q))) + 1);
    return q + 1 / (TICKS * half);
}

static void add_row(const struct walk *w, double q, int64_t value_ns, struct buf *out)
{
    buf_printf(out, "%12.6f %2.12f %10" PRIu64 " %14.2f\n", ms((double)value_ns), q, w->passed,
               1 / (1 - q));
}

static void add_rows(struct walk *w, struct buf *out)
{
    for (double q = 0; w->passed < w->n; q = next_percentile(q)) {
        double written = as_written(q);
        if (!(written < 1))
            break;
        walk_to(w, hist_rank_of(written, w->n));
        add_row(w, written, q > 0 ? w->bucket.high_ns : hist_min_ns(w->h), out);
    }
    buf_printf(out, "%12.6f %2.12f %10" PRIu64 "\n", ms((double)hist_max_ns(w->h)), 1.0, w->n);
}

static uint64_t sub_buckets(const struct hist *h)
{
    uint64_t count = 1;
    while ((double)count < 2 * pow(10, hist_digits(h)))
        count *= 2;
    return count;
}

static int buckets(const struct hist *h)
{
    int count = 1;
    for (int64_t rest = hist_max_trackable_ns(h) / (int64_t)sub_buckets(h); rest > 0; rest /= 2)
        count++;
    return count;
}

static double or_zero(double x)
{
    return isfinite(x) ? x : 0;
}

void hist_hgrm_write(const struct hist *h, struct buf *out)
{
    struct walk w = {.h = h, .n = hist_count(h) + hist_over(h)};
    int64_t max_ns = hist_max_ns(h);
    buf_printf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
               "1/(1-Percentile)");
    if (w.n > 0)
        add_rows(&w, out);
    buf_printf(out, "#[Mean    = %12.6f, StdDeviation   = %12.6f]\n", or_zero(ms(hist_mean_ns(h))),
               or_zero(ms(hist_stddev_ns(h))));
    buf_printf(out, "#[Max     = %12.6f, Total count    = %12" PRIu64 "]\n",
               max_ns < 0 ? 0 : ms((double)max_ns), w.n);
    buf_printf(out, "#[Buckets = %12d, SubBuckets     = %12" PRIu64 "]\n", buckets(h),
               sub_buckets(h));
}
