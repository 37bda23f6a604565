/* Thresholds for a pull request or a job summary. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/comment.h"
#include "report/gate/report.h"
#include "report/text.h"

static const struct report_style style = {.utf8 = true};
static const char *const loud[] = {"FAIL", "WARN", "?", NULL};

/* What makes the verdict: its word, and the first outcome that it rests on. */
struct lead {
    const char *word;
    enum gate_verdict verdict;
    enum gate_level level;
};

static struct lead lead_of(const struct gate_sheet *sheet)
{
    struct gate_counts counts = gate_sheet_count(sheet);
    enum err_kind kind = gate_sheet_kind(sheet);
    if (kind == ERR_GATE)
        return (struct lead){"FAIL", GATE_CROSSED, GATE_FAIL};
    if (kind != ERR_NONE)
        return (struct lead){"INVALID", GATE_UNKNOWN, GATE_FAIL};
    if (counts.warned > 0)
        return (struct lead){"WARN", GATE_CROSSED, GATE_WARN};
    return (struct lead){"PASS", GATE_PASSED, GATE_FAIL};
}

/* A run that cannot be judged at all makes a warning's threshold count, too. */
static const struct gate_outcome *first_of(const struct gate_sheet *sheet, const struct lead *lead)
{
    const struct gate_outcome *first = NULL;
    for (size_t i = 0; i < sheet->count && lead->verdict != GATE_PASSED; i++) {
        const struct gate_outcome *o = &sheet->outcomes[i];
        bool is_like = o->verdict == lead->verdict && o->threshold->level == lead->level;
        if (is_like)
            return o;
        if (first == NULL && o->verdict == lead->verdict)
            first = o;
    }
    return first;
}

static void add_lead(const struct gate_sheet *sheet, struct comment *m)
{
    struct lead lead = lead_of(sheet);
    const struct gate_outcome *first = first_of(sheet, &lead);
    char text[320];
    struct buf line;
    buf_init(&line, BUF_TEXT_MAX);
    buf_printf(&line, "%s: ", lead.word);
    if (first != NULL) {
        buf_printf(&line, "%s %s", first->threshold->metric.name,
                   gate_measured(first, &style, text, sizeof text));
        buf_printf(&line, ", %s (%.*s); ", gate_condition(first, text, sizeof text),
                   (int)str_fit(first->file, 60), first->file);
    }
    buf_puts(&line, gate_summary(sheet, text, sizeof text));
    comment_lead(m, line.data);
    buf_fini(&line);
}

static void add_row(struct table *t, const struct gate_outcome *o)
{
    char text[320];
    table_cell(t, gate_mark(o));
    table_cell(t, o->threshold->metric.name);
    table_cell(t, gate_measured(o, &style, text, sizeof text));
    table_cell(t, gate_condition(o, text, sizeof text));
    table_cell(t, o->file);
    table_cell(t, gate_beyond(o, text, sizeof text));
}

/* --- the tables: what is crossed, what could not be checked, and, folded, what holds --- */

enum part { PART_FAILED, PART_WARNED, PART_UNKNOWN, PART_HOLDS };

static enum part part_of(const struct gate_outcome *o)
{
    if (o->verdict == GATE_PASSED)
        return PART_HOLDS;
    if (o->verdict == GATE_UNKNOWN)
        return PART_UNKNOWN;
    return o->threshold->level == GATE_FAIL ? PART_FAILED : PART_WARNED;
}

/* Returns how many. */
static size_t add_part(const struct gate_sheet *sheet, enum part part, struct table *t)
{
    size_t count = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        if (part_of(&sheet->outcomes[i]) != part)
            continue;
        add_row(t, &sheet->outcomes[i]);
        count++;
    }
    return count;
}

static void table_begin(struct table *t)
{
    static const char *const heads[] = {"", "metric", "measured", "threshold", "file", "rounds"};
    table_init(t, LEN(heads));
    for (size_t i = 0; i < LEN(heads); i++)
        table_cell(t, heads[i]);
}

static void add_tables(const struct gate_sheet *sheet, struct comment *m)
{
    static const struct comment_look look = {loud, 1U << 1 | 1U << 3 | 1U << 4 | 1U << 5};
    struct table bad;
    struct table good;
    table_begin(&bad);
    table_begin(&good);
    size_t nbad = add_part(sheet, PART_FAILED, &bad);
    nbad += add_part(sheet, PART_WARNED, &bad);
    nbad += add_part(sheet, PART_UNKNOWN, &bad);
    size_t ngood = add_part(sheet, PART_HOLDS, &good);
    char *summary = mem_printf("Thresholds that hold (%zu)", ngood);
    comment_table(m, &bad, &look);
    if (nbad > 0 && ngood > 0)
        comment_fold(m, summary);
    comment_table(m, &good, &look);
    free(summary);
    table_fini(&bad);
    table_fini(&good);
}

/* --- the folds --- */

static void fold_list(struct comment *m, const char *summary, const struct str_list *texts)
{
    char *counted = mem_printf("%s (%zu)", summary, texts->count);
    if (texts->count > 0) {
        comment_fold(m, counted);
        comment_list(m, texts, COMMENT_BULLETS);
    }
    free(counted);
}

/* Whether it is about the same file, with the same words. */
static bool is_alike(const struct gate_outcome *a, const struct gate_outcome *b)
{
    char why[320];
    char other[320];
    return strcmp(a->file, b->file) == 0 &&
           strcmp(gate_explain(a, why, sizeof why), gate_explain(b, other, sizeof other)) == 0;
}

static bool is_told(const struct gate_sheet *sheet, size_t at)
{
    for (size_t i = at; i > 0; i--) {
        if (is_alike(&sheet->outcomes[i - 1], &sheet->outcomes[at]))
            return true;
        if (strcmp(sheet->outcomes[i - 1].file, sheet->outcomes[at].file) != 0)
            break; /* the outcomes of a file follow one another */
    }
    return false;
}

/* "p99, p99.9 of pool.json: too few samples": once for all with the same words. */
static void add_note(const struct gate_sheet *sheet, size_t at, const char *why,
                     struct str_list *texts)
{
    const struct gate_outcome *o = &sheet->outcomes[at];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    for (size_t i = at; i < sheet->count && strcmp(sheet->outcomes[i].file, o->file) == 0; i++) {
        if (is_alike(o, &sheet->outcomes[i]))
            text_list(&text, "%s", sheet->outcomes[i].threshold->metric.name);
    }
    buf_printf(&text, " of %.*s: %s", (int)str_fit(o->file, 100), o->file, why);
    str_list_add(texts, text.data);
    buf_fini(&text);
}

static void add_notes(const struct gate_sheet *sheet, struct comment *m)
{
    struct str_list texts = {0};
    for (size_t i = 0; i < sheet->count; i++) {
        char why[320];
        if (gate_explain(&sheet->outcomes[i], why, sizeof why)[0] != '\0' && !is_told(sheet, i))
            add_note(sheet, i, why, &texts);
    }
    fold_list(m, "Notes", &texts);
    str_list_fini(&texts);
}

static void add_warnings(const struct gate_sheet *sheet, struct comment *m)
{
    struct str_list texts = {0};
    for (size_t i = 0; i < sheet->nwarnings; i++) {
        const char *file = sheet->warnings[i].file;
        char *warning = gate_warning_text(&sheet->warnings[i]);
        char *text = mem_printf("%.*s: %s", (int)str_fit(file, 100), file, warning);
        str_list_add(&texts, text);
        free(text);
        free(warning);
    }
    fold_list(m, "Warnings", &texts);
    str_list_fini(&texts);
}

void report_gate_markdown(const struct gate_sheet *sheet, struct buf *out)
{
    struct comment m;
    comment_begin(&m, out, 0);
    add_lead(sheet, &m);
    add_tables(sheet, &m);
    add_notes(sheet, &m);
    add_warnings(sheet, &m);
    comment_end(&m);
}
