/* Claims about a queue: how fast it accepts, whether the job size matters, who does the work. */
#include <math.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "analysis/claims/claims_internal.h"
#include "base/clock.h"

#define PUBLISHED_RPS    15000.0
#define PUBLISHED_P50_NS ((double)(6 * NS_PER_MS))
#define RATE_ENOUGH      0.8  /* of "about 15,000" */
#define LATENCY_MOST     1.25 /* of 6 ms: the same in time, 1 / 0.8 */
#define CORES_ENOUGH     4    /* gateway, broker, worker and bench, one each */
#define ALIKE_LEAST      0.8  /* rates within this ratio count as equal */
#define ALIKE_MOST       1.25

/* --- how fast it accepts --- */

/* Too few responses say nothing about a rate, although each is counted. */
static bool knows_accepting(struct ruling *r, const struct arm *arm)
{
    return ruling_knows(r, arm, arm_figure_find("requests_per_second")) &&
           ruling_knows(r, arm, &queue_accepting) && ruling_knows(r, arm, arm_figure_find("p50"));
}

#define NEARLY_ALL "at most %.3g %% was refused or lost" /* of 100 * ARM_LOSS_MOST */

/* Fast refusals would pass for fast accepts in the latency. */
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
        sentence_add(s, "; the number of cores is unknown");
    else
        sentence_add(s,
                     "; with %.3g core%s, gateway, broker, worker and bench share cores, while the "
                     "published run had %d",
                     cores, cores == 1 ? "" : "s", ARTICLE_CORES);
    sentence_cite(s, r->arm, "cores", cores);
    return CLAIM_NOT_COMPARABLE;
}

enum claim_verdict judge_queue_accepts(struct ruling *r)
{
    const struct arm_figure *p50 = arm_figure_find("p50");
    struct sentence *s = &r->words;
    const double enough_rps = RATE_ENOUGH * PUBLISHED_RPS;
    const double most_ns = LATENCY_MOST * PUBLISHED_P50_NS;
    double cores = claims_cores(r->arm);
    char text[32];
    if (!knows_accepting(r, r->arm))
        return CLAIM_NOT_COMPARABLE;
    sentence_figure(s, r->arm, &queue_accepting);
    sentence_add(s, " at ");
    sentence_figure(s, r->arm, p50);
    ruling_measured(r);
    sentence_add(s, "its gateway accepts ");
    sentence_figure(s, r->arm, &queue_accepting);
    sentence_range(s, r->arm, &queue_accepting);
    sentence_add(s, " with a p50 of ");
    sentence_figure(s, r->arm, p50);
    sentence_range(s, r->arm, p50);
    ruling_holds_when(r, "the rate is at least %s/s and the p50 at most %.3g ms, and " NEARLY_ALL,
                      metric_format(enough_rps, METRIC_NUMBER, text, sizeof text),
                      most_ns / (double)NS_PER_MS, 100 * ARM_LOSS_MOST);
    if (!accepts_nearly_all(r))
        return CLAIM_FAILS;
    if (arm_figure_value(r->arm, &queue_accepting) >= enough_rps &&
        arm_figure_value(r->arm, p50) <= most_ns)
        return ruling_is_bound(r, p50) ? CLAIM_NOT_COMPARABLE : CLAIM_HOLDS;
    return cores >= CORES_ENOUGH ? ruling_short(r) : too_few_cores(r, cores);
}

enum claim_verdict judge_size_independent(struct ruling *r)
{
    struct sentence *s = &r->words;
    const struct arm *larger = ruling_partner(r, claims_larger_of(r->arm), &queue_accepting);
    if (larger == NULL || !knows_accepting(r, r->arm) || !knows_accepting(r, larger))
        return CLAIM_NOT_COMPARABLE;
    double times =
        arm_figure_value(larger, &queue_accepting) / arm_figure_value(r->arm, &queue_accepting);
    sentence_figure(s, r->arm, &queue_accepting);
    sentence_add(s, "; with %d times the work ", ARTICLE_LARGER);
    sentence_figure(s, larger, &queue_accepting);
    ruling_measured(r);
    sentence_add(s, "%s accepts ", larger->name);
    sentence_figure(s, larger, &queue_accepting);
    sentence_range(s, larger, &queue_accepting);
    sentence_add(s, " with %d times the work, %s ", ARTICLE_LARGER, r->arm->name);
    sentence_figure(s, r->arm, &queue_accepting);
    sentence_range(s, r->arm, &queue_accepting);
    if (!isfinite(times))
        return CLAIM_NOT_COMPARABLE;
    sentence_add(s, ": a ratio of ");
    sentence_value(s, times, METRIC_NUMBER);
    sentence_cite(s, r->arm, "accepted_times_larger", times);
    /* If bench was the bottleneck for both, both rates would be bench's. */
    if (ruling_limited(r, r->arm) || ruling_limited(r, larger))
        return CLAIM_NOT_COMPARABLE;
    ruling_holds_when(r, "that ratio is %.3g to %.3g", ALIKE_LEAST, ALIKE_MOST);
    return times >= ALIKE_LEAST && times <= ALIKE_MOST ? CLAIM_HOLDS : CLAIM_FAILS;
}

/* --- who does the work --- */

static bool knows_every_round(struct ruling *r, const struct arm_figure *figure)
{
    for (size_t i = 0; i < r->arm->nresults; i++) {
        if (!isnan(arm_figure_read(figure, &r->arm->results[i]).value))
            continue;
        sentence_add(&r->words, "its %s was not measured", figure->title);
        return false;
    }
    return true;
}

/* True if every round is in [low, high]. */
static bool is_always(const struct arm *arm, const struct arm_figure *figure, double low,
                      double high)
{
    struct arm_summary sum = arm_figure_summary(arm, figure);
    return sum.low >= low && sum.high <= high;
}

static void add_fate(struct ruling *r)
{
    struct sentence *s = &r->words;
    sentence_figure(s, r->arm, &queue_failed);
    sentence_range(s, r->arm, &queue_failed);
    sentence_add(s, " failed and ");
    sentence_figure(s, r->arm, &queue_lost);
    sentence_range(s, r->arm, &queue_lost);
    sentence_add(s, " were lost");
}

static bool all_kept(const struct arm *arm)
{
    return is_always(arm, &queue_failed, 0, 0) && is_always(arm, &queue_lost, 0, 0);
}

/* The accepted jobs that were not completed in the window. */
static void add_rest(struct ruling *r)
{
    struct sentence *s = &r->words;
    bool measured = arm_drain_how(r->arm) == DRAIN_MEASURED;
    double drain_ns = arm_drain_ns(r->arm);
    if (!(arm_figure_value(r->arm, &queue_backlog) > 0) || isnan(drain_ns))
        return;
    sentence_add(s, "; the remaining ");
    sentence_figure(s, r->arm, &queue_backlog);
    if (isinf(drain_ns)) {
        sentence_add(s, " would never complete (projected)");
        return;
    }
    sentence_add(s, measured ? " took " : " would take ");
    sentence_long(s, drain_ns);
    sentence_cite(s, r->arm, queue_drain.key, drain_ns);
    sentence_add(s, measured ? " to complete (measured)" : " to complete (projected)");
}

enum claim_verdict judge_worker_stores(struct ruling *r)
{
    struct sentence *s = &r->words;
    if (!knows_every_round(r, &queue_done) || !knows_every_round(r, &queue_failed) ||
        !knows_every_round(r, &queue_lost) || !knows_every_round(r, &queue_workers))
        return CLAIM_NOT_COMPARABLE;
    sentence_figure(s, r->arm, &queue_done);
    sentence_add(s, " of ");
    sentence_figure(s, r->arm, &queue_accepted);
    sentence_add(s, " stored (");
    sentence_value(
        s, arm_figure_value(r->arm, &queue_done) / arm_figure_value(r->arm, &queue_accepted),
        METRIC_SHARE);
    sentence_add(s, ") when the load ended%s",
                 arm_figure_value(r->arm, &queue_backlog) > 0 ? "; the rest waited" : "");
    ruling_measured(r);
    sentence_add(s, "when the load ended, ");
    sentence_figure(s, r->arm, &queue_done);
    sentence_range(s, r->arm, &queue_done);
    sentence_add(s, " of ");
    sentence_figure(s, r->arm, &queue_accepted);
    sentence_add(s, " accepted jobs had been completed by ");
    sentence_figure(s, r->arm, &queue_workers);
    sentence_add(s, " worker process%s, ",
                 arm_figure_value(r->arm, &queue_workers) == 1 ? "" : "es");
    add_fate(r);
    add_rest(r);
    ruling_holds_when(r,
                      "a separate process completed jobs, and none failed or was lost; jobs still "
                      "waiting are not judged");
    bool works = is_always(r->arm, &queue_done, 1, INFINITY) &&
                 is_always(r->arm, &queue_workers, 1, INFINITY);
    return works && all_kept(r->arm) ? CLAIM_HOLDS : CLAIM_FAILS;
}

/* --- when to use one --- */

/* Compares the accept p99 with the p50 of an arm whose requests wait for the work. */
static enum claim_verdict weigh_detached(struct ruling *r, const struct arm *pool)
{
    struct sentence *s = &r->words;
    double accepted_ns = arm_figure_value(r->arm, arm_figure_find("p99"));
    double waited_ns = arm_figure_value(pool, arm_figure_find("p50"));
    sentence_add(s, "; ");
    add_fate(r);
    bool is_probed = arm_is_probed(r->arm);
    if (is_probed) {
        sentence_add(s, "; its %s p99 is ", arm_probe_path(r->arm));
        sentence_figure(s, r->arm, arm_figure_find("probe_p99"));
    }
    ruling_holds_when(r, "that p99 is below that p50,%s no job failed or was lost, and " NEARLY_ALL,
                      is_probed ? " the probe endpoint is not blocked," : "", 100 * ARM_LOSS_MOST);
    if ((is_probed && arm_blocks(r->arm)) || !all_kept(r->arm) || !accepts_nearly_all(r))
        return CLAIM_FAILS;
    if (!(accepted_ns < waited_ns))
        return ruling_short(r);
    if (ruling_is_bound(r, arm_figure_find("p99")))
        return CLAIM_NOT_COMPARABLE;
    struct log_rounds accepted = apart_rounds(r->arm, arm_figure_find("p99"));
    struct log_rounds waited = apart_rounds(pool, arm_figure_find("p50"));
    if (ruling_limited(r, pool) || !ruling_told_apart(r, &waited, &accepted))
        return CLAIM_NOT_COMPARABLE;
    return CLAIM_HOLDS;
}

enum claim_verdict judge_queue_for_long(struct ruling *r)
{
    const struct arm_figure *p50 = arm_figure_find("p50");
    const struct arm_figure *p99 = arm_figure_find("p99");
    struct sentence *s = &r->words;
    const struct arm *pool = ruling_partner(r, claims_pool_of(r->arm), p99);
    if (pool == NULL || !ruling_knows(r, r->arm, p99) || !ruling_knows(r, pool, p50) ||
        !knows_every_round(r, &queue_failed) || !knows_every_round(r, &queue_lost))
        return CLAIM_NOT_COMPARABLE;
    sentence_add(s, "accepted in ");
    sentence_figure(s, r->arm, p99);
    sentence_add(s, " (p99)");
    ruling_measured(r);
    sentence_add(s, "99 %% are accepted within ");
    sentence_figure(s, r->arm, p99);
    sentence_range(s, r->arm, p99);
    sentence_add(s, ", the p50 of %s is ", pool->name);
    sentence_figure(s, pool, p50);
    if (strcmp(r->arm->name, claims_larger_of(r->arm)) == 0)
        sentence_add(s, " (of a request with 1/%d of the work)", ARTICLE_LARGER);
    return weigh_detached(r, pool);
}
