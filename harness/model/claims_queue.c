/* What a queue gives: how quickly it accepts, whatever the work, and who does it then. */
#include <math.h>

#include "base/clock.h"
#include "model/claims_parts.h"
#include "model/findings_parts.h"

#define ACCEPTED         202 /* RFC 9110: taken, and not yet done */
#define PUBLISHED_RPS    15000.0
#define PUBLISHED_P50_NS ((double)(6 * NS_PER_MS))
#define RATE_ENOUGH      0.8  /* of "about 15,000" */
#define LATENCY_MOST     1.25 /* of 6 ms: the same in time, 1 / 0.8 */
#define CORES_ENOUGH     4    /* gateway, broker, worker and bench, one each */
#define ALIKE_LEAST      0.8  /* two rates nearer than this are the same */
#define ALIKE_MOST       1.25
#define SOONER           1.0 /* 99 of 100 are answered before half of those who wait for the work */

/* What was refused or lost was not accepted. */
static double accepted_per_s(const struct result *r)
{
    return r->duration_s > 0 ? (double)r->accounting.statuses[ACCEPTED] / r->duration_s : NAN;
}

static double number(const struct result *r, int64_t n)
{
    return r->has_queue && n != MISSING ? (double)n : NAN;
}

static double accepted(const struct result *r)
{
    return number(r, r->queue.accepted);
}

static double completed(const struct result *r)
{
    return number(r, r->queue.completed);
}

static double failed(const struct result *r)
{
    return number(r, r->queue.failed);
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
static const struct arm_figure at_rate = {"accepted_per_second", "rate of accepting", METRIC_NUMBER, NULL, accepted_per_s, NULL};
static const struct arm_figure at_accepted = {"accepted", "number of accepted jobs", METRIC_NUMBER, NULL, accepted, NULL};
static const struct arm_figure at_completed = {"jobs", "number of completed jobs", METRIC_NUMBER, NULL, completed, NULL};
static const struct arm_figure at_failed = {"jobs_failed", "number of failed jobs", METRIC_NUMBER, NULL, failed, NULL};
static const struct arm_figure at_lost = {"jobs_lost", "number of lost jobs", METRIC_NUMBER, NULL, lost, NULL};
static const struct arm_figure at_workers = {"queue.workers", "number of workers", METRIC_NUMBER, NULL, workers, NULL};
static const struct arm_figure at_backlog = {"backlog", "", METRIC_NUMBER, "backlog", NULL, NULL};
static const struct arm_figure at_drain = {"drain_time", "", METRIC_TIME, "drain_time", NULL, NULL};
/* clang-format on */

/* --- how quickly it accepts --- */

/* A few replies say nothing of a rate, though each of them is counted. */
static bool knows_accepting(struct ruling *r, const struct arm *arm)
{
    return ruling_knows(r, arm, arm_figure_find("requests_per_second")) &&
           ruling_knows(r, arm, &at_rate) && ruling_knows(r, arm, arm_figure_find("p50"));
}

/* Quick refusals would make the latency look like that of accepting. */
static bool accepts_nearly_all(struct ruling *r)
{
    if (!arm_refuses(r->arm) && !arm_loses(r->arm))
        return true;
    sentence_add(&r->words, "; ");
    (void)ruling_nothing_failed(r);
    return false;
}

static enum claim_verdict too_few_cores(struct ruling *r, double cores)
{
    struct sentence *s = &r->words;
    if (isnan(cores))
        sentence_add(s, "; on how many cores is not known");
    else
        sentence_add(s,
                     "; on %.3g core%s gateway, broker, worker and bench have none each, and there "
                     "they had %d",
                     cores, cores == 1 ? "" : "s", ARTICLE_CORES);
    sentence_cite(s, r->arm, "cores", cores);
    return CLAIM_NOT_COMPARABLE;
}

enum claim_verdict judge_queue_accepts(struct ruling *r)
{
    const struct arm_figure *p50 = arm_figure_find("p50");
    struct sentence *s = &r->words;
    double cores = claims_cores(r->arm);
    if (!knows_accepting(r, r->arm))
        return CLAIM_NOT_COMPARABLE;
    sentence_figure(s, r->arm, &at_rate);
    sentence_add(s, " at ");
    sentence_figure(s, r->arm, p50);
    ruling_measured(r);
    sentence_add(s, "its gateway accepts ");
    sentence_figure(s, r->arm, &at_rate);
    sentence_range(s, r->arm, &at_rate);
    sentence_add(s, " with a p50 of ");
    sentence_figure(s, r->arm, p50);
    sentence_range(s, r->arm, p50);
    if (!accepts_nearly_all(r))
        return CLAIM_FAILS;
    if (arm_figure_value(r->arm, &at_rate) >= RATE_ENOUGH * PUBLISHED_RPS &&
        arm_figure_value(r->arm, p50) <= LATENCY_MOST * PUBLISHED_P50_NS)
        return CLAIM_HOLDS;
    return cores >= CORES_ENOUGH ? ruling_short(r) : too_few_cores(r, cores);
}

enum claim_verdict judge_size_independent(struct ruling *r)
{
    struct sentence *s = &r->words;
    const struct arm *larger = ruling_partner(r, claims_larger_of(r->arm), &at_rate);
    if (larger == NULL || !knows_accepting(r, r->arm) || !knows_accepting(r, larger))
        return CLAIM_NOT_COMPARABLE;
    double times = arm_figure_value(larger, &at_rate) / arm_figure_value(r->arm, &at_rate);
    sentence_figure(s, r->arm, &at_rate);
    sentence_add(s, "; of %d times the work ", ARTICLE_LARGER);
    sentence_figure(s, larger, &at_rate);
    ruling_measured(r);
    sentence_add(s, "%s accepts ", larger->name);
    sentence_figure(s, larger, &at_rate);
    sentence_range(s, larger, &at_rate);
    sentence_add(s, " jobs of %d times the work, %s ", ARTICLE_LARGER, r->arm->name);
    sentence_figure(s, r->arm, &at_rate);
    sentence_range(s, r->arm, &at_rate);
    if (!isfinite(times))
        return CLAIM_NOT_COMPARABLE;
    sentence_add(s, ": a ratio of ");
    sentence_value(s, times, METRIC_NUMBER);
    sentence_cite(s, r->arm, "accepted_times_larger", times);
    /* Of two that bench set the pace of, both would be bench's. */
    if (ruling_limited(r, r->arm) || ruling_limited(r, larger))
        return CLAIM_NOT_COMPARABLE;
    return times >= ALIKE_LEAST && times <= ALIKE_MOST ? CLAIM_HOLDS : CLAIM_FAILS;
}

/* --- who does it then --- */

static bool knows_every_round(struct ruling *r, const struct arm_figure *figure)
{
    for (size_t i = 0; i < r->arm->nresults; i++) {
        if (!isnan(arm_figure_read(figure, &r->arm->results[i]).value))
            continue;
        sentence_add(&r->words, "the %s of it was not measured", figure->title);
        return false;
    }
    return true;
}

/* Of each of the rounds. */
static bool is_always(const struct arm *arm, const struct arm_figure *figure, double low,
                      double high)
{
    struct arm_summary sum = arm_figure_summary(arm, figure);
    return sum.low >= low && sum.high <= high;
}

static void add_fate(struct ruling *r)
{
    struct sentence *s = &r->words;
    sentence_figure(s, r->arm, &at_failed);
    sentence_range(s, r->arm, &at_failed);
    sentence_add(s, " failed and ");
    sentence_figure(s, r->arm, &at_lost);
    sentence_range(s, r->arm, &at_lost);
    sentence_add(s, " were lost");
}

static bool all_kept(const struct arm *arm)
{
    return is_always(arm, &at_failed, 0, 0) && is_always(arm, &at_lost, 0, 0);
}

/* Accepted is not completed. */
static void add_rest(struct ruling *r)
{
    struct sentence *s = &r->words;
    enum drain_how how = r->arm->results[0].queue.drain;
    double left = arm_figure_value(r->arm, &at_backlog);
    double drain_ns = arm_figure_value(r->arm, &at_drain);
    if (!(left > 0) || isnan(drain_ns))
        return;
    sentence_add(s, "; accepted is not completed: the other ");
    sentence_figure(s, r->arm, &at_backlog);
    if (isinf(drain_ns)) {
        sentence_add(s, " would never be done (projected)");
        return;
    }
    sentence_add(s, how == DRAIN_MEASURED ? " took " : " would take ");
    sentence_figure(s, r->arm, &at_drain);
    sentence_add(s, how == DRAIN_MEASURED ? " (measured)" : " (projected)");
}

enum claim_verdict judge_worker_stores(struct ruling *r)
{
    struct sentence *s = &r->words;
    if (!knows_every_round(r, &at_completed) || !knows_every_round(r, &at_failed) ||
        !knows_every_round(r, &at_lost) || !knows_every_round(r, &at_workers))
        return CLAIM_NOT_COMPARABLE;
    sentence_figure(s, r->arm, &at_completed);
    sentence_add(s, " stored of ");
    sentence_figure(s, r->arm, &at_accepted);
    ruling_measured(r);
    sentence_add(s, "when the load ended ");
    sentence_figure(s, r->arm, &at_completed);
    sentence_range(s, r->arm, &at_completed);
    sentence_add(s, " of ");
    sentence_figure(s, r->arm, &at_accepted);
    sentence_add(s, " accepted jobs were done by ");
    sentence_figure(s, r->arm, &at_workers);
    sentence_add(s, " worker process%s, ", arm_figure_value(r->arm, &at_workers) == 1 ? "" : "es");
    add_fate(r);
    add_rest(r);
    bool works = is_always(r->arm, &at_completed, 1, INFINITY) &&
                 is_always(r->arm, &at_workers, 1, INFINITY);
    return works && all_kept(r->arm) ? CLAIM_HOLDS : CLAIM_FAILS;
}

/* --- when to take one --- */

static enum claim_verdict weigh_detached(struct ruling *r, const struct arm *pool, double times)
{
    struct sentence *s = &r->words;
    sentence_add(s, "; ");
    add_fate(r);
    if (arm_is_probed(r->arm)) {
        sentence_add(s, "; its light path's p99 is ");
        sentence_figure(s, r->arm, arm_figure_find("probe_p99"));
    }
    if (arm_blocks(r->arm) || !all_kept(r->arm) || !accepts_nearly_all(r))
        return CLAIM_FAILS;
    if (!(times > SOONER))
        return ruling_short(r);
    return ruling_limited(r, pool) ? CLAIM_NOT_COMPARABLE : CLAIM_HOLDS;
}

enum claim_verdict judge_queue_for_long(struct ruling *r)
{
    const struct arm_figure *p50 = arm_figure_find("p50");
    const struct arm_figure *p99 = arm_figure_find("p99");
    struct sentence *s = &r->words;
    const struct arm *pool = ruling_partner(r, claims_pool_of(r->arm), p99);
    if (pool == NULL || !ruling_knows(r, r->arm, p99) || !ruling_knows(r, pool, p50) ||
        !knows_every_round(r, &at_failed) || !knows_every_round(r, &at_lost))
        return CLAIM_NOT_COMPARABLE;
    double times = arm_figure_value(pool, p50) / arm_figure_value(r->arm, p99);
    sentence_add(s, "accepted in ");
    sentence_figure(s, r->arm, p99);
    sentence_add(s, " (p99)");
    ruling_measured(r);
    sentence_add(s, "99 %% are accepted within ");
    sentence_figure(s, r->arm, p99);
    sentence_range(s, r->arm, p99);
    sentence_add(s, ", the p50 of %s is ", pool->name);
    sentence_figure(s, pool, p50);
    return weigh_detached(r, pool, times);
}
