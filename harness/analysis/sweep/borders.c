#include "analysis/sweep/borders.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

/* One value of the other axis: what is best along this one. */
struct line {
    const struct sweep *s;
    const struct sweep_goal *goal;
    double *values;
    size_t count;
    const struct best **bests;
};

static bool is_sole(const struct best *b)
{
    return b->count == 1;
}

static bool holds_nothing(const struct best *b)
{
    return b->count == 0 && b->lack == BEST_LACKS_HOLDER;
}

/* Both leave open who is best, for one reason. */
static bool is_alike(const struct best *a, const struct best *b)
{
    return !is_sole(a) && !is_sole(b) && (a->count > 0) == (b->count > 0) &&
           (a->count > 0 || a->lack == b->lack);
}

/* The last place of the stretch that begins at `from`: points that are too close to call lie in it
 * when the same arm is best again after them. */
static size_t end_of_stretch(const struct line *l, size_t from)
{
    size_t end = from;
    for (size_t i = from + 1; i < l->count && !holds_nothing(l->bests[i]); i++) {
        if (is_sole(l->bests[i]) && !best_is_same(l->bests[from], l->bests[i]))
            break;
        if (is_sole(l->bests[i]))
            end = i;
    }
    return end;
}

static const char *text_at(const struct line *l, size_t i)
{
    return sweep_label(l->s, 0, l->values[i]);
}

static void add_stretch(const struct line *l, size_t from, size_t end, size_t next, struct buf *out)
{
    const char *option = l->s->axes[0].option;
    const char *arm = l->s->arms[l->bests[from]->arms[0]];
    bool is_first = from == 0;
    if (is_first && next == l->count && end + 1 == l->count)
        buf_printf(out, "at every %s ", option);
    else if (is_first)
        buf_printf(out, "up to %s=%s ", option, text_at(l, end));
    else if (next == l->count && end + 1 == l->count)
        buf_printf(out, "from %s=%s on ", option, text_at(l, from));
    else if (from == end)
        buf_printf(out, "at %s=%s ", option, text_at(l, from));
    else
        buf_printf(out, "from %s=%s to %s ", option, text_at(l, from), text_at(l, end));
    buf_printf(out, "%s %s", arm, l->goal->wins);
}

static bool is_among(const struct best *b, size_t arm)
{
    for (size_t i = 0; i < b->count; i++) {
        if (b->arms[i] == arm)
            return true;
    }
    return false;
}

/* The arms that may be the best at all of these points, as at the first; returns how many. */
static size_t common_arms(const struct line *l, size_t from, size_t to, size_t *out)
{
    const struct best *first = l->bests[from];
    size_t count = 0;
    for (size_t i = 0; i < first->count; i++) {
        size_t at = from;
        while (at <= to && is_among(l->bests[at], first->arms[i]))
            at++;
        if (at > to)
            out[count++] = first->arms[i];
    }
    return count;
}

/* "it is too close to call (inline and pool)"; of points that differ "with pool among the best at
 * all of them". */
static void add_tie(const struct line *l, size_t from, size_t to, struct buf *out)
{
    size_t *common = mem_array(l->bests[from]->count, sizeof *common);
    size_t count = common_arms(l, from, to, common);
    bool is_whole = true;
    for (size_t i = from; i <= to; i++)
        is_whole &= l->bests[i]->count == count;
    buf_puts(out, " it is too close to call");
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%s%s",
                   i > 0      ? i + 1 == count ? " and " : ", "
                   : is_whole ? " ("
                              : ", with ",
                   l->s->arms[common[i]]);
    if (count > 0)
        buf_puts(out, is_whole ? ")" : " among the best at all of them");
    free(common);
}

/* Where no arm is best alone. */
static void add_open(const struct line *l, size_t from, size_t to, struct buf *out)
{
    const struct best *b = l->bests[from];
    if (from == 0 && to + 1 == l->count)
        buf_printf(out, "at every %s", l->s->axes[0].option);
    else
        buf_printf(out, "at %s=%s", l->s->axes[0].option, text_at(l, from));
    if (to > from && to - from + 1 < l->count)
        buf_printf(out, " to %s", text_at(l, to));
    if (b->count > 0)
        add_tie(l, from, to, out);
    else if (b->lack == BEST_LACKS_HOLDER)
        buf_printf(out, " no arm holds %s", l->goal->must);
    else if (b->lack == BEST_LACKS_CERTAINTY)
        buf_printf(out, " it is too close to call whether an arm holds %s", l->goal->must);
    else
        buf_puts(out, " nothing can be ranked");
}

static void tell_line(const struct line *l, struct buf *out)
{
    for (size_t from = 0; from < l->count;) {
        size_t next = from;
        buf_puts(out, from == 0 ? "" : "; ");
        if (is_sole(l->bests[from])) {
            size_t end = end_of_stretch(l, from);
            next = end + 1;
            add_stretch(l, from, end, next, out);
        } else {
            while (next < l->count && is_alike(l->bests[from], l->bests[next]))
                next++;
            add_open(l, from, next - 1, out);
        }
        from = next;
    }
}

/* The points with this value of the other axis, if there is another. */
static void line_init(struct line *l, const struct ranking *r, double across)
{
    double *along = NULL;
    size_t nalong = sweep_values(r->sweep, 0, &along);
    *l = (struct line){.s = r->sweep,
                       .goal = &r->goal,
                       .values = along,
                       .bests = mem_array(nalong, sizeof(struct best *))};
    for (size_t i = 0; i < nalong; i++) {
        const double at[SWEEP_AXES_MAX] = {along[i], across};
        size_t point = 0;
        if (!sweep_find_point(r->sweep, at, &point))
            continue;
        l->bests[l->count] = &r->bests[point];
        along[l->count++] = at[0];
    }
}

static void line_fini(struct line *l)
{
    free(l->bests);
    free(l->values);
}

size_t borders_stretches(const struct ranking *r, struct stretch **out)
{
    struct line l;
    size_t count = 0;
    line_init(&l, r, 0);
    *out = mem_array(l.count + 1, sizeof **out);
    for (size_t i = 0; i < l.count; i++) {
        if (!is_sole(l.bests[i]))
            continue;
        size_t end = end_of_stretch(&l, i);
        (*out)[count++] = (struct stretch){l.bests[i]->arms[0], l.values[i], l.values[end]};
        i = end;
    }
    line_fini(&l);
    return count;
}

/* What must hold decides nothing where every arm holds it. */
static bool is_never_broken(const struct ranking *r)
{
    bool all = r->goal.must != NULL;
    for (size_t i = 0; i < r->sweep->npoints * r->sweep->narms; i++)
        all &= r->met[i] == MET_YES;
    return all;
}

static void add_never_broken(const struct sweep_goal *goal, struct str_list *out)
{
    char *text = mem_printf("every arm holds %s at every point, so it decides nothing here; give a "
                            "closer limit, or more load",
                            goal->must);
    str_list_add(out, text);
    free(text);
}

void borders_tell(const struct ranking *r, struct str_list *out)
{
    const struct sweep *s = r->sweep;
    double *across = NULL;
    if (s->comparison.rounds < APART_ROUNDS_LEAST) {
        str_list_add(out, "one round ranks nothing, because the next may turn out the other way; "
                          "use --rounds 3 or more");
        return;
    }
    size_t nacross = s->naxes > 1 ? sweep_values(s, 1, &across) : 1;
    for (size_t k = 0; k < nacross; k++) {
        struct line l;
        struct buf text;
        line_init(&l, r, s->naxes > 1 ? across[k] : 0);
        buf_init(&text, BUF_TEXT_MAX);
        if (s->naxes > 1)
            buf_printf(&text, "%s=%s: ", s->axes[1].option, sweep_label(s, 1, across[k]));
        tell_line(&l, &text);
        if (text.len > 0)
            str_list_add(out, text.data);
        buf_fini(&text);
        line_fini(&l);
    }
    if (is_never_broken(r))
        add_never_broken(&r->goal, out);
    free(across);
}
