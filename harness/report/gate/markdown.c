/* A table for a pull request or a job summary. */
#include <stdlib.h>

#include "report/gate/report.h"
#include "report/markdown.h"

static const struct report_style style = {.utf8 = true};

/* Inside <code>, sites do not look for links or user names. */
static void add_file(struct buf *out, const char *file)
{
    buf_puts(out, " <code>");
    markdown_text(out, file);
    buf_puts(out, "</code> |");
}

static void add_row(const struct gate_outcome *o, struct buf *out)
{
    char text[320];
    struct buf note;
    const char *mark = gate_mark(o);
    bool loud = o->verdict == GATE_CROSSED;
    buf_printf(out, "| %s%s%s |", loud ? "**" : "", mark, loud ? "**" : "");
    markdown_cell(out, o->threshold->metric.name);
    markdown_cell(out, gate_measured(o, &style, text, sizeof text));
    markdown_cell(out, gate_condition(o, text, sizeof text));
    add_file(out, o->file);
    buf_init(&note, BUF_TEXT_MAX);
    buf_puts(&note, gate_beyond(o, text, sizeof text));
    if (gate_explain(o, text, sizeof text)[0] != '\0')
        buf_printf(&note, "%s%s", note.len > 0 ? "; " : "", text);
    markdown_cell(out, note.data);
    buf_fini(&note);
    buf_puts(out, "\n");
}

static void add_warnings(const struct gate_sheet *sheet, struct buf *out)
{
    if (sheet->nwarnings > 0)
        buf_puts(out, "\n");
    for (size_t i = 0; i < sheet->nwarnings; i++) {
        const char *file = sheet->warnings[i].file;
        char *text = gate_warning_text(&sheet->warnings[i]);
        buf_puts(out, "- warning of <code>");
        markdown_text(out, file);
        buf_puts(out, "</code>: ");
        markdown_text(out, text);
        buf_puts(out, "\n");
        free(text);
    }
}

void report_gate_markdown(const struct gate_sheet *sheet, struct buf *out)
{
    char text[320];
    buf_puts(out, "| | metric | measured | threshold | file | note |\n"
                  "|---|---|--:|---|---|---|\n");
    for (size_t i = 0; i < sheet->count; i++)
        add_row(&sheet->outcomes[i], out);
    add_warnings(sheet, out);
    buf_printf(out, "\n`bench check`: %s.\n", gate_summary(sheet, text, sizeof text));
}
