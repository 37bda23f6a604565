#include "analysis/sweep/best.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

const char *const best_standing_names[] = {
    [BEST_ALONE] = "best",    [BEST_SHARED] = "too close to call",
    [BEST_BEHIND] = "behind", [BEST_UNRANKED] = "not ranked",
    [BEST_FAILED] = "failed", [BEST_UNMEASURED] = "not measured",
};

/* The arms at one point that may be the best. */
struct field {
    struct arm *arms; /* copies that borrow all that they have */
    size_t *of;       /* their numbers in the sweep */
    size_t count;
    enum best_lack lack; /* of a field without arms */
};

/* No arm holds it only where that is known of all that were measured. */
static enum best_lack lack_of(const struct sweep *s, size_t point, const enum met *met)
{
    bool any_broken = false;
    bool any_unknown = false;
    for (size_t i = 0; i < s->narms; i++) {
        if (met[i] == MET_CLOSE)
            return BEST_LACKS_CERTAINTY;
        any_broken |= met[i] == MET_NO;
        any_unknown |= met[i] == MET_UNKNOWN && sweep_arm(s, point, i)->nresults > 0;
    }
    return any_broken && !any_unknown ? BEST_LACKS_HOLDER : BEST_LACKS_ROUNDS;
}

static void field_init(struct field *f, const struct sweep *s, size_t point, const enum met *met)
{
    *f = (struct field){.arms = mem_array(s->narms, sizeof *f->arms),
                        .of = mem_array(s->narms, sizeof *f->of),
                        .lack = lack_of(s, point, met)};
    for (size_t i = 0; i < s->narms; i++) {
        if (met[i] != MET_YES)
            continue;
        f->arms[f->count] = *sweep_arm(s, point, i);
        f->of[f->count++] = i;
    }
}

static void field_fini(struct field *f)
{
    free(f->arms);
    free(f->of);
}

static void take_rank(struct best *b, const struct field *f, const struct rank *rank)
{
    b->arms = mem_array(rank->count, sizeof *b->arms);
    b->count = rank->ntop;
    for (size_t i = 0; i < rank->count; i++)
        b->arms[b->ranked++] = f->of[rank->items[i].arm - f->arms];
    if (b->count > 0)
        b->value = rank->items[0].value;
}

void best_init(struct best *b, const struct sweep *s, size_t point, const struct sweep_goal *goal,
               const enum met *met)
{
    struct comparison c = s->comparison; /* borrows all that it has */
    struct field f;
    struct rank rank;
    field_init(&f, s, point, met);
    *b = (struct best){.value = NAN, .lack = f.count == 0 ? f.lack : BEST_LACKS_ROUNDS};
    c.arms = f.arms;
    c.narms = f.count;
    if (f.count > 0 && rank_contest(&c, goal->key, RANK_BY_SPREAD, &rank)) {
        take_rank(b, &f, &rank);
        rank_fini(&rank);
    }
    field_fini(&f);
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
