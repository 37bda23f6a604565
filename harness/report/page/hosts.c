/* What each host did, where several loaded the server together. */
#include <stdint.h>

#include "report/compare/content.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/verdict/content.h"

void page_hosts(struct view *v)
{
    struct table t;
    struct str_list notes = {0};
    table_init(&t, 0);
    if (v->chapter->comparison != NULL)
        compare_host_cells(v->chapter->comparison, &page_style, &t, &notes);
    if (v->chapter->session != NULL) {
        (void)verdict_hosts_table(v->chapter->session->verdict, SIZE_MAX, &page_style, &t);
        if (t.columns > 0)
            str_list_add(&notes, "host: " VERDICT_HOSTS_NOTE);
    }
    if (t.columns > 0) {
        view_section(v, "hosts", "Each host");
        html_table(v->out, "What each host sent, and how well it kept to its times", &t);
        html_list(v->out, "notes", &notes);
        view_section_end(v);
    }
    str_list_fini(&notes);
    table_fini(&t);
}
