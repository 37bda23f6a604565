#include "report/compare/markdown.h"

#include <stdlib.h>

#include "base/mem.h"
#include "report/compare/report_internal.h"
#include "report/markdown.h"
#include "report/text.h"

static const struct report_style style = {.utf8 = true};

static void heading(const struct comparison *c, struct buf *out)
{
    struct buf load;
    struct buf text;
    buf_init(&load, BUF_TEXT_MAX);
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(out, "## ");
    markdown_block(out, c->title == NULL ? "Comparison" : c->title);
    if (c->interrupted)
        buf_puts(out, "\n\n**" COMPARE_INTERRUPTED "**");
    compare_size(c, &text);
    compare_load(c, &load);
    if (load.len > 0)
        buf_printf(&text, "; %s", load.data);
    buf_puts(out, "\n\n");
    markdown_block(out, text.data);
    buf_puts(out, "\n");
    buf_fini(&text);
    buf_fini(&load);
}

static void title(const char *text, struct buf *out)
{
    buf_printf(out, "\n### %s\n\n", text);
}

enum list_kind { LIST_BULLETS, LIST_NUMBERED };

static void list(const struct str_list *texts, enum list_kind kind, struct buf *out)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (kind == LIST_NUMBERED)
            buf_printf(out, "%zu. ", i + 1);
        else
            buf_puts(out, "- ");
        markdown_block(out, texts->items[i]);
        buf_puts(out, "\n");
    }
}

/* Adds nothing if the list is empty. */
static void list_section(const char *head, const struct str_list *texts, enum list_kind kind,
                         struct buf *out)
{
    if (texts->count > 0)
        title(head, out);
    list(texts, kind, out);
}

static void claim_row(const struct comparison *c, size_t at, struct buf *out)
{
    char name[TEXT_NAME];
    const struct claim *claim = &c->claims[at];
    const char *loud = claim->verdict == CLAIM_FAILS ? "**" : "";
    buf_puts(out, "|");
    markdown_cell(out, compare_claim_continues(c, at) ? "" : claim->text);
    markdown_cell(out, compare_claim_published(c, at));
    markdown_cell(out, text_name(claim->arm, &style, name, sizeof name));
    markdown_cell(out, compare_claim_measured(claim));
    buf_printf(out, " %s%s%s |", loud, compare_verdicts[claim->verdict], loud);
    markdown_cell(out, claim->reason);
    buf_puts(out, "\n");
}

static void claims(const struct comparison *c, struct buf *out)
{
    struct buf sum;
    if (c->nclaims == 0)
        return;
    buf_init(&sum, BUF_TEXT_MAX);
    title("Claims", out);
    buf_puts(out, "| claim | published | arm | measured here | verdict | reason |\n"
                  "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < c->nclaims; i++)
        claim_row(c, i, out);
    compare_claims_sum(c, &sum);
    buf_puts(out, "\n");
    markdown_block(out, sum.data);
    buf_puts(out, ".\n");
    buf_fini(&sum);
}

static void arms(const struct comparison *c, struct buf *out)
{
    struct table t;
    struct str_list notes = {0};
    table_init(&t, 0);
    compare_cells(c, &style, &t, &notes);
    if (t.columns > 0) {
        title("Figures", out);
        markdown_table(out, &t);
    }
    buf_puts(out, notes.count > 0 ? "\n" : "");
    list(&notes, LIST_BULLETS, out);
    str_list_fini(&notes);
    table_fini(&t);
}

static void findings(const struct comparison *c, struct buf *out)
{
    struct str_list texts = {0};
    for (size_t i = 0; i < c->nfindings; i++)
        str_list_add(&texts, c->findings[i].text);
    list_section("Findings", &texts, LIST_NUMBERED, out);
    str_list_fini(&texts);
}

static void problems(const struct comparison *c, struct buf *out)
{
    struct str_list texts = {0};
    compare_problems(c, &style, &texts);
    list_section("No result", &texts, LIST_BULLETS, out);
    str_list_fini(&texts);
}

static void warnings(const struct comparison *c, struct buf *out)
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
    list_section("Warnings", &both, LIST_BULLETS, out);
    str_list_fini(&texts);
    str_list_fini(&remedies);
    str_list_fini(&both);
}

void report_arms_markdown(const struct comparison *c, struct buf *out)
{
    arms(c, out);
    warnings(c, out);
}

void report_comparison_markdown(const struct comparison *c, struct buf *out)
{
    heading(c, out);
    claims(c, out);
    arms(c, out);
    findings(c, out);
    problems(c, out);
    warnings(c, out);
}
