/* What a queue promised and what it kept. */
#include <math.h>

#include "base/clock.h"
#include "model/findings_parts.h"
#include "model/findings_sentence.h"

#define KEEPS_UP_S 1.0 /* of work: a backlog below that comes and goes */

static double number(int64_t n)
{
    return n == MISSING ? NAN : (double)n;
}

static double accepted_per_second(const struct result *r)
{
    return r->has_queue && r->duration_s > 0 ? number(r->queue.accepted) / r->duration_s : NAN;
}

static double drain_left(const struct result *r)
{
    return r->has_queue ? number(r->queue.drain_left) : NAN;
}

/* Of those that were done, whatever becomes of the others. */
static double job_half(const struct result *r)
{
    return r->job == NULL || hist_count(r->job) == 0 ? NAN
                                                     : (double)hist_percentile_ns(r->job, 0.5);
}

/* clang-format off */
static const struct arm_figure accepted = {"accepted_per_second", "", METRIC_NUMBER, NULL, accepted_per_second};
static const struct arm_figure backlog = {"backlog", "", METRIC_NUMBER, "backlog", NULL};
static const struct arm_figure drain = {"drain_time", "", METRIC_TIME, "drain_time", NULL};
static const struct arm_figure left_over = {"queue.drain.left", "", METRIC_NUMBER, NULL, drain_left};
static const struct arm_figure job_p50 = {"job.p50", "", METRIC_TIME, NULL, job_half};
/* clang-format on */

void find_early_answers(struct comparison *c)
{
    const struct arm_figure *p50 = arm_figure_find("p50");
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        struct sentence s;
        if (!arm_is_sound(arm) || !arm_answers_early(arm) || isnan(arm_figure_value(arm, p50)))
            continue;
        sentence_begin(&s, "early-answer");
        sentence_add(&s, "%s answers before the work is done: its p50 of ", arm->name);
        sentence_figure(&s, arm, p50);
        sentence_add(&s, " is the time until a job is accepted");
        if (!isnan(arm_figure_value(arm, &job_p50))) {
            sentence_add(&s, "; half of the jobs that were done took ");
            sentence_figure(&s, arm, &job_p50);
            sentence_add(&s, " or more until then");
        }
        sentence_end(&s, c);
    }
}

static enum drain_how drain_of(const struct arm *arm)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        if (arm->results[i].has_queue)
            return arm->results[i].queue.drain;
    }
    return DRAIN_UNKNOWN;
}

/* What the backlog means for whoever waits for the last of it. */
static void add_drain(struct sentence *s, const struct arm *arm)
{
    double ns = arm_figure_value(arm, &drain);
    enum drain_how how = drain_of(arm);
    if (how == DRAIN_PROJECTED && isinf(ns)) {
        sentence_add(s, ", which at that rate are never done");
    } else if (how == DRAIN_PROJECTED && !isnan(ns)) {
        sentence_add(s, "; at that rate (projected) they take ");
        sentence_figure(s, arm, &drain);
        sentence_add(s, " to drain, and so long waits the job that was accepted last");
    } else if (how == DRAIN_MEASURED && !isnan(ns)) {
        sentence_add(s, "; they took ");
        sentence_figure(s, arm, &drain);
        sentence_add(s, " to drain (measured), and so long waited the job that was accepted last");
    } else if (how == DRAIN_CUT && !isnan(arm_figure_value(arm, &left_over))) {
        sentence_add(s, ", of which ");
        sentence_figure(s, arm, &left_over);
        sentence_add(s, " were left when the wait for them ended");
    }
}

static void tell_backlog(struct comparison *c, const struct arm *arm, double left, double work)
{
    struct sentence s;
    bool keeps_up = left <= KEEPS_UP_S * work;
    sentence_begin(&s, keeps_up ? "keeps-up" : "backlog");
    sentence_add(&s, keeps_up ? "%s keeps up: " : "%s accepts more than it completes: ", arm->name);
    sentence_figure(&s, arm, &accepted);
    sentence_add(&s, " accepted, ");
    sentence_figure(&s, arm, arm_figure_find("work_per_second"));
    sentence_add(&s, " completed, and ");
    sentence_figure(&s, arm, &backlog);
    sentence_add(&s, left == 1 ? " job was waiting at the end" : " jobs were waiting at the end");
    if (!keeps_up)
        add_drain(&s, arm);
    sentence_end(&s, c);
}

void find_backlogs(struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        double left = arm_figure_value(arm, &backlog);
        double work = arm_figure_value(arm, arm_figure_find("work_per_second"));
        if (arm_is_sound(arm) && !isnan(left) && !isnan(work) &&
            !isnan(arm_figure_value(arm, &accepted)))
            tell_backlog(c, arm, left, work);
    }
}
