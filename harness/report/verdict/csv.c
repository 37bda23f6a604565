/* A verdict as a table, one row per gate. Figures are in the units of the metric: ns, bytes,
 * requests per second, fractions. */
#include <math.h>

#include "base/mem.h"
#include "report/csv.h"
#include "report/verdict/content.h"
#include "report/verdict/report.h"

static void add_head(struct csv *csv)
{
    static const char *const columns[] = {"gate",   "kind",   "metric",    "arm",    "verdict",
                                          "reason", "blocks", "reference", "judged", "change",
                                          "low",    "high",   "level",     "limit",  "caught_at",
                                          "caught", "why",    "unit"};
    for (size_t i = 0; i < LEN(columns); i++)
        csv_text(csv, columns[i]);
    csv_end(csv);
}

static void add_interval(const struct verdict_gate *g, struct csv *csv)
{
    bool turned = g->gate.higher_is_better;
    double estimate = g->has_interval ? g->interval.estimate : NAN;
    double low = turned ? g->interval.hi : g->interval.lo;
    double high = turned ? g->interval.lo : g->interval.hi;
    csv_number(csv, change_shown(&g->gate, &g->gate.bounds[0], estimate));
    csv_number(csv, g->has_interval ? change_shown(&g->gate, &g->gate.bounds[0], low) : NAN);
    csv_number(csv, g->has_interval ? change_shown(&g->gate, &g->gate.bounds[0], high) : NAN);
    csv_number(csv, g->has_interval ? g->interval.level : NAN);
}

static void add_row(const struct verdict *v, const struct verdict_gate *g, struct csv *csv)
{
    char text[WHY_MAX];
    csv_text(csv, g->gate.text);
    csv_text(csv, session_gate_kind_names[g->gate.kind]);
    csv_text(csv, g->gate.metric.name);
    csv_text(csv, v->session->arms[g->arm].name);
    csv_text(csv, verdict_state_names[g->state]);
    csv_text(csv, verdict_reason_codes[g->reason]);
    csv_number(csv, g->blocks);
    csv_number(csv, g->reference);
    csv_number(csv, g->other);
    add_interval(g, csv);
    csv_number(csv, change_shown(&g->gate, &g->gate.bounds[0], g->gate.bounds[0].tau));
    csv_number(csv, isnan(g->caught_at) ? NAN
                                        : change_shown(&g->gate, &g->gate.bounds[0], g->caught_at));
    csv_number(csv, verdict_caught(v, g));
    csv_text(csv, verdict_explain(v, g, text, sizeof text));
    csv_text(csv, metric_unit_name(g->gate.unit));
    csv_end(csv);
}

void report_verdict_csv(const struct verdict_page *page, struct buf *out)
{
    struct csv csv = {.out = out};
    add_head(&csv);
    for (size_t i = 0; i < page->verdict->ngates; i++)
        add_row(page->verdict, &page->verdict->gates[i], &csv);
}
