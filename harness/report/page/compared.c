/* What was compared: what each server does with a request, and the result. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/arm_traits.h"
#include "analysis/keeping_up.h"
#include "base/mem.h"
#include "base/units.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/page/server_text.h"
#include "report/text.h"

/* --- what the server does --- */

/* " Each request is 10 times the work, 200M counts." Compared with the first arm, as in the
 * findings. */
static void add_work(const struct comparison *c, const struct arm *arm, struct buf *text)
{
    const struct result *first = c->arms[0].nresults > 0 ? &c->arms[0].results[0] : NULL;
    const struct result *r = &arm->results[0];
    char amount[32];
    if (first == NULL || first->work_kind == NULL || r->work_kind == NULL ||
        first->work_n == MISSING || r->work_n == MISSING || r->work_n == first->work_n)
        return;
    bool is_sleep = strcmp(r->work_kind, "sleep") == 0;
    bool is_multiple = strcmp(r->work_kind, first->work_kind) == 0 && first->work_n > 0 &&
                       r->work_n % first->work_n == 0;
    buf_puts(text, " Each request is ");
    if (is_multiple)
        buf_printf(text, "%lld times the work: ", (long long)(r->work_n / first->work_n));
    else
        buf_puts(text, "different work: ");
    buf_printf(text, "%s%s.",
               is_sleep ? units_format_time(r->work_n, amount, sizeof amount)
                        : units_format_count((double)r->work_n, amount, sizeof amount),
               is_sleep ? " of waiting" : " counts");
}

/* The first arm whose server does the same; NULL if none before does. */
static const struct arm *alike(const struct comparison *c, size_t at, const char *text)
{
    const struct arm *found = NULL;
    for (size_t i = 0; i < at && found == NULL; i++) {
        struct buf other;
        buf_init(&other, BUF_TEXT_MAX);
        if (c->arms[i].nresults > 0)
            server_text(&c->arms[i].results[0], &other);
        found = other.len > 0 && strcmp(other.data, text) == 0 ? &c->arms[i] : NULL;
        buf_fini(&other);
    }
    return found;
}

static void does(const struct comparison *c, size_t at, struct buf *text)
{
    const struct arm *arm = &c->arms[at];
    char name[TEXT_NAME];
    if (arm->nresults == 0)
        return;
    server_text(&arm->results[0], text);
    const struct arm *same = text->len > 0 ? alike(c, at, text->data) : NULL;
    if (same != NULL) {
        buf_clear(text);
        buf_printf(text, "The same as %s.", text_name(same->name, &page_style, name, sizeof name));
    }
    add_work(c, arm, text);
}

/* --- the result --- */

static bool is_about(const struct finding *f, const struct arm *arm)
{
    for (size_t i = 0; i < f->nfigures; i++) {
        if (f->figures[i].arm != NULL && strcmp(f->figures[i].arm, arm->name) == 0)
            return true;
    }
    return false;
}

const struct finding *page_finding(const struct comparison *c, const char *code,
                                   const struct arm *arm)
{
    for (size_t i = 0; i < c->nfindings; i++) {
        if (strcmp(c->findings[i].code, code) == 0 &&
            (arm == NULL || is_about(&c->findings[i], arm)))
            return &c->findings[i];
    }
    return NULL;
}

/* "at least 9.21 s"; "about": too few samples, which the table marks. */
static void add_figure(struct buf *text, const struct arm *arm, const char *key)
{
    char value[32];
    const struct arm_figure *figure = arm_figure_find(key);
    struct arm_summary sum = arm_figure_summary(arm, figure);
    buf_printf(text, "%s%s%s", sum.is_bound ? "at least " : "", sum.is_few ? "about " : "",
               text_figure(sum.median, figure->unit, value, sizeof value));
}

/* Why it was not recommended; "" when nothing is wrong with it but that another did more. */
static void fault(const struct comparison *c, const struct arm *arm, struct buf *text)
{
    char whole[32];
    char part[32];
    struct replies all = arm_replies(arm);
    const char *unsound = arm_why_unsound(arm);
    if (unsound != NULL) {
        buf_printf(text, "not ranked: %s %s", arm->nresults == 0 ? "it" : "a run", unsound);
    } else if (page_finding(c, "other-work", arm) != NULL) {
        buf_puts(text, "not ranked: different work");
    } else if (arm_loses(arm)) {
        buf_printf(text, "%s of %s requests got no response",
                   text_grouped(all.sent - all.completed, part, sizeof part),
                   text_grouped(all.sent, whole, sizeof whole));
    } else if (arm_refuses(arm)) {
        buf_puts(text, "over 1 % of the responses did no work");
    } else if (arm_blocks(arm)) {
        buf_printf(text, "blocks %s: p99 ", arm_probe_path(arm));
        add_figure(text, arm, "probe_p99");
    } else if (arm_is_disturbed(arm)) {
        buf_puts(text, "not ranked: other programs disturbed every round");
    }
}

static void outcome(const struct comparison *c, const struct arm *arm, struct buf *text)
{
    const struct arm_figure *deciding =
        arm_figure_find(comparison_is_open_loop(c) ? "p99" : "work_per_second");
    if (page_finding(c, "recommendation", arm) != NULL)
        buf_puts(text, "recommended where the client waits for the result");
    else if (page_finding(c, "recommendation-later", arm) != NULL)
        buf_puts(text, "recommended for work that can wait");
    else
        fault(c, arm, text);
    if (text->len > 0 || isnan(arm_figure_value(arm, deciding)))
        return;
    if (page_finding(c, "recommendation", NULL) != NULL)
        buf_puts(text, comparison_is_open_loop(c) ? "answers later: " : "does less: ");
    buf_puts(text, comparison_is_open_loop(c) ? "p99 " : "");
    add_figure(text, arm, deciding->key);
    buf_puts(text, comparison_is_open_loop(c) ? "" : " work/s");
}

static const char *outcome_class(const struct comparison *c, const struct arm *arm)
{
    bool is_recommended = page_finding(c, "recommendation", arm) != NULL ||
                          page_finding(c, "recommendation-later", arm) != NULL;
    return is_recommended ? " class=\"state pass\"" : "";
}

/* --- the table --- */

static void row(struct view *v, size_t at, bool has_outcome)
{
    const struct comparison *c = v->chapter->comparison;
    const struct arm *arm = &c->arms[at];
    char name[TEXT_NAME];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    does(c, at, &text);
    buf_printf(v->out, "<tr><th scope=\"row\"><span class=\"swatch b-a%zu\"></span>", at % 10);
    html_name(v->out, text_name(arm->name, &page_style, name, sizeof name));
    buf_puts(v->out, "</th><td>");
    html_name(v->out, text.len == 0 ? "-" : text.data);
    buf_puts(v->out, "</td>");
    buf_clear(&text);
    if (has_outcome) {
        outcome(c, arm, &text);
        buf_printf(v->out, "<td%s>", outcome_class(c, arm));
        html_name(v->out, text.len == 0 ? "-" : text.data);
        buf_puts(v->out, "</td>");
    }
    buf_puts(v->out, "</tr>\n");
    buf_fini(&text);
}

void page_compared(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    if (c == NULL || c->narms == 0)
        return;
    bool has_outcome = c->nfindings > 0 && !v->chapter->is_gathered;
    const char *title = c->narms == 1 ? "What was measured" : "What was compared";
    view_section(v, "compared", title);
    if (c->narms > 1 && !v->chapter->is_gathered)
        html_paragraph(
            v->out, NULL,
            "Each of these servers is called an arm. They were loaded one after the other, in "
            "random order, each time with fresh processes.");
    html_scroll(v->out, title);
    buf_printf(v->out,
               "<table class=\"wrap compared\">\n<thead><tr><th scope=\"col\">%s</th><th "
               "scope=\"col\">what the server does with a request</th>%s</tr></thead>\n<tbody>\n",
               c->narms == 1 ? "target" : "arm",
               has_outcome ? "<th scope=\"col\">result</th>" : "");
    for (size_t i = 0; i < c->narms && i < PAGE_ARMS_MAX; i++)
        row(v, i, has_outcome);
    buf_puts(v->out, "</tbody>\n</table>\n");
    html_scroll_end(v->out);
    if (c->narms > PAGE_ARMS_MAX)
        buf_printf(v->out, "<p class=\"notes\">The first %d arms of %zu.</p>\n", PAGE_ARMS_MAX,
                   c->narms);
    view_section_end(v);
}
