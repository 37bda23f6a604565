/* Claims about the compute service: its rate, the cost of the hop, its speed. */
#include <math.h>
#include <string.h>

#include "analysis/claims/claims_internal.h"
#include "base/clock.h"

#define PUBLISHED_RPS    497.3 /* 4,973 requests in 10 s */
#define PUBLISHED_P50_NS ((double)(195 * NS_PER_MS))
#define RATE_ENOUGH      0.8  /* of "about 500": other cores are not equally fast */
#define LATENCY_MOST     1.25 /* of 195 ms: the same in time, 1 / 0.8 */
#define HOP_MOST         0.10 /* of the CPU: less than a tenth is not noticeable */
#define SOONER_ENOUGH    4.0  /* of "5 times": the same 0.8 */

/* --- rate and latency --- */

static void add_per_core(struct ruling *r, double rate, double cores)
{
    sentence_value(&r->words, rate / cores, METRIC_NUMBER);
    sentence_add(&r->words, "/s per core");
    sentence_cite(&r->words, r->arm, "work_per_second_per_core", rate / cores);
}

/* The same number of concurrent requests, scaled to the published number of cores. */
static void add_scaled(struct ruling *r, double p50_ns, double cores)
{
    double scaled_ns = p50_ns * cores / ARTICLE_CORES;
    sentence_value(&r->words, scaled_ns, METRIC_TIME);
    sentence_cite(&r->words, r->arm, "p50_on_published_cores", scaled_ns);
}

/* core_ns is the p50 as if one core did the work alone. */
static enum claim_verdict weigh_rate(struct ruling *r, double per_core, double core_ns)
{
    const double enough = RATE_ENOUGH * PUBLISHED_RPS / ARTICLE_CORES;
    const double most_ns = LATENCY_MOST * PUBLISHED_P50_NS;
    ruling_holds_when(r,
                      "the rate per core is at least %.3g/s, that p50 at most %.3g ms, and nothing "
                      "failed",
                      enough, most_ns / (double)NS_PER_MS);
    if (!ruling_nothing_failed(r))
        return CLAIM_FAILS;
    if (!(per_core >= enough && core_ns <= most_ns * ARTICLE_CORES))
        return ruling_short(r);
    if (ruling_is_bound(r, arm_figure_find("p50")))
        return CLAIM_NOT_COMPARABLE;
    if (claims_cores(r->arm) != ARTICLE_CORES)
        sentence_add(&r->words, "; it would hold on %d cores, scaled from those here",
                     ARTICLE_CORES);
    return CLAIM_HOLDS;
}

enum claim_verdict judge_compute_rate(struct ruling *r)
{
    const struct arm_figure *work = arm_figure_find("work_per_second");
    const struct arm_figure *p50 = arm_figure_find("p50");
    struct sentence *s = &r->words;
    double cores = claims_cores(r->arm);
    double rate = arm_figure_value(r->arm, work);
    double p50_ns = arm_figure_value(r->arm, p50);
    if (!ruling_knows(r, r->arm, work) || !ruling_knows(r, r->arm, p50))
        return CLAIM_NOT_COMPARABLE;
    if (isnan(cores)) {
        sentence_add(s, "it completes ");
        sentence_figure(s, r->arm, work);
        sentence_add(s, " on an unknown number of cores");
        return CLAIM_NOT_COMPARABLE;
    }
    add_per_core(r, rate, cores);
    sentence_add(s, "; p50 scaled to %d cores: ", ARTICLE_CORES);
    add_scaled(r, p50_ns, cores);
    ruling_measured(r);
    sentence_add(s, "it completes ");
    sentence_figure(s, r->arm, work);
    sentence_range(s, r->arm, work);
    sentence_add(s, " on %.3g core%s, ", cores, cores == 1 ? "" : "s");
    add_per_core(r, rate, cores);
    sentence_add(s, ", and its p50 of ");
    sentence_figure(s, r->arm, p50);
    sentence_range(s, r->arm, p50);
    sentence_add(s, " would be ");
    add_scaled(r, p50_ns, cores);
    sentence_add(s, " on %d cores; ", ARTICLE_CORES);
    sentence_cite(s, r->arm, "cores", cores);
    return weigh_rate(r, rate / cores, p50_ns * cores);
}

/* --- the hop --- */

/* The gateway's share of the server's CPU; NAN without a compute service. */
static double gateway_share(const struct result *r)
{
    double total_s = process_cpu_s(&r->server.total);
    bool has_service = server_cpu_s(r, "compute") > 0;
    return has_service && total_s > 0 ? server_cpu_s(r, "target") / total_s : NAN;
}

static const struct arm_figure at_gateway = {.key = "gateway_cpu_share",
                                             .title = "gateway's share of the CPU",
                                             .unit = METRIC_SHARE,
                                             .read = gateway_share};

enum claim_verdict judge_hop_cheap(struct ruling *r)
{
    const struct arm_figure *work = arm_figure_find("work_per_second");
    struct sentence *s = &r->words;
    if (!ruling_knows(r, r->arm, &at_gateway))
        return CLAIM_NOT_COMPARABLE;
    sentence_figure(s, r->arm, &at_gateway);
    sentence_add(s, " of the CPU");
    ruling_measured(r);
    sentence_add(s, "its gateway takes ");
    sentence_figure(s, r->arm, &at_gateway);
    sentence_range(s, r->arm, &at_gateway);
    sentence_add(s, " of the server's CPU");
    if (!isnan(arm_figure_value(r->arm, work))) {
        sentence_add(s, "; it completes ");
        sentence_figure(s, r->arm, work);
        ruling_add_beside(r, "pool", "it is", work); /* the same work without the hop */
    }
    ruling_holds_when(r, "that share is at most %.0f %%", 100 * HOP_MOST);
    return arm_figure_value(r->arm, &at_gateway) <= HOP_MOST ? CLAIM_HOLDS : CLAIM_FAILS;
}

/* --- faster than the pool --- */

/* The verdict must not depend on a p50 that is only a lower bound: the pool's makes the ratio too
 * small, the arm's own too large. Nor may it depend on a pool that bench limited. */
static enum claim_verdict weigh(struct ruling *r, const struct arm *pool, double times)
{
    const struct arm_figure *p50 = arm_figure_find("p50");
    bool enough = times >= SOONER_ENOUGH;
    ruling_holds_when(r, "that factor is at least %.3g", SOONER_ENOUGH);
    if (arm_figure_is_bound(enough ? r->arm : pool, p50)) {
        sentence_add(&r->words, ", but a p50 that is only a lower bound could change that");
        return CLAIM_NOT_COMPARABLE;
    }
    if (!enough)
        return ruling_short(r);
    return ruling_limited(r, pool) ? CLAIM_NOT_COMPARABLE : CLAIM_HOLDS;
}

static enum claim_verdict judge_sooner(struct ruling *r, const struct arm *pool)
{
    const struct arm_figure *p50 = arm_figure_find("p50");
    struct sentence *s = &r->words;
    if (!ruling_knows(r, r->arm, p50) || !ruling_knows(r, pool, p50))
        return CLAIM_NOT_COMPARABLE;
    double times = arm_figure_value(pool, p50) / arm_figure_value(r->arm, p50);
    if (!isfinite(times)) {
        sentence_add(s, "its p50 is too short to compare");
        sentence_cite(s, r->arm, p50->key, arm_figure_value(r->arm, p50));
        return CLAIM_NOT_COMPARABLE;
    }
    sentence_value(s, times, METRIC_NUMBER);
    sentence_add(s, " times");
    sentence_cite(s, r->arm, "p50_times_sooner", times);
    ruling_measured(r);
    sentence_add(s, "the p50 of %s is ", pool->name);
    sentence_figure(s, pool, p50);
    sentence_range(s, pool, p50);
    sentence_add(s, ", ");
    sentence_value(s, times, METRIC_NUMBER);
    sentence_add(s, " times that of %s, ", r->arm->name);
    sentence_figure(s, r->arm, p50);
    sentence_range(s, r->arm, p50);
    return weigh(r, pool, times);
}

enum claim_verdict judge_five_times(struct ruling *r)
{
    const struct arm *pool = ruling_partner(r, claims_pool_of(r->arm), arm_figure_find("p50"));
    enum claim_verdict verdict = pool == NULL ? CLAIM_NOT_COMPARABLE : judge_sooner(r, pool);
    if (verdict == CLAIM_NOT_COMPARABLE || claims_is_original(r->arm))
        return verdict;
    sentence_add(&r->words, "; both count in native code, so this is the service itself, without "
                            "the difference of languages that the article's factor has");
    return CLAIM_NOT_COMPARABLE;
}

/* How much CPU the native code saves. */
static void add_cpu_times(struct ruling *r, const struct arm *pool)
{
    const struct arm_figure *unit = arm_figure_find("cpu_per_work");
    double own = arm_figure_value(r->arm, unit);
    double of_pool = arm_figure_value(pool, unit);
    if (isnan(own) || isnan(of_pool))
        return;
    sentence_add(&r->words, "; a unit of work takes ");
    sentence_figure(&r->words, r->arm, unit);
    sentence_add(&r->words, " of CPU, with %s ", pool->name);
    sentence_figure(&r->words, pool, unit);
}

enum claim_verdict judge_native_for_heavy(struct ruling *r)
{
    const struct arm_figure *p50 = arm_figure_find("p50");
    struct sentence *s = &r->words;
    const struct arm *pool = ruling_partner(r, claims_pool_of(r->arm), p50);
    if (pool == NULL)
        return CLAIM_NOT_COMPARABLE;
    if (!claims_is_original(r->arm)) {
        bool is_rust = strcmp(r->arm->name, ARM_OFFLOAD_RUST) == 0;
        bool has_other = is_rust || claims_arm(r->all, ARM_EXPRESS_COMPUTE) != NULL;
        sentence_add(s, "%s, so there is no language difference%s",
                     is_rust ? "it and pool both count in native code"
                             : "it runs the same machine code as pool",
                     has_other ? "" : "; use --originals");
        sentence_cite(s, r->arm, p50->key, arm_figure_value(r->arm, p50));
        sentence_cite(s, pool, p50->key, arm_figure_value(pool, p50));
        return CLAIM_NOT_COMPARABLE;
    }
    enum claim_verdict verdict = judge_sooner(r, pool);
    add_cpu_times(r, pool);
    return verdict;
}
