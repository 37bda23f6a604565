#include "analysis/capacity/goal.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SHOWN(text) (int)str_fit(text, 60), (text) /* as much of it as a message shows */
#define AND         "and"
#define EXAMPLE     "'p99<200ms and errors<1'"
#define SPARE       1.25 /* times the requests that are needed: at random fewer may come */

/* --- the clauses --- */

static void add_clause(struct goal *goal, const char *text, size_t len)
{
    while (len > 0 && isspace((unsigned char)text[0])) {
        text++;
        len--;
    }
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    char *clause = mem_strndup(text, len);
    str_list_add(&goal->clauses, clause);
    free(clause);
}

/* The next "and" between blanks, or at the end; NULL: there is none. */
static const char *find_and(const char *text)
{
    for (const char *at = strstr(text, AND); at != NULL; at = strstr(at + 1, AND)) {
        char after = at[sizeof AND - 1];
        if (at > text && isspace((unsigned char)at[-1]) &&
            (after == '\0' || isspace((unsigned char)after)))
            return at;
    }
    return NULL;
}

static void split(const char *text, struct goal *goal)
{
    for (const char *at = find_and(text); at != NULL; at = find_and(text)) {
        add_clause(goal, text, (size_t)(at - text));
        text = at + sizeof AND - 1;
    }
    add_clause(goal, text, strlen(text));
}

/* --- what a clause may say --- */

/* Of all others less is better. */
static bool more_is_better(const struct metric *m)
{
    static const char *const names[] = {"jain", "achieved"};
    bool any = m->row != NULL && m->row->trait == METRIC_THROUGHPUT;
    for (size_t i = 0; m->row != NULL && i < LEN(names); i++)
        any |= strcmp(m->row->name, names[i]) == 0;
    return any;
}

static bool is_upper(enum gate_op op)
{
    return op == GATE_ABOVE || op == GATE_AT_LEAST;
}

static enum gate_op opposite(enum gate_op op)
{
    static const enum gate_op ops[] = {[GATE_ABOVE] = GATE_AT_MOST,
                                       [GATE_AT_LEAST] = GATE_BELOW,
                                       [GATE_BELOW] = GATE_AT_LEAST,
                                       [GATE_AT_MOST] = GATE_ABOVE};
    return ops[op];
}

static int refuse_direction(const struct gate_threshold *t, struct err *err)
{
    const char *value = gate_operator(t->text);
    value += strspn(value, "<>=");
    value += strspn(value, " \t");
    enum gate_op turned = t->op == GATE_ABOVE      ? GATE_BELOW
                          : t->op == GATE_AT_LEAST ? GATE_AT_MOST
                          : t->op == GATE_BELOW    ? GATE_ABOVE
                                                   : GATE_AT_LEAST;
    return err_set(err, ERR_USAGE,
                   "'%.*s' tells what is bad, as --fail of check does; a goal tells what is good: "
                   "%s%s%.*s",
                   SHOWN(t->text), t->metric.name, gate_op_text(turned), SHOWN(value));
}

/* No run has less than none, or more than all. */
static bool is_hopeless(const struct gate_threshold *t)
{
    if (t->op == GATE_BELOW && t->value <= 0)
        return true;
    return t->op == GATE_ABOVE && t->unit == METRIC_SHARE && t->value >= 1;
}

/* No figure is negative, and no share is more than all. */
static bool is_idle(const struct gate_threshold *t)
{
    if (is_upper(t->op))
        return t->op == GATE_AT_LEAST && t->value <= 0;
    return t->op == GATE_AT_MOST && t->unit == METRIC_SHARE && t->value >= 1;
}

static int check_clause(const struct gate_threshold *t, struct err *err)
{
    if (more_is_better(&t->metric) != is_upper(t->op))
        return refuse_direction(t, err);
    if (is_idle(t))
        return err_set(err, ERR_USAGE, "'%.*s' holds for every run, so it is no goal; leave it out",
                       SHOWN(t->text));
    if (is_hopeless(t))
        return err_set(err, ERR_USAGE, "'%.*s' holds for no run; write %s%s%s", SHOWN(t->text),
                       t->metric.name, is_upper(t->op) ? ">=" : "<=",
                       t->unit == METRIC_SHARE  ? (is_upper(t->op) ? "100%" : "0%")
                       : t->unit == METRIC_TIME ? "1ms"
                                                : "0");
    return 0;
}

/* Of two on one metric, one says nothing, or neither can hold. */
static int check_twice(const struct goal *goal, size_t at, struct err *err)
{
    for (size_t i = 0; i < at; i++) {
        if (strcmp(goal->thresholds[i].metric.name, goal->thresholds[at].metric.name) == 0)
            return err_set(err, ERR_USAGE, "%s stands in it twice (%.*s and %.*s); leave one out",
                           goal->thresholds[at].metric.name, SHOWN(goal->clauses.items[i]),
                           SHOWN(goal->clauses.items[at]));
    }
    return 0;
}

static int parse_clause(struct goal *goal, size_t at, struct err *err)
{
    const char *text = goal->clauses.items[at];
    struct gate_threshold *t = &goal->thresholds[at];
    if (text[0] == '\0')
        return err_set(err, ERR_USAGE, "a clause is empty; give clauses such as " EXAMPLE);
    if (gate_operator(text) == NULL)
        return err_set(err, ERR_USAGE,
                       "'%.*s' is not a clause; give METRIC, one of < <= > >=, and a value, such "
                       "as p99<200ms or errors<0.1%%, joined by 'and'",
                       SHOWN(text));
    if (strpbrk(gate_operator(text) + 1, "<>,&") != NULL)
        return err_set(err, ERR_USAGE, "'%.*s': clauses are joined by 'and', as in %s", SHOWN(text),
                       EXAMPLE);
    if (gate_parse(text, GATE_FAIL, t, err) < 0 || check_clause(t, err) < 0)
        return -1;
    t->op = opposite(t->op);
    return check_twice(goal, at, err);
}

int goal_parse(const char *text, struct goal *out, struct err *err)
{
    *out = (struct goal){0};
    split(text, out);
    int failed = 0;
    if (out->clauses.count > CAPACITY_CLAUSES_MAX)
        failed = err_set(err, ERR_USAGE,
                         "a goal has at most " STR_NUMBER(CAPACITY_CLAUSES_MAX) " clauses");
    for (size_t i = 0; i < out->clauses.count && failed == 0; i++)
        failed = parse_clause(out, i, err);
    if (failed < 0)
        goal_fini(out);
    return failed;
}

int goal_check_search(const struct goal *goal, struct err *err)
{
    for (size_t i = 0; i < goal->clauses.count; i++) {
        const struct gate_threshold *t = &goal->thresholds[i];
        bool is_rate = t->metric.row != NULL && t->metric.row->trait == METRIC_THROUGHPUT;
        if (is_rate && t->unit != METRIC_SHARE)
            return err_set(err, ERR_USAGE,
                           "'%.*s': the rate is what is searched for, so it cannot be the goal; "
                           "give what must hold at that rate, such as p99<200ms%s",
                           SHOWN(t->text),
                           metric_has_share(&t->metric) ? ", or a share such as completed>99%"
                                                        : "");
    }
    return 0;
}

void goal_fini(struct goal *goal)
{
    str_list_fini(&goal->clauses);
    *goal = (struct goal){0};
}

/* --- how long a trial lasts --- */

double goal_samples(const struct goal *goal)
{
    double most = 0;
    for (size_t i = 0; i < goal->clauses.count; i++) {
        const struct metric *m = &goal->thresholds[i].metric;
        if (m->hist == &metric_hists[0] && m->q < 1)
            most = fmax(most, METRIC_BEYOND / (1 - m->q));
    }
    return most;
}

int64_t goal_trial_ns(const struct goal *goal, double rate_rps, int64_t base_ns)
{
    double needed_ns = SPARE * goal_samples(goal) / rate_rps * 1e9;
    double most_ns = GOAL_LONGEST * (double)base_ns;
    return (int64_t)fmax((double)base_ns, fmin(needed_ns, most_ns));
}

double goal_least_rps(const struct goal *goal, int64_t base_ns)
{
    return SPARE * goal_samples(goal) / (GOAL_LONGEST * (double)base_ns / 1e9);
}
