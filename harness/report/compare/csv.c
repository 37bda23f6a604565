#include "report/compare/csv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/arm_figure.h"
#include "model/arm_recovery.h"
#include "model/named_view.h"
#include "report/csv.h"

/* Those that the tables have no room for. */
/* clang-format off */
static const struct arm_figure more_figures[] = {
    {.key = "p75", .unit = METRIC_TIME, .metric = "p75"},
    {.key = "p90", .unit = METRIC_TIME, .metric = "p90"},
    {.key = "p99.9", .unit = METRIC_TIME, .metric = "p99.9"},
    {.key = "max", .unit = METRIC_TIME, .metric = "max"},
    {.key = NULL},
};
/* clang-format on */
static const struct arm_figure *const all_figures[] = {arm_figures, more_figures};

static const char *const facts[] = {
    "file",     "arm",   "request",     "rounds",   "undisturbed_rounds",
    "problems", "valid", "interrupted", "completed"};

/* A row: an arm, or the requests of one name in all of its rounds. */
struct row {
    const char *file;
    const struct arm *arm;
    const char *request; /* NULL: of all requests */
};

static const char *const of_hosts[] = {"shares", "whole_shares", "least_overlap"};

static const char *const of_recovery[] = {
    "recovery",       "recovery_rounds",  "recovery_goal",      "spike_from_s", "spike_to_s",
    "recovery_s",     "requests_most",    "requests_drained_s", "jobs_most",    "jobs_drained_s",
    "goodput_before", "goodput_in_spike", "due_in_spike",       "goodput_after"};

/* Names of figures, with a blank between. */
struct marked {
    struct buf bounds, few;
};

static const char *suffix_of(enum metric_unit unit)
{
    return unit == METRIC_TIME ? "_ms" : unit == METRIC_SIZE ? "_bytes" : "";
}

static void add_names(struct csv *csv, const struct arm_figure *figure)
{
    static const char *const ends[] = {"", "_low", "_high"};
    for (size_t i = 0; i < LEN(ends); i++) {
        char *name = mem_printf("%s%s%s", figure->key, suffix_of(figure->unit), ends[i]);
        csv_text(csv, name);
        free(name);
    }
}

void report_arms_csv_head(struct buf *out)
{
    struct csv csv = {.out = out};
    for (size_t i = 0; i < LEN(facts); i++)
        csv_text(&csv, facts[i]);
    for (size_t i = 0; i < LEN(all_figures); i++) {
        for (const struct arm_figure *f = all_figures[i]; f->key != NULL; f++)
            add_names(&csv, f);
    }
    csv_text(&csv, "lower_bounds");
    csv_text(&csv, "few_samples");
    for (size_t i = 0; i < LEN(of_hosts); i++)
        csv_text(&csv, of_hosts[i]);
    for (size_t i = 0; i < LEN(of_recovery); i++)
        csv_text(&csv, of_recovery[i]);
    csv_end(&csv);
}

static void add_word(struct buf *words, const char *word)
{
    buf_printf(words, "%s%s", words->len > 0 ? " " : "", word);
}

/* Of the requests of one name. */
static bool is_by_request(const struct arm_figure *figure)
{
    struct metric m;
    struct err err;
    if (figure->metric == NULL || metric_find(figure->metric, &m, &err) < 0)
        return false;
    return m.row != NULL ? m.row->by_request : m.hist == metric_hists;
}

static void add_figure(struct csv *csv, const struct row *row, const struct arm_figure *figure,
                       struct marked *marked)
{
    static const struct arm_summary nothing = {.median = NAN, .low = NAN, .high = NAN};
    bool is_there = row->request == NULL || is_by_request(figure);
    struct arm_summary sum = is_there ? arm_figure_summary(row->arm, figure) : nothing;
    double scale = figure->unit == METRIC_TIME ? (double)NS_PER_MS : 1;
    bool is_known = !isnan(sum.median);
    csv_number(csv, sum.median / scale);
    csv_number(csv, sum.low / scale);
    csv_number(csv, sum.high / scale);
    if (is_known && sum.is_bound)
        add_word(&marked->bounds, figure->key);
    if (is_known && sum.is_few)
        add_word(&marked->few, figure->key);
}

static void add_facts(struct csv *csv, const struct row *row)
{
    const struct arm *arm = row->arm;
    int64_t completed = 0;
    bool valid = true;
    bool interrupted = false;
    for (size_t i = 0; i < arm->nresults; i++) {
        completed += arm->results[i].accounting.completed;
        valid = valid && arm->results[i].valid;
        interrupted = interrupted || arm->results[i].interrupted;
    }
    csv_text(csv, row->file);
    csv_text(csv, arm->name);
    csv_text(csv, row->request);
    csv_number(csv, (double)arm->nresults);
    csv_number(csv, (double)arm_undisturbed(arm));
    csv_number(csv, (double)arm->nproblems);
    csv_number(csv, valid && arm->nresults > 0);
    csv_number(csv, interrupted);
    csv_number(csv, (double)completed);
}

/* Of the round with the fewest whole shares; empty for an arm that one host alone loaded. */
static void add_hosts(struct csv *csv, const struct arm *arm)
{
    double shares = NAN;
    double least_whole = NAN;
    double least_overlap = NAN;
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct merged *m = arm->results[i].merged;
        double whole = 0;
        if (m == NULL)
            continue;
        for (size_t k = 0; k < m->nparts; k++)
            whole += m->parts[k].state == PART_WHOLE;
        shares = (double)m->nparts;
        least_whole = fmin(least_whole, whole); /* fmin ignores a NAN */
        least_overlap = fmin(least_overlap, m->overlap);
    }
    csv_number(csv, shares);
    csv_number(csv, least_whole);
    csv_number(csv, least_overlap);
}

static void add_backlog(struct csv *csv, const struct recovery_backlog *b)
{
    csv_number(csv, b->most == MISSING ? NAN : (double)b->most);
    csv_number(csv, b->drained_s);
}

/* Empty for an arm whose rate had no spike, and for the requests of one name. */
static void add_recovery(struct csv *csv, const struct row *row)
{
    struct arm_recovery a;
    char goal[64];
    if (row->request != NULL || !arm_recovery_of(row->arm, &a)) {
        for (size_t i = 0; i < LEN(of_recovery); i++)
            csv_text(csv, NULL);
        return;
    }
    csv_text(csv, recovery_state_names[a.one->state]);
    csv_number(csv, (double)a.alike);
    csv_text(csv, a.one->goal.ns > 0 ? recovery_goal_text(&a.one->goal, goal, sizeof goal) : NULL);
    csv_number(csv, a.one->from_s);
    csv_number(csv, a.one->to_s);
    csv_number(csv, a.one->back_s);
    add_backlog(csv, &a.one->requests);
    add_backlog(csv, &a.one->jobs);
    csv_number(csv, a.one->before.good);
    csv_number(csv, a.one->spike.good);
    csv_number(csv, a.one->spike.due);
    csv_number(csv, a.one->after.good);
}

static void add_row(struct csv *csv, const struct row *row)
{
    struct marked marked;
    buf_init(&marked.bounds, BUF_TEXT_MAX);
    buf_init(&marked.few, BUF_TEXT_MAX);
    add_facts(csv, row);
    for (size_t i = 0; i < LEN(all_figures); i++) {
        for (const struct arm_figure *f = all_figures[i]; f->key != NULL; f++)
            add_figure(csv, row, f, &marked);
    }
    csv_text(csv, marked.bounds.data);
    csv_text(csv, marked.few.data);
    add_hosts(csv, row->arm);
    add_recovery(csv, row);
    csv_end(csv);
    buf_fini(&marked.bounds);
    buf_fini(&marked.few);
}

/* The rounds of one plan have the same names. */
static const struct result *with_names(const struct arm *arm)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        if (arm->results[i].nnamed > 0)
            return &arm->results[i];
    }
    return NULL;
}

static void add_request(struct csv *csv, const char *file, const struct arm *arm, const char *name)
{
    struct result *views = mem_array(arm->nresults, sizeof *views);
    struct arm of_name = {.name = arm->name, .results = views};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct result *r = &arm->results[i];
        const struct named_request *n =
            named_requests_find(r->named, r->nnamed, name, strlen(name));
        if (n != NULL)
            named_view(n, r, &views[of_name.nresults++]);
    }
    add_row(csv, &(struct row){file, &of_name, name});
    free(views);
}

static void add_arm(struct csv *csv, const char *file, const struct arm *arm)
{
    const struct result *named = with_names(arm);
    add_row(csv, &(struct row){.file = file, .arm = arm});
    for (size_t i = 0; named != NULL && i < named->nnamed; i++)
        add_request(csv, file, arm, named->named[i].name);
}

void report_arms_csv(const char *file, const struct comparison *c, struct buf *out)
{
    struct csv csv = {.out = out};
    for (size_t i = 0; i < c->narms; i++)
        add_arm(&csv, file, &c->arms[i]);
}
