/* The claims of the article, each with the verdict of every arm and the reason for it. */
#include "report/compare/content.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/text.h"
#include "report/xml.h"

static const char *const classes[CLAIM_VERDICT_COUNT] = {
    [CLAIM_HOLDS] = "pass",
    [CLAIM_FAILS] = "fail",
    [CLAIM_NOT_COMPARABLE] = "open",
};

static void cell(struct buf *out, const char *text)
{
    buf_puts(out, "<td>");
    html_lines(out, text);
    buf_puts(out, "</td>");
}

static void claim_row(const struct comparison *c, size_t at, struct buf *out)
{
    char name[TEXT_NAME];
    const struct claim *claim = &c->claims[at];
    buf_puts(out, "<tr><th scope=\"row\">");
    html_name(out, text_name(claim->arm, &page_style, name, sizeof name));
    buf_puts(out, "</th>");
    cell(out, claim->published == NULL ? "-" : claim->published);
    cell(out, compare_claim_measured(claim));
    buf_printf(out, "<td class=\"state %s\">%s</td>", classes[claim->verdict],
               compare_verdicts[claim->verdict]);
    cell(out, claim->reason);
    buf_puts(out, "</tr>\n");
}

/* A group of rows begins with the claim itself. */
static void group(const struct comparison *c, size_t at, size_t number, struct buf *out)
{
    buf_printf(out, "%s<tbody>\n<tr class=\"claim\"><th scope=\"rowgroup\" colspan=\"5\">%zu. ",
               number > 1 ? "</tbody>\n" : "", number);
    html_name(out, c->claims[at].text);
    buf_puts(out, "</th></tr>\n");
}

void page_claims(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    size_t number = 0;
    if (c == NULL || c->nclaims == 0)
        return;
    view_section(v, "claims", "Claims of the article");
    html_paragraph(v->out, NULL,
                   "Each claim as it was published, what was measured here, and whether it holds "
                   "on this machine. The limits are ours: the article gives none.");
    html_scroll(v->out, "Claims of the article");
    buf_puts(v->out, "<table class=\"claims\">\n<thead><tr><th scope=\"col\">arm</th>"
                     "<th scope=\"col\">published</th><th scope=\"col\">measured here</th>"
                     "<th scope=\"col\">verdict</th><th scope=\"col\">reason</th></tr></thead>\n");
    for (size_t i = 0; i < c->nclaims; i++) {
        if (!compare_claim_continues(c, i))
            group(c, i, ++number, v->out);
        claim_row(c, i, v->out);
    }
    buf_puts(v->out, "</tbody>\n</table>\n");
    html_scroll_end(v->out);
    view_section_end(v);
}
