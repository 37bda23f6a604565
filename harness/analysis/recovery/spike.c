#include "analysis/recovery/spike.h"

#include <math.h>

#include "base/clock.h"

#define LOWER 1.1 /* times the plateau is the least peak */

/* A straight line. */
struct stretch {
    double from_s, to_s, from_rps, to_rps;
};

static size_t stretches_of(const struct plan_stages *stages, double first_rps,
                           struct stretch out[PLAN_STAGES_MAX])
{
    double at_s = 0;
    double rps = isnan(first_rps) ? 0 : first_rps;
    for (size_t i = 0; i < stages->count; i++) {
        const struct plan_stage *stage = &stages->items[i];
        double length_s = (double)stage->length_ns / (double)NS_PER_S;
        out[i] = (struct stretch){.from_s = at_s,
                                  .to_s = at_s + length_s,
                                  .from_rps = stage->is_step ? stage->to_rps : rps,
                                  .to_rps = stage->to_rps};
        at_s += length_s;
        rps = stage->to_rps;
    }
    return stages->count;
}

static double highest(const struct stretch *s)
{
    return fmax(s->from_rps, s->to_rps);
}

static bool rises(const struct stretch *s)
{
    return s->to_rps > s->from_rps;
}

static bool falls(const struct stretch *s)
{
    return s->to_rps < s->from_rps;
}

/* Where the rise to the peak begins. */
static double rise_s(const struct stretch *all, size_t count, double peak_rps)
{
    size_t at = 0;
    while (at < count && highest(&all[at]) < peak_rps)
        at++;
    while (at > 0 && rises(&all[at - 1]))
        at--;
    return all[at].from_s;
}

/* The first stretch after the last peak that does not fall. */
static size_t plateau_of(const struct stretch *all, size_t count, double peak_rps)
{
    size_t at = count;
    while (at > 0 && highest(&all[at - 1]) < peak_rps)
        at--;
    if (at > 0 && falls(&all[at - 1]))
        at--; /* it begins at the peak, and is the way down */
    while (at < count && falls(&all[at]))
        at++;
    return at;
}

bool spike_of(const struct plan_stages *stages, double first_rps, struct spike *out)
{
    struct stretch all[PLAN_STAGES_MAX];
    size_t count = stretches_of(stages, first_rps, all);
    *out = (struct spike){0};
    for (size_t i = 0; i < count; i++)
        out->peak_rps = fmax(out->peak_rps, highest(&all[i]));
    if (count == 0 || out->peak_rps <= 0)
        return false;
    size_t at = plateau_of(all, count, out->peak_rps);
    out->from_s = rise_s(all, count, out->peak_rps);
    if (at == count) { /* it falls to the end, or not at all */
        out->after_rps = all[count - 1].to_rps;
        out->to_s = out->end_s = all[count - 1].to_s;
        return out->peak_rps >= LOWER * out->after_rps;
    }
    out->after_rps = all[at].from_rps;
    out->to_s = out->end_s = all[at].from_s;
    for (; at < count && highest(&all[at]) <= LOWER * out->after_rps; at++)
        out->end_s = all[at].to_s;
    return out->peak_rps >= LOWER * out->after_rps;
}
