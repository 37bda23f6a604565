/* A verdict for a pull request or a job summary. */
#include "report/markdown.h"
#include "report/verdict/content.h"
#include "report/verdict/report.h"

static void add_row(const struct verdict *v, const struct verdict_gate *g, struct buf *out)
{
    char cell[CELL_MAX];
    bool loud = g->state != VERDICT_PASS;
    buf_puts(out, "|");
    markdown_cell(out, verdict_gate_name(v, g, cell, sizeof cell));
    markdown_cell(out, verdict_figure(g, g->reference, cell, sizeof cell));
    markdown_cell(out, verdict_figure(g, g->other, cell, sizeof cell));
    markdown_cell(out, verdict_change(g, cell, sizeof cell));
    markdown_cell(out, verdict_interval(g, cell, sizeof cell));
    markdown_cell(out, verdict_level(g, cell, sizeof cell));
    markdown_cell(out, verdict_limit(g, cell, sizeof cell));
    buf_printf(out, " %s%s%s |", loud ? "**" : "", verdict_word(g), loud ? "**" : "");
    markdown_cell(out, verdict_caught_text(v, g, cell, sizeof cell));
    buf_puts(out, "\n");
}

static void add_head(const struct session *s, struct buf *out)
{
    buf_puts(out, "| gate |");
    for (size_t i = 0; i < 2; i++) {
        struct buf name;
        buf_init(&name, BUF_TEXT_MAX);
        verdict_add_long(&name, s->arms[i].name);
        markdown_cell(out, name.data);
        buf_fini(&name);
    }
    buf_puts(out, " change | interval | level | limit | verdict | caught |\n"
                  "|---|--:|--:|--:|---|--:|--:|---|--:|\n");
}

static void add_notes(const struct notes *notes, struct buf *out)
{
    for (size_t i = 0; i < notes->labels.count; i++) {
        buf_printf(out, "- %s: ", notes->labels.items[i]);
        markdown_block(out, notes->texts.items[i]);
        buf_puts(out, "\n");
    }
}

void report_verdict_markdown(const struct verdict_page *page, struct buf *out)
{
    const struct verdict *v = page->verdict;
    struct notes notes = {0};
    struct buf headline;
    buf_init(&headline, BUF_TEXT_MAX);
    report_verdict_headline(page, &headline);
    buf_puts(out, "**");
    markdown_text(out, headline.data);
    buf_puts(out, "**\n\n");
    add_head(v->session, out);
    for (size_t i = 0; i < v->ngates; i++)
        add_row(v, &v->gates[i], out);
    buf_puts(out, "\n<details><summary>What it rests on</summary>\n\n");
    verdict_notes(page, &notes);
    verdict_setting_notes(v->session, &notes);
    add_notes(&notes, out);
    buf_puts(out, "\n</details>\n");
    notes_fini(&notes);
    buf_fini(&headline);
}
