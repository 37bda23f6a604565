/* What the arms cost, and how bench and the machine limited the figures. */
#include <math.h>

#include "analysis/arm_traits.h"
#include "analysis/findings/findings_internal.h"
#include "analysis/findings/rank.h"
#include "analysis/sentence.h"
#include "base/mem.h"
#include "model/lateness.h"

#define MUCH      3.0  /* times the best: worth a finding */
#define WAIT_MUCH 0.05 /* of the window */
#define PERCENT   100.0

/* --- the servers --- */

struct cost {
    const char *code, *key;
    const char *takes; /* "threads TAKES 1.91 GB UNIT, 4 times pool (..)" */
    const char *take;  /* the same of several arms */
    const char *unit;
    double worth;     /* the minimum worth a finding, whatever the ratio */
    bool per_request; /* not comparable if requests are only accepted, or refused */
    bool per_work;    /* not comparable if most of it went to jobs that still wait */
};

/* clang-format off */
static const struct cost costs[] = {
    {.code = "cost-memory", .key = "rss_peak", .takes = "uses the most memory:",
     .take = "use the most memory:", .unit = "peak RSS", .worth = 64e6},
    {.code = "cost-threads", .key = "threads_peak", .takes = "has the most threads:",
     .take = "have the most threads:", .unit = "at once", .worth = 32},
    {.code = "cost-cpu", .key = "cpu_per_work", .takes = "uses the most CPU:",
     .take = "use the most CPU:", .unit = "per unit of work", .per_work = true},
    {.code = "cost-switches", .key = "switches_per_request",
     .takes = "has the most context switches:", .take = "have the most context switches:",
     .unit = "per request", .worth = 50, .per_request = true},
};
/* clang-format on */

static bool is_comparable(const struct comparison *c, const struct cost *cost,
                          const struct arm *arm)
{
    bool alike = !arm_answers_early(arm) && !arm_refuses(arm);
    return arm_is_sound(arm) && !arm_is_disturbed(arm) && arm_does_the_work(c, arm) &&
           (alike || !cost->per_request) && !(cost->per_work && arm_backlog_grows(arm));
}

/* The arm with the lowest cost, or NULL; leaves out lower bounds, whose true cost may be higher. */
static const struct standing *find_least(const struct rank *rank)
{
    for (size_t i = rank->count; i > 0; i--) {
        const struct standing *it = &rank->items[i - 1];
        if (it->value > 0 && !it->is_bound)
            return it;
    }
    return NULL;
}

/* The arm with the highest cost, and those whose rounds are not told apart from its own. */
static struct arm_set find_most(const struct rank *rank)
{
    struct arm_set set = {0};
    for (size_t i = 0; i < rank->count; i++) {
        if (i == 0 || !rank_told_apart(rank, &rank->items[0], &rank->items[i]))
            arm_set_add(&set, rank->items[i].arm);
    }
    return set;
}

static void add_least(struct sentence *s, const struct arm_figure *figure, double times,
                      const struct arm *least)
{
    if (figure->unit == METRIC_COUNT) {
        sentence_add(s, "; %s has ", least->name);
        sentence_figure(s, least, figure);
        return;
    }
    sentence_add(s, ", ");
    sentence_value(s, times, METRIC_NUMBER);
    sentence_add(s, " times %s (", least->name);
    sentence_figure(s, least, figure);
    sentence_add(s, ")");
}

static void tell_cost(struct comparison *c, const struct cost *cost, const struct rank *rank,
                      const struct arm *least)
{
    const struct arm_figure *figure = arm_figure_find(cost->key);
    struct arm_set most = find_most(rank);
    struct sentence s;
    sentence_begin(&s, cost->code);
    sentence_arms(&s, &most, "and");
    sentence_add(&s, " %s ", most.count > 1 ? cost->take : cost->takes);
    for (size_t i = 0; i < most.count; i++) {
        sentence_add(&s, "%s", i == 0 ? "" : i + 1 == most.count ? " and " : ", ");
        sentence_figure(&s, most.items[i], figure);
    }
    sentence_add(&s, " %s", cost->unit);
    add_least(&s, figure, rank->items[0].value / arm_figure_value(least, figure), least);
    sentence_end(&s, c);
    arm_set_fini(&most);
}

static void weigh(struct comparison *c, const struct cost *cost)
{
    const struct arm_figure *figure = arm_figure_find(cost->key);
    struct arm_set in = {0};
    struct rank rank;
    for (size_t i = 0; i < c->narms; i++) {
        if (is_comparable(c, cost, &c->arms[i]) && !arm_figure_is_few(&c->arms[i], figure))
            arm_set_add(&in, &c->arms[i]);
    }
    rank_init(&rank, &in, figure, RANK_MOST, RANK_BY_ROUND);
    const struct standing *most = rank.items;
    const struct standing *least = find_least(&rank);
    if (least != NULL && most->value >= MUCH * least->value && most->value >= cost->worth &&
        rank_told_apart(&rank, most, least))
        tell_cost(c, cost, &rank, least->arm);
    rank_fini(&rank);
    arm_set_fini(&in);
}

void find_costs(struct comparison *c)
{
    for (size_t i = 0; i < LEN(costs); i++)
        weigh(c, &costs[i]);
}

/* --- bench itself --- */

/* The maximum over the rounds; NAN if it was not measured. */
static double most_of(const struct arm *arm, double (*read)(const struct result *r))
{
    double most = NAN;
    for (size_t i = 0; i < arm->nresults; i++)
        most = fmax(most, read(&arm->results[i])); /* fmax ignores a NAN */
    return most;
}

static double busiest(const struct result *r)
{
    return r->client.busiest_worker;
}

/* The fraction of the window that bench waited for a core, per thread on average. */
static double wait_part(const struct result *r)
{
    double threads = r->workers > 1 ? (double)r->workers : 1;
    return r->duration_s > 0 ? r->client.run_wait_s / threads / r->duration_s : NAN;
}

static void tell_saturated(struct comparison *c, const struct arm_set *set)
{
    struct sentence s;
    double most = NAN;
    for (size_t i = 0; i < set->count; i++)
        most = fmax(most, most_of(set->items[i], busiest));
    sentence_begin(&s, "generator-limit");
    sentence_add(&s, "bench was the bottleneck for ");
    sentence_arms(&s, set, "and");
    if (!isnan(most))
        sentence_add(&s, " (busiest thread at %.0f %% of a core)", PERCENT * most);
    sentence_add(&s,
                 ": the req/s of %s show what bench can send, not what the server can handle, and "
                 "%s latencies are not ranked; use more threads (-w) or another machine",
                 set->count == 1 ? "that arm" : "these arms", set->count == 1 ? "its" : "their");
    for (size_t i = 0; i < set->count; i++)
        sentence_cite(&s, set->items[i], "client.busiest_worker", most_of(set->items[i], busiest));
    sentence_end(&s, c);
}

/* The arm with the busiest thread of bench; NULL if none was measured. */
static const struct arm *find_busy(const struct comparison *c)
{
    const struct arm *busy = NULL;
    for (size_t i = 0; i < c->narms; i++) {
        double part = most_of(&c->arms[i], busiest);
        if (!isnan(part) && (busy == NULL || part > most_of(busy, busiest)))
            busy = &c->arms[i];
    }
    return busy;
}

static void tell_unsaturated(struct comparison *c)
{
    const struct arm *busy = find_busy(c);
    struct sentence s;
    if (busy == NULL)
        return;
    sentence_begin(&s, "generator-free");
    sentence_add(
        &s, "bench was not the bottleneck: its busiest thread used at most %.0f %% of a core (%s)",
        PERCENT * most_of(busy, busiest), busy->name);
    sentence_cite(&s, busy, "client.busiest_worker", most_of(busy, busiest));
    sentence_end(&s, c);
}

/* The largest part of the requests that was late in a round. */
static double late_part(const struct result *r)
{
    struct lateness l = lateness_of(r);
    return l.limit_ns == MISSING ? NAN : l.own / l.due;
}

void find_generator_late(struct comparison *c)
{
    struct arm_set set = {0};
    struct sentence s;
    for (size_t i = 0; i < c->narms; i++) {
        if (arm_is_late(&c->arms[i]))
            arm_set_add(&set, &c->arms[i]);
    }
    if (set.count == 0)
        return;
    sentence_begin(&s, "generator-late");
    sentence_add(&s, "bench sent requests late for ");
    sentence_arms(&s, &set, "and");
    sentence_add(&s,
                 ": the latencies of %s are bench's own in part, and are not ranked; use more "
                 "threads (-w), give bench a core of its own, or lower the rate",
                 set.count == 1 ? "that arm" : "these arms");
    for (size_t i = 0; i < set.count; i++)
        sentence_cite(&s, set.items[i], "late", most_of(set.items[i], late_part));
    sentence_end(&s, c);
    arm_set_fini(&set);
}

static bool has_waited(const struct arm *arm)
{
    return most_of(arm, wait_part) > WAIT_MUCH;
}

static bool any_arm(const struct comparison *c, bool (*is)(const struct arm *arm))
{
    bool any = false;
    for (size_t i = 0; i < c->narms; i++)
        any = any || is(&c->arms[i]);
    return any;
}

/* That it was free goes without saying where it had to wait: find_shared_cores says both. */
void find_generator_limit(struct comparison *c)
{
    struct arm_set set = {0};
    for (size_t i = 0; i < c->narms; i++) {
        if (arm_is_saturated(&c->arms[i]))
            arm_set_add(&set, &c->arms[i]);
    }
    if (set.count > 0)
        tell_saturated(c, &set);
    else if (!any_arm(c, has_waited))
        tell_unsaturated(c);
    arm_set_fini(&set);
}

/* "bench's busiest thread used at most 33 % of a core (queue), but ", where none was saturated. */
static void add_free(struct sentence *s, const struct comparison *c)
{
    const struct arm *busy = any_arm(c, arm_is_saturated) ? NULL : find_busy(c);
    if (busy == NULL)
        return;
    double most = most_of(busy, busiest);
    sentence_add(s, "bench's busiest thread used at most %.0f %% of a core (%s), but ",
                 PERCENT * most, busy->name);
    sentence_cite(s, busy, "client.busiest_worker", most);
}

static void tell_shared(struct comparison *c, const struct arm_set *set)
{
    struct sentence s;
    int64_t cores = set->items[0]->results[0].environment.cores_allowed;
    sentence_begin(&s, "shared-cores");
    add_free(&s, c);
    sentence_add(&s, "bench waited for a CPU core ");
    for (size_t i = 0; i < set->count; i++) {
        double part = most_of(set->items[i], wait_part);
        sentence_add(&s, "%s%.0f %% of the time with %s",
                     i == 0               ? ""
                     : i + 1 < set->count ? ", "
                                          : " and ",
                     PERCENT * part, set->items[i]->name);
        sentence_cite(&s, set->items[i], "client.run_wait_part", part);
    }
    sentence_add(&s, ": it shares ");
    if (cores == MISSING || cores < 2)
        sentence_add(&s, "its cores");
    else
        sentence_add(&s, "%lld cores", (long long)cores);
    sentence_add(&s, " with the servers, and latencies include this wait");
    sentence_end(&s, c);
}

void find_shared_cores(struct comparison *c)
{
    struct arm_set set = {0};
    for (size_t i = 0; i < c->narms; i++) {
        if (has_waited(&c->arms[i]))
            arm_set_add(&set, &c->arms[i]);
    }
    if (set.count > 0)
        tell_shared(c, &set);
    arm_set_fini(&set);
}
