#include "report/verdict/report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "report/hosts.h"
#include "report/table.h"
#include "report/text.h"
#include "report/verdict/content.h"

#define ARM_COLUMNS  14
#define NAME_COLUMNS 30

static enum paint paint_of(enum verdict_state state)
{
    if (state == VERDICT_FAIL || state == VERDICT_INVALID)
        return PAINT_RED;
    return state == VERDICT_PASS ? PAINT_GREEN : PAINT_YELLOW;
}

static void add_short(struct table *t, const struct report_style *style, size_t columns,
                      const char *text)
{
    char cell[4 * NAME_COLUMNS + 1];
    table_cell(t, text_short(text, style, columns, cell, sizeof cell));
}

/* Percentage points, short enough for a table: the unit once, at the end. */
static void add_change(struct table *t, const char *text)
{
    static const char unit[] = " points";
    bool any = false;
    struct buf cell;
    buf_init(&cell, BUF_TEXT_MAX);
    for (const char *end = strstr(text, unit); end != NULL; end = strstr(text, unit)) {
        buf_add(&cell, text, (size_t)(end - text));
        text = end + strlen(unit);
        any = true;
    }
    buf_printf(&cell, "%s%s", text, any ? "pp" : "");
    table_cell(t, cell.data);
    buf_fini(&cell);
}

static void add_row(struct table *t, const struct verdict *v, const struct verdict_gate *g,
                    const struct report_style *style)
{
    char cell[CELL_MAX];
    add_short(t, style, NAME_COLUMNS, verdict_gate_name(v, g, cell, sizeof cell));
    table_cell(t, verdict_figure(g, g->reference, cell, sizeof cell));
    table_cell(t, verdict_figure(g, g->other, cell, sizeof cell));
    add_change(t, verdict_change(g, cell, sizeof cell));
    add_change(t, verdict_interval(g, cell, sizeof cell));
    table_cell(t, verdict_level(g, cell, sizeof cell));
    add_change(t, verdict_limit(g, cell, sizeof cell));
    table_cell(t, verdict_word(g));
}

void verdict_gates_table(const struct verdict *v, const struct report_style *style, struct table *t)
{
    static const char *const columns[] = {"change", "interval", "level", "limit", "verdict"};
    t->columns = 3 + LEN(columns);
    table_cell(t, "");
    add_short(t, style, ARM_COLUMNS, v->session->arms[0].name);
    add_short(t, style, ARM_COLUMNS, v->session->arms[1].name);
    for (size_t i = 0; i < LEN(columns); i++)
        table_cell(t, columns[i]);
    for (size_t i = 0; i < v->ngates; i++)
        add_row(t, v, &v->gates[i], style);
}

typedef void table_fn(const struct verdict *v, const struct report_style *style, struct table *t);

static void write_table(table_fn *fill, const struct verdict *v, const struct report_style *style,
                        struct buf *out)
{
    struct table t;
    table_init(&t, 0);
    fill(v, style, &t);
    if (t.columns > 0)
        table_write(&t, style, out);
    table_fini(&t);
}

static void hosts(const struct verdict *v, const struct report_style *style, struct buf *out)
{
    struct table t;
    table_init(&t, 0);
    size_t left = verdict_hosts_table(v, HOSTS_ROWS, style, &t);
    if (t.columns > 0) {
        table_fit(&t, style, hosts_least);
        buf_puts(out, "\n");
        table_write(&t, style, out);
        text_left_out(out, style, left);
        text_entry(out, style, PAINT_DIM, "hosts", VERDICT_HOSTS_NOTE);
    }
    table_fini(&t);
}

void report_verdict_text(const struct verdict_page *page, const struct report_style *style,
                         struct buf *out)
{
    struct notes notes = {0};
    struct buf headline;
    buf_init(&headline, BUF_TEXT_MAX);
    report_verdict_headline(page, &headline);
    text_notice(out, style, paint_of(page->verdict->state), headline.data);
    buf_puts(out, "\n");
    write_table(verdict_gates_table, page->verdict, style, out);
    buf_puts(out, "\n");
    verdict_notes(page, &notes);
    verdict_setting_notes(page->verdict->session, &notes);
    for (size_t i = 0; i < notes.labels.count; i++)
        text_entry(out, style, PAINT_DIM, notes.labels.items[i], notes.texts.items[i]);
    hosts(page->verdict, style, out);
    notes_fini(&notes);
    buf_fini(&headline);
}

static void add_block(struct table *t, const struct verdict *v, size_t block)
{
    const struct session *s = v->session;
    size_t redone = 0;
    char cell[CELL_MAX];
    for (size_t i = 0; i < s->nredone; i++)
        redone += s->redone[i].block == block;
    (void)snprintf(cell, sizeof cell, "%zu", block + 1);
    table_cell(t, cell);
    table_cell(t, s->blocks[block].is_mirrored ? "mirrored" : "-");
    (void)snprintf(cell, sizeof cell, "%zu", redone);
    table_cell(t, redone > 0 ? cell : "-");
    for (size_t i = 0; i < v->ngates; i++) {
        const struct verdict_gate *g = &v->gates[i];
        double d = g->bounds[0].d[block];
        add_change(t, isnan(d) ? "-" : change_format(&g->gate, d, cell, sizeof cell));
    }
}

void verdict_blocks_table(const struct verdict *v, const struct report_style *style,
                          struct table *t)
{
    static const char *const columns[] = {"block", "order", "redone"};
    char name[CELL_MAX];
    if (v->session->nblocks == 0)
        return;
    t->columns = LEN(columns) + v->ngates;
    for (size_t i = 0; i < LEN(columns); i++)
        table_cell(t, columns[i]);
    for (size_t i = 0; i < v->ngates; i++)
        add_short(t, style, NAME_COLUMNS, verdict_gate_name(v, &v->gates[i], name, sizeof name));
    for (size_t i = 0; i < v->session->nblocks; i++)
        add_block(t, v, i);
}

void report_verdict_blocks(const struct verdict *v, const struct report_style *style,
                           struct buf *out)
{
    write_table(verdict_blocks_table, v, style, out);
}
