#include "analysis/findings/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "base/mem.h"

static struct standing standing_of(const struct arm *arm, const struct arm_figure *figure)
{
    struct arm_summary sum = arm_figure_summary(arm, figure);
    struct standing s = {
        .arm = arm,
        .value = sum.median,
        .low = sum.low,
        .high = sum.high,
        .rounds = apart_rounds(arm, figure),
        .is_bound = sum.is_bound,
    };
    /* A saturated generator measures its own speed; only a queue's jobs do not depend on it. */
    bool is_rate = strcmp(figure->key, "work_per_second") == 0;
    if (is_rate && arm_is_saturated(arm) && !arm_answers_early(arm))
        s.is_bound = true;
    return s;
}

static bool is_better(enum rank_order order, double a, double b)
{
    return order == RANK_MOST ? a > b : a < b;
}

/* Equal arms keep their order. */
static void insert(struct rank *rank, struct standing s)
{
    size_t at = rank->count++;
    for (; at > 0 && is_better(rank->order, s.value, rank->items[at - 1].value); at--)
        rank->items[at] = rank->items[at - 1];
    rank->items[at] = s;
}

/* True if the arm whose value is a lower bound could change the order of the two. */
static bool hides_order(enum rank_order order, const struct standing *top,
                        const struct standing *other)
{
    return order == RANK_MOST ? other->is_bound : top->is_bound;
}

/* 0 has no logarithm: something in every round is more than nothing in any. */
static bool is_more_than_nothing(const struct standing *top, const struct standing *other)
{
    return top->low > 0 && other->high <= 0 && top->rounds.count >= APART_ROUNDS_LEAST;
}

bool rank_told_apart(const struct rank *rank, const struct standing *top,
                     const struct standing *other)
{
    bool is_most = rank->order == RANK_MOST;
    if (is_most && is_more_than_nothing(top, other))
        return true;
    const struct standing *more = is_most ? top : other;
    const struct standing *less = is_most ? other : top;
    if (rank->pairs.rounds > 0)
        return rank_pairs_is_more(&rank->pairs, more->row, less->row);
    return apart_is_more(&rank->spread, &more->rounds, &less->rounds);
}

static bool is_behind(const struct rank *rank, const struct standing *top,
                      const struct standing *other)
{
    return !hides_order(rank->order, top, other) && rank_told_apart(rank, top, other);
}

/* Moves arms that are tied with the best right after it, keeping their order. */
static void split(struct rank *rank)
{
    rank->ntop = rank->count > 0 ? 1 : 0;
    for (size_t i = 1; i < rank->count; i++) {
        struct standing s = rank->items[i];
        if (is_behind(rank, &rank->items[0], &s))
            continue;
        rank->has_bounds |= hides_order(rank->order, &rank->items[0], &s);
        memmove(&rank->items[rank->ntop + 1], &rank->items[rank->ntop],
                (i - rank->ntop) * sizeof s);
        rank->items[rank->ntop++] = s;
    }
}

void rank_init(struct rank *rank, const struct arm_set *arms, const struct arm_figure *figure,
               enum rank_order order, enum rank_test test)
{
    *rank = (struct rank){.order = order, .items = mem_array(arms->count, sizeof *rank->items)};
    for (size_t i = 0; i < arms->count; i++) {
        struct standing s = standing_of(arms->items[i], figure);
        s.row = i;
        if (isnan(s.value))
            continue;
        insert(rank, s);
        apart_pool(&rank->spread, &s.rounds);
    }
    if (test == RANK_BY_ROUND)
        rank_pairs_init(&rank->pairs, arms, figure);
    split(rank);
}

void rank_fini(struct rank *rank)
{
    free(rank->items);
    rank_pairs_fini(&rank->pairs);
    *rank = (struct rank){0};
}

void standing_add(struct sentence *s, const struct standing *it, const struct arm_figure *figure)
{
    if (it->is_bound && !arm_figure_is_bound(it->arm, figure))
        sentence_add(s, "at least ");
    sentence_figure(s, it->arm, figure);
}
