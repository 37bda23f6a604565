/* What a search found as a table: a row for each arm, then one for each trial. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/capacity/content.h"
#include "report/csv.h"

static void add_head(const struct capacity_page *page, struct csv *csv)
{
    static const char *const columns[] = {"row",     "arm",      "number", "rate",    "low", "high",
                                          "outcome", "answered", "due",    "waiting", "why"};
    for (size_t i = 0; i < LEN(columns); i++)
        csv_text(csv, columns[i]);
    for (size_t i = 0; i < page->goal->clauses.count; i++) {
        const struct gate_threshold *t = &page->goal->thresholds[i];
        char *head = mem_printf("%s (%s)", t->metric.name, metric_unit_name(t->unit));
        csv_text(csv, head);
        free(head);
    }
    csv_end(csv);
}

static void add_missing(const struct capacity_page *page, struct csv *csv)
{
    for (size_t i = 0; i < page->goal->clauses.count; i++)
        csv_number(csv, NAN);
}

static void add_arm(const struct capacity_page *page, const struct capacity_arm *arm,
                    struct csv *csv)
{
    const struct capacity_estimate *e = &arm->estimate;
    csv_text(csv, "capacity");
    csv_text(csv, arm->name);
    csv_number(csv, (double)(e->held + e->failed + e->unusable));
    csv_number(csv, e->median);
    csv_number(csv, e->lo);
    csv_number(csv, isinf(e->hi) ? NAN : e->hi);
    csv_text(csv, capacity_end_names[e->end]);
    csv_number(csv, NAN);
    csv_number(csv, NAN);
    csv_number(csv, NAN);
    csv_text(csv, NULL);
    add_missing(page, csv);
    csv_end(csv);
}

static void add_trial(const struct capacity_page *page, size_t number, struct csv *csv)
{
    const struct capacity *c = page->capacity;
    const struct capacity_trial *t = &c->trials[number];
    csv_text(csv, "trial");
    csv_text(csv, c->arms[t->arm].name);
    csv_number(csv, (double)(number + 1));
    csv_number(csv, t->rate_rps);
    csv_number(csv, NAN);
    csv_number(csv, NAN);
    csv_text(csv, capacity_outcome_names[t->outcome]);
    csv_number(csv, t->answered_rps);
    csv_number(csv, t->due == MISSING ? NAN : (double)t->due);
    csv_number(csv, t->growth);
    csv_text(csv, t->why);
    for (size_t i = 0; i < page->goal->clauses.count; i++)
        csv_number(csv, t->figures[i]);
    csv_end(csv);
}

void report_capacity_csv(const struct capacity_page *page, struct buf *out)
{
    struct csv csv = {.out = out};
    add_head(page, &csv);
    for (size_t i = 0; i < page->capacity->narms; i++)
        add_arm(page, &page->capacity->arms[i], &csv);
    for (size_t i = 0; i < page->capacity->ntrials; i++)
        add_trial(page, i, &csv);
}
