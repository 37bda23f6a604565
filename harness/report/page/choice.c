/* What helps to choose, below the recommendation: what a request costs and so what a machine can
 * do, what else tells the recommended arms apart, and what a queue leaves for later. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/findings/rank.h"
#include "analysis/keeping_up.h"
#include "analysis/sentence.h"
#include "base/mem.h"
#include "base/units.h"
#include "report/compare/content.h"
#include "report/page/cover.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/text.h"

#define BUSY 0.8 /* of the cores: the CPU is what limits the arm */
#define PLAN 0.7 /* of the cores, so that a burst does not make requests wait */

static void item(struct view *v, struct buf *text)
{
    if (text->len > 0) {
        buf_puts(v->out, "<li>");
        html_lines(v->out, text->data);
        buf_puts(v->out, "</li>\n");
    }
    buf_clear(text);
}

static void add_value(struct buf *text, double value, enum metric_unit unit)
{
    char figure[32];
    buf_puts(text, text_figure(value, unit, figure, sizeof figure));
}

static void add_name(struct buf *text, const struct arm *arm)
{
    char name[TEXT_NAME];
    buf_puts(text, text_name(arm->name, &page_style, name, sizeof name));
}

/* --- capacity --- */

/* The arm that is shown, where the CPU is its limit; else NULL. */
static const struct arm *busy_arm(const struct comparison *c)
{
    const struct arm *arm = cover_arm(c);
    if (arm == NULL || arm->nresults == 0 || c->narms == 1)
        return NULL;
    double cpu_ns = arm_figure_value(arm, arm_figure_find("cpu_per_work"));
    double work = arm_figure_value(arm, arm_figure_find("work_per_second"));
    int64_t cores = arm->results[0].environment.cores_allowed;
    bool is_busy = cores != MISSING && cores > 0 && cpu_ns / 1e9 * work >= BUSY * (double)cores;
    return is_busy ? arm : NULL; /* not of NAN */
}

/* "With pool, a request costs 5.88 ms of CPU". */
static void capacity(const struct comparison *c, struct buf *text)
{
    const struct arm *arm = busy_arm(c);
    if (arm == NULL)
        return;
    double cpu_ns = arm_figure_value(arm, arm_figure_find("cpu_per_work"));
    double work = arm_figure_value(arm, arm_figure_find("work_per_second"));
    int64_t cores = arm->results[0].environment.cores_allowed;
    buf_puts(text, "How many cores? With ");
    add_name(text, arm);
    buf_puts(text, ", a request costs ");
    add_value(text, cpu_ns, METRIC_TIME);
    buf_puts(text, " of CPU. So one core completes at most ");
    add_value(text, 1e9 / cpu_ns, METRIC_NUMBER);
    buf_printf(text, " requests per second, the %lld core%s of this machine ", (long long)cores,
               cores == 1 ? "" : "s");
    add_value(text, 1e9 / cpu_ns * (double)cores, METRIC_NUMBER);
    buf_puts(text, " (measured: ");
    add_value(text, work, METRIC_NUMBER);
    buf_puts(text, "). In general: cores = requests per second × CPU of a request. For 1,000 "
                   "requests per second, that is ");
    add_value(text, ceil(1000 * cpu_ns / 1e9), METRIC_COUNT);
    buf_printf(text, " of these cores at full use; plan for %.0f %% use, so ", 100 * PLAN);
    add_value(text, ceil(1000 * cpu_ns / 1e9 / PLAN), METRIC_COUNT);
    buf_puts(text, ".");
}

/* In a closed loop that keeps the cores busy, a latency is mostly the wait for the other clients.
 */
static void load(const struct comparison *c, struct buf *text)
{
    const struct arm *arm = busy_arm(c);
    if (arm == NULL || comparison_is_open_loop(c))
        return;
    const struct result *r = &arm->results[0];
    int64_t at_once = r->connections * r->pipelining;
    double rate = arm_figure_value(arm, arm_figure_find("requests_per_second"));
    if (!(rate > 0) || at_once <= 1)
        return;
    buf_puts(text, "What does the p50 mean? ");
    add_value(text, (double)at_once, METRIC_COUNT);
    buf_puts(text, " requests were always open and kept the cores busy, so it is about that number "
                   "divided by the rate: with ");
    add_name(text, arm);
    buf_puts(text, ", ");
    add_value(text, (double)at_once, METRIC_COUNT);
    buf_puts(text, " / ");
    add_value(text, rate, METRIC_NUMBER);
    buf_puts(text, " per second = ");
    add_value(text, (double)at_once / rate * 1e9, METRIC_TIME);
    buf_puts(text, ". It is not the latency that a lighter load would see: measure that with -R.");
}

/* --- between those that are recommended --- */

struct contest {
    const char *key, *what, *words;
};

/* "offload (1.17 ms), pool (about 17.2 ms)": of too few samples, which the table marks. */
static void add_standings(struct buf *text, const struct rank *rank, size_t from, size_t to,
                          const struct arm_figure *figure)
{
    for (size_t i = from; i < to; i++) {
        buf_puts(text, i == from ? "" : i + 1 == to ? " and " : ", ");
        add_name(text, rank->items[i].arm);
        buf_puts(text, arm_figure_is_few(rank->items[i].arm, figure) ? " (about " : " (");
        add_value(text, rank->items[i].value, figure->unit);
        buf_puts(text, ")");
    }
}

/* " Memory (peak RSS) is lowest with pool (9.64 MB); then offload (15.7 MB)."; false: they are not
 * told apart. */
static bool add_winner(const struct contest *contest, const struct arm_set *arms, const char *label,
                       struct buf *text)
{
    const struct arm_figure *figure = arm_figure_find(contest->key);
    struct rank rank;
    rank_init(&rank, arms, figure, RANK_LEAST, RANK_BY_ROUND);
    bool is_told = rank.count == arms->count && rank.ntop < rank.count && !rank.has_bounds;
    if (is_told) {
        buf_printf(text, " %s (%s) %s with ", contest->what, label, contest->words);
        add_standings(text, &rank, 0, rank.ntop, figure);
        buf_puts(text, "; then ");
        add_standings(text, &rank, rank.ntop, rank.count, figure);
        buf_puts(text, ".");
    }
    rank_fini(&rank);
    return is_told;
}

/* The bundled strategy with the fewest parts; NULL when one of the arms is another server. */
static const struct arm *simplest(const struct arm_set *arms)
{
    static const char *const order[] = {"inline", "pool", "threads", "offload", "queue"};
    const struct arm *found = NULL;
    size_t least = LEN(order);
    for (size_t i = 0; i < arms->count; i++) {
        const char *strategy = arms->items[i]->results[0].strategy;
        size_t at = 0;
        while (at < LEN(order) && (strategy == NULL || strcmp(order[at], strategy) != 0))
            at++;
        if (at == LEN(order))
            return NULL;
        found = at < least ? arms->items[i] : found;
        least = at < least ? at : least;
    }
    return found;
}

static void between(const struct comparison *c, struct buf *text)
{
    static const struct contest contests[] = {
        {"probe_p99", "Other requests to the same server", "are fastest"},
        {"cpu_per_work", "The CPU for a request", "is least"},
        {"rss_peak", "Memory", "is lowest"},
    };
    struct arm_set top = {0};
    for (size_t i = 0; i < c->narms; i++) {
        if (page_finding(c, "recommendation", &c->arms[i]) != NULL)
            arm_set_add(&top, &c->arms[i]);
    }
    bool any = false;
    if (top.count > 1)
        buf_printf(text, "Which of them? In %s they are too close to call.",
                   comparison_is_open_loop(c) ? "latency (p99)" : "throughput");
    for (size_t i = 0; i < LEN(contests) && top.count > 1; i++) {
        char *label = compare_title(c, arm_figure_find(contests[i].key), &page_style);
        any |= add_winner(&contests[i], &top, label, text);
        free(label);
    }
    const struct arm *simple = simplest(&top);
    if (top.count > 1)
        buf_puts(text, any ? " If that does not matter to you, take the simpler one"
                           : " Nothing else that was measured tells them apart: take the simpler "
                             "one");
    if (top.count > 1 && simple != NULL) {
        buf_puts(text, ", ");
        add_name(text, simple);
    }
    buf_puts(text, top.count > 1 ? "." : "");
    arm_set_fini(&top);
}

const struct finding *page_backlog(const struct comparison *c, const struct arm *arm)
{
    bool is_recommended = page_finding(c, "recommendation-later", arm) != NULL;
    return is_recommended ? page_finding(c, "backlog", arm) : NULL;
}

void page_choice(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    struct buf text;
    if (v->chapter->is_gathered || c->nfindings == 0)
        return;
    size_t before = v->out->len;
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(v->out, "<ul class=\"choice\">\n");
    size_t empty = v->out->len;
    between(c, &text);
    item(v, &text);
    for (size_t i = 0; i < c->narms; i++) {
        const struct finding *left = page_backlog(c, &c->arms[i]);
        if (left != NULL)
            buf_puts(&text, left->text);
        item(v, &text);
    }
    load(c, &text);
    item(v, &text);
    capacity(c, &text);
    item(v, &text);
    if (v->out->len == empty)
        v->out->len = before;
    else
        buf_puts(v->out, "</ul>\n");
    buf_fini(&text);
}
