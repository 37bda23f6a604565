#include "analysis/recovery/recovery.h"

#include <math.h>
#include <string.h>

#include "analysis/recovery/course.h"
#include "analysis/recovery/spike.h"
#include "base/clock.h"
#include "base/mem.h"
#include "stat/hist_text.h"

#define HOLD         3   /* samples in a row in which the goal holds, or it was chance */
#define BEFORE_LEAST 100 /* responses, for a p99 of them */
#define BEFORE_LOST  0.01
#define GOAL_TIMES   2 /* the p99 before the spike */
#define GOAL_MORE_NS (5 * NS_PER_MS)
#define LEVEL_LEAST  10 /* that wait by chance */
#define COUNT_MOST   0x1p53
#define FALLING      0.9 /* times what waited in the middle of the time after the spike */

/* A part of the run: the samples [first, end), of whose middle it is. */
struct part {
    size_t first, end;
};

struct scene {
    const struct result *r;
    struct course course;
    struct spike spike;
    struct part before, in, after;
};

static struct part part_of(const struct course *c, double from_s, double to_s)
{
    struct part p = {0};
    for (size_t i = 0; i < c->count; i++) {
        double middle_s = (c->items[i].from_s + c->items[i].to_s) / 2;
        p.first += middle_s < from_s;
        p.end += middle_s < to_s;
    }
    return p;
}

static size_t count_of(const struct scene *s, struct part p, enum course_verdict verdict)
{
    size_t count = 0;
    for (size_t i = p.first; i < p.end; i++)
        count += s->course.items[i].verdict == verdict;
    return count;
}

static double length_s(const struct scene *s, struct part p)
{
    return p.first < p.end ? s->course.items[p.end - 1].to_s - s->course.items[p.first].from_s : 0;
}

/* --- the goal --- */

/* Twice the p99 of the time before, of which few requests were lost or refused. */
static enum recovery_reason goal_before(const struct scene *s, struct recovery_goal *goal)
{
    struct hist *h = hist_text_new();
    double bad = 0;
    for (size_t i = s->before.first; i < s->before.end; i++) {
        const struct course_sample *sample = &s->course.items[i];
        course_latencies(s->r, i, h);
        bad += sample->lost + (s->r->accounting.judged_non_2xx > 0 ? 0 : sample->refused);
    }
    double count = (double)hist_count(h);
    double p99_ns = (double)hist_percentile_ns(h, 0.99);
    hist_free(h);
    if (bad > BEFORE_LOST * (count + bad))
        return RECOVERY_REASON_BAD_BEFORE;
    if (count < BEFORE_LEAST)
        return RECOVERY_REASON_NO_BEFORE;
    *goal =
        (struct recovery_goal){.q = 0.99, .ns = fmax(GOAL_TIMES * p99_ns, p99_ns + GOAL_MORE_NS)};
    return RECOVERY_REASON_NONE;
}

/* That of the run's own options, as far as it has one. */
static enum recovery_reason goal_of_run(const struct scene *s, struct recovery_goal *goal)
{
    struct err ignored = {0};
    const struct setting *own = settings_find(s->r->config, s->r->nconfig, "recovery_goal");
    if (own == NULL || own->kind != SETTING_TEXT)
        return goal_before(s, goal);
    return recovery_goal_parse(own->text, goal, &ignored) == 0 ? RECOVERY_REASON_NONE
                                                               : RECOVERY_REASON_BAD_GOAL;
}

/* --- what waits --- */

static double waiting(const struct course_sample *s)
{
    return s->waiting;
}

static double jobs(const struct course_sample *s)
{
    return s->jobs == MISSING ? NAN : (double)s->jobs;
}

static double most_in(const struct scene *s, struct part p,
                      double (*read)(const struct course_sample *))
{
    double most = NAN;
    for (size_t i = p.first; i < p.end; i++)
        most = fmax(most, read(&s->course.items[i])); /* of NAN: the other */
    return most;
}

static struct recovery_backlog backlog_of(const struct scene *s, double level,
                                          double (*read)(const struct course_sample *))
{
    struct recovery_backlog b = {MISSING, MISSING, level, NAN};
    struct part all = {s->in.first, s->after.end};
    double most = most_in(s, all, read);
    double left = all.first < all.end ? read(&s->course.items[all.end - 1]) : NAN;
    if (isnan(most) || isnan(left))
        return b;
    b.most = (int64_t)fmin(most, COUNT_MOST);
    b.left = (int64_t)fmin(left, COUNT_MOST);
    if (left > level)
        return b;
    b.drained_s = 0;
    for (size_t i = s->after.first; i < s->after.end; i++) {
        if (read(&s->course.items[i]) > level)
            b.drained_s = s->course.items[i].to_s - s->spike.to_s;
    }
    return b;
}

static struct recovery_rates rates_of(const struct scene *s, struct part p)
{
    struct recovery_rates sum = {0};
    double over_s = length_s(s, p);
    for (size_t i = p.first; i < p.end; i++) {
        sum.due += s->course.items[i].due;
        sum.done += s->course.items[i].done;
        sum.good += s->course.items[i].good;
    }
    if (over_s <= 0)
        return (struct recovery_rates){NAN, NAN, NAN};
    return (struct recovery_rates){sum.due / over_s, sum.done / over_s, sum.good / over_s};
}

static void add_backlogs(const struct scene *s, struct recovery *out)
{
    double goal_s = out->goal.ns / (double)NS_PER_S;
    double usual = most_in(s, s->before, jobs);
    /* By Little's law, as many are open when each takes as long as the goal. */
    out->requests = backlog_of(s, fmax(LEVEL_LEAST, out->after.due * goal_s), waiting);
    out->jobs = backlog_of(s, fmax(LEVEL_LEAST, usual), jobs);
    if (s->r->accounting.unbound > 0)
        out->requests = (struct recovery_backlog){MISSING, MISSING, NAN, NAN};
    if (!s->r->has_queue)
        out->jobs = (struct recovery_backlog){MISSING, MISSING, NAN, NAN};
}

/* --- the state --- */

/* What waits gets less; then also how long until nothing does. */
static bool is_falling(const struct scene *s, double *left_s)
{
    const struct course_sample *middle = &s->course.items[(s->after.first + s->after.end) / 2];
    const struct course_sample *last = &s->course.items[s->after.end - 1];
    if (!(last->waiting < FALLING * middle->waiting))
        return false;
    *left_s = last->waiting / (middle->waiting - last->waiting) * (last->to_s - middle->to_s);
    return true;
}

/* It was lost to the end, and before that did not hold for HOLD samples either. */
static enum recovery_state state_of_lost(const struct scene *s, struct recovery *out)
{
    if (length_s(s, s->after) < s->spike.to_s - s->spike.from_s) {
        out->reason = RECOVERY_REASON_SHORT;
        return RECOVERY_UNKNOWN;
    }
    return is_falling(s, &out->left_s) ? RECOVERY_RECOVERING : RECOVERY_METASTABLE;
}

/* How the goal held after the spike: in runs of samples, between those in which it did not. */
struct holding {
    size_t fine;   /* samples since it was lost last */
    double from_s; /* where they begin */
};

/* A sample in which it did not hold: what held before it, for long enough, has been lost. */
static void lose(struct holding *h, const struct course_sample *sample, struct recovery *out)
{
    if (h->fine >= HOLD && out->losses++ == 0)
        out->first_s = fmax(h->from_s - out->to_s, 0);
    *h = (struct holding){.from_s = sample->to_s};
}

static struct holding hold(const struct scene *s, struct recovery *out)
{
    struct holding h = {.from_s = s->spike.to_s};
    for (size_t i = s->after.first; i < s->after.end; i++) {
        const struct course_sample *sample = &s->course.items[i];
        if (sample->verdict == COURSE_BAD)
            lose(&h, sample, out);
        else
            h.fine += sample->verdict == COURSE_FINE;
    }
    return h;
}

static enum recovery_state state_of(const struct scene *s, struct recovery *out)
{
    struct part all = {s->in.first, s->after.end};
    struct holding h = hold(s, out);
    if (h.fine >= HOLD) {
        out->back_s = fmax(h.from_s - s->spike.to_s, 0);
        return count_of(s, all, COURSE_BAD) == 0 ? RECOVERY_UNHARMED : RECOVERY_RECOVERED;
    }
    if (out->losses > 0)
        return RECOVERY_UNSETTLED;
    if (h.fine == 0)
        return state_of_lost(s, out);
    out->reason = RECOVERY_REASON_SHORT;
    return RECOVERY_UNKNOWN;
}

static enum recovery_reason why_unknown(const struct scene *s)
{
    size_t judged = s->after.end - s->after.first - count_of(s, s->after, COURSE_EMPTY);
    bool was_bad = 2 * count_of(s, s->before, COURSE_BAD) > s->before.end - s->before.first;
    if (was_bad)
        return RECOVERY_REASON_BAD_BEFORE;
    return judged < HOLD ? RECOVERY_REASON_SHORT : RECOVERY_REASON_NONE;
}

static void judge(struct scene *s, struct recovery *out)
{
    course_judge(&s->course, s->r, &out->goal);
    out->before = rates_of(s, s->before);
    out->spike = rates_of(s, s->in);
    out->after = rates_of(s, s->after);
    out->reason = why_unknown(s);
    if (s->after.first == s->after.end)
        return;
    add_backlogs(s, out);
    if (out->reason == RECOVERY_REASON_NONE)
        out->state = state_of(s, out);
}

static enum recovery_reason why_not_judged(const struct scene *s)
{
    if (s->r->offered.from_sending)
        return RECOVERY_REASON_FROM_SENDING;
    if (s->course.count == 0)
        return RECOVERY_REASON_NO_SERIES;
    if (s->spike.after_rps <= 0)
        return RECOVERY_REASON_IDLE;
    return RECOVERY_REASON_NONE;
}

static void judge_by(struct scene *s, const struct recovery_goal *given, struct recovery *out)
{
    out->reason = why_not_judged(s);
    if (out->reason != RECOVERY_REASON_NONE)
        return;
    if (given != NULL)
        out->goal = *given;
    else
        out->reason = goal_of_run(s, &out->goal);
    if (out->reason == RECOVERY_REASON_NONE)
        judge(s, out);
}

/* --- the whole --- */

/* A part of a load has a part of the rate that the stages begin with, and all of their text. */
static bool find_spike(const struct result *r, struct spike *out)
{
    struct plan_stages stages;
    struct err ignored = {0};
    double shares = r->share != NULL ? (double)r->share->count : 1;
    return r->offered.stages != NULL && r->rounds <= 1 &&
           stages_parse(r->offered.stages, &stages, &ignored) == 0 &&
           spike_of(&stages, r->offered.rate_rps * shares, out);
}

static void recovery_init(struct recovery *out, const struct spike *spike)
{
    const struct recovery_rates no_rates = {NAN, NAN, NAN};
    const struct recovery_backlog no_backlog = {MISSING, MISSING, NAN, NAN};
    *out = (struct recovery){.state = RECOVERY_UNKNOWN,
                             .goal = {NAN, NAN, false},
                             .from_s = spike->from_s,
                             .to_s = spike->to_s,
                             .end_s = spike->end_s,
                             .peak_rps = spike->peak_rps,
                             .after_rps = spike->after_rps,
                             .sample_s = NAN,
                             .back_s = NAN,
                             .first_s = NAN,
                             .left_s = NAN,
                             .requests = no_backlog,
                             .jobs = no_backlog,
                             .before = no_rates,
                             .spike = no_rates,
                             .after = no_rates};
}

struct recovery recovery_of(const struct result *r, const struct recovery_goal *given)
{
    struct scene s = {.r = r};
    struct recovery out = {0};
    if (!find_spike(r, &s.spike))
        return out;
    recovery_init(&out, &s.spike);
    course_of(r, &s.course);
    if (s.course.count > 0)
        out.sample_s = s.course.items[0].to_s - s.course.items[0].from_s;
    s.before = part_of(&s.course, 0, s.spike.from_s);
    s.in = part_of(&s.course, s.spike.from_s, s.spike.to_s);
    s.after = part_of(&s.course, s.spike.to_s, s.spike.end_s);
    judge_by(&s, given, &out);
    course_fini(&s.course);
    return out;
}

void recovery_add(struct result *r, const struct recovery_goal *given)
{
    r->recovery = recovery_of(r, given);
}

void recovery_add_all(struct comparison *c, const struct recovery_goal *given)
{
    for (size_t i = 0; i < c->narms; i++) {
        for (size_t k = 0; k < c->arms[i].nresults; k++)
            recovery_add(&c->arms[i].results[k], given);
    }
}
