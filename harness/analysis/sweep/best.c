#include "analysis/sweep/best.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

const char *const best_standing_names[] = {
    [BEST_ALONE] = "best",    [BEST_SHARED] = "too close to call",
    [BEST_BEHIND] = "behind", [BEST_UNRANKED] = "not ranked",
    [BEST_FAILED] = "failed", [BEST_UNMEASURED] = "not measured",
};

/* The arms at one point as a comparison of their own. It borrows all that it has. */
static struct comparison at_point(const struct sweep *s, size_t point)
{
    struct comparison c = s->comparison;
    c.arms = &s->comparison.arms[point * s->narms];
    c.narms = s->narms;
    return c;
}

void best_init(struct best *b, const struct sweep *s, size_t point, const struct sweep_goal *goal)
{
    struct comparison c = at_point(s, point);
    struct rank rank;
    *b = (struct best){.value = NAN};
    if (!rank_contest(&c, goal->key, &rank))
        return;
    b->arms = mem_array(s->narms, sizeof *b->arms);
    b->count = rank.ntop;
    for (size_t i = 0; i < rank.count; i++)
        b->arms[b->ranked++] = (size_t)(rank.items[i].arm - c.arms);
    if (b->count > 0)
        b->value = rank.items[0].value;
    rank_fini(&rank);
}

void best_fini(struct best *b)
{
    free(b->arms);
    *b = (struct best){.value = NAN};
}

enum best_standing best_standing(const struct best *b, const struct sweep *s, size_t point,
                                 size_t arm)
{
    const struct arm *at = sweep_arm(s, point, arm);
    for (size_t i = 0; i < b->ranked; i++) {
        if (b->arms[i] == arm)
            return i >= b->count ? BEST_BEHIND : b->count == 1 ? BEST_ALONE : BEST_SHARED;
    }
    if (at->nresults > 0)
        return BEST_UNRANKED;
    return at->nproblems > 0 ? BEST_FAILED : BEST_UNMEASURED;
}

bool best_is_same(const struct best *a, const struct best *b)
{
    return a->count == 1 && b->count == 1 && a->arms[0] == b->arms[0];
}
