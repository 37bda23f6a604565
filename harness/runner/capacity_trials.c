#include "runner/capacity_trials.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/capacity/judge.h"
#include "analysis/capacity/search.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/units.h"
#include "model/comparison.h"

#define POINTS   20             /* of the series of a trial, for the trend of what waits */
#define START_NS (NS_PER_S / 2) /* to start and stop a server, until it is known */

struct state {
    const struct capacity_trials *of;
    double load_average_1m;
    int64_t began_ns;
    int64_t spent_ns, loaded_ns; /* on the trials so far; of that, as long as they were to be */
    size_t nspent;
    bool *warned; /* of each arm, that a trial gave no result */
};

/* --- the time --- */

static int64_t beside_ns(const struct state *s)
{
    return s->nspent == 0 ? START_NS : (s->spent_ns - s->loaded_ns) / (int64_t)s->nspent;
}

static int64_t trials_left(const struct capacity *c)
{
    int64_t left = 0;
    for (size_t i = 0; i < c->narms; i++) {
        const struct capacity_estimate *e = &c->arms[i].estimate;
        int64_t done = (int64_t)(e->held + e->failed + e->unusable) + 1;
        left += e->end == CAPACITY_SEARCHING && done < c->max_trials ? c->max_trials - done : 0;
    }
    return left;
}

/* At most, by the trials or by the budget. */
static int64_t time_left_ns(const struct state *s, int64_t this_ns)
{
    const struct capacity_trials *of = s->of;
    int64_t each_ns = of->trial_ns + beside_ns(s);
    int64_t trials = trials_left(of->capacity);
    int64_t left_ns = each_ns > INT64_MAX / (trials + 2) ? MISSING : this_ns + each_ns * trials;
    int64_t budget_ns = of->budget_ns - (clock_now_ns() - s->began_ns);
    if (of->budget_ns > 0 && (left_ns == MISSING || budget_ns < left_ns))
        return budget_ns;
    return left_ns;
}

/* --- a trial --- */

/* Each trial has arrivals of its own: with the same ones, two at one rate would be one trial. */
static int64_t seed_of(const struct capacity *c)
{
    struct rng rng;
    rng_init(&rng, c->seed + c->ntrials);
    return (int64_t)(rng_next(&rng) >> 11); /* 53 bits */
}

/* The arm with the rate and the length of this trial. */
static struct arm_plan plan_of(const struct capacity_trials *of, size_t arm, double rate_rps)
{
    struct arm_plan trial = of->arms->items[arm];
    struct plan *plan = &trial.options.plan;
    bool is_pilot = isnan(rate_rps);
    plan->rate_rps = is_pilot ? 0 : rate_rps;
    plan->seed = seed_of(of->capacity);
    plan->duration_ns = is_pilot ? of->pilot_ns : goal_trial_ns(of->goal, rate_rps, of->trial_ns);
    int64_t sample_ms = plan->duration_ns / POINTS / NS_PER_MS;
    plan->sample_ms = sample_ms < PLAN_SAMPLE_MIN_MS ? PLAN_SAMPLE_MIN_MS
                      : sample_ms > 1000             ? 1000
                                                     : sample_ms;
    return trial;
}

static void describe(const struct capacity *c, size_t arm, double rate_rps, char *text, size_t size)
{
    const struct capacity_estimate *e = &c->arms[arm].estimate;
    char rate[32];
    char lo[32];
    char hi[32];
    if (isnan(rate_rps)) {
        (void)snprintf(text, size, "pilot");
        return;
    }
    (void)units_format_count(rate_rps, rate, sizeof rate);
    if (isnan(e->median))
        (void)snprintf(text, size, "at %s/s", rate);
    else
        (void)snprintf(text, size, "at %s/s, so far %s to %s/s", rate,
                       units_format_count(e->lo, lo, sizeof lo),
                       units_format_count(e->hi, hi, sizeof hi));
}

static int run_once(struct state *s, const struct arm_plan *plan, size_t arm, struct result *r,
                    int *out_signal, struct err *err)
{
    const struct capacity *c = s->of->capacity;
    char what[120];
    int64_t start_ns = clock_now_ns();
    int64_t planned_ns = plan->options.plan.warmup_ns + plan->options.plan.duration_ns;
    double rate_rps = plan->options.plan.rate_rps;
    describe(c, arm, rate_rps > 0 ? rate_rps : NAN, what, sizeof what);
    const struct trial_place place = {.arm = plan->name,
                                      .search = what,
                                      .number = c->ntrials + 1,
                                      .left_ns = time_left_ns(s, planned_ns)};
    int failed = arm_trial_run(&(struct arm_trial){plan, &place, s->of->view, &s->load_average_1m},
                               r, out_signal, err);
    s->spent_ns += clock_now_ns() - start_ns;
    s->loaded_ns += planned_ns;
    s->nspent++;
    return failed;
}

/* Said at once, and not only after the long search. */
static void warn(struct state *s, size_t arm, const char *why)
{
    if (!s->warned[arm])
        log_warn("%s: %s", s->of->arms->items[arm].name, why);
    s->warned[arm] = true;
}

static void judge(const struct capacity_trials *of, const struct result *r,
                  struct capacity_trial *out)
{
    if (isnan(out->rate_rps))
        judge_pilot(r, out);
    else
        judge_trial(of->goal, r, out);
}

/* What a trial needs once more: other programs took the cores, and it was not good enough. */
static bool is_in_doubt(const struct capacity_trial *t)
{
    return t->is_disturbed && t->outcome != CAPACITY_HELD && t->outcome != CAPACITY_PILOT;
}

static void forget(struct capacity_trial *t)
{
    free(t->figures);
    free(t->why);
}

/* Returns the signal that ended it, or 0; with one the trial is none. */
static int try(struct state *s, size_t arm, int64_t round, double rate_rps)
{
    struct capacity *c = s->of->capacity;
    const struct arm_plan plan = plan_of(s->of, arm, rate_rps);
    struct result r;
    struct err err = {0};
    int signal = 0;
    int failed = run_once(s, &plan, arm, &r, &signal, &err);
    if (failed < 0 && signal == 0 && err.kind == ERR_INTERRUPTED)
        signal = signals_take(s->of->signals); /* it was pending, and ended a connect */
    if (signal == 0) {
        struct capacity_trial *t = capacity_add_trial(c);
        t->arm = arm;
        t->round = round;
        t->rate_rps = rate_rps;
        t->started_wall_ms = clock_wall_ms();
        if (failed < 0)
            judge_nothing(err.text, t);
        else
            judge(s->of, &r, t);
        if (failed < 0)
            warn(s, arm, err.text);
    }
    result_fini(&r);
    return signal;
}

/* A disturbed one is replaced by the second, if that came to its end. */
static int try_well(struct state *s, size_t arm, int64_t round, double rate_rps)
{
    struct capacity *c = s->of->capacity;
    int signal = try(s, arm, round, rate_rps);
    if (signal != 0 || !is_in_doubt(&c->trials[c->ntrials - 1]))
        return signal;
    log_debug("%s: other programs took over 10 %% of the cores, so the trial is measured again",
              s->of->arms->items[arm].name);
    signal = try(s, arm, round, rate_rps);
    if (signal != 0)
        return signal;
    c->ntrials--;
    forget(&c->trials[c->ntrials - 1]);
    c->trials[c->ntrials - 1] = c->trials[c->ntrials];
    return 0;
}

/* --- the rounds --- */

static bool has_round(const struct capacity *c, size_t arm, int64_t round)
{
    for (size_t i = 0; i < c->ntrials; i++) {
        if (c->trials[i].arm == arm && c->trials[i].round == round)
            return true;
    }
    return false;
}

static bool goes_on(const struct capacity *c)
{
    bool any = false;
    for (size_t i = 0; i < c->narms; i++)
        any |= c->arms[i].estimate.end == CAPACITY_SEARCHING;
    return any;
}

static bool is_over_budget(const struct state *s, size_t arm, double rate_rps)
{
    const struct arm_plan plan = plan_of(s->of, arm, rate_rps);
    int64_t needs_ns = plan.options.plan.warmup_ns + plan.options.plan.duration_ns + beside_ns(s);
    int64_t spent_ns = clock_now_ns() - s->began_ns;
    return s->of->budget_ns > 0 && needs_ns > s->of->budget_ns - spent_ns;
}

/* One trial, unless the arm is done or has had its turn. */
static int take_turn(struct state *s, size_t arm, int64_t round)
{
    struct capacity *c = s->of->capacity;
    if (c->arms[arm].estimate.end != CAPACITY_SEARCHING || has_round(c, arm, round))
        return 0;
    double rate_rps = search_next_rps(c, arm);
    if (is_over_budget(s, arm, rate_rps)) {
        c->out_of_time = true;
        return 0;
    }
    int signal = try_well(s, arm, round, rate_rps);
    capacity_judge(c);
    if (signal == 0)
        s->of->on_trial(s->of->ctx);
    return signal;
}

static int run_round(struct state *s, struct trial_ref *order, int64_t round)
{
    struct capacity *c = s->of->capacity;
    int signal = 0;
    comparison_order(c->seed + (uint64_t)round, c->narms, 1, order);
    for (size_t i = 0; i < c->narms && signal == 0 && !c->out_of_time; i++) {
        signal = take_turn(s, order[i].arm, round);
        if (signal == 0)
            signal = signals_take(s->of->signals);
    }
    return signal;
}

static int64_t last_round(const struct capacity *c)
{
    int64_t last = 1;
    for (size_t i = 0; i < c->ntrials; i++)
        last = c->trials[i].round > last ? c->trials[i].round : last;
    return last;
}

int capacity_trials_run(const struct capacity_trials *trials)
{
    struct capacity *c = trials->capacity;
    struct state s = {.of = trials, .load_average_1m = NAN, .began_ns = clock_now_ns()};
    struct trial_ref *order = mem_array(c->narms, sizeof *order);
    int signal = 0;
    s.warned = mem_array(c->narms, sizeof *s.warned);
    capacity_judge(c);
    for (int64_t round = last_round(c); signal == 0 && !c->out_of_time && goes_on(c); round++)
        signal = run_round(&s, order, round);
    c->interrupted = signal != 0;
    free(s.warned);
    free(order);
    return signal;
}
