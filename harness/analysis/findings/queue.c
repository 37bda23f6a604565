/* What a queue accepted and what it completed. */
#include <math.h>

#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/findings/rank.h"
#include "analysis/sentence.h"

#define NEARLY_ALL 0.99 /* of the jobs: then the completed ones speak for all */
#define SPEAK_FOR  0.1  /* of the jobs: below it, the completed ones were only the first */
#define FAR_BELOW  0.5  /* of the most work completed by any arm */

static double drain_left(const struct result *r)
{
    int64_t left = r->queue.drain_left;
    return r->has_queue && left != MISSING ? (double)left : NAN;
}

/* The p50 of completed jobs; the others may take longer. */
static double job_half(const struct result *r)
{
    return r->job == NULL || hist_count(r->job) == 0 ? NAN
                                                     : (double)hist_percentile_ns(r->job, 0.5);
}

static double accepting_cores(const struct result *r)
{
    return r->has_queue && r->duration_s > 0 ? server_cpu_s(r, "target") / r->duration_s : NAN;
}

static double working_cores(const struct result *r)
{
    return r->has_queue && r->duration_s > 0 ? server_cpu_s(r, "worker") / r->duration_s : NAN;
}

static double bench_cores(const struct result *r)
{
    return r->duration_s > 0 ? (r->client.cpu_user_s + r->client.cpu_system_s) / r->duration_s
                             : NAN;
}

static double accepting_per_job(const struct result *r)
{
    return r->has_queue && r->queue.completed > 0
               ? server_cpu_s(r, "target") / (double)r->queue.completed * 1e9
               : NAN;
}

/* clang-format off */
static const struct arm_figure at_gateway = {.key = "queue.cores_accepting", .title = "", .unit = METRIC_NUMBER, .read = accepting_cores};
static const struct arm_figure at_workers = {.key = "queue.cores_working", .title = "", .unit = METRIC_NUMBER, .read = working_cores};
static const struct arm_figure at_bench = {.key = "client.cores", .title = "", .unit = METRIC_NUMBER, .read = bench_cores};
static const struct arm_figure per_job = {.key = "queue.accepting_per_job", .title = "", .unit = METRIC_TIME, .read = accepting_per_job};
static const struct arm_figure left_over = {.key = "queue.drain.left", .title = "", .unit = METRIC_NUMBER, .read = drain_left};
static const struct arm_figure job_p50 = {.key = "job.p50", .title = "", .unit = METRIC_TIME, .read = job_half};
/* clang-format on */

/* Those that wait would take longer than any that is completed: of a few, a median says nothing. */
static void add_completed(struct sentence *s, const struct arm *arm)
{
    double share = arm_figure_value(arm, &queue_done) / arm_figure_value(arm, &queue_accepted);
    if (share < SPEAK_FOR) {
        sentence_add(s, "; when the load ended, ");
        sentence_value(s, share, METRIC_SHARE);
        sentence_add(s, " of the accepted jobs were completed, too few for a job time");
        return;
    }
    sentence_add(s, "; completed jobs");
    if (share < NEARLY_ALL) {
        sentence_add(s, " (");
        sentence_value(s, share, METRIC_SHARE);
        sentence_add(s, " of those accepted; the others still waited)");
    }
    sentence_add(s, " took ");
    sentence_figure(s, arm, &job_p50);
    sentence_add(s, " at the median");
}

void find_early_answers(struct comparison *c)
{
    const struct arm_figure *p50 = arm_figure_find("p50");
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        struct sentence s;
        if (!arm_is_sound(arm) || !arm_answers_early(arm) || isnan(arm_figure_value(arm, p50)))
            continue;
        sentence_begin(&s, "early-answer");
        sentence_add(&s, "%s responds before the work is done: its p50 of ", arm->name);
        sentence_figure(&s, arm, p50);
        sentence_add(&s, " is the time to accept a job");
        if (!isnan(arm_figure_value(arm, &job_p50)))
            add_completed(&s, arm);
        sentence_end(&s, c);
    }
}

/* How long the last job of the backlog waits. */
static void add_drain(struct sentence *s, const struct arm *arm)
{
    double ns = arm_drain_ns(arm);
    enum drain_how how = arm_drain_how(arm);
    if (how == DRAIN_PROJECTED && isinf(ns)) {
        sentence_add(s, "; at that rate, under the load, they never drain");
    } else if (how == DRAIN_PROJECTED && !isnan(ns)) {
        sentence_add(s, "; at that rate, under the load, they would take ");
        sentence_long(s, ns);
        sentence_cite(s, arm, queue_drain.key, ns);
        sentence_add(s, " to drain (projected; once the load ends it may be faster), and the last "
                        "accepted job would wait that long");
    } else if (how == DRAIN_MEASURED && !isnan(ns)) {
        sentence_add(s, "; they took ");
        sentence_long(s, ns);
        sentence_cite(s, arm, queue_drain.key, ns);
        sentence_add(s, " to drain (measured), and the last accepted job waited that long");
    } else if (how == DRAIN_CUT && !isnan(arm_figure_value(arm, &left_over))) {
        sentence_add(s, "; ");
        sentence_figure(s, arm, &left_over);
        sentence_add(s, " were left when bench stopped waiting");
    }
}

static void tell_backlog(struct comparison *c, const struct arm *arm, double left)
{
    struct sentence s;
    bool keeps_up = !arm_backlog_grows(arm);
    sentence_begin(&s, keeps_up ? "keeps-up" : "backlog");
    sentence_add(&s, keeps_up ? "%s keeps up: " : "%s accepts more than it completes: ", arm->name);
    sentence_figure(&s, arm, &queue_accepting);
    sentence_add(&s, " accepted, ");
    sentence_figure(&s, arm, arm_figure_find("work_per_second"));
    sentence_add(&s, arm_drain_how(arm) == DRAIN_MEASURED
                         ? " completed by the time the last was done, and "
                         : " completed, and ");
    sentence_figure(&s, arm, &queue_backlog);
    sentence_add(&s, left == 1 ? " job was waiting at the end" : " jobs were waiting at the end");
    if (arm->nresults > 1)
        sentence_add(&s, " (medians of %zu rounds)", arm->nresults);
    if (!keeps_up)
        add_drain(&s, arm);
    sentence_end(&s, c);
}

void find_backlogs(struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        double left = arm_figure_value(arm, &queue_backlog);
        double work = arm_figure_value(arm, arm_figure_find("work_per_second"));
        if (arm_is_sound(arm) && !isnan(left) && !isnan(work) &&
            !isnan(arm_figure_value(arm, &queue_accepting)))
            tell_backlog(c, arm, left);
    }
}

/* True if the arm completes far less work than the best, and their rounds are told apart. */
static bool works_far_below(const struct comparison *c, const struct arm *arm)
{
    const struct arm_figure *work = arm_figure_find("work_per_second");
    struct arm_set in = {0};
    struct rank rank;
    bool is_below = false;
    for (size_t i = 0; i < c->narms; i++) {
        if (arm_is_sound(&c->arms[i]) && !arm_is_disturbed(&c->arms[i]) &&
            arm_does_the_work(c, &c->arms[i]))
            arm_set_add(&in, &c->arms[i]);
    }
    rank_init(&rank, &in, work, RANK_MOST, RANK_BY_ROUND);
    for (size_t i = 0; i < rank.count; i++)
        is_below |= rank.items[i].arm == arm &&
                    rank.items[i].value < FAR_BELOW * rank.items[0].value &&
                    rank_told_apart(&rank, &rank.items[0], &rank.items[i]);
    rank_fini(&rank);
    arm_set_fini(&in);
    return is_below;
}

/* Cores used for accepting, and by bench, are not available for the work. */
static bool works_beside_accepting(const struct comparison *c, const struct arm *arm)
{
    double beside = arm_figure_value(arm, &at_gateway) + arm_figure_value(arm, &at_bench);
    return beside > arm_figure_value(arm, &at_workers) && !isnan(arm_figure_value(arm, &per_job)) &&
           works_far_below(c, arm);
}

static void tell_accepting(struct comparison *c, const struct arm *arm)
{
    struct sentence s;
    int64_t cores = arm->results[0].environment.cores_allowed;
    sentence_begin(&s, "accepting");
    sentence_add(&s, "%s spends ", arm->name);
    sentence_figure(&s, arm, &per_job);
    sentence_add(&s, " of CPU on accepting per completed job: its gateway uses ");
    sentence_figure(&s, arm, &at_gateway);
    sentence_add(&s, " cores to accept ");
    sentence_figure(&s, arm, &queue_accepting);
    sentence_add(&s, ", bench uses ");
    sentence_figure(&s, arm, &at_bench);
    sentence_add(&s, ", and its workers get ");
    sentence_figure(&s, arm, &at_workers);
    if (cores != MISSING && cores > 1)
        sentence_add(&s, " of the %lld cores", (long long)cores);
    sentence_end(&s, c);
}

void find_accepting(struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (works_beside_accepting(c, &c->arms[i]))
            tell_accepting(c, &c->arms[i]);
    }
}
