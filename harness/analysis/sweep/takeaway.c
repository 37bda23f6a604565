#include "analysis/sweep/takeaway.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sentence.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/units.h"

#define MAP_CODE    "map-"
#define HEAVY_NS    (10 * NS_PER_MS)
#define LONG_NS     NS_PER_S
#define OTHERS_MOST 6 /* points that a sentence names */

/* What counts as the strategy of a rule. */
struct kind {
    const char *strategy;
    const char *originals[2];
};

static const struct kind pool_kind = {"pool", {"express-piscina"}};

struct rule {
    const char *code, *text, *published;
    struct kind kind;
    int64_t from_ns, below_ns; /* a unit of work; below_ns 0: no limit */
    const char *range;         /* "under a second of work" */
    const char *sweep_it;      /* what would put such points on the map */
    bool against_pool;         /* the pool must not be among the best beside it */
};

/* clang-format off */
static const struct rule rules[] = {
    {MAP_CODE "pool-for-short", "On the map: quick math under a second: use a worker pool", "use a pool",
     {"pool", {"express-piscina"}}, 0, LONG_NS, "less than a second of work", "--over work=10k,1M,20M", false},
    {MAP_CODE "native-for-heavy", "On the map: heavy algorithms: use a native compute service", "5 times",
     {"offload", {"express-compute", "express-rust"}}, HEAVY_NS, 0, "10 ms of work or more", "--over work=1M,20M,100M", true},
    {MAP_CODE "queue-for-long", "On the map: long, deferrable work: use a queue", "detach it",
     {"queue", {"express-bullmq"}}, LONG_NS, 0, "a second of work or more", "--over work=20M,2G", false},
};
/* clang-format on */

/* What the map says of a rule. */
struct tally {
    const struct sweep *s;
    const struct ranking *ranking;
    const struct rule *rule;
    size_t points;      /* in its range, at which its strategy was measured */
    size_t ranked;      /* of these */
    size_t best, alone; /* of the ranked: it is among the best; no other arm is */
    size_t beats_pool;  /* it is among the best, and the pool is not */
    size_t told;        /* in `others` */
    struct buf others;  /* what is best elsewhere */
    double longest_ns;  /* a unit of work anywhere on the map; NAN: not known */
    bool has_original;  /* the strategy is a published program */
};

static bool is_one_of(const struct kind *kind, const char *original)
{
    for (size_t i = 0; i < LEN(kind->originals); i++) {
        if (kind->originals[i] != NULL && strcmp(kind->originals[i], original) == 0)
            return true;
    }
    return false;
}

static bool is_of(const struct arm *arm, const struct kind *kind)
{
    if (arm->nresults == 0)
        return false;
    const struct result *r = &arm->results[0];
    return (r->strategy != NULL && strcmp(r->strategy, kind->strategy) == 0) ||
           (r->original != NULL && is_one_of(kind, r->original));
}

/* The least of the arms at the point: load makes it longer. */
static double unit_ns(const struct sweep *s, size_t point)
{
    double least = NAN;
    for (size_t i = 0; i < s->narms; i++) {
        const struct arm *arm = sweep_arm(s, point, i);
        const struct result *r = arm->nresults > 0 ? &arm->results[0] : NULL;
        bool sleeps = r != NULL && r->work_kind != NULL && strcmp(r->work_kind, "sleep") == 0;
        if (sleeps && r->work_n != MISSING)
            return (double)r->work_n;
        least = fmin(least, arm_figure_value(arm, arm_figure_find("cpu_per_work")));
    }
    return least;
}

static bool has_kind(const struct sweep *s, size_t point, const struct kind *kind)
{
    for (size_t i = 0; i < s->narms; i++) {
        if (is_of(sweep_arm(s, point, i), kind))
            return true;
    }
    return false;
}

static bool is_best(const struct sweep *s, size_t point, const struct best *b,
                    const struct kind *kind)
{
    for (size_t i = 0; i < b->count; i++) {
        if (is_of(sweep_arm(s, point, b->arms[i]), kind))
            return true;
    }
    return false;
}

/* "inline = threads at work=10k connections=8" */
static void add_other(struct tally *t, size_t point, const struct best *b)
{
    const struct sweep *s = t->s;
    if (t->told++ >= OTHERS_MOST)
        return;
    buf_puts(&t->others, t->told > 1 ? ", " : "");
    for (size_t i = 0; i < b->count; i++)
        buf_printf(&t->others, "%s%s", i > 0 ? " = " : "", s->arms[b->arms[i]]);
    for (size_t i = 0; i < s->naxes; i++)
        buf_printf(&t->others, "%s%s=%s", i == 0 ? " at " : " ", s->axes[i].option,
                   sweep_point_label(s, point, i));
}

static void count_best(struct tally *t, size_t point, const struct best *b)
{
    bool is_it = is_best(t->s, point, b, &t->rule->kind);
    bool with_pool = is_best(t->s, point, b, &pool_kind);
    t->ranked += b->count > 0;
    t->best += is_it;
    t->alone += is_it && b->count == 1;
    t->beats_pool += is_it && !with_pool;
    if (b->count > 0 && (!is_it || (t->rule->against_pool && with_pool)))
        add_other(t, point, b);
}

static void count_point(struct tally *t, size_t point)
{
    double ns = unit_ns(t->s, point);
    t->longest_ns = fmax(t->longest_ns, ns); /* of NAN: the other */
    bool is_in = ns >= (double)t->rule->from_ns &&
                 (t->rule->below_ns == 0 || ns < (double)t->rule->below_ns);
    if (!is_in || !has_kind(t->s, point, &t->rule->kind))
        return;
    t->points++;
    for (size_t i = 0; i < t->s->narms; i++) {
        const struct arm *arm = sweep_arm(t->s, point, i);
        t->has_original |= is_of(arm, &t->rule->kind) && arm->results[0].original != NULL;
    }
    count_best(t, point, &t->ranking->bests[point]);
}

/* Why nothing can be said. False: something can. */
static bool lacks(const struct tally *t, struct sentence *s)
{
    char time[32];
    bool any = false;
    for (size_t i = 0; i < t->s->npoints; i++)
        any |= has_kind(t->s, i, &t->rule->kind);
    if (!any)
        sentence_add(s, "the map has no arm of the strategy %s", t->rule->kind.strategy);
    else if (isnan(t->longest_ns))
        sentence_add(s, "how long a unit of work takes is not known of the map");
    else if (t->points == 0)
        sentence_add(s,
                     "the map has no point with %s (its longest unit takes %s); sweep it with %s",
                     t->rule->range,
                     units_format_time((int64_t)fmin(t->longest_ns, 0x1p62), time, sizeof time),
                     t->rule->sweep_it);
    else if (t->ranked == 0)
        sentence_add(
            s, "nothing could be ranked at the points of the map with %s%s", t->rule->range,
            t->s->comparison.rounds < APART_ROUNDS_LEAST ? "; use --rounds 3 or more" : "");
    else
        return false;
    return true;
}

static void tell(const struct tally *t, struct sentence *s)
{
    const char *name = t->rule->kind.strategy;
    sentence_add(s, "%s %s at %zu of %zu point%s of the map with %s", name, t->ranking->goal.wins,
                 t->best, t->ranked, t->ranked == 1 ? "" : "s", t->rule->range);
    if (t->best > t->alone)
        sentence_add(s, ", at %zu of them too close to call with others", t->best - t->alone);
    if (t->rule->against_pool)
        sentence_add(s, "; at %zu pool is told apart from it and behind", t->beats_pool);
    if (t->others.len > 0)
        sentence_add(s, "; elsewhere %s", t->others.data);
    if (t->told > OTHERS_MOST)
        sentence_add(s, " and at %zu more", t->told - OTHERS_MOST);
    if (t->points > t->ranked)
        sentence_add(s, "; %zu more could not be ranked", t->points - t->ranked);
}

/* A compute service of the same machine code has no language to gain by. */
static enum claim_verdict verdict_of(const struct tally *t, struct sentence *s)
{
    size_t good = t->rule->against_pool ? t->beats_pool : t->best;
    if (good == t->ranked)
        return CLAIM_HOLDS;
    if (!t->rule->against_pool || t->has_original)
        return CLAIM_FAILS;
    sentence_add(s, "; it runs the same machine code as pool, so the map has no difference of "
                    "languages");
    return CLAIM_NOT_COMPARABLE;
}

static void judge(struct comparison *c, struct tally *t)
{
    struct sentence s;
    struct claim claim = {.text = mem_strdup(t->rule->text),
                          .published = mem_strdup(t->rule->published),
                          .arm = mem_strdup(t->rule->kind.strategy),
                          .verdict = CLAIM_NOT_COMPARABLE};
    sentence_begin(&s, t->rule->code);
    if (!lacks(t, &s)) {
        claim.measured =
            mem_printf("best at %zu of %zu point%s", t->best, t->ranked, t->ranked == 1 ? "" : "s");
        tell(t, &s);
        claim.verdict = verdict_of(t, &s);
        if (claim.verdict != CLAIM_NOT_COMPARABLE)
            sentence_add(&s, t->rule->against_pool
                                 ? " (holds if it is so at all of them, and pool is behind)"
                                 : " (holds if it is so at all of them)");
        sentence_cite(&s, NULL, "map_points", (double)t->ranked);
        sentence_cite(&s, NULL, "map_best", (double)t->best);
    }
    sentence_end_claim(&s, &claim);
    comparison_add_claim(c, &claim);
}

static void drop_earlier(struct comparison *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->nclaims; i++) {
        if (strncmp(c->claims[i].code, MAP_CODE, strlen(MAP_CODE)) == 0)
            claim_fini(&c->claims[i]);
        else
            c->claims[kept++] = c->claims[i];
    }
    c->nclaims = kept;
}

void takeaway_add(struct comparison *c, const struct ranking *r)
{
    const struct sweep *s = r->sweep;
    size_t at = 0;
    drop_earlier(c);
    for (size_t i = 0; i < LEN(rules); i++) {
        struct tally t = {.s = s, .ranking = r, .rule = &rules[i], .longest_ns = NAN};
        if (!comparison_find_arm(c, rules[i].kind.strategy, &at))
            continue; /* a claim is of one of its arms */
        buf_init(&t.others, BUF_TEXT_MAX);
        for (size_t p = 0; p < s->npoints; p++)
            count_point(&t, p);
        judge(c, &t);
        buf_fini(&t.others);
    }
}
