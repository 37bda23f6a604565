/* The first part of a chapter: its answer, three figures, what was asked, and the warnings. */
#include "report/page/cover.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/compare/content.h"
#include "report/page/html.h"
#include "report/page/page_internal.h"
#include "report/plot/caption.h"
#include "report/run/report.h"
#include "report/text.h"
#include "report/verdict/content.h"
#include "report/xml.h"

#define NOTICES_MAX 20
#define FIGURES     3
#define OPEN_MAX    3 /* more warnings are folded */

/* --- what must be known before any figure --- */

static void add_notice(const struct arm *arm, const char *text, struct str_list *notices)
{
    char name[TEXT_NAME];
    char *whole = mem_printf("%s: %s", text_name(arm->name, &page_style, name, sizeof name), text);
    str_list_add(notices, whole);
    free(whole);
}

/* Of the first round of an arm that has any. */
static void arm_notices(const struct arm *arm, struct str_list *notices)
{
    for (size_t i = 0; i < arm->nresults; i++) {
        struct str_list own = {0};
        size_t before = notices->count;
        report_run_notices(&arm->results[i], &own);
        if (arm->results[i].interrupted)
            str_list_add(&own, arm->results[i].bailed_out ? "BAILED OUT (-B): partial result."
                                                          : "INTERRUPTED: partial result.");
        for (size_t k = 0; k < own.count; k++)
            add_notice(arm, own.items[k], notices);
        str_list_fini(&own);
        if (notices->count > before)
            return;
    }
}

static void notices(const struct comparison *c, struct buf *out)
{
    struct str_list texts = {0};
    if (c->interrupted)
        str_list_add(&texts, COMPARE_INTERRUPTED);
    compare_problems(c, &page_style, &texts);
    for (size_t i = 0; i < c->narms && texts.count < NOTICES_MAX; i++)
        arm_notices(&c->arms[i], &texts);
    if (texts.count > 0) {
        buf_puts(out, "<div class=\"notice severe\">\n");
        html_list(out, NULL, &texts);
        buf_puts(out, "</div>\n");
    }
    str_list_fini(&texts);
}

/* --- the answer --- */

static void answer_comparison(struct view *v)
{
    const struct comparison *c = v->chapter->comparison;
    for (size_t i = cover_leads_with_reference(c) ? 0 : 1; cover_finding(c, i) != NULL; i++)
        html_paragraph(v->out, "lead also", cover_finding(c, i)->text);
    page_choice(v);
}

static const char *lead_class(const struct page_chapter *chapter)
{
    static const char *const of[VERDICT_STATE_COUNT] = {
        [VERDICT_OPEN] = "lead open",       [VERDICT_PASS] = "lead pass",
        [VERDICT_FAIL] = "lead fail",       [VERDICT_INCONCLUSIVE] = "lead inconclusive",
        [VERDICT_INVALID] = "lead invalid",
    };
    return chapter->session == NULL ? "lead" : of[chapter->session->verdict->state];
}

/* --- three figures --- */

/* "1.69 ms to 587 ms" over all arms; "" when none measured it. */
static void range_text(const struct comparison *c, const struct arm_figure *figure, char *text,
                       size_t size)
{
    double low = INFINITY;
    double high = -INFINITY;
    char from[32];
    char to[32];
    text[0] = '\0';
    for (size_t i = 0; i < c->narms; i++) {
        double value = arm_figure_value(&c->arms[i], figure);
        low = fmin(low, value);
        high = fmax(high, value);
    }
    if (low < high)
        (void)snprintf(text, size, "%s to %s", text_figure(low, figure->unit, from, sizeof from),
                       text_figure(high, figure->unit, to, sizeof to));
    else if (isfinite(low))
        (void)snprintf(text, size, "%s", text_figure(low, figure->unit, from, sizeof from));
}

static void figures_comparison(const struct view *v)
{
    static const struct {
        const char *key, *about;
    } shown[FIGURES] = {
        {"p99", "99 of 100 requests took no longer"},
        {"p50", "half of the requests took no longer"},
        {"work_per_second", "requests whose work was done, per second"},
    };
    const struct comparison *c = v->chapter->comparison;
    const struct arm *arm = cover_arm(c);
    struct marks marks = {0};
    buf_puts(v->out, "<dl class=\"figures\">\n");
    for (size_t i = 0; i < FIGURES; i++) {
        const struct arm_figure *figure = arm_figure_find(shown[i].key);
        char text[MARKS_CELL + 32];
        char name[TEXT_NAME];
        if (arm == NULL) {
            range_text(c, figure, text, sizeof text);
        } else {
            struct arm_summary sum = arm_figure_summary(arm, figure);
            (void)marks_cell(&marks, figure, &sum, &page_style, text, sizeof text);
        }
        char *about =
            arm == NULL
                ? mem_printf("over all arms: %s", shown[i].about)
                : mem_printf("%s%s: %s", text_name(arm->name, &page_style, name, sizeof name),
                             c->narms > 1 ? ", recommended above" : "", shown[i].about);
        html_figure(v->out, figure->title, text[0] == '\0' ? "-" : text, about);
        free(about);
    }
    buf_puts(v->out, "</dl>\n");
}

static void gate_figure(const struct view *v, const struct verdict_gate *g)
{
    const struct verdict *verdict = v->chapter->session->verdict;
    char name[CELL_MAX];
    char change[CELL_MAX];
    char before[CELL_MAX];
    char after[CELL_MAX];
    (void)verdict_figure(g, g->reference, before, sizeof before);
    (void)verdict_figure(g, g->other, after, sizeof after);
    char *about = mem_printf("%s to %s: %s", before, after, verdict_word(g));
    html_figure(v->out, verdict_gate_name(verdict, g, name, sizeof name),
                verdict_change(g, change, sizeof change), about);
    free(about);
}

/* The gates that make the verdict first. */
static void figures_session(const struct view *v)
{
    const struct verdict *verdict = v->chapter->session->verdict;
    size_t shown = 0;
    buf_puts(v->out, "<dl class=\"figures\">\n");
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < verdict->ngates && shown < FIGURES; i++) {
            if ((verdict->gates[i].state == verdict->state) == (pass == 0)) {
                gate_figure(v, &verdict->gates[i]);
                shown++;
            }
        }
    }
    buf_puts(v->out, "</dl>\n");
}

/* --- what was asked --- */

static void asked_text(const struct view *v, const char *term,
                       void (*write)(const struct comparison *c, struct buf *out))
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    write(v->chapter->comparison, &text);
    html_pair(v->out, term, text.data);
    buf_fini(&text);
}

/* "7 arms (the servers that are compared), 3 rounds .."; the word is used from here on. */
static void plan_text(const struct comparison *c, struct buf *out)
{
    struct buf size;
    buf_init(&size, BUF_TEXT_MAX);
    compare_size(c, &size);
    size_t arms = strcspn(size.data, ",");
    buf_add(out, size.data, arms);
    buf_puts(out, c->narms > 1 ? " (the servers that are compared)" : "");
    buf_puts(out, size.data + arms);
    buf_fini(&size);
}

static void asked_comparison(const struct view *v)
{
    if (!v->chapter->is_gathered)
        asked_text(v, "plan", plan_text);
    asked_text(v, "load", v->chapter->is_gathered ? plot_caption_load : compare_load);
    asked_text(v, "machine", plot_caption_machine);
}

static void asked_session(const struct view *v)
{
    const struct session *s = v->chapter->session->verdict->session;
    struct notes notes = {0};
    verdict_setting_notes(s, &notes);
    for (size_t i = 0; i < notes.labels.count; i++) {
        html_pair(v->out, notes.labels.items[i], notes.texts.items[i]);
    }
    notes_fini(&notes);
}

/* --- warnings --- */

static void warnings(const struct view *v)
{
    struct str_list texts = {0};
    struct str_list remedies = {0};
    bool is_long = v->chapter->sweep != NULL; /* each names many points; the map comes first */
    compare_warnings(v->chapter->comparison, &page_style, &texts, &remedies);
    if (texts.count > 0)
        buf_printf(v->out, "<details class=\"notice\"%s><summary>%zu warning%s</summary>\n<ul>\n",
                   texts.count <= OPEN_MAX && !is_long ? " open" : "", texts.count,
                   texts.count == 1 ? "" : "s");
    for (size_t i = 0; i < texts.count; i++) {
        buf_puts(v->out, "<li>");
        html_lines(v->out, texts.items[i]);
        if (remedies.items[i][0] != '\0') {
            buf_puts(v->out, "<br><em>What to do:</em> ");
            html_lines(v->out, remedies.items[i]);
        }
        buf_puts(v->out, "</li>\n");
    }
    buf_puts(v->out, texts.count > 0 ? "</ul>\n</details>\n" : "");
    str_list_fini(&texts);
    str_list_fini(&remedies);
}

static void answer(struct view *v)
{
    const struct page_chapter *chapter = v->chapter;
    if (chapter->session != NULL) {
        figures_session(v);
        return;
    }
    if (chapter->capacity != NULL) {
        page_capacity_answer(v);
        return;
    }
    if (chapter->sweep != NULL)
        page_sweep_answer(v);
    else
        answer_comparison(v);
    notices(chapter->comparison, v->out);
    if (chapter->sweep != NULL && chapter->sweep->narms > 1)
        page_sweep_figures(v);
    else
        figures_comparison(v);
}

void page_cover(struct view *v)
{
    const struct page_chapter *chapter = v->chapter;
    char *lead = page_chapter_lead(chapter);
    buf_puts(v->out, "<div class=\"cover\">\n");
    html_paragraph(v->out, lead_class(chapter), lead);
    free(lead);
    answer(v);
    buf_puts(v->out, "<dl class=\"facts\">\n");
    if (chapter->session != NULL)
        asked_session(v);
    else if (chapter->capacity != NULL)
        page_capacity_asked(v);
    else if (chapter->sweep != NULL)
        page_sweep_asked(v);
    else
        asked_comparison(v);
    buf_puts(v->out, "</dl>\n");
    if (chapter->comparison != NULL)
        warnings(v);
    buf_puts(v->out, "</div>\n");
}
