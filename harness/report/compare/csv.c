#include "report/compare/csv.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/arm_figure.h"
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

static const char *const facts[] = {"file",     "arm",   "rounds",      "undisturbed_rounds",
                                    "problems", "valid", "interrupted", "completed"};

static const char *const of_hosts[] = {"shares", "whole_shares", "least_overlap"};

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
    csv_end(&csv);
}

static void add_word(struct buf *words, const char *word)
{
    buf_printf(words, "%s%s", words->len > 0 ? " " : "", word);
}

static void add_figure(struct csv *csv, const struct arm *arm, const struct arm_figure *figure,
                       struct marked *marked)
{
    struct arm_summary sum = arm_figure_summary(arm, figure);
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

static void add_facts(struct csv *csv, const char *file, const struct arm *arm)
{
    int64_t completed = 0;
    bool valid = true;
    bool interrupted = false;
    for (size_t i = 0; i < arm->nresults; i++) {
        completed += arm->results[i].accounting.completed;
        valid = valid && arm->results[i].valid;
        interrupted = interrupted || arm->results[i].interrupted;
    }
    csv_text(csv, file);
    csv_text(csv, arm->name);
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

static void add_arm(struct csv *csv, const char *file, const struct arm *arm)
{
    struct marked marked;
    buf_init(&marked.bounds, BUF_TEXT_MAX);
    buf_init(&marked.few, BUF_TEXT_MAX);
    add_facts(csv, file, arm);
    for (size_t i = 0; i < LEN(all_figures); i++) {
        for (const struct arm_figure *f = all_figures[i]; f->key != NULL; f++)
            add_figure(csv, arm, f, &marked);
    }
    csv_text(csv, marked.bounds.data);
    csv_text(csv, marked.few.data);
    add_hosts(csv, arm);
    csv_end(csv);
    buf_fini(&marked.bounds);
    buf_fini(&marked.few);
}

void report_arms_csv(const char *file, const struct comparison *c, struct buf *out)
{
    struct csv csv = {.out = out};
    for (size_t i = 0; i < c->narms; i++)
        add_arm(&csv, file, &c->arms[i]);
}
