/* The arms to take for work that must be answered at once, and for work that can wait. */
#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/findings/rank.h"
#include "analysis/keeping_up.h"

/* What precedes name i of count: "who: pool, offload or inline". */
static const char *separator(size_t i, size_t count)
{
    if (i == 0)
        return ": ";
    return i + 1 == count ? " or " : ", ";
}

/* Has a round that other programs did not disturb, loses and refuses almost nothing, does not block
 * the probe endpoint, and has enough samples. */
static bool is_fit(const struct arm *arm)
{
    return arm_is_sound(arm) && !arm_is_disturbed(arm) && !arm_refuses(arm) && !arm_loses(arm) &&
           !arm_blocks(arm) && arm_keeps_up(arm) &&
           !arm_figure_is_few(arm, arm_figure_find("work_per_second"));
}

/* At a given rate all that keep up do the same work, so what counts is how soon. */
static const struct arm_figure *deciding(const struct comparison *c)
{
    return arm_figure_find(comparison_is_open_loop(c) ? "p99" : "work_per_second");
}

static const char *unprobed(const struct arm *arm, const char *never, const char *failed)
{
    if (arm_fails_probes(arm))
        return failed;
    return arm_is_probed(arm) ? "" : never;
}

static bool is_candidate(const struct arm *arm)
{
    return is_fit(arm) && !arm_answers_early(arm);
}

/* Recommends the arms that complete the most work, or in an open loop answer soonest. */
static void recommend(struct comparison *c, const struct rank *rank)
{
    struct sentence s;
    sentence_begin(&s, "recommendation");
    sentence_add(&s, "Recommended for synchronous requests, on this machine and under this load");
    for (size_t i = 0; i < rank->ntop; i++) {
        const struct arm *arm = rank->items[i].arm;
        sentence_add(&s, "%s%s (", separator(i, rank->ntop), arm->name);
        sentence_add(&s, comparison_is_open_loop(c) ? "p99 " : "");
        standing_add(&s, &rank->items[i], deciding(c));
        sentence_add(&s, ", p50 ");
        sentence_figure(&s, arm, arm_figure_find("p50"));
        sentence_add(&s, "%s)", unprobed(arm, ", not probed", ", probes failed"));
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
                 unprobed(arm, " (not probed)", " (probes failed)"));
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

static bool falls_behind(const struct arm *arm)
{
    return !arm_is_disturbed(arm) && !arm_keeps_up(arm);
}

static bool is_unproven(const struct arm *arm)
{
    return is_candidate(arm) && arm_undisturbed(arm) < APART_ROUNDS_LEAST;
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
    add_reason(&s, c, falls_behind, "do not keep up with the rate");
    add_reason(&s, c, arm_is_disturbed, "other programs or steal disturbed every round");
    add_reason(&s, c, did_few, "too few requests completed");
    add_reason(&s, c, is_unproven, "too few rounds to rank");
    add_reason(&s, c, arm_is_saturated, "bench was the bottleneck");
    add_reason(&s, c, arm_is_late, "bench sent requests late");
    if (s.finding.nfigures > 0)
        sentence_end(&s, c);
    else
        sentence_drop(&s);
}

/* It might be as good as those that can be judged. */
static bool is_unjudged(const struct comparison *c, const struct arm *arm)
{
    return arm_is_sound(arm) && arm_is_disturbed(arm) && !arm_answers_early(arm) &&
           arm_does_the_work(c, arm);
}

/* One of several arms needs a ranking, as in find_ranks: of two that can be judged, and without
 * lower bounds. */
static bool has_choice(const struct rank *rank, size_t unjudged)
{
    bool is_ranked = false;
    size_t judged = 0;
    for (size_t i = 0; i < rank->count; i++) {
        is_ranked |= rank->items[i].rounds.count >= APART_ROUNDS_LEAST;
        judged += arm_undisturbed(rank->items[i].arm) >= APART_ROUNDS_LEAST;
    }
    bool is_alone = rank->count + unjudged == 1;
    return (is_alone || (is_ranked && judged > 1)) && rank->items[0].value > 0 && !rank->has_bounds;
}

/* Where the latency decides, it must be the arm's own. */
static bool may_decide(const struct comparison *c, const struct arm *arm)
{
    return !comparison_is_open_loop(c) || !arm_times_bench(arm);
}

void find_recommendation(struct comparison *c)
{
    struct arm_set in = {0};
    struct rank rank;
    size_t sound = 0;
    size_t unjudged = 0;
    for (size_t i = 0; i < c->narms; i++) {
        sound += arm_is_sound(&c->arms[i]);
        unjudged += is_unjudged(c, &c->arms[i]);
        if (is_candidate(&c->arms[i]) && arm_does_the_work(c, &c->arms[i]) &&
            may_decide(c, &c->arms[i]))
            arm_set_add(&in, &c->arms[i]);
    }
    rank_init(&rank, &in, deciding(c), comparison_is_open_loop(c) ? RANK_LEAST : RANK_MOST,
              RANK_BY_ROUND);
    if (sound > 1 && rank.count > 0 && has_choice(&rank, unjudged))
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
