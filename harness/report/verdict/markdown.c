/* A verdict for a pull request or a job summary. */
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "report/comment.h"
#include "report/verdict/content.h"
#include "report/verdict/report.h"

static const struct report_style style = {.utf8 = true};
static const char *const loud[] = {"FAIL", "WARN", "INVALID", "INCONCLUSIVE", "OPEN", NULL};

static void add_arm(struct table *t, const struct session_arm *arm)
{
    struct buf name;
    buf_init(&name, BUF_TEXT_MAX);
    verdict_add_long(&name, arm->name);
    table_cell(t, name.data);
    buf_fini(&name);
}

static void add_row(struct table *t, const struct verdict *v, const struct verdict_gate *g)
{
    char cell[CELL_MAX];
    table_cell(t, verdict_gate_name(v, g, cell, sizeof cell));
    table_cell(t, verdict_figure(g, g->reference, cell, sizeof cell));
    table_cell(t, verdict_figure(g, g->other, cell, sizeof cell));
    table_cell(t, verdict_change(g, cell, sizeof cell));
    table_cell(t, verdict_interval(g, cell, sizeof cell));
    table_cell(t, verdict_limit(g, cell, sizeof cell));
    table_cell(t, verdict_word(g));
}

/* Those that did not pass come first. */
static void gates(const struct verdict *v, struct comment *m)
{
    static const char *const heads[] = {"change", "interval", "limit", "verdict"};
    static const struct comment_look look = {loud, 1U << 4 | 1U << 6};
    struct table t;
    table_init(&t, 3 + LEN(heads));
    table_cell(&t, "gate");
    add_arm(&t, &v->session->arms[0]);
    add_arm(&t, &v->session->arms[1]);
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(&t, heads[i]);
    for (size_t i = 0; i < v->ngates; i++) {
        if (v->gates[i].state != VERDICT_PASS)
            add_row(&t, v, &v->gates[i]);
    }
    for (size_t i = 0; i < v->ngates; i++) {
        if (v->gates[i].state == VERDICT_PASS)
            add_row(&t, v, &v->gates[i]);
    }
    comment_table(m, &t, &look);
    table_fini(&t);
}

static void rests_on(const struct verdict_page *page, struct comment *m)
{
    struct notes notes = {0};
    struct str_list lines = {0};
    verdict_notes(page, &notes);
    verdict_setting_notes(page->verdict->session, &notes);
    for (size_t i = 0; i < notes.labels.count; i++) {
        char *line = mem_printf("%s: %s", notes.labels.items[i], notes.texts.items[i]);
        str_list_add(&lines, line);
        free(line);
    }
    comment_fold(m, "What it rests on");
    comment_list(m, &lines, COMMENT_BULLETS);
    str_list_fini(&lines);
    notes_fini(&notes);
}

static void certainty(const struct verdict *v, struct comment *m)
{
    static const struct comment_look look = {NULL, 0};
    static const char *const heads[] = {"gate", "blocks", "level of the interval", "caught"};
    struct table t;
    table_init(&t, LEN(heads));
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(&t, heads[i]);
    for (size_t i = 0; i < v->ngates; i++) {
        const struct verdict_gate *g = &v->gates[i];
        char cell[CELL_MAX];
        char *blocks = mem_printf("%d", g->blocks);
        table_cell(&t, verdict_gate_name(v, g, cell, sizeof cell));
        table_cell(&t, blocks);
        table_cell(&t, verdict_level(g, cell, sizeof cell));
        table_cell(&t, verdict_caught_text(v, g, cell, sizeof cell));
        free(blocks);
    }
    comment_fold(m, "How sure it is");
    comment_table(m, &t, &look);
    table_fini(&t);
}

static void blocks(const struct verdict *v, struct comment *m)
{
    static const struct comment_look look = {NULL, 1U << 1};
    struct table t;
    table_init(&t, 0);
    verdict_blocks_table(v, &style, &t);
    if (t.columns > 0) {
        comment_fold(m, "The change in each block");
        comment_table(m, &t, &look);
    }
    table_fini(&t);
}

static void hosts(const struct verdict *v, struct comment *m)
{
    static const struct comment_look look = {NULL, 0};
    struct table t;
    struct str_list notes = {0};
    table_init(&t, 0);
    (void)verdict_hosts_table(v, SIZE_MAX, &style, &t);
    if (t.columns > 0) {
        str_list_add(&notes, "host: " VERDICT_HOSTS_NOTE);
        comment_fold(m, "Each host");
        comment_table(m, &t, &look);
        comment_list(m, &notes, COMMENT_BULLETS);
    }
    str_list_fini(&notes);
    table_fini(&t);
}

void report_verdict_markdown(const struct verdict_page *page, struct buf *out)
{
    struct comment m;
    struct buf headline;
    buf_init(&headline, BUF_TEXT_MAX);
    report_verdict_headline(page, &headline);
    comment_begin(&m, out, page->most);
    comment_lead(&m, headline.data);
    gates(page->verdict, &m);
    rests_on(page, &m);
    certainty(page->verdict, &m);
    blocks(page->verdict, &m);
    hosts(page->verdict, &m);
    comment_end(&m);
    buf_fini(&headline);
}
