/* The pictures, each with its title and two sentences; what could not be drawn says why. */
#include <stdlib.h>

#include "base/mem.h"
#include "report/page/html.h"
#include "report/page/numbers.h"
#include "report/page/page_internal.h"
#include "report/page/svg.h"
#include "report/xml.h"

static void missing(struct view *v, const char *why)
{
    buf_puts(v->out, "<p class=\"notice\">Not drawn: ");
    html_name(v->out, why);
    buf_puts(v->out, "</p>\n");
}

/* The drawing, or why there is none. */
static void drawing(struct view *v, const struct page_picture *p, const char *id)
{
    size_t before = v->out->len;
    if (p->svg == NULL) {
        missing(v, p->problem == NULL ? "gnuplot gave no picture" : p->problem);
        return;
    }
    html_scroll(v->out, p->title);
    if (svg_inline(p->svg, id, v->out) == 0) {
        html_scroll_end(v->out);
        return;
    }
    v->out->len = before;
    missing(v, PAGE_NOT_PLAIN);
}

bool page_takes_svg(const char *svg)
{
    struct buf unused;
    buf_init(&unused, BUF_TEXT_MAX);
    int failed = svg_inline(svg, "", &unused);
    buf_fini(&unused);
    return failed == 0;
}

/* For the script of the page. It is a block of data, which no browser runs. */
static void points(struct view *v, const struct page_picture *p)
{
    if (p->svg == NULL || p->points == NULL)
        return;
    buf_puts(v->out, "<script type=\"application/json\" class=\"points\">");
    buf_puts(v->out, p->points);
    buf_puts(v->out, "</script>\n");
}

/* In words and numbers, for those who do not see the picture. */
static void numbers(struct view *v, const struct page_picture *p)
{
    struct table t;
    table_init(&t, 0);
    if (p->numbers != NULL)
        numbers_table(p->numbers, &t);
    if (t.columns > 0) {
        buf_puts(v->out, "<details><summary>Numbers</summary>\n");
        html_table(v->out, p->title, &t);
        buf_puts(v->out, "</details>\n");
    }
    table_fini(&t);
}

static void picture(struct view *v, const struct page_picture *p)
{
    char *id = mem_printf("c%zu-picture-%s", v->number, p->key);
    buf_printf(v->out,
               "<figure class=\"picture\" data-key=\"%s\" aria-labelledby=\"%s-h %s-read\">\n",
               p->key, id, id);
    buf_printf(v->out, "<h%d id=\"%s-h\">", v->level + 1, id);
    xml_text(v->out, p->title);
    buf_printf(v->out, "</h%d>\n", v->level + 1);
    drawing(v, p, id);
    points(v, p);
    buf_printf(v->out, "<figcaption id=\"%s-read\">", id);
    html_name(v->out, p->read);
    buf_puts(v->out, " <strong>");
    html_name(v->out, p->see);
    buf_puts(v->out, "</strong></figcaption>\n");
    numbers(v, p);
    buf_puts(v->out, "</figure>\n");
    free(id);
}

void page_pictures(struct view *v)
{
    const struct page_chapter *chapter = v->chapter;
    if (chapter->npictures == 0 && chapter->no_pictures == NULL)
        return;
    const struct sweep *s = chapter->sweep;
    const char *others = chapter->capacity != NULL ? "The search" : "Pictures";
    view_section(v, "pictures", s == NULL ? others : s->naxes > 1 ? "The map" : "The curves");
    if (chapter->no_pictures != NULL)
        html_paragraph(v->out, "notice", chapter->no_pictures);
    for (size_t i = 0; i < chapter->npictures; i++)
        picture(v, &chapter->pictures[i]);
    view_section_end(v);
}
