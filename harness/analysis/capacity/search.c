#include "analysis/capacity/search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/plan.h"
#include "stat/threshold.h"

#define FIRST   0.7  /* of the pilot, which is the top */
#define CEILING 1.25 /* times the highest rate that held: no use to look between */
#define BEYOND  2.0  /* times the lowest and the highest rate: where else it may lie */
#define DIGITS  4    /* of a rate */

/* What the trials of an arm say, as far as they can tell. */
enum vote { VOTE_NONE, VOTE_YES, VOTE_NO, VOTE_CEILING };

struct votes {
    double *rates;
    bool *held;
    size_t count;
    size_t yes, no, unusable, in_row; /* in_row: unusable ones since the last that told something */
    size_t trials;                    /* with the pilot */
    double pilot_rps;                 /* NAN: none gave a rate */
    double lowest, highest;           /* of those that told something, or met a ceiling */
    double most_held, least_failed, ceiling; /* NAN: none */
};

/* --- votes --- */

static bool is_near(double a, double b)
{
    return fmax(a, b) <= SEARCH_NEAR * fmin(a, b);
}

/* Another trial of the arm ended like this one, at about the same rate. */
static bool has_double(const struct capacity *c, size_t at)
{
    const struct capacity_trial *t = &c->trials[at];
    for (size_t i = 0; i < c->ntrials; i++) {
        const struct capacity_trial *other = &c->trials[i];
        bool is_alike = i != at && other->arm == t->arm && other->outcome == t->outcome;
        if (is_alike && !isnan(other->rate_rps) && is_near(other->rate_rps, t->rate_rps))
            return true;
    }
    return false;
}

static enum vote vote_of(const struct capacity *c, size_t at)
{
    switch (c->trials[at].outcome) {
    case CAPACITY_HELD:
        return VOTE_YES;
    case CAPACITY_BROKEN:
    case CAPACITY_UNSUSTAINED:
        return VOTE_NO;
    case CAPACITY_DIED:
        return has_double(c, at) ? VOTE_NO : VOTE_NONE;
    case CAPACITY_GENERATOR:
        return has_double(c, at) ? VOTE_CEILING : VOTE_NONE;
    case CAPACITY_PILOT:
    case CAPACITY_INVALID:
    case CAPACITY_OUTCOMES:
        break;
    }
    return VOTE_NONE;
}

static void take_rate(struct votes *v, double rate_rps)
{
    v->lowest = fmin(v->lowest, rate_rps); /* fmin and fmax ignore a NAN */
    v->highest = fmax(v->highest, rate_rps);
}

static void take_vote(struct votes *v, const struct capacity_trial *t, enum vote vote)
{
    bool tells = vote == VOTE_YES || vote == VOTE_NO;
    bool is_lower = vote == VOTE_CEILING && !(t->rate_rps >= v->ceiling); /* also without one */
    v->unusable += !tells;
    v->in_row = tells || is_lower ? 0 : v->in_row + 1;
    if (vote == VOTE_NONE)
        return;
    take_rate(v, t->rate_rps);
    if (vote == VOTE_CEILING)
        v->ceiling = fmin(v->ceiling, t->rate_rps);
    if (vote == VOTE_NO)
        v->least_failed = fmin(v->least_failed, t->rate_rps);
    if (vote == VOTE_YES)
        v->most_held = fmax(v->most_held, t->rate_rps);
    if (!tells)
        return;
    v->yes += vote == VOTE_YES;
    v->no += vote == VOTE_NO;
    v->rates[v->count] = t->rate_rps;
    v->held[v->count++] = vote == VOTE_YES;
}

static void take_pilot(struct votes *v, const struct capacity_trial *t)
{
    bool tells = t->outcome == CAPACITY_PILOT && t->answered_rps > 0;
    v->in_row = tells ? 0 : v->in_row + 1;
    v->unusable += !tells;
    if (tells)
        v->pilot_rps = t->answered_rps;
}

static void votes_init(struct votes *v, const struct capacity *c, size_t arm)
{
    *v = (struct votes){.rates = mem_array(c->ntrials, sizeof *v->rates),
                        .held = mem_array(c->ntrials, sizeof *v->held),
                        .pilot_rps = NAN,
                        .lowest = NAN,
                        .highest = NAN,
                        .most_held = NAN,
                        .least_failed = NAN,
                        .ceiling = NAN};
    for (size_t i = 0; i < c->ntrials; i++) {
        const struct capacity_trial *t = &c->trials[i];
        if (t->arm != arm)
            continue;
        v->trials++;
        if (isnan(t->rate_rps))
            take_pilot(v, t);
        else
            take_vote(v, t, vote_of(c, i));
    }
}

static void votes_fini(struct votes *v)
{
    free(v->rates);
    free(v->held);
}

static bool has_bracket(const struct votes *v)
{
    return v->yes > 0 && v->no > 0;
}

/* --- where it may lie --- */

static struct threshold_estimate locate_in(const struct votes *v, double lo, double hi)
{
    struct threshold t;
    threshold_init(&t, lo, hi);
    for (size_t i = 0; i < v->count; i++)
        threshold_add(&t, v->rates[i], v->held[i]);
    return threshold_estimate(&t);
}

/* First in all that was tried, and beyond; then around what that finds, where places are closer. */
static struct threshold_estimate locate(const struct votes *v)
{
    double lo = v->lowest / BEYOND;
    double hi = v->highest * BEYOND;
    struct threshold_estimate all = locate_in(v, lo, hi);
    double around = BEYOND * all.hi / all.lo;
    return locate_in(v, fmax(lo, all.lo / around), fmin(hi, all.hi * around));
}

/* --- the end --- */

static double lowest_of(const struct capacity *c, const struct votes *v)
{
    return fmax(fmax(SEARCH_LOWEST * v->pilot_rps, c->least_rps), PLAN_RATE_MIN_RPS);
}

static bool is_at_lowest(const struct capacity *c, const struct votes *v)
{
    return v->lowest <= lowest_of(c, v) * (1 + 1e-3); /* it is rounded */
}

static bool is_at_highest(const struct votes *v)
{
    return v->most_held >= PLAN_RATE_MAX_RPS ||
           (v->most_held < v->ceiling && v->ceiling <= CEILING * v->most_held);
}

/* Before there is a bracket. */
static enum capacity_end end_of_bracket(const struct capacity *c, const struct votes *v)
{
    if (v->yes > 0)
        return is_at_highest(v) ? CAPACITY_NEVER_BROKEN : CAPACITY_SEARCHING;
    if (!is_at_lowest(c, v))
        return CAPACITY_SEARCHING;
    if (v->no == 0)
        return v->lowest == v->ceiling ? CAPACITY_GIVEN_UP : CAPACITY_SEARCHING;
    bool is_lowest = v->least_failed == v->lowest && c->least_rps <= SEARCH_LOWEST * v->pilot_rps;
    return is_lowest ? CAPACITY_NEVER_MET : CAPACITY_WIDE;
}

static enum capacity_end end_of(const struct capacity *c, const struct votes *v,
                                const struct capacity_estimate *e)
{
    enum capacity_end end = CAPACITY_SEARCHING;
    if (has_bracket(v) && e->hi - e->lo <= c->resolution * e->median)
        return CAPACITY_FOUND;
    if (!has_bracket(v))
        end = end_of_bracket(c, v);
    if (end != CAPACITY_SEARCHING)
        return end;
    if (v->in_row >= SEARCH_IN_ROW)
        return v->count > 0 ? CAPACITY_WIDE : CAPACITY_GIVEN_UP;
    return (int64_t)v->trials >= c->max_trials ? CAPACITY_WIDE : CAPACITY_SEARCHING;
}

static struct capacity_estimate estimate(const struct capacity *c, const struct votes *v)
{
    struct capacity_estimate e = {
        .median = NAN, .hi = INFINITY, .held = v->yes, .failed = v->no, .unusable = v->unusable};
    if (has_bracket(v)) {
        struct threshold_estimate t = locate(v);
        e.median = t.median;
        e.lo = t.lo;
        e.hi = t.hi;
    } else if (v->yes > 0) {
        e.lo = v->most_held;
    } else if (v->no > 0) {
        e.hi = v->least_failed;
    }
    e.end = end_of(c, v, &e);
    return e;
}

struct capacity_estimate search_estimate(const struct capacity *c, size_t arm)
{
    struct votes v;
    votes_init(&v, c, arm);
    struct capacity_estimate e = estimate(c, &v);
    votes_fini(&v);
    return e;
}

void capacity_judge(struct capacity *c)
{
    for (size_t i = 0; i < c->narms; i++)
        c->arms[i].estimate = search_estimate(c, i);
}

/* --- the next rate --- */

/* Small steps at first: the pilot mostly is a good guess. */
static double step(const struct votes *v)
{
    return v->count < 2 ? 1.5 : v->count < 4 ? 2 : 4;
}

static double bracket(const struct capacity *c, const struct votes *v)
{
    double lowest = lowest_of(c, v);
    if (isnan(v->lowest))
        return fmax(FIRST * v->pilot_rps, lowest);
    if (v->yes == 0)
        return fmax(v->lowest / step(v), lowest);
    if (v->most_held < v->ceiling) /* false without one */
        return sqrt(v->most_held * v->ceiling);
    return fmin(v->most_held * step(v), PLAN_RATE_MAX_RPS);
}

/* As it is shown, and stored. */
static double rounded(double rate_rps)
{
    char text[40];
    (void)snprintf(text, sizeof text, "%.*g", DIGITS, rate_rps);
    return fmin(fmax(strtod(text, NULL), PLAN_RATE_MIN_RPS), PLAN_RATE_MAX_RPS);
}

/* On either side of the middle in turn. At the middle itself an answer says most of where the limit
 * lies; beside it, it also says how sharp the limit is, without which no interval is narrow. */
static double aim(const struct votes *v)
{
    struct threshold_estimate e = locate(v);
    return sqrt(e.median * (v->count % 2 == 0 ? e.lo : e.hi));
}

double search_next_rps(const struct capacity *c, size_t arm)
{
    struct votes v;
    double next = NAN;
    votes_init(&v, c, arm);
    if (!isnan(v.pilot_rps))
        next = rounded(has_bracket(&v) ? aim(&v) : bracket(c, &v));
    votes_fini(&v);
    return next;
}
