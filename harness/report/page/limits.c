/* The thresholds that the page was asked to show, and how each arm stands to them. */
#include "report/page/html.h"
#include "report/page/page_internal.h"

void page_limits(struct view *v)
{
    const struct table *limits = v->chapter->limits;
    if (limits == NULL || limits->columns == 0)
        return;
    view_section(v, "limits", "Limits");
    html_paragraph(v->out, NULL,
                   v->chapter->is_gathered
                       ? "A threshold says what is bad. FAIL: it is true of the result."
                       : "A threshold says what is bad. FAIL: it is true of the arm, by the median "
                         "of its rounds.");
    html_table(v->out, "Limits", limits);
    html_list(v->out, "notes", v->chapter->limit_notes);
    view_section_end(v);
}
