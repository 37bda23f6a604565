#include "model/arm_queue.h"

#include <math.h>

#include "base/clock.h"

/* What was refused or lost was not accepted. */
static double accepted_per_second(const struct result *r)
{
    return r->duration_s > 0 ? (double)r->accounting.statuses[STATUS_ACCEPTED] / r->duration_s
                             : NAN;
}

static double number(const struct result *r, int64_t n)
{
    return r->has_queue && n != MISSING ? (double)n : NAN;
}

static double lost(const struct result *r)
{
    return number(r, queue_account_lost(&r->queue));
}

static double workers(const struct result *r)
{
    return number(r, r->queue.workers);
}

/* clang-format off */
const struct arm_figure queue_accepting = {"accepted_per_second", "rate of accepting", METRIC_NUMBER, NULL, accepted_per_second, NULL};
const struct arm_figure queue_accepted = {"accepted", "number of accepted jobs", METRIC_NUMBER, "accepted", NULL, NULL};
const struct arm_figure queue_done = {"jobs", "number of completed jobs", METRIC_NUMBER, "jobs", NULL, NULL};
const struct arm_figure queue_failed = {"jobs_failed", "number of failed jobs", METRIC_NUMBER, "jobs_failed", NULL, NULL};
const struct arm_figure queue_lost = {"jobs_lost", "number of lost jobs", METRIC_NUMBER, NULL, lost, NULL};
const struct arm_figure queue_workers = {"queue.workers", "number of workers", METRIC_NUMBER, NULL, workers, NULL};
const struct arm_figure queue_backlog = {"backlog", "backlog", METRIC_NUMBER, "backlog", NULL, NULL};
const struct arm_figure queue_drain = {"drain_time", "time to drain", METRIC_TIME, "drain_time", NULL, NULL};
/* clang-format on */

enum drain_how arm_drain_how(const struct arm *arm)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        if (arm->results[i].has_queue)
            return arm->results[i].queue.drain;
    }
    return DRAIN_UNKNOWN;
}

double arm_drain_ns(const struct arm *arm)
{
    double ns = arm_figure_value(arm, &queue_drain);
    double work = arm_figure_value(arm, arm_figure_find("work_per_second"));
    if (arm_drain_how(arm) != DRAIN_PROJECTED || !isfinite(ns) || isnan(work))
        return ns;
    return arm_figure_value(arm, &queue_backlog) / work * (double)NS_PER_S;
}
