/* The rows of a diff, and how much each of them changed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/diff/diff_internal.h"
#include "base/mem.h"

/* When a row is shown. */
enum row_needs {
    NEEDS_EITHER,
    NEEDS_BOTH,
    NEEDS_SOME,  /* either side is not 0 */
    NEEDS_OTHER, /* either side has done another amount of work than it answered */
};

struct row {
    const char *shared; /* its key in arm_figures; NULL: it is `own` */
    struct arm_figure own;
    enum row_needs needs;
};

/* clang-format off */
static const struct row rows[] = {
    {.shared = "requests_per_second"},
    {.shared = "work_per_second", .needs = NEEDS_OTHER},
    {.own = {.key = "mean", .title = "mean", .unit = METRIC_TIME, .metric = "mean"}},
    {.shared = "p50"},
    {.own = {.key = "p75", .title = "p75", .unit = METRIC_TIME, .metric = "p75"}},
    {.own = {.key = "p90", .title = "p90", .unit = METRIC_TIME, .metric = "p90"}},
    {.shared = "p99"},
    {.own = {.key = "p99.9", .title = "p99.9", .unit = METRIC_TIME, .metric = "p99.9"}},
    {.own = {.key = "max", .title = "max", .unit = METRIC_TIME, .metric = "max"}},
    {.own = {.key = "errors", .title = "errors", .unit = METRIC_SHARE, .metric = "errors"}},
    {.own = {.key = "non2xx", .title = "non-2xx", .unit = METRIC_SHARE, .metric = "non2xx"}, .needs = NEEDS_SOME},
    {.own = {.key = "mismatches", .title = "mismatches", .unit = METRIC_SHARE, .metric = "mismatches"}, .needs = NEEDS_SOME},
    {.shared = "cpu_per_request"},
    {.shared = "cpu_per_work", .needs = NEEDS_OTHER},
    {.shared = "rss_peak"},
    {.shared = "threads_peak"},
    {.own = {.key = "job_p50", .title = "job p50", .unit = METRIC_TIME, .metric = "job.p50"}, .needs = NEEDS_BOTH},
    {.own = {.key = "job_p99", .title = "job p99", .unit = METRIC_TIME, .metric = "job.p99"}, .needs = NEEDS_BOTH},
    {.own = {.key = "jobs_left", .title = "jobs left", .unit = METRIC_COUNT, .metric = "backlog_left"}, .needs = NEEDS_BOTH},
    {.own = {.key = "drain_time", .title = "drain time", .unit = METRIC_TIME, .metric = "drain_time"}, .needs = NEEDS_BOTH},
    {.own = {.key = "probe_p50", .title = "probe p50", .unit = METRIC_TIME, .metric = "probe.p50"}, .needs = NEEDS_BOTH},
    {.shared = "probe_p99", .needs = NEEDS_BOTH},
    {.own = {.key = "probe_errors", .title = "probe errors", .unit = METRIC_SHARE, .metric = "probe_errors"}, .needs = NEEDS_BOTH},
};
/* clang-format on */

static const struct arm_figure *figure_of(const struct row *row)
{
    return row->shared != NULL ? arm_figure_find(row->shared) : &row->own;
}

/* Replies that are no work, and work that was done later than it was answered. */
static bool does_other_work(const struct arm *arm)
{
    double work = arm_figure_value(arm, arm_figure_find("work_per_second"));
    return !isnan(work) && work != arm_figure_value(arm, arm_figure_find("requests_per_second"));
}

static bool is_shown(const struct row *row, const struct diff_change *c, bool other_work)
{
    double before = c->old_sum.median;
    double after = c->new_sum.median;
    switch (row->needs) {
    case NEEDS_BOTH:
        return !isnan(before) && !isnan(after);
    case NEEDS_SOME:
        return before > 0 || after > 0;
    case NEEDS_OTHER:
        return other_work && !(isnan(before) && isnan(after));
    case NEEDS_EITHER:
        break;
    }
    return !isnan(before) || !isnan(after);
}

/* A ratio to 0 is none, unless nothing changed; what will never end has no ratio either. */
static double change_between(double before, double after, enum metric_unit unit)
{
    if (unit == METRIC_SHARE)
        return after - before;
    if (before == after && isfinite(before))
        return 0;
    return before > 0 && isfinite(before) && isfinite(after) ? after / before - 1 : NAN;
}

static struct diff_change change_of(const struct arm *old, const struct arm *new,
                                    const struct arm_figure *figure)
{
    struct diff_change c = {.figure = figure,
                            .old_sum = arm_figure_summary(old, figure),
                            .new_sum = arm_figure_summary(new, figure)};
    c.change = change_between(c.old_sum.median, c.new_sum.median, figure->unit);
    c.known =
        isnan(c.change) ? SHIFT_UNKNOWN : shift_known_of(c.old_sum.is_bound, c.new_sum.is_bound);
    if (c.known == SHIFT_UNKNOWN)
        c.change = NAN;
    c.is_few = c.old_sum.is_few || c.new_sum.is_few;
    return c;
}

static size_t rounds_of(const struct arm *arm)
{
    size_t undisturbed = arm_undisturbed(arm);
    return undisturbed > 0 ? undisturbed : arm->nresults;
}

void diff_figures(const struct arm *old, const struct arm *new, struct diff_arm *out)
{
    bool other_work = does_other_work(old) || does_other_work(new);
    out->old_rounds = rounds_of(old);
    out->new_rounds = rounds_of(new);
    out->changes = mem_array(LEN(rows), sizeof *out->changes);
    for (size_t i = 0; i < LEN(rows); i++) {
        struct diff_change c = change_of(old, new, figure_of(&rows[i]));
        if (is_shown(&rows[i], &c, other_work))
            out->changes[out->nchanges++] = c;
    }
}

/* --- the curve --- */

void diff_curve(const struct arm *old, const struct arm *new, struct shift_curve *out)
{
    double q[SHIFT_POINTS_MAX];
    struct arm_summary before[SHIFT_POINTS_MAX];
    struct arm_summary after[SHIFT_POINTS_MAX];
    size_t count = shift_quantiles(q);
    arm_latency_summaries(old, q, count, before);
    arm_latency_summaries(new, q, count, after);
    out->points = mem_array(count, sizeof *out->points);
    for (size_t i = 0; i < count; i++) {
        double change = change_between(before[i].median, after[i].median, METRIC_TIME);
        if (isnan(change) || before[i].is_few || after[i].is_few)
            continue;
        enum shift_known known = shift_known_of(before[i].is_bound, after[i].is_bound);
        out->points[out->count++] =
            (struct shift_point){.q = q[i],
                                 .ratio = known == SHIFT_UNKNOWN ? NAN : 1 + change,
                                 .low = NAN,
                                 .high = NAN,
                                 .known = known};
    }
}
