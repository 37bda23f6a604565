/* Rankings by one figure. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/findings/rank.h"
#include "analysis/keeping_up.h"
#include "base/mem.h"

#define TIMES 2.0 /* from here on a ratio is shown as a factor, not as a percentage */

struct contest {
    const char *code, *own_code; /* of all arms, and of the user's own servers alone */
    const char *key;
    const char *won;   /* "pool completes the most work" */
    const char *title; /* "most work" */
    const char *by;    /* "work/s" */
    enum rank_order order;
    bool per_work;    /* not of a queue: most of it went to jobs that still wait, if they pile up */
    bool of_response; /* measures the response, which for a refusal or a 202 is not the work */
};

/* clang-format off */
static const struct contest contests[] = {
    {.code = "most-work", .own_code = "own-most-work", .key = "work_per_second",
     .order = RANK_MOST, .won = "completes the most work", .title = "most work", .by = "work/s"},
    {.code = "fastest-p50", .own_code = "own-fastest-p50", .key = "p50", .order = RANK_LEAST,
     .won = "has the lowest p50", .title = "lowest p50", .by = "p50", .of_response = true},
    {.code = "fastest-p99", .own_code = "own-fastest-p99", .key = "p99", .order = RANK_LEAST,
     .won = "has the lowest p99", .title = "lowest p99", .by = "p99", .of_response = true},
    {.code = "least-cpu", .own_code = "own-least-cpu", .key = "cpu_per_work", .order = RANK_LEAST,
     .won = "uses the least CPU per unit of work", .title = "least CPU per unit of work",
     .by = "CPU/work", .per_work = true},
};
/* clang-format on */

enum field { ALL_ARMS, OWN_SERVERS };

/* The arms of a contest, by what keeps them from being ranked. */
struct entrants {
    struct arm_set in;
    struct arm_set few;      /* too few samples */
    struct arm_set unproven; /* too few rounds */
};

static bool enters(const struct comparison *c, const struct contest *contest, enum field field,
                   const struct arm *arm)
{
    if (!arm_is_sound(arm) || !arm_does_the_work(c, arm) ||
        (field == OWN_SERVERS && arm_work_is_known(arm)) ||
        (contest->per_work && arm_backlog_grows(arm)))
        return false;
    return !contest->of_response ||
           (!arm_answers_early(arm) && !arm_refuses(arm) && !arm_times_bench(arm));
}

static struct entrants enter(const struct comparison *c, const struct contest *contest,
                             enum field field)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    struct entrants all = {0};
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        struct arm_summary sum = arm_figure_summary(arm, figure);
        if (!enters(c, contest, field, arm) || isnan(sum.median))
            continue;
        if (sum.is_few)
            arm_set_add(&all.few, arm);
        else if (arm_undisturbed(arm) < APART_ROUNDS_LEAST)
            arm_set_add(&all.unproven, arm);
        else
            arm_set_add(&all.in, arm);
    }
    return all;
}

static void entrants_fini(struct entrants *all)
{
    arm_set_fini(&all->in);
    arm_set_fini(&all->few);
    arm_set_fini(&all->unproven);
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

static void tell_winner(struct sentence *s, const struct contest *contest, enum field field,
                        const struct rank *rank)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    const struct standing *top = &rank->items[0];
    const struct standing *next = &rank->items[1];
    sentence_add(s, "%s%s %s: ", field == OWN_SERVERS ? "Of your own servers, " : "",
                 top->arm->name, contest->won);
    standing_add(s, top, figure);
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
    standing_add(s, it, figure);
    if (it->low < it->high) {
        sentence_add(s, ", from ");
        sentence_value(s, it->low, figure->unit);
        sentence_add(s, " to ");
        sentence_value(s, it->high, figure->unit);
    }
    sentence_add(s, ")");
}

static size_t fewest_rounds(const struct rank *rank)
{
    size_t rounds = rank->items[0].rounds.count;
    for (size_t i = 1; i < rank->ntop; i++)
        rounds = rank->items[i].rounds.count < rounds ? rank->items[i].rounds.count : rounds;
    return rounds;
}

static void tell_tie(struct sentence *s, const struct contest *contest, enum field field,
                     const struct rank *rank)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    if (field == OWN_SERVERS)
        sentence_add(s, "Of your own servers, %s: ", contest->title);
    else
        sentence_add(s, "%c%s: ", toupper(contest->title[0]), contest->title + 1);
    for (size_t i = 0; i < rank->ntop; i++) {
        sentence_add(s, "%s", i == 0 ? "" : i + 1 == rank->ntop ? " and " : ", ");
        add_candidate(s, &rank->items[i], figure);
    }
    if (rank->has_bounds)
        sentence_add(s, " cannot be ranked, because of the lower bound");
    else if (fewest_rounds(rank) == 0) /* of one or more the figure was 0 in some round */
        sentence_add(s, " cannot be ranked: one of them did nothing in some round");
    else if (rank->pairs.rounds > 0 && rank->ntop == 2)
        sentence_add(s, ": no difference was shown between them in %d rounds", rank->pairs.rounds);
    else if (rank->pairs.rounds > 0)
        sentence_add(s, ": none was shown to be behind %s in %d rounds", rank->items[0].arm->name,
                     rank->pairs.rounds);
    else
        sentence_add(s, " are too close to call after %zu rounds", fewest_rounds(rank));
    if (rank->ntop == rank->count)
        return;
    const struct standing *next = &rank->items[rank->ntop];
    sentence_add(s, "; then %s (", next->arm->name);
    sentence_figure(s, next->arm, figure);
    sentence_add(s, ")");
}

static void add_unranked(struct sentence *s, const struct arm_set *set, const char *why)
{
    if (set->count == 0)
        return;
    sentence_add(s, "; %s to rank ", why);
    sentence_arms(s, set, "and");
}

static void tell(struct sentence *s, const struct contest *contest, enum field field,
                 const struct rank *rank, const struct entrants *all)
{
    if (rank->ntop == 1)
        tell_winner(s, contest, field, rank);
    else
        tell_tie(s, contest, field, rank);
    add_unranked(s, &all->few, "too few samples");
    add_unranked(s, &all->unproven, "too few rounds");
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

static bool no_arm_worked(const struct contest *contest, const struct entrants *all)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    return contest->order == RANK_MOST && did_nothing(&all->in, figure) &&
           did_nothing(&all->few, figure) && did_nothing(&all->unproven, figure);
}

/* Returns true if more rounds would have given a ranking. */
static bool hold_contest(struct comparison *c, const struct contest *contest, enum field field)
{
    struct entrants all = enter(c, contest, field);
    struct rank rank;
    struct sentence s;
    size_t entered = all.in.count + all.few.count + all.unproven.count;
    bool wants_rounds = all.in.count + all.unproven.count > 1 && all.in.count < 2;
    sentence_begin(&s, field == OWN_SERVERS ? contest->own_code : contest->code);
    rank_init(&rank, &all.in, arm_figure_find(contest->key), contest->order, RANK_BY_ROUND);
    if (no_arm_worked(contest, &all))
        sentence_add(&s, "No arm completed any work");
    else if (rank.count > 1)
        tell(&s, contest, field, &rank, &all);
    else if (all.few.count > 0 && !wants_rounds)
        tell_few(&s, contest, &all.few);
    if (entered > 1 && s.text.len > 0)
        sentence_end(&s, c);
    else
        sentence_drop(&s);
    rank_fini(&rank);
    entrants_fini(&all);
    return wants_rounds;
}

/* True if there are two or more of the user's own servers, and also arms whose work bench knows:
 * the own servers may only be comparable with each other. */
static bool has_own_field(const struct comparison *c)
{
    size_t own = 0;
    size_t known = 0;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        own += arm_is_sound(arm) && !arm_work_is_known(arm);
        known += arm_is_sound(arm) && arm_work_is_known(arm);
    }
    return own > 1 && known > 0;
}

static void tell_not_ranked(struct comparison *c)
{
    struct sentence s;
    struct arm_set arms = {0};
    size_t disturbed = 0;
    size_t results = 0;
    for (size_t i = 0; i < c->narms; i++) {
        results += c->arms[i].nresults;
        disturbed += c->arms[i].nresults - arm_undisturbed(&c->arms[i]);
        if (arm_is_sound(&c->arms[i]) && arm_undisturbed(&c->arms[i]) < APART_ROUNDS_LEAST)
            arm_set_add(&arms, &c->arms[i]);
    }
    sentence_begin(&s, "not-ranked");
    if (c->rounds < APART_ROUNDS_LEAST) {
        sentence_add(&s, "One round ranks nothing, because the next may turn out the other way: "
                         "use --rounds 5, or leave --rounds out");
    } else {
        sentence_add(&s, "Nothing is ranked: fewer than %d rounds of ", APART_ROUNDS_LEAST);
        sentence_arms(&s, &arms, "and");
        sentence_add(&s, " can be judged");
    }
    sentence_cite(&s, NULL, "rounds", (double)c->rounds);
    if (disturbed > 0) {
        sentence_add(&s,
                     "; other programs or steal took over 10 %% of the cores in %zu of %zu runs, "
                     "so repeat it when the machine is idle",
                     disturbed, results);
        sentence_cite(&s, NULL, "disturbed", (double)disturbed);
    }
    sentence_end(&s, c);
    arm_set_fini(&arms);
}

/* How much work is done is what an open loop decides, not the arm: see find_offered. */
static bool is_held(const struct comparison *c, const struct contest *contest)
{
    return contest->order != RANK_MOST || !comparison_is_open_loop(c);
}

bool rank_contest(const struct comparison *c, const char *key, enum rank_test test,
                  struct rank *rank)
{
    for (size_t i = 0; i < LEN(contests); i++) {
        if (strcmp(contests[i].key, key) != 0 || !is_held(c, &contests[i]))
            continue;
        struct entrants all = enter(c, &contests[i], ALL_ARMS);
        rank_init(rank, &all.in, arm_figure_find(key), contests[i].order, test);
        entrants_fini(&all);
        return true;
    }
    return false;
}

void find_ranks(struct comparison *c)
{
    bool wants_rounds = false;
    bool has_own = has_own_field(c);
    for (size_t i = 0; i < LEN(contests); i++) {
        if (has_own && is_held(c, &contests[i]))
            wants_rounds |= hold_contest(c, &contests[i], OWN_SERVERS);
    }
    for (size_t i = 0; i < LEN(contests); i++) {
        if (is_held(c, &contests[i]))
            wants_rounds |= hold_contest(c, &contests[i], ALL_ARMS);
    }
    if (wants_rounds)
        tell_not_ranked(c);
}
