#include "report/page/page.h"

#include <stdlib.h>

#include "base/mem.h"
#include "report/page/assets.h"
#include "report/page/facts.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/page/policy.h"
#include "report/xml.h"

/* --- chapters --- */

/* The heading of a page with one chapter is the page's own. */
static void chapter_begin(struct view *v)
{
    char *title = page_chapter_title(v->chapter);
    buf_printf(v->out, "<article class=\"chapter%s\" id=\"c%zu\" aria-labelledby=\"c%zu-h\">\n",
               v->chapter->sweep == NULL ? "" : " sweep", v->number, v->number);
    buf_printf(v->out, "<h%d id=\"c%zu-h\">", v->level - 1, v->number);
    html_name(v->out, title);
    buf_printf(v->out, "</h%d>\n", v->level - 1);
    free(title);
}

typedef void section_fn(struct view *v);

static section_fn *const usual[] = {page_cover,   page_compared, page_limits, page_claims,
                                    page_session, page_findings, page_table,  page_recovery,
                                    page_hosts,   page_pictures, page_runs,   page_setup,
                                    NULL};
static section_fn *const of_capacity[] = {page_cover,
                                          page_capacity_findings,
                                          page_pictures,
                                          page_capacity_figures,
                                          page_capacity_goal,
                                          page_setup,
                                          NULL};
static section_fn *const of_sweep[] = {page_cover,  page_pictures, page_sweep_case,
                                       page_limits, page_table,    page_recovery,
                                       page_hosts,  page_setup,    NULL};

static section_fn *const *sections_of(const struct page_chapter *chapter)
{
    if (chapter->capacity != NULL)
        return of_capacity;
    return chapter->sweep == NULL ? usual : of_sweep;
}

static void chapter(struct view *v)
{
    chapter_begin(v);
    for (section_fn *const *f = sections_of(v->chapter); *f != NULL; f++)
        (*f)(v);
    buf_puts(v->out, "</article>\n");
}

/* What the page has, with the sentence of each chapter. */
static void overview(const struct page *page, struct buf *out)
{
    buf_printf(out, "<h1>%zu reports</h1>\n<ol class=\"overview\">\n", page->nchapters);
    for (size_t i = 0; i < page->nchapters; i++) {
        char *title = page_chapter_title(&page->chapters[i]);
        char *lead = page_chapter_lead(&page->chapters[i]);
        buf_printf(out, "<li><a href=\"#c%zu\">", i + 1);
        html_name(out, title);
        buf_puts(out, "</a>");
        html_paragraph(out, NULL, lead);
        buf_puts(out, "</li>\n");
        free(lead);
        free(title);
    }
    buf_puts(out, "</ol>\n");
}

static void contents_entry(const struct str_list *ids, const struct str_list *names, size_t i,
                           struct buf *out)
{
    buf_printf(out, "<li><a href=\"#%s\">", ids->items[i]);
    xml_text(out, names->items[i]);
    buf_puts(out, "</a></li>\n");
}

/* The command that measured a chapter, or each of its results; "" when a file does not tell. */
static void measured_by(const struct page_chapter *chapter, struct str_list *commands)
{
    struct facts f = {0};
    if (chapter->session != NULL) {
        const struct session *s = chapter->session->verdict->session;
        facts_add_command(&f, "", s->argv, s->nargv);
    } else if (chapter->capacity != NULL) {
        const struct capacity *c = chapter->capacity->capacity;
        facts_add_command(&f, "", c->argv, c->nargv);
    } else if (!chapter->is_gathered) {
        facts_add_command(&f, "", chapter->comparison->argv, chapter->comparison->nargv);
    }
    for (size_t i = 0; chapter->is_gathered && i < chapter->comparison->narms; i++) {
        const struct arm *arm = &chapter->comparison->arms[i];
        if (arm->nresults > 0 && i < PAGE_ARMS_MAX)
            facts_add_command(&f, "", arm->results[0].argv, arm->results[0].nargv);
    }
    for (size_t i = 0; i < f.values.count; i++)
        str_list_add(commands, f.values.items[i]);
    facts_fini(&f);
}

static void command(struct buf *out, const char *text)
{
    buf_puts(out, "<pre class=\"command\">");
    xml_text(out, text);
    buf_puts(out, "</pre>\n");
}

static void again(const struct page *page, struct buf *out)
{
    struct str_list commands = {0};
    for (size_t i = 0; i < page->nchapters; i++)
        measured_by(&page->chapters[i], &commands);
    buf_puts(out, "<section id=\"again\" aria-labelledby=\"again-h\">\n"
                  "<h2 id=\"again-h\">Make this page again</h2>\n"
                  "<p>From the stored results:</p>\n");
    command(out, page->command);
    if (commands.count > 0)
        buf_puts(out, "<p>To measure again, as it was measured for this page:</p>\n");
    for (size_t i = 0; i < commands.count; i++)
        command(out, commands.items[i]);
    for (size_t i = 0; i < page->nchapters; i++) {
        const struct page_chapter *chapter = &page->chapters[i];
        if (chapter->session != NULL || chapter->is_gathered)
            continue;
        uint64_t seed = chapter->capacity != NULL ? chapter->capacity->capacity->seed
                                                  : chapter->comparison->seed;
        buf_printf(out,
                   "<p>The arms ran in random order. Add --seed %llu for the same order.</p>\n",
                   (unsigned long long)seed);
    }
    buf_puts(out, "</section>\n");
    str_list_fini(&commands);
}

static void unread(const struct page *page, struct buf *out)
{
    if (page->unread.count == 0)
        return;
    buf_puts(out, "<div class=\"notice severe\"><p>Not on this page:</p>\n");
    html_list(out, NULL, &page->unread);
    buf_puts(out, "</div>\n");
}

/* Writes all chapters, and what they are in the contents. */
static void body(const struct page *page, struct buf *contents, struct buf *out)
{
    unread(page, out);
    if (page->nchapters > 1)
        overview(page, out);
    for (size_t i = 0; i < page->nchapters; i++) {
        struct view v = {.chapter = &page->chapters[i],
                         .number = i + 1,
                         .level = page->nchapters > 1 ? 3 : 2,
                         .out = out};
        chapter(&v);
        if (page->nchapters == 1) {
            for (size_t k = 0; k < v.ids.count; k++)
                contents_entry(&v.ids, &v.names, k, contents);
        }
        str_list_fini(&v.ids);
        str_list_fini(&v.names);
    }
    for (size_t i = 0; i < page->nchapters && page->nchapters > 1; i++) {
        char *title = page_chapter_title(&page->chapters[i]);
        buf_printf(contents, "<li><a href=\"#c%zu\">", i + 1);
        html_name(contents, title);
        buf_puts(contents, "</a></li>\n");
        free(title);
    }
}

/* --- the whole --- */

static void head(const struct page *page, struct buf *out)
{
    char *title = page->nchapters == 1 ? page_chapter_title(&page->chapters[0])
                                       : mem_printf("%zu reports", page->nchapters);
    buf_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    policy_write(out, page_css, page_js);
    buf_puts(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta name=\"color-scheme\" content=\"light dark\">\n"
                  "<meta name=\"referrer\" content=\"no-referrer\">\n"
                  "<link rel=\"icon\" href=\"data:,\">\n<title>");
    xml_text(out, title);
    buf_puts(out, " - bench report</title>\n<style>");
    buf_puts(out, page_css);
    buf_puts(out, "</style>\n</head>\n");
    free(title);
}

void page_write(const struct page *page, struct buf *out)
{
    struct buf contents;
    struct buf text;
    buf_init(&contents, BUF_TEXT_MAX);
    buf_init(&text, out->max);
    body(page, &contents, &text);
    again(page, &text);
    page_glossary(text.data, &text);
    head(page, out);
    buf_puts(out, "<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n"
                  "<header class=\"top\">\n<p class=\"brand\">bench report</p>\n"
                  "<nav aria-label=\"Contents\"><ul>\n");
    buf_add(out, contents.data, contents.len);
    buf_puts(out, "<li><a href=\"#again\">Make this page again</a></li>\n"
                  "<li><a href=\"#glossary\">Glossary</a></li>\n</ul></nav>\n</header>\n"
                  "<main id=\"main\">\n");
    buf_add(out, text.data, text.len);
    buf_puts(out, "</main>\n<script>");
    buf_puts(out, page_js);
    buf_puts(out, "</script>\n</body>\n</html>\n");
    out->overflow = out->overflow || text.overflow;
    buf_fini(&text);
    buf_fini(&contents);
}
