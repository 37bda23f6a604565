#include "analysis/sweep/wins.h"

#include <stdlib.h>

#include "base/mem.h"

static void count(struct wins *w, const struct best *b)
{
    if (b->count == 1)
        w->alone[b->arms[0]]++;
    else if (b->count > 1)
        w->shared++;
    else
        w->undecided++;
}

void wins_init(struct wins *w, const struct ranking *r)
{
    const struct sweep *s = r->sweep;
    *w = (struct wins){.alone = mem_array(s->narms, sizeof *w->alone),
                       .order = mem_array(s->narms, sizeof *w->order)};
    for (size_t point = 0; point < s->npoints; point++)
        count(w, &r->bests[point]);
    for (size_t i = 0; i < s->narms; i++) {
        size_t at = i;
        for (; at > 0 && w->alone[i] > w->alone[w->order[at - 1]]; at--)
            w->order[at] = w->order[at - 1];
        w->order[at] = i;
    }
}

void wins_fini(struct wins *w)
{
    free(w->alone);
    free(w->order);
    *w = (struct wins){0};
}

static void add_rest(size_t points, const char *one, const char *many, struct buf *out)
{
    if (points > 0)
        buf_printf(out, "%s%zu %s", out->len > 0 ? "; " : "", points, points == 1 ? one : many);
}

void wins_tell(const struct ranking *r, struct buf *out)
{
    const struct sweep *s = r->sweep;
    struct wins w;
    struct buf text;
    wins_init(&w, r);
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = 0; i < s->narms && w.alone[w.order[i]] > 0; i++) {
        const char *arm = s->arms[w.order[i]];
        size_t points = w.alone[w.order[i]];
        if (i == 0)
            buf_printf(&text, "%s %s at %zu of %zu points", arm, r->goal.wins, points, s->npoints);
        else
            buf_printf(&text, ", %s at %zu", arm, points);
    }
    add_rest(w.shared, "point is too close to call", "points are too close to call", &text);
    add_rest(w.undecided, "point could not be ranked", "points could not be ranked", &text);
    buf_add(out, text.data, text.len);
    buf_fini(&text);
    wins_fini(&w);
}
