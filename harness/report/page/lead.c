/* What a chapter is about, and what it says in one sentence. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/compare/content.h"
#include "report/page/cover.h"
#include "report/page/page_internal.h"
#include "report/run/report.h"
#include "report/text.h"

#define NAMES_MAX 6 /* in a title */

/* --- the title --- */

static void add_names(const struct comparison *c, struct buf *out)
{
    char name[TEXT_NAME];
    for (size_t i = 0; i < c->narms && i < NAMES_MAX; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : ", ",
                   text_name(c->arms[i].name, &page_style, name, sizeof name));
    if (c->narms > NAMES_MAX)
        buf_printf(out, " and %zu more", c->narms - NAMES_MAX);
}

static void comparison_title(const struct page_chapter *chapter, struct buf *out)
{
    const struct comparison *c = chapter->comparison;
    if (chapter->is_gathered && c->narms == 1 && c->arms[0].nresults == 1) {
        buf_puts(out, result_name(&c->arms[0].results[0]));
    } else if (chapter->is_gathered) {
        buf_printf(out, "%zu results", c->narms);
    } else if (c->title != NULL) {
        buf_puts(out, c->title);
    } else if (c->nclaims > 0) {
        buf_puts(out, "The article's claims, measured here");
    } else {
        buf_puts(out, "Comparison of ");
        add_names(c, out);
    }
}

static void session_title(const struct session *s, struct buf *out)
{
    char name[TEXT_NAME];
    if (s->title != NULL) {
        buf_puts(out, s->title);
        return;
    }
    buf_printf(out, "Check of %s", text_name(s->arms[1].name, &page_style, name, sizeof name));
    buf_printf(out, " against %s", text_name(s->arms[0].name, &page_style, name, sizeof name));
}

char *page_chapter_title(const struct page_chapter *chapter)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    if (chapter->capacity != NULL)
        page_capacity_title(chapter, &out);
    else if (chapter->sweep != NULL)
        page_sweep_title(chapter, &out);
    else if (chapter->session != NULL)
        session_title(chapter->session->verdict->session, &out);
    else
        comparison_title(chapter, &out);
    char *title = buf_take(&out);
    buf_fini(&out);
    return title;
}

/* --- the sentence --- */

const struct finding *cover_finding(const struct comparison *c, size_t at)
{
    static const char *const codes[] = {"recommendation", "no-recommendation",
                                        "recommendation-later"};
    size_t seen = 0;
    for (size_t k = 0; k < LEN(codes); k++) {
        for (size_t i = 0; i < c->nfindings; i++) {
            if (strcmp(c->findings[i].code, codes[k]) == 0 && seen++ == at)
                return &c->findings[i];
        }
    }
    return seen == 0 && at == 0 && c->nfindings > 0 ? &c->findings[0] : NULL;
}

const struct arm *cover_arm(const struct comparison *c)
{
    const struct finding *first = cover_finding(c, 0);
    size_t at = 0;
    if (c->narms == 1)
        return &c->arms[0];
    if (first == NULL || strcmp(first->code, "recommendation") != 0)
        return NULL;
    for (size_t i = 0; i < first->nfigures; i++) {
        const char *name = first->figures[i].arm;
        if (name != NULL && comparison_find_arm(c, name, &at))
            return &c->arms[at];
    }
    return NULL;
}

static void add_figure(const struct arm *arm, const char *key, const char *before,
                       const char *after, struct buf *out)
{
    char text[MARKS_CELL];
    struct marks marks = {0};
    const struct arm_figure *figure = arm_figure_find(key);
    struct arm_summary sum = arm_figure_summary(arm, figure);
    if (!isnan(sum.median))
        text_list(out, "%s%s%s", before,
                  marks_cell(&marks, figure, &sum, &page_style, text, sizeof text), after);
}

/* Of one run: what is wrong with it, or else its latency and its rate. */
static void run_lead(const struct arm *arm, struct buf *out)
{
    struct str_list notices = {0};
    report_run_notices(&arm->results[0], &notices);
    if (notices.count > 0) {
        buf_puts(out, notices.items[0]);
    } else {
        add_figure(arm, "p50", "half of the responses came within ", "", out);
        add_figure(arm, "p99", "99 % within ", "", out);
        add_figure(arm, "requests_per_second", "at ", " responses per second", out);
        buf_puts(out, out->len == 0 ? "No figure was measured." : ".");
        out->data[0] = (char)toupper((unsigned char)out->data[0]);
    }
    str_list_fini(&notices);
}

bool cover_leads_with_reference(const struct comparison *c)
{
    return c->nclaims == 0 && c->reference != NULL && c->reference->narms > 0;
}

static void comparison_lead(const struct page_chapter *chapter, struct buf *out)
{
    const struct comparison *c = chapter->comparison;
    const struct finding *first = cover_finding(c, 0);
    if (cover_leads_with_reference(c)) {
        compare_reference_lead(c, &page_style, out);
        buf_puts(out, ".");
    } else if (first != NULL)
        buf_puts(out, first->text);
    else if (chapter->is_gathered && c->narms == 1 && c->arms[0].nresults > 0)
        run_lead(&c->arms[0], out);
    else if (chapter->is_gathered)
        buf_printf(out,
                   "%zu results side by side. They were not measured together, so none is ranked "
                   "above another.",
                   c->narms);
    else
        buf_puts(out, "No finding: no arm gave a result that could be compared.");
}

char *page_chapter_lead(const struct page_chapter *chapter)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    if (chapter->capacity != NULL)
        page_capacity_lead(chapter, &out);
    else if (chapter->sweep != NULL)
        page_sweep_lead(chapter, &out);
    else if (chapter->session != NULL)
        report_verdict_headline(chapter->session, &out);
    else
        comparison_lead(chapter, &out);
    char *lead = buf_take(&out);
    buf_fini(&out);
    return lead;
}
