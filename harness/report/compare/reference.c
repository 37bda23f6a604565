/* The verdicts against the reference: one row per arm and metric, and notes that explain them. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/compare/report_internal.h"
#include "report/text.h"

#define COLUMNS 5

static const char *const words[REFERENCE_WORDS] = {
    [REFERENCE_WORSE] = "worse",
    [REFERENCE_BETTER] = "better",
    [REFERENCE_SAME] = "no meaningful difference",
    [REFERENCE_INCONCLUSIVE] = "inconclusive",
};

/* "+9.1%", "-0.02 pp" */
static char *change_text(double share, const struct reference_metric *metric, char *text,
                         size_t size)
{
    double percent = 100 * share;
    double most = fabs(percent);
    int digits = metric->is_share || most < 0.095 ? 2 : most < 99.95 ? 1 : 0;
    const char *unit = metric->is_share ? " pp" : "%";
    if (most < 0.005)
        (void)snprintf(text, size, "0%s", unit);
    else
        (void)snprintf(text, size, "%+.*f%s", digits, percent, unit);
    return text;
}

static void row(struct table *t, const char *arm, const struct reference_metric *metric,
                const struct reference_verdict *v)
{
    char cell[TEXT_NAME + 64];
    char low[32];
    char high[32];
    (void)snprintf(cell, sizeof cell, "%s %s", arm, metric->title);
    table_cell(t, cell);
    table_cell(t, words[v->word]);
    if (isnan(v->change)) {
        for (int i = 2; i < COLUMNS; i++)
            table_cell(t, "-");
        return;
    }
    table_cell(t, change_text(v->change, metric, cell, sizeof cell));
    (void)snprintf(cell, sizeof cell, "[%s, %s]", change_text(v->low, metric, low, sizeof low),
                   change_text(v->high, metric, high, sizeof high));
    table_cell(t, cell);
    (void)snprintf(cell, sizeof cell, "%.1f%%", 100 * v->level);
    table_cell(t, cell);
}

static void note_family(const struct comparison *c, struct str_list *notes)
{
    const struct reference *reference = c->reference;
    int64_t least = INT64_MAX;
    int64_t most = 0;
    char pairs[48];
    for (size_t i = 0; i < reference->narms; i++) {
        int64_t n = reference->arms[i].pairs;
        least = n < least ? n : least;
        most = n > most ? n : most;
    }
    if (least == most)
        (void)snprintf(pairs, sizeof pairs, "%" PRId64 " pair%s", most, most == 1 ? "" : "s");
    else
        (void)snprintf(pairs, sizeof pairs, "%" PRId64 " to %" PRId64 " pairs", least, most);
    char *text =
        reference->tests == 0
            ? mem_printf("%s of rounds per arm; nothing could be tested", pairs)
            : mem_printf(
                  "%s of rounds per arm; better and worse: one family of %" PRId64
                  " test%s (max-T), with a false one in about %.0f %% of comparisons at most",
                  pairs, reference->tests, reference->tests == 1 ? "" : "s", 100 * REFERENCE_ALPHA);
    str_list_add(notes, text);
    free(text);
}

/* --- reasons, each with the rows that have it --- */

struct place {
    size_t arm, metric;
};

static const struct reference_verdict *at(const struct reference *reference, struct place place)
{
    return &reference->arms[place.arm].verdicts[place.metric];
}

static bool has_reason_of(const struct reference_verdict *v, const struct reference_verdict *other)
{
    return v->reason != NULL && other->reason != NULL && v->word == other->word &&
           strcmp(v->reason, other->reason) == 0;
}

static bool is_told(const struct reference *reference, struct place place)
{
    const struct reference_verdict *v = at(reference, place);
    for (size_t i = 0; i < place.arm * REFERENCE_METRICS + place.metric; i++) {
        if (has_reason_of(
                v, at(reference, (struct place){i / REFERENCE_METRICS, i % REFERENCE_METRICS})))
            return true;
    }
    return false;
}

/* "pool (p50, p99)" */
static void add_rows(const struct comparison *c, const struct report_style *style, size_t arm,
                     const struct reference_verdict *v, struct buf *rows)
{
    const struct reference_arm *of = &c->reference->arms[arm];
    char name[TEXT_NAME];
    struct buf titles;
    buf_init(&titles, BUF_TEXT_MAX);
    for (size_t k = 0; k < REFERENCE_METRICS; k++) {
        if (has_reason_of(v, &of->verdicts[k]))
            text_list(&titles, "%s", reference_metrics[k].title);
    }
    if (titles.len > 0)
        text_list(rows, "%s (%s)", text_name(c->arms[of->arm].name, style, name, sizeof name),
                  titles.data);
    buf_fini(&titles);
}

static void note_reason(const struct comparison *c, const struct report_style *style,
                        struct place place, struct str_list *notes)
{
    const struct reference_verdict *v = at(c->reference, place);
    struct buf rows;
    if (v->reason == NULL || is_told(c->reference, place))
        return;
    buf_init(&rows, BUF_TEXT_MAX);
    for (size_t i = place.arm; i < c->reference->narms; i++)
        add_rows(c, style, i, v, &rows);
    char *text = mem_printf("%s, %s: %s", words[v->word], v->reason, rows.data);
    str_list_add(notes, text);
    free(text);
    buf_fini(&rows);
}

static void note_left_out(const struct comparison *c, const struct report_style *style,
                          const struct reference_arm *arm, struct str_list *notes)
{
    char name[TEXT_NAME];
    struct buf why;
    buf_init(&why, BUF_TEXT_MAX);
    if (arm->disturbed > 0)
        text_list(&why, "%" PRId64 " disturbed", arm->disturbed);
    if (arm->invalid > 0)
        text_list(&why, "%" PRId64 " invalid or interrupted", arm->invalid);
    if (arm->missing > 0)
        text_list(&why, "%" PRId64 " without a result", arm->missing);
    char *text = mem_printf("%s: rounds that are no pair, by either arm: %s",
                            text_name(c->arms[arm->arm].name, style, name, sizeof name), why.data);
    if (why.len > 0)
        str_list_add(notes, text);
    free(text);
    buf_fini(&why);
}

static void head_row(const struct comparison *c, const struct report_style *style, struct table *t)
{
    static const char *const heads[COLUMNS - 1] = {"verdict", "change", "interval", "level"};
    char name[TEXT_NAME];
    char head[TEXT_NAME + 16];
    t->columns = COLUMNS;
    (void)snprintf(head, sizeof head, "against %s",
                   text_name(c->arms[c->reference->arm].name, style, name, sizeof name));
    table_cell(t, head);
    for (size_t i = 0; i < COLUMNS - 1; i++)
        table_cell(t, heads[i]);
}

void compare_reference_cells(const struct comparison *c, const struct report_style *style,
                             struct table *t, struct str_list *notes)
{
    const struct reference *reference = c->reference;
    char name[TEXT_NAME];
    if (reference == NULL || reference->narms == 0)
        return;
    head_row(c, style, t);
    for (size_t i = 0; i < reference->narms; i++) {
        const struct reference_arm *arm = &reference->arms[i];
        (void)text_name(c->arms[arm->arm].name, style, name, sizeof name);
        for (size_t k = 0; k < REFERENCE_METRICS; k++)
            row(t, name, &reference_metrics[k], &arm->verdicts[k]);
    }
    note_family(c, notes);
    for (size_t i = 0; i < reference->narms * REFERENCE_METRICS; i++)
        note_reason(c, style, (struct place){i / REFERENCE_METRICS, i % REFERENCE_METRICS}, notes);
    for (size_t i = 0; i < reference->narms; i++)
        note_left_out(c, style, &reference->arms[i], notes);
}

/* --- what moved --- */

/* Percentiles first. */
static const char *const order[REFERENCE_METRICS] = {
    "p99", "p50", "requests_per_second", "cpu_per_request", "rss_peak", "errors",
};

static size_t metric_in_order(size_t at)
{
    size_t k = 0;
    while (k + 1 < REFERENCE_METRICS && strcmp(reference_metrics[k].key, order[at]) != 0)
        k++;
    return k;
}

static void moved_rows(const struct comparison *c, const struct report_style *style,
                       enum reference_word word, struct table *t)
{
    for (size_t i = 0; i < c->reference->narms; i++) {
        const struct reference_arm *arm = &c->reference->arms[i];
        char name[TEXT_NAME];
        (void)text_name(c->arms[arm->arm].name, style, name, sizeof name);
        for (size_t at = 0; at < REFERENCE_METRICS; at++) {
            size_t k = metric_in_order(at);
            if (arm->verdicts[k].word == word)
                row(t, name, &reference_metrics[k], &arm->verdicts[k]);
        }
    }
}

void compare_moved_cells(const struct comparison *c, const struct report_style *style,
                         struct table *t)
{
    head_row(c, style, t);
    moved_rows(c, style, REFERENCE_WORSE, t);
    moved_rows(c, style, REFERENCE_BETTER, t);
}

/* "slower is worse (p99 +9.9% [+9.4%, +10.3%] and 5 more)"; false when none of its verdicts has
 * that word. */
static bool add_moved(const struct reference_arm *arm, const char *name, enum reference_word word,
                      struct buf *out)
{
    char change[32];
    char low[32];
    char high[32];
    size_t count = 0;
    for (size_t at = 0; at < REFERENCE_METRICS; at++) {
        size_t k = metric_in_order(at);
        const struct reference_metric *metric = &reference_metrics[k];
        const struct reference_verdict *v = &arm->verdicts[k];
        if (v->word != word || count++ > 0)
            continue;
        buf_printf(out, "%s is %s (%s %s", name, words[word], metric->title,
                   change_text(v->change, metric, change, sizeof change));
        buf_printf(out, " [%s, %s]", change_text(v->low, metric, low, sizeof low),
                   change_text(v->high, metric, high, sizeof high));
    }
    if (count > 1)
        buf_printf(out, " and %zu more", count - 1);
    buf_puts(out, count > 0 ? ")" : "");
    return count > 0;
}

#define ARMS_LED 3 /* named in the lead, of each word */

/* Returns how many arms have the word. */
static size_t lead_with(const struct comparison *c, const struct report_style *style,
                        enum reference_word word, struct buf *out)
{
    size_t count = 0;
    for (size_t i = 0; i < c->reference->narms; i++) {
        const struct reference_arm *arm = &c->reference->arms[i];
        char name[TEXT_NAME];
        struct buf text;
        buf_init(&text, BUF_TEXT_MAX);
        (void)text_name(c->arms[arm->arm].name, style, name, sizeof name);
        if (add_moved(arm, name, word, &text) && count++ < ARMS_LED)
            buf_printf(out, "%s%s", out->len > 0 ? "; " : "", text.data);
        buf_fini(&text);
    }
    if (count > ARMS_LED)
        buf_printf(out, "; and %zu more %s %s", count - ARMS_LED,
                   count == ARMS_LED + 1 ? "arm is" : "arms are", words[word]);
    return count;
}

void compare_reference_lead(const struct comparison *c, const struct report_style *style,
                            struct buf *out)
{
    char name[TEXT_NAME];
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    size_t moved = lead_with(c, style, REFERENCE_WORSE, &text);
    moved += lead_with(c, style, REFERENCE_BETTER, &text);
    buf_printf(out, "Against %s, ",
               text_name(c->arms[c->reference->arm].name, style, name, sizeof name));
    buf_puts(out, moved > 0 ? text.data : "nothing was shown to be worse or better");
    buf_fini(&text);
}
