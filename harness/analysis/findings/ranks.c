/* Rankings by one figure, and the recommendation. */
#include <math.h>

#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/findings/rank.h"
#include "base/mem.h"

#define TIMES 2.0 /* from here on a ratio is shown as a factor, not as a percentage */

struct contest {
    const char *code, *key;
    enum rank_order order;
    const char *won;   /* "pool completes the most work" */
    const char *title; /* "Most work" */
    const char *by;    /* "work/s" */
};

static const struct contest contests[] = {
    {"most-work", "work_per_second", RANK_MOST, "completes the most work", "Most work", "work/s"},
    {"fastest-p50", "p50", RANK_LEAST, "has the lowest p50", "Lowest p50", "p50"},
    {"fastest-p99", "p99", RANK_LEAST, "has the lowest p99", "Lowest p99", "p99"},
};

/* The latency of a refusal or of a 202 says nothing about how fast the work is done. */
static bool enters(const struct comparison *c, const struct contest *contest, const struct arm *arm)
{
    if (!arm_is_sound(arm) || !arm_does_the_work(c, arm))
        return false;
    return contest->order == RANK_MOST || (!arm_answers_early(arm) && !arm_refuses(arm));
}

static void enter(const struct comparison *c, const struct contest *contest, struct arm_set *in,
                  struct arm_set *few)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        if (!enters(c, contest, arm))
            continue;
        struct arm_summary sum = arm_figure_summary(arm, figure);
        if (!isnan(sum.median))
            arm_set_add(sum.is_few ? few : in, arm);
    }
}

/* "15 % more than", "4.2 times as much as". */
static void add_lead(struct sentence *s, double more, double less)
{
    if (less <= 0) {
        sentence_add(s, "more than");
    } else if (more / less < TIMES) {
        sentence_add(s, "%.0f %% more than", 100 * (more / less - 1));
    } else {
        sentence_value(s, more / less, METRIC_NUMBER);
        sentence_add(s, " times as much as");
    }
}

/* Adds "at least" also if bench, not the run, is the reason for the bound. */
static void add_standing(struct sentence *s, const struct standing *it,
                         const struct arm_figure *figure)
{
    if (it->is_bound && !arm_figure_is_bound(it->arm, figure))
        sentence_add(s, "at least ");
    sentence_figure(s, it->arm, figure);
}

static void tell_winner(struct sentence *s, const struct contest *contest, const struct rank *rank)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    const struct standing *top = &rank->items[0];
    const struct standing *next = &rank->items[1];
    sentence_add(s, "%s %s: ", top->arm->name, contest->won);
    add_standing(s, top, figure);
    if (contest->order == RANK_MOST) {
        sentence_add(s, ", ");
        add_lead(s, top->value, next->value);
    } else {
        sentence_add(s, "; next is");
    }
    sentence_add(s, " %s (", next->arm->name);
    sentence_figure(s, next->arm, figure);
    sentence_add(s, ")");
}

static void add_candidate(struct sentence *s, const struct standing *it,
                          const struct arm_figure *figure)
{
    sentence_add(s, "%s (", it->arm->name);
    add_standing(s, it, figure);
    if (it->low < it->high) {
        sentence_add(s, ", from ");
        sentence_value(s, it->low, figure->unit);
        sentence_add(s, " to ");
        sentence_value(s, it->high, figure->unit);
    }
    sentence_add(s, ")");
}

/* What precedes name i of count: "who: pool, offload or inline". */
static const char *separator(size_t i, size_t count)
{
    if (i == 0)
        return ": ";
    return i + 1 == count ? " or " : ", ";
}

static size_t fewest_rounds(const struct rank *rank)
{
    size_t rounds = rank->items[0].rounds;
    for (size_t i = 1; i < rank->ntop; i++)
        rounds = rank->items[i].rounds < rounds ? rank->items[i].rounds : rounds;
    return rounds;
}

static void tell_tie(struct sentence *s, const struct contest *contest, const struct rank *rank)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    size_t rounds = fewest_rounds(rank);
    sentence_add(s, "%s: ", contest->title);
    for (size_t i = 0; i < rank->ntop; i++) {
        sentence_add(s, "%s", i == 0 ? "" : i + 1 == rank->ntop ? " and " : ", ");
        add_candidate(s, &rank->items[i], figure);
    }
    if (rank->has_bounds)
        sentence_add(s, " cannot be ranked, because of the lower bound");
    else if (rounds == 1)
        sentence_add(s, " are too close to call after one round");
    else
        sentence_add(s, " are too close to call after %zu rounds", rounds);
    if (rank->ntop == rank->count)
        return;
    const struct standing *next = &rank->items[rank->ntop];
    sentence_add(s, "; then %s (", next->arm->name);
    sentence_figure(s, next->arm, figure);
    sentence_add(s, ")");
}

static void tell(struct sentence *s, const struct contest *contest, const struct rank *rank)
{
    if (rank->ntop == 1)
        tell_winner(s, contest, rank);
    else
        tell_tie(s, contest, rank);
}

static bool did_nothing(const struct arm_set *set, const struct arm_figure *figure)
{
    for (size_t i = 0; i < set->count; i++) {
        if (arm_figure_value(set->items[i], figure) > 0)
            return false;
    }
    return true;
}

static void tell_few(struct sentence *s, const struct contest *contest, const struct arm_set *few)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    sentence_add(s, "No ranking by %s: too few samples from ", contest->by);
    sentence_arms(s, few, "and");
    sentence_add(s, " (run longer with -d)");
    for (size_t i = 0; i < few->count; i++)
        sentence_cite(s, few->items[i], figure->key, arm_figure_value(few->items[i], figure));
}

static void hold(struct comparison *c, const struct contest *contest)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    struct arm_set in = {0};
    struct arm_set few = {0};
    struct rank rank;
    struct sentence s;
    enter(c, contest, &in, &few);
    rank_init(&rank, &in, figure, contest->order);
    sentence_begin(&s, contest->code);
    if (contest->order == RANK_MOST && did_nothing(&in, figure) && did_nothing(&few, figure)) {
        sentence_add(&s, "No arm completed any work");
    } else if (rank.count > 1) {
        tell(&s, contest, &rank);
        if (few.count > 0) {
            sentence_add(&s, "; too few samples to rank ");
            sentence_arms(&s, &few, "and");
        }
    } else if (few.count > 0) {
        tell_few(&s, contest, &few);
    }
    if (rank.count + few.count > 1)
        sentence_end(&s, c);
    else
        sentence_drop(&s);
    rank_fini(&rank);
    arm_set_fini(&in);
    arm_set_fini(&few);
}

void find_ranks(struct comparison *c)
{
    for (size_t i = 0; i < LEN(contests); i++)
        hold(c, &contests[i]);
}

/* Loses and refuses almost nothing, does not block the probe endpoint, and has enough samples. */
static bool is_fit(const struct arm *arm)
{
    return arm_is_sound(arm) && !arm_refuses(arm) && !arm_loses(arm) && !arm_blocks(arm) &&
           !arm_figure_is_few(arm, arm_figure_find("work_per_second"));
}

static bool is_candidate(const struct arm *arm)
{
    return is_fit(arm) && !arm_answers_early(arm);
}

/* Recommends the arms that complete the most work. */
static void recommend(struct comparison *c, const struct rank *rank)
{
    struct sentence s;
    sentence_begin(&s, "recommendation");
    sentence_add(&s, "Recommended for synchronous requests, on this machine and under this load");
    for (size_t i = 0; i < rank->ntop; i++) {
        const struct arm *arm = rank->items[i].arm;
        sentence_add(&s, "%s%s (", separator(i, rank->ntop), arm->name);
        add_standing(&s, &rank->items[i], arm_figure_find("work_per_second"));
        sentence_add(&s, ", p50 ");
        sentence_figure(&s, arm, arm_figure_find("p50"));
        sentence_add(&s, "%s)", arm_is_probed(arm) ? "" : ", not probed");
    }
    sentence_end(&s, c);
}

/* Recommends an arm for work that can wait, with the rate it sustains. */
static void recommend_later(struct comparison *c, const struct arm *arm)
{
    const struct arm_figure *work = arm_figure_find("work_per_second");
    struct sentence s;
    sentence_begin(&s, "recommendation-later");
    sentence_add(&s, "Recommended for work that can be done later: %s, which accepts in ",
                 arm->name);
    sentence_figure(&s, arm, arm_figure_find("p50"));
    sentence_add(&s, " (p50) and completed ");
    sentence_figure(&s, arm, work);
    sentence_add(&s, " under this load; jobs beyond that rate wait%s",
                 arm_is_probed(arm) ? "" : " (not probed)");
    sentence_end(&s, c);
}

static bool is_later_candidate(const struct arm *arm)
{
    return is_fit(arm) && arm_answers_early(arm) &&
           arm_figure_value(arm, arm_figure_find("work_per_second")) > 0;
}

static void add_reason(struct sentence *s, const struct comparison *c,
                       bool (*holds)(const struct arm *arm), const char *words)
{
    struct arm_set set = {0};
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        if (arm_is_sound(arm) && !arm_answers_early(arm) && holds(arm))
            arm_set_add(&set, arm);
    }
    if (set.count > 0) {
        sentence_add(s, "%s", s->finding.nfigures > 0 ? "; " : "");
        sentence_arms(s, &set, "and");
        sentence_add(s, " (%s)", words);
    }
    for (size_t i = 0; i < set.count; i++)
        sentence_cite(s, set.items[i], "work_per_second",
                      arm_figure_value(set.items[i], arm_figure_find("work_per_second")));
    arm_set_fini(&set);
}

static bool did_few(const struct arm *arm)
{
    return arm_figure_is_few(arm, arm_figure_find("work_per_second"));
}

/* Explains why there is none; adds nothing if no arm could have been recommended. */
static void tell_no_recommendation(struct comparison *c)
{
    struct sentence s;
    sentence_begin(&s, "no-recommendation");
    sentence_add(&s, "No recommendation for synchronous requests: ");
    add_reason(&s, c, arm_blocks, "probe endpoint blocked");
    add_reason(&s, c, arm_loses, "over 1 % of requests unanswered");
    add_reason(&s, c, arm_refuses, "over 1 % of responses did no work");
    add_reason(&s, c, did_few, "too few requests completed");
    add_reason(&s, c, arm_is_saturated, "bench was the bottleneck");
    if (s.finding.nfigures > 0)
        sentence_end(&s, c);
    else
        sentence_drop(&s);
}

void find_recommendation(struct comparison *c)
{
    struct arm_set in = {0};
    struct rank rank;
    size_t sound = 0;
    for (size_t i = 0; i < c->narms; i++) {
        sound += arm_is_sound(&c->arms[i]);
        if (is_candidate(&c->arms[i]) && arm_does_the_work(c, &c->arms[i]))
            arm_set_add(&in, &c->arms[i]);
    }
    rank_init(&rank, &in, arm_figure_find("work_per_second"), RANK_MOST);
    /* A recommendation needs a choice, and a ranking without lower bounds. */
    if (sound > 1 && rank.count > 0 && rank.items[0].value > 0 && !rank.has_bounds)
        recommend(c, &rank);
    else if (sound > 1)
        tell_no_recommendation(c);
    for (size_t i = 0; i < c->narms && sound > 1; i++) {
        if (is_later_candidate(&c->arms[i]) && arm_does_the_work(c, &c->arms[i]))
            recommend_later(c, &c->arms[i]);
    }
    rank_fini(&rank);
    arm_set_fini(&in);
}
