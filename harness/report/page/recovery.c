/* How the arms came back from a spike of the rate. */
#include "report/compare/content.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"

void page_recovery(struct view *v)
{
    struct table t;
    struct str_list notes = {0};
    table_init(&t, 0);
    if (v->chapter->comparison != NULL)
        compare_recovery_cells(v->chapter->comparison, &page_style, &t, &notes);
    if (t.columns > 0) {
        view_section(v, "recovery", "After the spike");
        html_table(v->out, "How long it took to come back, and what was done in the spike", &t);
        html_list(v->out, "notes", &notes);
        view_section_end(v);
    }
    str_list_fini(&notes);
    table_fini(&t);
}
