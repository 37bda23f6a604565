#include "analysis/sweep/best.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

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
    for (size_t i = 0; i < rank.ntop; i++)
        b->arms[b->count++] = (size_t)(rank.items[i].arm - c.arms);
    if (b->count > 0)
        b->value = rank.items[0].value;
    rank_fini(&rank);
}

void best_fini(struct best *b)
{
    free(b->arms);
    *b = (struct best){.value = NAN};
}

bool best_is_same(const struct best *a, const struct best *b)
{
    return a->count == 1 && b->count == 1 && a->arms[0] == b->arms[0];
}
