/* Claims about a bounded thread pool: how many requests run and wait, and when to use one. */
#include <math.h>

#include "analysis/arm_traits.h"
#include "analysis/claims/claims_internal.h"
#include "base/clock.h"
#include "base/mem.h"

#define ARTICLE_WAITING (ARTICLE_CONNECTIONS - ARTICLE_POOL)
#define NEAR_LEAST      0.8 /* of a published number: bench, the event loop and the start take some */
#define NEAR_TOP        1.1                  /* a pool of that size cannot exceed this */
#define SHORT_NS        ((double)(NS_PER_S)) /* "quick math under a second" */
#define NEAR_MOST       0.9                  /* of the best work/s: as good as the best */

/* --- how many run and wait --- */

/* The sum of all values in seconds; NAN without a histogram. */
static double sum_s(const struct hist *h)
{
    return h == NULL ? NAN : hist_mean_ns(h) * (double)hist_count(h) / (double)NS_PER_S;
}

/* Little's law: the mean number running is all time spent running, divided by the window. Requests
 * still running at the end are in no histogram; they count as half done. */
static double running(const struct result *r)
{
    double ended_s = sum_s(r->work);
    double half_s = r->work == NULL ? NAN : hist_mean_ns(r->work) / (double)NS_PER_S / 2;
    return r->duration_s > 0 ? ended_s / r->duration_s * (1 + half_s / r->duration_s) : NAN;
}

/* The other requests in flight at the end have waited all their time, minus what was run. */
static double waiting(const struct result *r)
{
    bool any = r->unfinished != NULL && hist_count(r->unfinished) > 0;
    double flight_s = any ? sum_s(r->unfinished) : 0;
    double flight_run_s = running(r) * r->duration_s - sum_s(r->work);
    return r->duration_s > 0 ? (sum_s(r->wait) + fmax(0, flight_s - flight_run_s)) / r->duration_s
                             : NAN;
}

/* clang-format off */
static const struct arm_figure at_running = {.key = "running_mean", .title = "", .unit = METRIC_NUMBER, .read = running};
static const struct arm_figure at_waiting = {.key = "waiting_mean", .title = "", .unit = METRIC_NUMBER, .read = waiting};
/* clang-format on */

static bool is_near(double value, double published)
{
    return value >= NEAR_LEAST * published && value <= NEAR_TOP * published;
}

/* With fewer cores than threads, the threads, the event loop and bench compete for CPU: a thread
 * may be idle while a request is not yet in the queue. */
static enum claim_verdict weigh_running(struct ruling *r, double run, double wait)
{
    double cores = claims_cores(r->arm);
    if (is_near(run, ARTICLE_POOL) && is_near(wait, ARTICLE_WAITING))
        return CLAIM_HOLDS;
    if (run > NEAR_TOP * ARTICLE_POOL || wait > NEAR_TOP * ARTICLE_WAITING || cores >= ARTICLE_POOL)
        return CLAIM_FAILS;
    sentence_cite(&r->words, r->arm, "cores", cores);
    if (isnan(cores))
        sentence_add(&r->words, "; the number of cores is unknown");
    else
        sentence_add(&r->words,
                     "; on %.4g core%s, its %d threads, the event loop and bench compete for CPU",
                     cores, cores == 1 ? "" : "s", ARTICLE_POOL);
    return CLAIM_NOT_COMPARABLE;
}

enum claim_verdict judge_pool_queue(struct ruling *r)
{
    struct sentence *s = &r->words;
    double run = arm_figure_value(r->arm, &at_running);
    double wait = arm_figure_value(r->arm, &at_waiting);
    bool is_known = !isnan(run) && !isnan(wait);
    if (is_known) {
        sentence_figure(s, r->arm, &at_running);
        sentence_add(s, " run, ");
        sentence_figure(s, r->arm, &at_waiting);
        sentence_add(s, " wait");
        ruling_measured(r);
        sentence_add(s, "on average ");
        sentence_figure(s, r->arm, &at_running);
        sentence_range(s, r->arm, &at_running);
        sentence_add(s, " ran and ");
        sentence_figure(s, r->arm, &at_waiting);
        sentence_range(s, r->arm, &at_waiting);
        sentence_add(s, " waited; ");
    } else {
        sentence_add(s, "how many ran and waited was not measured; ");
    }
    if (is_known)
        ruling_holds_when(r, "both are %.3g to %.3g times the published numbers and nothing failed",
                          NEAR_LEAST, NEAR_TOP);
    else
        ruling_holds_when(r, "nothing failed, which alone decides if both are missing");
    if (!ruling_nothing_failed(r))
        return CLAIM_FAILS;
    if (arm_replies(r->arm).completed == 0)
        return CLAIM_NOT_COMPARABLE;
    return is_known ? weigh_running(r, run, wait) : CLAIM_HOLDS;
}

/* --- when to use one --- */

/* The alternatives: our strategies, and the originals that count in JavaScript. */
static const char *const choices[][4] = {
    {"inline", "threads", "pool", "offload"},
    {ARM_EXPRESS_INLINE, ARM_EXPRESS_THREADS, ARM_EXPRESS_PISCINA, NULL},
};

/* Collects the usable alternatives; false, with the reason, if there is only one or if bench was
 * the bottleneck for one of them. */
static bool choose_from(struct ruling *r, struct arm_set *in)
{
    size_t family = claims_is_original(r->arm) ? 1 : 0;
    bool limited = false;
    for (size_t i = 0; i < LEN(choices[family]) && choices[family][i] != NULL; i++) {
        const struct arm *arm = ruling_other(r, choices[family][i]);
        if (arm == NULL || isnan(arm_figure_value(arm, arm_figure_find("work_per_second"))))
            continue;
        arm_set_add(in, arm);
        limited = limited || ruling_limited(r, arm);
    }
    if (in->count < 2)
        sentence_add(&r->words, "; there is no other arm to compare with");
    return in->count > 1 && !limited;
}

static enum claim_verdict compare_work(struct ruling *r)
{
    const struct arm_figure *work = arm_figure_find("work_per_second");
    struct sentence *s = &r->words;
    struct arm_set in = {0};
    const struct arm *best = r->arm;
    enum claim_verdict verdict = CLAIM_NOT_COMPARABLE;
    if (choose_from(r, &in)) {
        for (size_t i = 0; i < in.count; i++) {
            bool more = arm_figure_value(in.items[i], work) > arm_figure_value(best, work);
            best = more ? in.items[i] : best;
        }
        double most = arm_figure_value(best, work);
        sentence_add(s, "; the best of ");
        sentence_arms(s, &in, "and");
        sentence_add(s, " is ");
        sentence_figure(s, best, work);
        sentence_add(s, " (%s)", best->name);
        struct log_rounds own_rounds = apart_rounds(r->arm, work);
        struct log_rounds best_rounds = apart_rounds(best, work);
        if (arm_figure_value(r->arm, work) >= NEAR_MOST * most)
            verdict = CLAIM_HOLDS;
        else if (ruling_told_apart(r, &best_rounds, &own_rounds))
            verdict = CLAIM_FAILS;
    }
    arm_set_fini(&in);
    return verdict;
}

enum claim_verdict judge_pool_for_short(struct ruling *r)
{
    const struct arm_figure *work = arm_figure_find("work_per_second");
    const struct arm_figure *unit = arm_figure_find("cpu_per_work");
    const struct arm_figure *probe = arm_figure_find("probe_p99");
    struct sentence *s = &r->words;
    if (!ruling_knows(r, r->arm, work) || !ruling_knows(r, r->arm, unit))
        return CLAIM_NOT_COMPARABLE;
    sentence_figure(s, r->arm, work);
    sentence_add(s, ", ");
    sentence_figure(s, r->arm, unit);
    sentence_add(s, " of CPU each");
    ruling_measured(r);
    sentence_add(s, "one unit of work takes ");
    sentence_figure(s, r->arm, unit);
    sentence_add(s, " of CPU; it completes ");
    sentence_figure(s, r->arm, work);
    sentence_range(s, r->arm, work);
    sentence_add(s, "; ");
    ruling_holds_when(
        r,
        "a unit takes under %.3g s, nothing failed, the probe endpoint is not blocked, "
        "and it has at least %.0f %% of the best work/s",
        SHORT_NS / (double)NS_PER_S, 100 * NEAR_MOST);
    if (!ruling_nothing_failed(r))
        return CLAIM_FAILS;
    if (!arm_is_probed(r->arm)) {
        sentence_add(s, "; it %s", arm_why_unprobed(r->arm));
        return CLAIM_NOT_COMPARABLE;
    }
    sentence_add(s, "; its %s p99 is ", arm_probe_path(r->arm));
    sentence_figure(s, r->arm, probe);
    if (arm_blocks(r->arm) || arm_figure_value(r->arm, unit) >= SHORT_NS)
        return CLAIM_FAILS;
    return compare_work(r);
}
