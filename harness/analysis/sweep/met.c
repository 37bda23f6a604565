#include "analysis/sweep/met.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/apart.h"
#include "analysis/capacity/judge.h"
#include "base/mem.h"

/* The rounds of one arm. */
struct tally {
    size_t held, failed;
    bool by_other; /* one failed by something that no clause is about */
    struct {
        struct log_rounds rounds;
        size_t crossed;
        bool has_zero; /* which has no logarithm, so that only the rounds are counted */
    } of[CAPACITY_CLAUSES_MAX];
};

enum vote { VOTE_NONE, VOTE_HELD, VOTE_FAILED };

static bool is_known(const struct goal *limits, const struct capacity_trial *t)
{
    for (size_t i = 0; i < limits->clauses.count; i++) {
        if (!isfinite(t->figures[i]))
            return false;
    }
    return true;
}

static bool is_crossed(const struct goal *limits, const struct capacity_trial *t, size_t clause)
{
    double figure = t->figures[clause];
    return isfinite(figure) && gate_crosses(&limits->thresholds[clause], figure);
}

static size_t count_crossed(const struct goal *limits, const struct capacity_trial *t)
{
    size_t count = 0;
    for (size_t i = 0; i < limits->clauses.count; i++)
        count += is_crossed(limits, t, i);
    return count;
}

static enum vote vote_of(const struct goal *limits, const struct result *r,
                         const struct capacity_trial *t)
{
    switch (t->outcome) {
    case CAPACITY_HELD:
        return VOTE_HELD;
    case CAPACITY_BROKEN:
    case CAPACITY_UNSUSTAINED:
    case CAPACITY_DIED:
        return VOTE_FAILED;
    case CAPACITY_INVALID: /* of few requests, mostly */
        if (!r->valid || !is_known(limits, t))
            break;
        return count_crossed(limits, t) > 0 ? VOTE_FAILED : VOTE_HELD;
    case CAPACITY_PILOT:
    case CAPACITY_GENERATOR:
    case CAPACITY_OUTCOMES:
        break;
    }
    return VOTE_NONE;
}

static void take_figures(const struct goal *limits, const struct capacity_trial *t,
                         struct tally *tally)
{
    for (size_t i = 0; i < limits->clauses.count; i++) {
        double figure = t->figures[i];
        tally->of[i].crossed += is_crossed(limits, t, i);
        if (figure > 0 && limits->thresholds[i].value > 0)
            apart_add(&tally->of[i].rounds, log(figure));
        else if (!isnan(figure))
            tally->of[i].has_zero = true;
    }
}

static void take_round(const struct goal *limits, const struct result *r, struct tally *tally)
{
    double figures[CAPACITY_CLAUSES_MAX];
    struct capacity_trial t = {.growth = NAN, .growth_chance = NAN, .figures = figures};
    if (r->machine.is_disturbed)
        return;
    judge_trial(limits, r, &t);
    enum vote vote = vote_of(limits, r, &t);
    if (vote != VOTE_NONE)
        take_figures(limits, &t, tally);
    tally->held += vote == VOTE_HELD;
    tally->failed += vote == VOTE_FAILED;
    tally->by_other |= vote == VOTE_FAILED && count_crossed(limits, &t) == 0;
    free(t.why);
}

static bool is_told(const struct tally *tally, const struct pooled_spread *spread, size_t clause,
                    double limit)
{
    return tally->of[clause].has_zero || apart_is_off(spread, &tally->of[clause].rounds, limit);
}

static enum met met_of(const struct goal *limits, const struct tally *tally,
                       const struct pooled_spread *spreads)
{
    size_t rounds = tally->held + tally->failed;
    bool all_told = true;
    bool any_broken = tally->by_other;
    if (rounds < APART_ROUNDS_LEAST)
        return MET_UNKNOWN;
    for (size_t i = 0; i < limits->clauses.count; i++) {
        bool told = is_told(tally, &spreads[i], i, limits->thresholds[i].value);
        all_told &= told;
        any_broken |= told && tally->of[i].crossed == rounds;
    }
    if (tally->failed == 0 && all_told)
        return MET_YES;
    return tally->held == 0 && any_broken ? MET_NO : MET_CLOSE;
}

void met_judge(const struct sweep *s, size_t point, const struct sweep_goal *goal, enum met *out)
{
    const struct goal *limits = &goal->limits;
    struct tally *tallies = mem_zalloc(s->narms * sizeof *tallies);
    struct pooled_spread spreads[CAPACITY_CLAUSES_MAX] = {0};
    for (size_t i = 0; i < s->narms && goal->must != NULL; i++) {
        const struct arm *arm = sweep_arm(s, point, i);
        for (size_t k = 0; k < arm->nresults; k++)
            take_round(limits, &arm->results[k], &tallies[i]);
        for (size_t k = 0; k < limits->clauses.count; k++)
            apart_pool(&spreads[k], &tallies[i].of[k].rounds);
    }
    for (size_t i = 0; i < s->narms; i++)
        out[i] = goal->must == NULL ? MET_YES : met_of(limits, &tallies[i], spreads);
    free(tallies);
}
