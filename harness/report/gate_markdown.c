/* A table that a pull request or a job summary shows. */
#include <ctype.h>
#include <string.h>

#include "report/gate_report.h"
#include "report/text.h"

static const struct report_style style = {.utf8 = true};

/* Whatever ASCII sign might mean something to markdown, HTML or the site becomes its number. */
static void add_escaped(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x80 && !isalnum(c) && strchr(" -./,;%", c) == NULL)
            buf_printf(out, "&#%d;", c);
        else
            buf_add(out, text, 1);
    }
}

static void add_cell(struct buf *out, const char *text)
{
    add_escaped(out, text);
    buf_puts(out, " | ");
}

/* In <code>, a site looks for no links and no names to notify. */
static void add_file(struct buf *out, const char *file)
{
    struct buf safe;
    buf_init(&safe, BUF_TEXT_MAX);
    text_safe(&safe, &style, file);
    buf_puts(out, "<code>");
    add_escaped(out, safe.data);
    buf_puts(out, "</code> | ");
    buf_fini(&safe);
}

static void add_row(const struct gate_outcome *o, struct buf *out)
{
    char text[320];
    const char *mark = gate_mark(o);
    bool loud = o->verdict == GATE_BROKEN;
    buf_printf(out, "| %s%s%s | ", loud ? "**" : "", mark, loud ? "**" : "");
    add_cell(out, o->limit->metric.name);
    add_cell(out, gate_measured(o, &style, text, sizeof text));
    add_cell(out, gate_condition(o, text, sizeof text));
    add_file(out, o->file);
    add_escaped(out, gate_explain(o, text, sizeof text));
    buf_puts(out, text[0] == '\0' ? "|\n" : " |\n");
}

void report_gate_markdown(const struct gate_sheet *sheet, struct buf *out)
{
    char text[320];
    buf_puts(out, "| | metric | measured | limit | file | remark |\n"
                  "|---|---|--:|---|---|---|\n");
    for (size_t i = 0; i < sheet->count; i++)
        add_row(&sheet->outcomes[i], out);
    buf_printf(out, "\n`bench check`: %s.\n", gate_summary(sheet, text, sizeof text));
}
