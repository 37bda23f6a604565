/* Claims about unbounded threads: what they do to requests and to the machine. */
#include <math.h>

#include "analysis/arm_traits.h"
#include "analysis/claims/claims_internal.h"

#define ARTICLE_THREADS ((int64_t)ARTICLE_CONNECTIONS * ARTICLE_FANOUT)
#define MUCH            3.0  /* times the pool's memory, as in the findings */
#define MUCH_BYTES      64e6 /* and at least this much more: both may be small */
#define MOST_OF_CPU     0.5  /* less than this does not consume the CPU */

/* --- the fate of the requests --- */

static double answered_well(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    return (double)(a->completed - accounting_wrong(a));
}

static double sent(const struct result *r)
{
    return (double)r->accounting.sent;
}

static double window(const struct result *r)
{
    return r->duration_s * 1e9;
}

/* clang-format off */
static const struct arm_figure at_done = {.key = "completed_2xx", .title = "", .unit = METRIC_COUNT, .read = answered_well};
static const struct arm_figure at_sent = {.key = "accounting.sent", .title = "", .unit = METRIC_COUNT, .read = sent};
static const struct arm_figure at_window = {.key = "duration", .title = "", .unit = METRIC_TIME, .read = window};
/* clang-format on */

/* An arm that bench stopped, or that got no requests, did not collapse on its own. */
static bool was_loaded(struct ruling *r)
{
    for (size_t i = 0; i < r->arm->nresults; i++) {
        const struct result *result = &r->arm->results[i];
        const char *end = result->target_end;
        if (end != NULL)
            sentence_add(&r->words, "it stopped before the end of the window: %s", end);
        else if (result->accounting.sent == 0)
            sentence_add(&r->words, "one of its rounds sent no requests");
        else
            continue;
        sentence_cite(&r->words, r->arm, at_sent.key, (double)result->accounting.sent);
        return false;
    }
    return true;
}

enum claim_verdict judge_unpooled_zero(struct ruling *r)
{
    struct sentence *s = &r->words;
    if (!was_loaded(r))
        return CLAIM_NOT_COMPARABLE;
    sentence_figure(s, r->arm, &at_done);
    sentence_add(s, " in ");
    sentence_figure(s, r->arm, &at_window);
    ruling_measured(r);
    sentence_add(s, "it completed ");
    sentence_figure(s, r->arm, &at_done);
    sentence_range(s, r->arm, &at_done);
    sentence_add(s, " of ");
    sentence_figure(s, r->arm, &at_sent);
    sentence_add(s, " requests in ");
    sentence_figure(s, r->arm, &at_window);
    ruling_holds_when(r, "no round completed a request");
    return arm_figure_summary(r->arm, &at_done).high == 0 ? CLAIM_HOLDS : CLAIM_FAILS;
}

enum claim_verdict judge_unpooled_timeout(struct ruling *r)
{
    struct sentence *s = &r->words;
    const struct replies sum = arm_replies(r->arm);
    const int64_t unanswered = sum.sent - sum.completed;
    if (!was_loaded(r))
        return CLAIM_NOT_COMPARABLE;
    sentence_add(s, "%lld of %lld unanswered", (long long)unanswered, (long long)sum.sent);
    ruling_measured(r);
    sentence_add(s,
                 "of %lld requests in total, %lld were answered, %lld timed out, %lld failed and "
                 "%lld were in flight at the end",
                 (long long)sum.sent, (long long)sum.completed, (long long)sum.timed_out,
                 (long long)sum.failed, (long long)sum.in_flight);
    if (ruling_cannot_time_out(r->arm))
        sentence_add(s, "; the timeout is as long as the run, so nothing could time out: those "
                        "in flight at the end count instead");
    sentence_cite(s, r->arm, at_sent.key, (double)sum.sent);
    sentence_cite(s, r->arm, "completed", (double)sum.completed);
    sentence_cite(s, r->arm, "timeouts", (double)sum.timed_out);
    sentence_cite(s, r->arm, "failed", (double)sum.failed);
    sentence_cite(s, r->arm, "unfinished", (double)sum.in_flight);
    ruling_holds_when(r, "fewer than half were answered before the run ended");
    return sum.are_few ? CLAIM_HOLDS : CLAIM_FAILS;
}

/* --- threads started --- */

static double started(const struct result *r)
{
    int64_t n = r->server.total.threads_started;
    return n == MISSING ? NAN : (double)n;
}

static double started_each(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    return a->sent > 0 ? started(r) / (double)(a->sent + a->warmup_discarded) : NAN;
}

/* clang-format off */
static const struct arm_figure at_started = {.key = "threads_started", .title = "", .unit = METRIC_NUMBER, .read = started};
static const struct arm_figure at_each = {.key = "threads_started_per_request", .title = "", .unit = METRIC_NUMBER, .read = started_each};
/* clang-format on */

/* True if the threads started belong to whole requests: at least all that were answered, at most
 * all that were sent. A warm-up only counts answered ones; one more per connection may have
 * started. */
static bool all_started(const struct result *r)
{
    const struct accounting *a = &r->accounting;
    int64_t threads = r->server.total.threads_started;
    int64_t begun = threads / ARTICLE_FANOUT;
    int64_t most = a->sent;
    if (a->warmup_discarded > 0)
        most += a->warmup_discarded + r->connections;
    return threads >= ARTICLE_THREADS && threads % ARTICLE_FANOUT == 0 &&
           begun >= a->completed - a->non_2xx && begun <= most;
}

static enum claim_verdict started_in(const struct result *r)
{
    const struct process_cost *c = &r->server.total;
    if (c->threads_peak >= ARTICLE_THREADS) /* false for MISSING */
        return CLAIM_HOLDS;
    if (c->threads_started == MISSING) /* the peak alone is not all that it started */
        return CLAIM_NOT_COMPARABLE;
    return all_started(r) ? CLAIM_HOLDS : CLAIM_FAILS;
}

/* The worst verdict over all rounds; not comparable is the worst. */
static enum claim_verdict started_all(const struct arm *arm)
{
    enum claim_verdict verdict = CLAIM_HOLDS;
    for (size_t i = 0; i < arm->nresults; i++) {
        enum claim_verdict of = started_in(&arm->results[i]);
        verdict = of > verdict ? of : verdict;
    }
    return verdict;
}

enum claim_verdict judge_threads_800(struct ruling *r)
{
    const struct arm_figure *peak = arm_figure_find("threads_peak");
    struct sentence *s = &r->words;
    bool knows_started = !isnan(arm_figure_value(r->arm, &at_each));
    bool knows_peak = !isnan(arm_figure_value(r->arm, peak));
    if (!knows_started && !knows_peak) {
        sentence_add(s, "it is unknown how many threads it started");
        return CLAIM_NOT_COMPARABLE;
    }
    if (knows_started) {
        sentence_figure(s, r->arm, &at_each);
        sentence_add(s, " per request%s", knows_peak ? "; " : "");
    }
    if (knows_peak) {
        sentence_add(s, "at most ");
        sentence_figure(s, r->arm, peak);
        sentence_add(s, " at once");
    }
    ruling_measured(r);
    if (knows_started) {
        sentence_add(s, "it started ");
        sentence_figure(s, r->arm, &at_started);
        sentence_add(s, " threads for ");
        sentence_figure(s, r->arm, &at_sent);
        sentence_add(s, " requests");
    } else {
        sentence_add(s, "it is unknown how many it started");
    }
    if (knows_peak) {
        sentence_add(s, ", and at most ");
        sentence_figure(s, r->arm, peak);
        sentence_range(s, r->arm, peak);
        sentence_add(s, " existed at once");
    }
    ruling_holds_when(r,
                      "%d were started per request and at least %lld in total, or %lld existed at "
                      "once",
                      ARTICLE_FANOUT, (long long)ARTICLE_THREADS, (long long)ARTICLE_THREADS);
    return started_all(r->arm);
}

/* --- what they cost --- */

enum claim_verdict judge_memory_grows(struct ruling *r)
{
    const struct arm_figure *rss = arm_figure_find("rss_peak");
    struct sentence *s = &r->words;
    const struct arm *pool = ruling_partner(r, claims_pool_of(r->arm), rss);
    if (pool == NULL || !ruling_knows(r, r->arm, rss) || !ruling_knows(r, pool, rss))
        return CLAIM_NOT_COMPARABLE;
    double own = arm_figure_value(r->arm, rss);
    double of_pool = arm_figure_value(pool, rss);
    sentence_figure(s, r->arm, rss);
    ruling_measured(r);
    sentence_add(s, "its memory peaks at ");
    sentence_figure(s, r->arm, rss);
    sentence_range(s, r->arm, rss);
    sentence_add(s, ", ");
    ruling_add_times(r, own, pool, rss);
    ruling_holds_when(r, "it is at least %.3g times the pool's, and at least %.3g MB more", MUCH,
                      MUCH_BYTES / 1e6);
    return of_pool > 0 && own >= MUCH * of_pool && own >= of_pool + MUCH_BYTES ? CLAIM_HOLDS
                                                                               : CLAIM_FAILS;
}

/* The kernel does more than context switches, so this is an upper bound for them. */
static double kernel_share(const struct result *r)
{
    double cpu_s = process_cpu_s(&r->server.total);
    return cpu_s > 0 ? r->server.total.cpu_system_s / cpu_s : NAN;
}

static const struct arm_figure at_kernel = {.key = "cpu_system_share",
                                            .title = "kernel's share of the CPU",
                                            .unit = METRIC_SHARE,
                                            .read = kernel_share};

static void add_switches(struct ruling *r, const char *before)
{
    const struct arm_figure *switches = arm_figure_find("switches_per_request");
    if (isnan(arm_figure_value(r->arm, switches)))
        return;
    sentence_add(&r->words, "%s", before);
    sentence_figure(&r->words, r->arm, switches);
    sentence_add(&r->words, " switches per request");
}

enum claim_verdict judge_switches_consume(struct ruling *r)
{
    const struct arm_figure *work = arm_figure_find("cpu_per_work");
    struct sentence *s = &r->words;
    if (!ruling_knows(r, r->arm, &at_kernel))
        return CLAIM_NOT_COMPARABLE;
    sentence_figure(s, r->arm, &at_kernel);
    sentence_add(s, " kernel");
    add_switches(r, ", ");
    ruling_measured(r);
    sentence_add(s, "the kernel uses ");
    sentence_figure(s, r->arm, &at_kernel);
    sentence_range(s, r->arm, &at_kernel);
    sentence_add(s, " of its CPU, an upper bound for context switches");
    add_switches(r, ", at ");
    if (!isnan(arm_figure_value(r->arm, work))) {
        sentence_add(s, "; a unit of work takes ");
        sentence_figure(s, r->arm, work);
        sentence_add(s, " of CPU");
        ruling_add_beside(r, claims_pool_of(r->arm), "it takes", work);
    }
    ruling_holds_when(r, "the kernel uses more than %.0f %% of the CPU", 100 * MOST_OF_CPU);
    return arm_figure_value(r->arm, &at_kernel) > MOST_OF_CPU ? CLAIM_HOLDS : CLAIM_FAILS;
}
