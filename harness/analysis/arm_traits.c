#include "analysis/arm_traits.h"

#include <math.h>

#include "analysis/warnings.h"
#include "base/clock.h"

/* --- whether its results can be used --- */

const char *arm_why_unsound(const struct arm *arm)
{
    bool interrupted = false;
    bool bailed_out = false;
    if (arm->nresults == 0)
        return "was not run";
    for (size_t i = 0; i < arm->nresults; i++) {
        if (!arm->results[i].valid)
            return "is invalid";
        interrupted |= arm->results[i].interrupted;
        bailed_out |= arm->results[i].bailed_out;
    }
    if (bailed_out)
        return "was ended by its faults (-B)";
    return interrupted ? "was interrupted" : NULL;
}

bool arm_is_sound(const struct arm *arm)
{
    return arm_why_unsound(arm) == NULL;
}

bool arm_is_disturbed(const struct arm *arm)
{
    return arm->nresults > 0 && arm_undisturbed(arm) == 0;
}

bool arm_is_saturated(const struct arm *arm)
{
    bool any = false;
    for (size_t i = 0; i < arm->nresults; i++)
        any |= arm->results[i].client.saturated;
    return any;
}

bool arm_is_late(const struct arm *arm)
{
    bool any = false;
    for (size_t i = 0; i < arm->nresults; i++)
        any |= arm->results[i].client.late;
    return any;
}

bool arm_times_bench(const struct arm *arm)
{
    return arm_is_saturated(arm) || arm_is_late(arm);
}

/* --- its requests --- */

struct replies arm_replies(const struct arm *arm)
{
    struct replies sum = {0};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct accounting *a = &arm->results[i].accounting;
        sum.sent += a->sent;
        sum.completed += a->completed;
        sum.timed_out += a->timed_out;
        sum.failed += accounting_failed(a);
        sum.in_flight += a->in_flight_at_end;
        sum.non_2xx += accounting_wrong_status(a);
        sum.mismatches += a->mismatches;
    }
    const struct accounting all = {.sent = sum.sent, .completed = sum.completed};
    sum.are_few = accounting_answers_few(&all);
    return sum;
}

bool arm_loses(const struct arm *arm)
{
    struct replies r = arm_replies(arm);
    return r.are_few || (double)(r.timed_out + r.failed) > ARM_LOSS_MOST * (double)r.sent;
}

bool arm_refuses(const struct arm *arm)
{
    struct replies r = arm_replies(arm);
    return (double)(r.non_2xx + r.mismatches) > ARM_LOSS_MOST * (double)r.completed;
}

/* --- the probe endpoint --- */

const struct arm_figure probe_p50 = {
    .key = "probe.p50", .title = "", .unit = METRIC_TIME, .metric = "probe.p50"};

const char *arm_probe_path(const struct arm *arm)
{
    const char *path = NULL;
    for (size_t i = 0; i < arm->nresults && path == NULL; i++)
        path = arm->results[i].has_probe ? arm->results[i].probe_counts.path : NULL;
    return path != NULL ? path : "probe";
}

double arm_probe_p99_ns(const struct arm *arm)
{
    return arm_figure_value(arm, arm_figure_find("probe_p99"));
}

struct probe_fate arm_probes(const struct arm *arm)
{
    struct probe_fate sum = {0};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct probe_fate *f = &arm->results[i].probe_counts.all;
        sum.due += f->due;
        sum.completed += f->completed;
        sum.non_2xx += f->non_2xx;
        sum.timed_out += f->timed_out;
        sum.failed += f->failed;
        sum.open_at_end += f->open_at_end;
    }
    return sum;
}

int64_t arm_probe_statuses(const struct arm *arm, int status)
{
    int64_t sum = 0;
    for (size_t i = 0; i < arm->nresults; i++)
        sum += arm->results[i].probe_counts.statuses[status];
    return sum;
}

bool arm_fails_probes(const struct arm *arm)
{
    struct probe_fate all = arm_probes(arm);
    return probe_fails(&all);
}

bool arm_is_probed(const struct arm *arm)
{
    return !isnan(arm_probe_p99_ns(arm)) && !arm_fails_probes(arm);
}

const char *arm_why_unprobed(const struct arm *arm)
{
    if (arm_fails_probes(arm))
        return "failed its probes";
    return arm_is_probed(arm) ? NULL : "was not probed (use --probe PATH)";
}

bool arm_blocks(const struct arm *arm)
{
    return arm_probe_p99_ns(arm) >= BLOCKED_P99_NS &&
           arm_figure_value(arm, &probe_p50) >= BLOCKED_P50_NS;
}

bool arm_is_uneven(const struct arm *arm)
{
    return arm_probe_p99_ns(arm) >= BLOCKED_P99_NS && !arm_blocks(arm);
}

/* --- its queue --- */

/* Only 202 responses count: refused or lost requests were not accepted. */
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
const struct arm_figure queue_accepting = {.key = "accepted_per_second", .title = "accept rate", .unit = METRIC_NUMBER, .read = accepted_per_second};
const struct arm_figure queue_accepted = {.key = "accepted", .title = "number of accepted jobs", .unit = METRIC_NUMBER, .metric = "accepted"};
const struct arm_figure queue_done = {.key = "jobs", .title = "number of completed jobs", .unit = METRIC_NUMBER, .metric = "jobs"};
const struct arm_figure queue_failed = {.key = "jobs_failed", .title = "number of failed jobs", .unit = METRIC_NUMBER, .metric = "jobs_failed"};
const struct arm_figure queue_lost = {.key = "jobs_lost", .title = "number of lost jobs", .unit = METRIC_NUMBER, .read = lost};
const struct arm_figure queue_workers = {.key = "queue.workers", .title = "number of workers", .unit = METRIC_NUMBER, .read = workers};
const struct arm_figure queue_backlog = {.key = "backlog", .title = "backlog", .unit = METRIC_NUMBER, .metric = "backlog"};
const struct arm_figure queue_drain = {.key = "drain_time", .title = "time to drain", .unit = METRIC_TIME, .metric = "drain_time"};
/* clang-format on */

bool arm_backlog_grows(const struct arm *arm)
{
    double left = arm_figure_value(arm, &queue_backlog);
    double work = arm_figure_value(arm, arm_figure_find("work_per_second"));
    return left > KEEPS_UP_S * work; /* not of NAN */
}

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
