/* The findings by what they are about, then the figures that they rest on. What the cover says
 * already is not said again. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/arm_figure.h"
#include "model/metric.h"
#include "report/page/cover.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/table.h"
#include "report/text.h"
#include "report/xml.h"

#define CODES_MAX 10

/* In the order of the page. The last takes what no other has. */
static const struct group {
    const char *title;
    const char *codes[CODES_MAX]; /* how each begins */
} groups[] = {
    {"Throughput and latency",
     {"most-", "fastest-", "least-", "not-ranked", "falls-behind", "keeping-up", "keeps-up"}},
    {"Requests without an answer, or without work", {"unanswered", "refusals", "stopped"}},
    {"Other requests to the same server", {"light-path-"}},
    {"Queues", {"early-answer", "backlog", "accepting"}},
    {"What it costs", {"cost-"}},
    {"How far to trust these figures", {""}},
};

static bool is_on_cover(const struct comparison *c, const struct finding *f)
{
    for (size_t i = 0; cover_finding(c, i) != NULL; i++) {
        if (cover_finding(c, i) == f)
            return true;
    }
    for (size_t i = 0; i < c->narms; i++) {
        if (page_backlog(c, &c->arms[i]) == f)
            return true;
    }
    return false;
}

static size_t group_of(const struct finding *f)
{
    size_t at = 0;
    for (; at + 1 < LEN(groups); at++) {
        for (size_t i = 0; i < CODES_MAX && groups[at].codes[i] != NULL; i++) {
            if (str_starts(f->code, groups[at].codes[i]))
                return at;
        }
    }
    return at;
}

/* --- the figures --- */

/* Those that only findings have. */
static const struct {
    const char *metric, *title;
    enum metric_unit unit;
} own[] = {
    {"accepted", "jobs accepted", METRIC_COUNT},
    {"accepted_per_second", "jobs accepted/s", METRIC_NUMBER},
    {"accounting.sent", "requests sent", METRIC_COUNT},
    {"backlog", "jobs waiting at the end", METRIC_COUNT},
    {"backlog_growth", "growth of the backlog, jobs/s", METRIC_NUMBER},
    {"client.busiest_worker", "busiest thread of bench, part of a core", METRIC_SHARE},
    {"client.cores", "cores used by bench", METRIC_NUMBER},
    {"client.run_wait_part", "time for which bench waited for a core", METRIC_SHARE},
    {"completed", "requests answered", METRIC_COUNT},
    {"drain_time", "time to drain", METRIC_TIME},
    {"due_per_second", "requests due/s", METRIC_NUMBER},
    {"job.p50", "job p50", METRIC_TIME},
    {"probe.p50", "probe p50", METRIC_TIME},
    {"queue.accepting_per_job", "CPU of accepting, for each completed job", METRIC_TIME},
    {"queue.cores_accepting", "cores used to accept", METRIC_NUMBER},
    {"queue.cores_working", "cores used by the workers", METRIC_NUMBER},
    {"queue.drain.left", "jobs left when bench stopped waiting", METRIC_COUNT},
    {"results", "rounds with a result", METRIC_COUNT},
    {"rounds", "rounds", METRIC_COUNT},
    {"work.n", "work of a request", METRIC_NUMBER},
};

/* "work/s" for "work_per_second"; else the metric's own name. */
static const char *title_of(const char *metric, enum metric_unit *unit)
{
    struct metric known;
    struct err err;
    for (const struct arm_figure *f = arm_figures; f->key != NULL; f++) {
        if (strcmp(f->key, metric) == 0) {
            *unit = f->unit;
            return f->title;
        }
    }
    for (size_t i = 0; i < LEN(own); i++) {
        if (strcmp(own[i].metric, metric) == 0) {
            *unit = own[i].unit;
            return own[i].title;
        }
    }
    if (metric_find(metric, &known, &err) == 0)
        *unit = metric_unit(&known);
    else
        *unit = str_ends(metric, "_time") ? METRIC_TIME : METRIC_NUMBER;
    return metric;
}

static void add_rows(const struct finding *f, size_t number, struct table *t)
{
    char text[32];
    char name[TEXT_NAME];
    for (size_t i = 0; i < f->nfigures; i++) {
        const struct figure *figure = &f->figures[i];
        enum metric_unit unit = METRIC_NUMBER;
        if (isnan(figure->value) || figure->metric == NULL)
            continue;
        const char *title = title_of(figure->metric, &unit);
        (void)snprintf(text, sizeof text, "%zu", number);
        table_cell(t, text);
        table_cell(t, figure->arm == NULL ? "all"
                                          : text_name(figure->arm, &page_style, name, sizeof name));
        table_cell(t, title);
        table_cell(t, text_figure(figure->value, unit, text, sizeof text));
    }
}

static void add_head(struct table *t)
{
    static const char *const heads[] = {"finding", "arm", "figure", "value"};
    table_init(t, LEN(heads));
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(t, heads[i]);
}

/* --- the section --- */

/* The rule behind each order, once. */
static void rule(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    bool is_paired = false;
    bool is_close = false;
    for (size_t i = 0; i < c->nfindings; i++) {
        is_paired |= strstr(c->findings[i].text, "was shown") != NULL;
        is_close |= strstr(c->findings[i].text, "too close to call") != NULL;
    }
    if (is_paired || is_close)
        html_paragraph(
            v->out, NULL,
            is_paired
                ? "One arm is put behind another only if the rounds, compared in pairs, show a "
                  "difference of more than 5 % at an error rate of 5 % for the whole ranking. "
                  "Otherwise no difference is shown, which does not mean that there is none."
                : "One arm is put before another only if both have two rounds or more that were "
                  "not disturbed, their means are over 5 % apart, and equal arms would differ that "
                  "much in less than one in a hundred comparisons (a t test with the spread of the "
                  "rounds of all arms). Otherwise they are too close to call, also where the "
                  "ranges "
                  "of a few rounds do not overlap; more rounds (--rounds) can tell them apart.");
}

/* The numbers go on from group to group. Returns the last. */
static size_t one_group(struct view *v, size_t group, size_t number, struct table *figures)
{
    const struct comparison *c = v->chapter->comparison;
    size_t first = number;
    for (size_t i = 0; i < c->nfindings; i++) {
        const struct finding *f = &c->findings[i];
        if (is_on_cover(c, f) || group_of(f) != group)
            continue;
        if (number++ == first) {
            view_heading(v, 1, groups[group].title);
            buf_printf(v->out, "<ol class=\"findings\" start=\"%zu\">\n", number);
        }
        buf_puts(v->out, "<li>");
        html_lines(v->out, f->text);
        buf_puts(v->out, "</li>\n");
        add_rows(f, number, figures);
    }
    buf_puts(v->out, number > first ? "</ol>\n" : "");
    return number;
}

void page_findings(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    struct table figures;
    size_t number = 0;
    size_t told = 0;
    for (size_t i = 0; c != NULL && i < c->nfindings; i++)
        told += !is_on_cover(c, &c->findings[i]);
    if (told == 0)
        return;
    add_head(&figures);
    view_section(v, "findings", "Findings");
    rule(v);
    for (size_t i = 0; i < LEN(groups); i++)
        number = one_group(v, i, number, &figures);
    if (figures.cells.count > figures.columns) {
        buf_puts(v->out, "<details><summary>The figures that the findings rest on</summary>\n");
        html_table(v->out, "The figures that the findings rest on", &figures);
        buf_puts(v->out, "</details>\n");
    }
    view_section_end(v);
    table_fini(&figures);
}
