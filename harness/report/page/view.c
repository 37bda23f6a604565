#include <stdlib.h>

#include "base/mem.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/xml.h"

const struct report_style page_style = {.utf8 = true};

void view_section(struct view *v, const char *id, const char *title)
{
    char *whole = mem_printf("c%zu-%s", v->number, id);
    buf_printf(v->out, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h%d id=\"%s-h\">", whole,
               whole, v->level, whole);
    xml_text(v->out, title);
    buf_printf(v->out, "</h%d>\n", v->level);
    str_list_add(&v->ids, whole);
    str_list_add(&v->names, title);
    free(whole);
}

void view_section_end(struct view *v)
{
    buf_puts(v->out, "</section>\n");
}

void view_heading(struct view *v, int below, const char *title)
{
    buf_printf(v->out, "<h%d>", v->level + below);
    html_name(v->out, title);
    buf_printf(v->out, "</h%d>\n", v->level + below);
}
