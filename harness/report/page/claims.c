/* The claims of the article, each with the verdict of every arm and the reason for it. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/claims/claims.h"
#include "base/buf.h"
#include "base/mem.h"
#include "report/compare/content.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/text.h"

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

#define LIMIT " (holds if "

/* What was seen, and on a line of its own the limit, which the reason has in brackets. */
static void reason(struct buf *out, const char *text)
{
    const char *limit = strstr(text, LIMIT);
    const char *end = limit == NULL ? NULL : strrchr(limit, ')');
    if (end == NULL) {
        cell(out, text);
        return;
    }
    char *seen = mem_printf("%.*s%s", (int)(limit - text), text, end + 1);
    char *holds = mem_printf("Holds if %.*s.", (int)(end - limit - (ptrdiff_t)strlen(LIMIT)),
                             limit + strlen(LIMIT));
    buf_puts(out, "<td>");
    html_lines(out, seen);
    buf_puts(out, "<small>");
    html_lines(out, holds);
    buf_puts(out, "</small></td>");
    free(holds);
    free(seen);
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
    reason(out, claim->reason);
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

/* --- the article --- */

/* "7 of these verdicts rest on .."; nothing where no arm has a modelled cost. */
static void add_modelled(const struct comparison *c, struct buf *text)
{
    size_t of[CLAIM_VERDICT_COUNT] = {0};
    size_t all = 0;
    for (size_t i = 0; i < c->nclaims; i++) {
        if (strcmp(c->claims[i].arm, ARM_THREADS_V8) == 0) {
            of[c->claims[i].verdict]++;
            all++;
        }
    }
    if (all > 0)
        buf_printf(text,
                   "%zu of these verdicts (%zu of those that hold) are of " ARM_THREADS_V8
                   " and so rest on a model: 50 ms of CPU and 8.3 MiB of memory for each thread, "
                   "not a JavaScript engine",
                   all, of[CLAIM_HOLDS]);
}

static void sum(const struct comparison *c, struct buf *out)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    compare_claims_sum(c, &text);
    buf_puts(&text, ". ");
    add_modelled(c, &text);
    buf_puts(&text, text.data[text.len - 1] == ' ' ? "" : ".");
    html_paragraph(out, "lead also", text.data);
    buf_fini(&text);
}

static void setup_row(struct buf *out, const char *what, const char *there, const char *here)
{
    buf_printf(out, "<tr><th scope=\"row\">%s</th><td>%s</td><td>", what, there);
    html_lines(out, here);
    buf_puts(out, "</td></tr>\n");
}

static const struct result *first_result(const struct comparison *c)
{
    for (size_t i = 0; i < c->narms; i++) {
        if (c->arms[i].nresults > 0)
            return &c->arms[i].results[0];
    }
    return NULL;
}

static bool has_originals(const struct comparison *c)
{
    bool any = false;
    for (size_t i = 0; i < c->narms; i++)
        any |= c->arms[i].nresults > 0 && c->arms[i].results[0].original != NULL;
    return any;
}

/* How the article measured, and how this page did. */
static void setup(const struct comparison *c, struct buf *out)
{
    const struct result *r = first_result(c);
    struct buf text;
    char there[160];
    if (r == NULL)
        return;
    buf_init(&text, BUF_TEXT_MAX);
    html_scroll(out, "The article's set-up and this one");
    buf_puts(out, "<table class=\"wrap versus\">\n<thead><tr><th scope=\"col\">set-up</th><th "
                  "scope=\"col\">the article</th><th scope=\"col\">this page</th></tr></thead>\n"
                  "<tbody>\n");
    if (r->environment.cores_allowed != MISSING)
        buf_printf(&text, "%lld", (long long)r->environment.cores_allowed);
    if (r->environment.cpu_model != NULL)
        buf_printf(&text, " (%s)", r->environment.cpu_model);
    (void)snprintf(there, sizeof there, "%d (model not named)", ARTICLE_CORES);
    setup_row(out, "cores", there, text.data);
    setup_row(out, "servers", "Node.js; the compute service in Rust; BullMQ on Redis",
              has_originals(c) ? "bench's own in C, and the article's programs rebuilt "
                                 "(express-...)"
                               : "bench's own in C; the claims are about the strategy, not the "
                                 "language");
    buf_clear(&text);
    compare_load(c, &text);
    (void)snprintf(there, sizeof there,
                   "autocannon, %d connections, %d s, one run; count to 20 million",
                   ARTICLE_CONNECTIONS, ARTICLE_DURATION_S);
    setup_row(out, "load", there, text.data);
    buf_puts(out, "</tbody>\n</table>\n");
    html_scroll_end(out);
    buf_fini(&text);
}

void page_claims(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    size_t number = 0;
    if (c == NULL || c->nclaims == 0)
        return;
    view_section(v, "claims", "Claims of the article");
    sum(c, v->out);
    html_paragraph(
        v->out, NULL,
        "The article is \"High-Performance Node.js: Concurrency & Microservices\", April "
        "2026. It serves one endpoint in four ways and says when to use which. Below "
        "is each of its claims, what was measured here, and whether the claim holds on "
        "this machine. It gives few limits, so those in the last column are bench's own; "
        "docs/article.md of bench explains each.");
    setup(c, v->out);
    html_scroll(v->out, "Claims of the article");
    buf_puts(v->out, "<table class=\"wrap claims\">\n<thead><tr><th scope=\"col\">arm</th>"
                     "<th scope=\"col\">published</th><th scope=\"col\">measured here</th>"
                     "<th scope=\"col\">verdict</th><th scope=\"col\">why (limits are "
                     "bench's)</th></tr></thead>\n");
    for (size_t i = 0; i < c->nclaims; i++) {
        if (!compare_claim_continues(c, i))
            group(c, i, ++number, v->out);
        claim_row(c, i, v->out);
    }
    buf_puts(v->out, "</tbody>\n</table>\n");
    html_scroll_end(v->out);
    view_section_end(v);
}
