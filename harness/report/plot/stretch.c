#include "report/plot/stretch.h"

#include <math.h>
#include <stdint.h>

#include "stat/hist_text.h"

bool stretch_has_series(const struct result *r)
{
    return r->nseconds > 0;
}

bool stretch_has_latencies(const struct result *r)
{
    return r->series_latency != NULL && r->series_latency->count > 0 && r->nseconds > 0;
}

/* When so many entries of the series have ended. A document need not say it: then as if they were
 * seconds. */
static double end_s(const struct result *r, size_t entries)
{
    size_t last = entries < r->nseconds ? entries : r->nseconds;
    double at_s = last == 0 ? 0 : r->seconds[last - 1].at_s;
    return isnan(at_s) ? (double)last : at_s;
}

static double length_s(const struct stretches *all, size_t i)
{
    return stretch_to_s(all, i) - stretch_from_s(all, i);
}

bool stretches_of(const struct arm *arm, stretch_counts_fn counts, size_t most,
                  struct stretches *out)
{
    *out = (struct stretches){.step = 1};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        if (!counts(r))
            continue;
        if (stretch_has_latencies(r) && r->series_latency->step > out->step)
            out->step = r->series_latency->step;
        if (out->longest == NULL || r->nseconds > out->longest->nseconds)
            out->longest = r;
    }
    if (out->longest == NULL)
        return false;
    size_t n = out->longest->nseconds;
    size_t intervals = (n - 1) / out->step + 1;
    out->entries = out->step * ((intervals - 1) / most + 1);
    out->count = (n - 1) / out->entries + 1;
    if (out->count > 1 && length_s(out, out->count - 1) < length_s(out, 0) / 2)
        out->count--;
    return true;
}

size_t stretch_first(const struct stretches *all, size_t i)
{
    return i * all->entries;
}

size_t stretch_end(const struct stretches *all, size_t i)
{
    return i + 1 == all->count ? all->longest->nseconds : (i + 1) * all->entries;
}

double stretch_from_s(const struct stretches *all, size_t i)
{
    return end_s(all->longest, stretch_first(all, i));
}

double stretch_to_s(const struct stretches *all, size_t i)
{
    return end_s(all->longest, stretch_end(all, i));
}

void stretch_latencies(const struct arm *arm, const struct stretches *all, size_t i,
                       struct hist *into)
{
    bool is_last = i + 1 == all->count;
    for (size_t k = 0; k < arm->nresults; k++) {
        const struct hist_series *s = arm->results[k].series_latency;
        if (!stretch_has_latencies(&arm->results[k]))
            continue;
        size_t first = stretch_first(all, i) / s->step;
        size_t count = is_last ? s->count : all->entries / s->step;
        if (first < s->count)
            hist_series_sum(s, first, count, into);
    }
}
