#include "report/verdict/report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/table.h"
#include "report/text.h"

#define EXPLAIN_MAX 1024

static const char *const words[VERDICT_STATE_COUNT] = {
    [VERDICT_OPEN] = "OPEN",       [VERDICT_PASS] = "PASS",
    [VERDICT_FAIL] = "FAIL",       [VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
    [VERDICT_INVALID] = "INVALID",
};

static const char *word_of(const struct verdict_gate *g)
{
    bool warns = g->gate.kind == SESSION_GATE_WARN && g->state == VERDICT_FAIL;
    return warns ? "WARN" : words[g->state];
}

char *verdict_change_text(const struct verdict_gate *g, char *text, size_t size)
{
    char middle[40];
    char low[40];
    char high[40];
    bool falls = g->gate.higher_is_better; /* the greater d, the smaller figure */
    text[0] = '\0';
    if (g->has_interval)
        (void)snprintf(
            text, size, "%s [%s, %s]",
            change_format(&g->gate, g->interval.estimate, middle, sizeof middle),
            change_format(&g->gate, falls ? g->interval.hi : g->interval.lo, low, sizeof low),
            change_format(&g->gate, falls ? g->interval.lo : g->interval.hi, high, sizeof high));
    return text;
}

static enum paint paint_of(enum verdict_state state)
{
    switch (state) {
    case VERDICT_PASS:
        return PAINT_GREEN;
    case VERDICT_FAIL:
    case VERDICT_INVALID:
        return PAINT_RED;
    default:
        return PAINT_YELLOW;
    }
}

static void add_title(const struct verdict *v, const struct report_style *style, struct buf *out)
{
    const struct session *s = v->session;
    char reference[TEXT_NAME];
    char other[TEXT_NAME];
    text_paint(out, style, paint_of(v->state), words[v->state]);
    buf_printf(out, ": %s against %s, %zu blocks of %s",
               text_name(s->arms[1].name, style, other, sizeof other),
               text_name(s->arms[0].name, style, reference, sizeof reference), s->nblocks,
               s->layout == SESSION_LAYOUT_SLICES ? "slices" : "whole trials");
    if (s->nredone > 0)
        buf_printf(out, ", %zu measured again", s->nredone);
    buf_puts(out, "\n\n");
}

static void add_row(const struct verdict_gate *g, struct table *t)
{
    char text[128];
    table_cell(t, g->gate.text);
    table_cell(t, isnan(g->reference) ? ""
                                      : text_figure(g->reference, g->gate.unit, text, sizeof text));
    table_cell(t, isnan(g->other) ? "" : text_figure(g->other, g->gate.unit, text, sizeof text));
    table_cell(t, verdict_change_text(g, text, sizeof text));
    (void)snprintf(text, sizeof text, "%d", g->blocks);
    table_cell(t, text);
    table_cell(t, word_of(g));
}

void report_verdict_text(const struct verdict *v, const struct report_style *style, struct buf *out)
{
    static const char *const heads[] = {"gate", NULL, NULL, "change", "blocks", "verdict"};
    const struct session *s = v->session;
    struct table table;
    add_title(v, style, out);
    table_init(&table, LEN(heads));
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(&table, heads[i] != NULL ? heads[i] : s->arms[i - 1].name);
    for (size_t i = 0; i < v->ngates; i++)
        add_row(&v->gates[i], &table);
    table_write(&table, style, out);
    table_fini(&table);
    for (size_t i = 0; i < v->ngates; i++) {
        char text[EXPLAIN_MAX];
        (void)verdict_explain(v, &v->gates[i], text, sizeof text);
        if (text[0] == '\0')
            continue;
        char *line = mem_printf("%s: %s", v->gates[i].gate.text, text);
        text_notice(out, style, PAINT_PLAIN, line);
        free(line);
    }
}

/* --- the forecast --- */

static double block_s(const struct session *s)
{
    size_t measured = s->nblocks + s->nredone;
    return measured == 0 ? NAN : s->measured_s / (double)measured;
}

/* What look number `at` of those to come can tell of a gate. */
static void add_reach(const struct verdict_gate *g, int at, struct buf *list)
{
    char text[40];
    const struct change_bound *bound = &g->gate.bounds[0];
    if (g->state != VERDICT_OPEN || !g->has_forecast || at >= g->forecast.nlooks ||
        bound->scale == CHANGE_ABSOLUTE)
        return;
    text_list(list, "%s in %s",
              change_format(&g->gate, bound->tau + g->forecast.looks[at].reach, text, sizeof text),
              g->gate.metric.name);
}

static int blocks_of_look(const struct verdict *v, int at)
{
    for (size_t i = 0; i < v->ngates; i++) {
        const struct verdict_gate *g = &v->gates[i];
        if (g->state == VERDICT_OPEN && g->has_forecast && at < g->forecast.nlooks)
            return g->forecast.looks[at].blocks;
    }
    return 0;
}

void report_verdict_forecast(const struct verdict *v, struct buf *out)
{
    const struct session *s = v->session;
    struct buf undecided;
    buf_init(&undecided, BUF_TEXT_MAX);
    for (int at = 0; at < LOOKS && blocks_of_look(v, at) > 0; at++) {
        struct buf list;
        int blocks = blocks_of_look(v, at);
        buf_init(&list, BUF_TEXT_MAX);
        for (size_t i = 0; i < v->ngates; i++)
            add_reach(&v->gates[i], at, &list);
        if (list.len > 0)
            buf_printf(out, "%d blocks, %.0f min more: %s will be found in 90%% of the cases\n",
                       blocks, ceil((double)(blocks - (int)s->nblocks) * block_s(s) / 60),
                       list.data);
        buf_fini(&list);
    }
    for (size_t i = 0; i < v->ngates; i++) {
        if (v->gates[i].state == VERDICT_OPEN && !v->gates[i].can_be_decided)
            text_list(&undecided, "%s", v->gates[i].gate.text);
    }
    if (undecided.len > 0)
        buf_printf(out, "probably not decided within %lld blocks: %s\n", (long long)s->max_blocks,
                   undecided.data);
    buf_fini(&undecided);
}
