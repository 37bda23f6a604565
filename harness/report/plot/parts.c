#include "report/plot/parts.h"

#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/arm_figure.h"
#include "report/plot/curve.h"
#include "report/plot/field.h"
#include "report/spread.h"
#include "stat/hist.h"

static const struct hist *hist_of(const struct result *r, enum part part, bool of_jobs)
{
    switch (part) {
    case PART_WAIT:
        return r->wait;
    case PART_WORK:
        return r->work;
    default:
        return of_jobs ? r->job : r->latency;
    }
}

static double in_ms(double ns)
{
    return ns >= 0 ? ns / (double)NS_PER_MS : NAN;
}

static struct hist *merged(const struct arm *arm, enum part part, bool of_jobs)
{
    struct hist *all = hist_new_latency();
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct hist *h = hist_of(&arm->results[i], part, of_jobs);
        if (h != NULL)
            hist_merge(all, h);
    }
    return all;
}

/* Takes `finished`. With the unfinished requests at their age, where the table counts them. */
static struct hist *whole_of(const struct arm *arm, struct hist *finished, bool *is_bound)
{
    struct spread s;
    struct result both;
    struct plot_pool pool;
    plot_pool_init(&pool, arm, &plot_requests);
    result_init(&both);
    both.latency = finished;
    both.unfinished = pool.unfinished;
    spread_init_unfinished(&s, &both);
    *is_bound = spread_samples(&s) > 0;
    struct hist *whole = hist_copy(*is_bound ? s.hist : finished);
    spread_fini(&s);
    plot_pool_fini(&pool);
    hist_free(finished);
    return whole;
}

static void measure(const struct arm *arm, enum part part, struct plot_parts *out)
{
    struct hist *all = merged(arm, part, out->of_jobs);
    if (part == PART_ALL && !out->of_jobs)
        all = whole_of(arm, all, &out->is_bound);
    out->mean_ms[part] = in_ms(hist_mean_ns(all));
    out->p50_ms[part] = in_ms((double)hist_percentile_ns(all, 0.5));
    out->p90_ms[part] = in_ms((double)hist_percentile_ns(all, 0.9));
    out->p99_ms[part] = in_ms((double)hist_percentile_ns(all, 0.99));
    hist_free(all);
}

struct plot_parts plot_parts_of(const struct arm *arm)
{
    struct plot_parts parts = {.of_jobs = arm_answers_early(arm)};
    for (enum part part = 0; part < PART_COUNT; part++)
        measure(arm, part, &parts);
    return parts;
}

bool plot_parts_are_known(const struct plot_parts *parts)
{
    return !isnan(parts->mean_ms[PART_ALL]) && !isnan(parts->mean_ms[PART_WORK]);
}

void plot_parts_head(struct buf *out)
{
    static const char *const figures[] = {"mean", "p50", "p90", "p99"};
    static const char *const names[PART_COUNT] = {"latency", "wait", "work"};
    for (size_t i = 0; i < LEN(figures); i++) {
        for (size_t part = 0; part < PART_COUNT; part++)
            buf_printf(out, "\t\"%s_%s_ms\"", names[part], figures[i]);
    }
    buf_puts(out, "\t\"jobs\"\t\"bound\"");
}

void plot_parts_row(const struct plot_parts *parts, struct buf *out)
{
    const double *const figures[] = {parts->mean_ms, parts->p50_ms, parts->p90_ms, parts->p99_ms};
    for (size_t i = 0; i < LEN(figures); i++) {
        for (size_t part = 0; part < PART_COUNT; part++)
            plot_number(out, figures[i][part]);
    }
    buf_printf(out, "\t%d\t%d", parts->of_jobs, parts->is_bound);
}
