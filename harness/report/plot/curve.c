#include "report/plot/curve.h"

#include "base/clock.h"
#include "report/spread.h"

#define DECADES_MAX 12 /* 1 - 1e-12 is still distinct in a double */
#define FEW         10 /* as in report/spread */

/* --- the pool --- */

#define PLOT_READER(name)                                                                          \
    static const struct hist *read_##name(const struct result *r)                                  \
    {                                                                                              \
        return r->name;                                                                            \
    }

PLOT_READER(latency)
PLOT_READER(unfinished)
PLOT_READER(probe)
PLOT_READER(probe_new)

static const struct hist *probe_ages(const struct result *r)
{
    struct probe_fate kept = probe_kept(&r->probe_counts);
    return probe_waiting(&kept, r->probe_unfinished);
}

static const struct hist *probe_new_ages(const struct result *r)
{
    return probe_waiting(&r->probe_counts.opened, r->probe_new_unfinished);
}

const struct plot_source plot_requests = {read_latency, read_unfinished};
const struct plot_source plot_probes = {read_probe, probe_ages};
const struct plot_source plot_new_probes = {read_probe_new, probe_new_ages};

bool plot_source_is_known(const struct arm *arm, const struct plot_source *source)
{
    struct plot_pool pool;
    plot_pool_init(&pool, arm, source);
    bool any = hist_max_ns(pool.finished) >= 0 || hist_max_ns(pool.unfinished) >= 0;
    plot_pool_fini(&pool);
    return any;
}

void plot_pool_init(struct plot_pool *pool, const struct arm *arm, const struct plot_source *source)
{
    *pool = (struct plot_pool){hist_new_latency(), hist_new_latency()};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct hist *finished = source->finished(&arm->results[i]);
        const struct hist *unfinished = source->unfinished(&arm->results[i]);
        if (finished != NULL)
            hist_merge(pool->finished, finished);
        if (unfinished != NULL)
            hist_merge(pool->unfinished, unfinished);
    }
}

void plot_pool_fini(struct plot_pool *pool)
{
    hist_free(pool->finished);
    hist_free(pool->unfinished);
    *pool = (struct plot_pool){0};
}

/* --- the rows --- */

/* Hundredths of 1/(1-percentile) within its decade: finer steps where the curve bends most. */
static int next_mantissa(int mantissa)
{
    int step = mantissa < 200 ? 5 : mantissa < 500 ? 10 : 20;
    return mantissa + step;
}

static void add_row(const struct spread *s, double inverse, struct buf *out)
{
    double samples = (double)spread_samples(s);
    double q = 1 - 1 / inverse;
    int64_t value_ns = hist_percentile_ns(s->hist, q);
    bool few = samples / inverse < FEW - 1e-6;
    bool over = hist_over(s->hist) > 0 && value_ns >= hist_max_ns(s->hist);
    buf_printf(out, "%.12g\t%.12g\t%.9g\t%d\t%d\n", q, inverse,
               (double)value_ns / (double)NS_PER_MS, few, over || value_ns >= s->bound_from_ns);
}

/* The highest of n samples is every percentile above 1 - 1/n: the curve ends at 2n. */
static void add_rows(const struct spread *s, struct buf *out)
{
    double end = 2 * (double)spread_samples(s);
    double scale = 1;
    for (int decade = 0; decade < DECADES_MAX; decade++, scale *= 10) {
        for (int mantissa = 100; mantissa < 1000; mantissa = next_mantissa(mantissa)) {
            double inverse = mantissa * scale / 100;
            if (inverse < end)
                add_row(s, inverse, out);
        }
    }
    if (end < 1e12)
        add_row(s, end, out);
}

static void add_curve(const struct spread *s, struct buf *out)
{
    if (s->hist == NULL || spread_samples(s) == 0)
        buf_puts(out, "NaN\tNaN\tNaN\tNaN\tNaN\n");
    else
        add_rows(s, out);
}

/* Empty where the unfinished ones make no difference. */
static void spread_unfinished(struct spread *s, const struct plot_pool *pool)
{
    struct result both;
    result_init(&both);
    both.latency = pool->finished;
    both.unfinished = pool->unfinished;
    spread_init(s, pool->finished);
    if (spread_samples(s) > 0)
        spread_init_unfinished(s, &both);
    else
        spread_init_all(s, pool->finished, pool->unfinished);
}

void plot_curve_completed(const struct plot_pool *pool, struct buf *out)
{
    struct spread s;
    spread_init(&s, pool->finished);
    add_curve(&s, out);
    spread_fini(&s);
}

void plot_curve_unfinished(const struct plot_pool *pool, struct buf *out)
{
    struct spread s;
    spread_unfinished(&s, pool);
    add_curve(&s, out);
    spread_fini(&s);
}

void plot_curve_whole(const struct plot_pool *pool, struct buf *out)
{
    struct spread s;
    spread_unfinished(&s, pool);
    if (spread_samples(&s) == 0) {
        spread_fini(&s);
        spread_init(&s, pool->finished);
    }
    add_curve(&s, out);
    spread_fini(&s);
}
