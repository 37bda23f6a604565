#include "analysis/verdict/latency_shift.h"

#include <math.h>

#include "base/mem.h"
#include "model/metric.h"
#include "stat/signed_rank.h"
#include "stat/walsh.h"

#define ALPHA 0.025 /* on each side */

/* NAN when it is not known well enough. */
static double latency_at(const struct result *r, double q)
{
    const struct metric m = {
        .name = "latency", .hist = &metric_hists[0], .q = q, .of_slices = true};
    struct metric_value v = metric_measure(&m, METRIC_TIME, r);
    return v.samples >= v.needed && v.low == v.high && v.low > 0 ? v.low : NAN;
}

/* The log ratios of all valid blocks; -1: one does not know it. */
static int differences(const struct session *s, double q, double d[SESSION_BLOCKS_MAX])
{
    int count = 0;
    for (size_t i = 0; i < s->nblocks; i++) {
        const struct session_block *block = &s->blocks[i];
        if (!block->is_valid)
            continue;
        double log_ratio = log(latency_at(&block->sides[1].result, q)) -
                           log(latency_at(&block->sides[0].result, q));
        if (!isfinite(log_ratio))
            return -1;
        d[count++] = log_ratio;
    }
    return count;
}

static bool point_at(const struct session *s, double q, struct shift_point *out, double *level)
{
    double d[SESSION_BLOCKS_MAX];
    struct walsh_interval interval;
    int count = differences(s, q, d);
    int critical = count > 1 ? signed_rank_critical(count, ALPHA) : 0;
    if (count < 1)
        return false;
    if (walsh_interval(d, count, critical < 0 ? 0 : critical, &interval) < 0)
        return false;
    *out = (struct shift_point){.q = q, .ratio = exp(interval.estimate), .low = NAN, .high = NAN};
    if (count < 2)
        return true;
    out->low = exp(interval.lo);
    out->high = exp(interval.hi);
    *level = interval.level;
    return true;
}

void latency_shift(const struct session *s, struct shift_curve *out, double *out_level)
{
    double q[SHIFT_POINTS_MAX];
    size_t count = shift_quantiles(q);
    *out_level = NAN;
    *out = (struct shift_curve){.name = mem_strdup(s->arms[1].name)};
    out->points = mem_array(count, sizeof *out->points);
    for (size_t i = 0; i < count; i++)
        out->count += point_at(s, q[i], &out->points[out->count], out_level);
}
