#include "report/compare/markdown.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/arm_figure.h"
#include "report/comment.h"
#include "report/compare/report_internal.h"
#include "report/text.h"

static const struct report_style style = {.utf8 = true};

/* --- the claims --- */

enum claim_part { CLAIM_VERDICTS, CLAIM_REASONS };

static void claim_row(const struct comparison *c, size_t at, enum claim_part part, struct table *t)
{
    const struct claim *claim = &c->claims[at];
    char name[TEXT_NAME];
    table_cell(t, part == CLAIM_VERDICTS && compare_claim_continues(c, at) ? "" : claim->text);
    table_cell(t, text_name(claim->arm, &style, name, sizeof name));
    table_cell(t, part == CLAIM_REASONS ? claim->reason : compare_claim_published(c, at));
    if (part == CLAIM_REASONS)
        return;
    table_cell(t, compare_claim_measured(claim));
    table_cell(t, compare_verdicts[claim->verdict]);
}

static void claims(const struct comparison *c, struct comment *m)
{
    static const char *const heads[] = {"claim", "arm", "published", "measured here",
                                        "verdict by our limits"};
    const char *const loud[] = {compare_verdicts[CLAIM_FAILS], NULL};
    struct table t;
    table_init(&t, LEN(heads));
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(&t, heads[i]);
    for (size_t i = 0; i < c->nclaims; i++)
        claim_row(c, i, CLAIM_VERDICTS, &t);
    comment_table(m, &t, &(struct comment_look){.loud = loud, .words = UINT32_MAX});
    table_fini(&t);
}

static void reasons(const struct comparison *c, struct comment *m)
{
    struct str_list texts = {0};
    for (size_t i = 0; i < c->nclaims; i++) {
        const struct claim *claim = &c->claims[i];
        char name[TEXT_NAME];
        char *text = mem_printf("%s, %s: %s. %s", compare_verdicts[claim->verdict],
                                text_name(claim->arm, &style, name, sizeof name), claim->text,
                                claim->reason);
        str_list_add(&texts, text);
        free(text);
    }
    comment_fold(m, "Reasons");
    comment_list(m, &texts, COMMENT_BULLETS);
    str_list_fini(&texts);
}

/* --- the table of what decides --- */

static const char *const loud_words[] = {"worse", NULL};
static const struct comment_look plain = {NULL, 0};
static const struct comment_look verdicts = {loud_words, 1U << 1};

static bool has_reference(const struct comparison *c)
{
    return c->reference != NULL && c->reference->narms > 0;
}

static void decisive(const struct comparison *c, struct comment *m)
{
    struct table t;
    if (c->nclaims > 0) {
        claims(c, m);
        return;
    }
    table_init(&t, 0);
    if (has_reference(c))
        compare_moved_cells(c, &style, &t);
    else
        compare_key_cells(c, &style, &t);
    comment_table(m, &t, has_reference(c) ? &verdicts : &plain);
    table_fini(&t);
}

/* --- the folds --- */

static void fold_list(struct comment *m, const char *summary, const struct str_list *texts,
                      enum comment_list kind)
{
    char *counted = mem_printf("%s (%zu)", summary, texts->count);
    if (texts->count > 0) {
        comment_fold(m, counted);
        comment_list(m, texts, kind);
    }
    free(counted);
}

static void findings(const struct comparison *c, struct comment *m)
{
    struct str_list texts = {0};
    for (size_t i = 0; i < c->nfindings; i++)
        str_list_add(&texts, c->findings[i].text);
    fold_list(m, "Findings", &texts, COMMENT_NUMBERED);
    str_list_fini(&texts);
}

static void problems(const struct comparison *c, struct comment *m)
{
    struct str_list texts = {0};
    compare_problems(c, &style, &texts);
    fold_list(m, "No result", &texts, COMMENT_BULLETS);
    str_list_fini(&texts);
}

static void warnings(const struct comparison *c, struct comment *m)
{
    struct str_list texts = {0};
    struct str_list remedies = {0};
    struct str_list both = {0};
    compare_warnings(c, &style, &texts, &remedies);
    for (size_t i = 0; i < texts.count; i++) {
        bool remedy = remedies.items[i][0] != '\0';
        char *text =
            mem_printf("%s%s%s", texts.items[i], remedy ? "\nRemedy: " : "", remedies.items[i]);
        str_list_add(&both, text);
        free(text);
    }
    fold_list(m, "Warnings", &both, COMMENT_BULLETS);
    str_list_fini(&texts);
    str_list_fini(&remedies);
    str_list_fini(&both);
}

static void add_line(struct str_list *lines, const char *label, const struct buf *text)
{
    char *line = mem_printf("%s%s", label, text->data);
    if (text->len > 0)
        str_list_add(lines, line);
    free(line);
}

enum measured { MEASURED_TOGETHER, MEASURED_APART };

static void set_up(const struct comparison *c, enum measured how, struct comment *m)
{
    struct str_list lines = {0};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(&text, c->title == NULL ? "" : c->title);
    add_line(&lines, "", &text);
    buf_clear(&text);
    if (how == MEASURED_TOGETHER)
        compare_size(c, &text);
    else
        buf_puts(&text, "not measured together: each file is a run of its own");
    add_line(&lines, "", &text);
    buf_clear(&text);
    compare_load(c, &text);
    add_line(&lines, how == MEASURED_TOGETHER ? "" : "the first: ", &text);
    buf_clear(&text);
    compare_tls(c, &text);
    add_line(&lines, "TLS: ", &text);
    comment_fold(m, "How it was measured");
    comment_list(m, &lines, COMMENT_BULLETS);
    str_list_fini(&lines);
    buf_fini(&text);
}

/* The notes explain the marks of the table that decides, too, and so come first. */
static void all_cells(const struct comparison *c, compare_cells_fn *cells, const char *summary,
                      const struct comment_look *look, struct comment *m)
{
    struct table t;
    struct str_list notes = {0};
    table_init(&t, 0);
    cells(c, &style, &t, &notes);
    if (t.columns > 0) {
        comment_fold(m, summary);
        comment_list(m, &notes, COMMENT_BULLETS);
        comment_table(m, &t, look);
    }
    str_list_fini(&notes);
    table_fini(&t);
}

/* --- the pages --- */

void report_comparison_markdown(const struct comparison *c, size_t most, struct buf *out)
{
    struct comment m;
    struct buf lead;
    buf_init(&lead, BUF_TEXT_MAX);
    compare_lead(c, &lead);
    comment_begin(&m, out, most);
    comment_lead(&m, lead.data);
    decisive(c, &m);
    findings(c, &m);
    problems(c, &m);
    warnings(c, &m);
    if (c->nclaims > 0)
        reasons(c, &m);
    set_up(c, MEASURED_TOGETHER, &m);
    all_cells(c, compare_cells, "All figures, and what the marks mean", &plain, &m);
    all_cells(c, compare_recovery_cells, "After the spike", &plain, &m);
    all_cells(c, compare_host_cells, "Each host", &plain, &m);
    all_cells(c, compare_reference_cells, "All verdicts against the reference", &verdicts, &m);
    comment_end(&m);
    buf_fini(&lead);
}

/* "p99 from 310 ms (pool) to 580 ms (inline)" */
static void add_extremes(const struct comparison *c, const struct arm_figure *figure,
                         struct buf *out)
{
    const struct arm *least = NULL;
    const struct arm *most = NULL;
    char number[32];
    char name[TEXT_NAME];
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        double value = arm_figure_value(arm, figure);
        if (isnan(value))
            continue;
        least = least == NULL || value < arm_figure_value(least, figure) ? arm : least;
        most = most == NULL || value > arm_figure_value(most, figure) ? arm : most;
    }
    if (least == NULL)
        return;
    buf_printf(out, ": %s from %s", figure->title,
               text_figure(arm_figure_value(least, figure), figure->unit, number, sizeof number));
    buf_printf(out, " (%s)", text_name(least->name, &style, name, sizeof name));
    buf_printf(out, " to %s",
               text_figure(arm_figure_value(most, figure), figure->unit, number, sizeof number));
    buf_printf(out, " (%s)", text_name(most->name, &style, name, sizeof name));
}

void report_arms_markdown(const struct comparison *c, size_t more, size_t most, struct buf *out)
{
    struct comment m;
    struct buf lead;
    buf_init(&lead, BUF_TEXT_MAX);
    buf_printf(&lead, more > 0 ? "The first %zu of %zu results" : "%zu results", c->narms,
               c->narms + more);
    add_extremes(c, arm_figure_find("p99"), &lead);
    comment_begin(&m, out, most);
    comment_lead(&m, lead.data);
    decisive(c, &m);
    if (more > 0) {
        char *text = mem_printf("%zu more results are left out; --format csv has all.", more);
        comment_text(&m, text);
        free(text);
    }
    warnings(c, &m);
    set_up(c, MEASURED_APART, &m);
    all_cells(c, compare_cells, "All figures, and what the marks mean", &plain, &m);
    all_cells(c, compare_recovery_cells, "After the spike", &plain, &m);
    all_cells(c, compare_host_cells, "Each host", &plain, &m);
    comment_end(&m);
    buf_fini(&lead);
}
