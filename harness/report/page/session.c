/* A session: its gates, what the verdict rests on, and the blocks. */
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/verdict/content.h"

static void gates(struct view *v)
{
    struct table t;
    table_init(&t, 0);
    verdict_gates_table(v->chapter->session->verdict, &page_style, &t);
    view_section(v, "gates", "Gates");
    html_table(v->out, "Gates", &t);
    view_section_end(v);
    table_fini(&t);
}

static void basis(struct view *v)
{
    struct notes notes = {0};
    verdict_notes(v->chapter->session, &notes);
    view_section(v, "basis", "What the verdict rests on");
    buf_puts(v->out, "<dl class=\"facts\">\n");
    for (size_t i = 0; i < notes.labels.count; i++)
        html_pair(v->out, notes.labels.items[i], notes.texts.items[i]);
    buf_puts(v->out, "</dl>\n");
    view_section_end(v);
    notes_fini(&notes);
}

static void blocks(struct view *v)
{
    struct table t;
    table_init(&t, 0);
    verdict_blocks_table(v->chapter->session->verdict, &page_style, &t);
    if (t.columns > 0) {
        view_section(v, "blocks", "The change in each block");
        html_table(v->out, "The change in each block", &t);
        view_section_end(v);
    }
    table_fini(&t);
}

void page_session(struct view *v)
{
    if (v->chapter->session == NULL)
        return;
    gates(v);
    basis(v);
    blocks(v);
}
