#include "report/plot/parts.h"

#include <math.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/arm_figure.h"
#include "report/plot/field.h"
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

static void measure(const struct arm *arm, enum part part, struct plot_parts *out)
{
    struct hist *all = hist_new_latency();
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct hist *h = hist_of(&arm->results[i], part, out->of_jobs);
        if (h != NULL)
            hist_merge(all, h);
    }
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
    return !isnan(parts->mean_ms[PART_WHOLE]) && !isnan(parts->mean_ms[PART_WORK]);
}

void plot_parts_head(struct buf *out)
{
    static const char *const figures[] = {"mean", "p50", "p90", "p99"};
    static const char *const names[PART_COUNT] = {"latency", "wait", "work"};
    for (size_t i = 0; i < LEN(figures); i++) {
        for (size_t part = 0; part < PART_COUNT; part++)
            buf_printf(out, "\t\"%s_%s_ms\"", names[part], figures[i]);
    }
    buf_puts(out, "\t\"jobs\"");
}

void plot_parts_row(const struct plot_parts *parts, struct buf *out)
{
    const double *const figures[] = {parts->mean_ms, parts->p50_ms, parts->p90_ms, parts->p99_ms};
    for (size_t i = 0; i < LEN(figures); i++) {
        for (size_t part = 0; part < PART_COUNT; part++)
            plot_number(out, figures[i][part]);
    }
    buf_printf(out, "\t%d", parts->of_jobs);
}
