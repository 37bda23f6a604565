/* The claims: one line per claim, below it one row per arm, then the reasons for the verdicts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/compare/report_internal.h"
#include "report/text.h"

#define COLUMNS 4 /* arm, published, measured, verdict */
#define VERDICT (COLUMNS - 1)
#define GAP     2

const char *const compare_verdicts[CLAIM_VERDICT_COUNT] = {
    [CLAIM_HOLDS] = "holds",
    [CLAIM_FAILS] = "does not hold",
    [CLAIM_NOT_COMPARABLE] = "not comparable",
};

static const enum paint paints[CLAIM_VERDICT_COUNT] = {
    [CLAIM_HOLDS] = PAINT_GREEN,
    [CLAIM_FAILS] = PAINT_RED,
    [CLAIM_NOT_COMPARABLE] = PAINT_DIM,
};

bool compare_claim_continues(const struct comparison *c, size_t claim)
{
    return claim > 0 && strcmp(c->claims[claim - 1].code, c->claims[claim].code) == 0;
}

static const char *published(const struct claim *claim)
{
    return claim->published == NULL ? "-" : claim->published;
}

const char *compare_claim_published(const struct comparison *c, size_t claim)
{
    const char *text = published(&c->claims[claim]);
    bool shown =
        compare_claim_continues(c, claim) && strcmp(published(&c->claims[claim - 1]), text) == 0;
    return shown ? "" : text;
}

const char *compare_claim_measured(const struct claim *claim)
{
    return claim->measured == NULL ? "-" : claim->measured;
}

static size_t count_claims(const struct comparison *c)
{
    size_t count = 0;
    for (size_t i = 0; i < c->nclaims; i++)
        count += !compare_claim_continues(c, i);
    return count;
}

void compare_claims_sum(const struct comparison *c, struct buf *text)
{
    size_t of[CLAIM_VERDICT_COUNT] = {0};
    size_t claims = count_claims(c);
    for (size_t i = 0; i < c->nclaims; i++)
        of[c->claims[i].verdict]++;
    buf_printf(text, "%zu claim%s", claims, claims == 1 ? "" : "s");
    if (c->nclaims > claims)
        buf_printf(text, ", %zu verdicts (one per arm)", c->nclaims);
    buf_printf(text, ": %zu hold%s, %zu do%s not, %zu cannot be compared", of[CLAIM_HOLDS],
               of[CLAIM_HOLDS] == 1 ? "s" : "", of[CLAIM_FAILS], of[CLAIM_FAILS] == 1 ? "es" : "",
               of[CLAIM_NOT_COMPARABLE]);
}

/* --- rows, with cells that wrap within their columns --- */

struct row {
    struct buf cells[COLUMNS];
};

static void row_init(struct row *row, const struct report_style *style,
                     const char *const cells[COLUMNS])
{
    for (size_t k = 0; k < COLUMNS; k++) {
        buf_init(&row->cells[k], BUF_TEXT_MAX);
        text_safe(&row->cells[k], style, cells[k]);
    }
}

static void row_fini(struct row *row)
{
    for (size_t k = 0; k < COLUMNS; k++)
        buf_fini(&row->cells[k]);
}

static void claim_row(const struct comparison *c, size_t at, const struct report_style *style,
                      struct row *row)
{
    char name[TEXT_NAME];
    const struct claim *claim = &c->claims[at];
    const char *const cells[COLUMNS] = {
        text_name(claim->arm, style, name, sizeof name),
        compare_claim_published(c, at),
        compare_claim_measured(claim),
        compare_verdicts[claim->verdict],
    };
    row_init(row, style, cells);
}

/* Bytes of the text that fit in the width: whole words, or part of a word that is too long. */
static size_t line_len(const char *text, size_t width)
{
    size_t len = 0;
    size_t words = 0;
    for (size_t columns = 0; text[len] != '\0' && columns < width; columns++) {
        words = text[len] == ' ' ? len : words;
        len++;
        while (((unsigned char)text[len] & 0xc0) == 0x80)
            len++;
    }
    bool whole = text[len] == '\0' || text[len] == ' ';
    return whole || words == 0 ? len : words;
}

/* Returns the rest of the text; *owed is the number of blanks before the next column. */
static const char *write_cell(struct buf *out, const struct report_style *style, enum paint paint,
                              const char *text, size_t width, size_t *owed)
{
    size_t len = line_len(text, width);
    char *line = mem_strndup(text, len);
    if (len > 0) {
        buf_pad(out, ' ', *owed);
        text_paint(out, style, paint, line);
        *owed = 0;
    }
    *owed += width - text_width(line) + GAP;
    free(line);
    return text + len + strspn(text + len, " ");
}

static void write_row(const struct row *row, const size_t widths[COLUMNS], size_t indent,
                      const enum paint paint[COLUMNS], const struct report_style *style,
                      struct buf *out)
{
    const char *left[COLUMNS];
    bool any = true;
    for (size_t k = 0; k < COLUMNS; k++)
        left[k] = row->cells[k].data;
    while (any) {
        size_t owed = indent;
        any = false;
        for (size_t k = 0; k < COLUMNS; k++) {
            left[k] = write_cell(out, style, paint[k], left[k], widths[k], &owed);
            any |= left[k][0] != '\0';
        }
        buf_puts(out, "\n");
    }
}

/* --- the table --- */

struct sheet {
    struct row head, *rows; /* one per claim and arm */
    size_t indent;          /* room for the claim's number */
    size_t widths[COLUMNS];
};

static void widen(struct sheet *s, const struct row *row, size_t most)
{
    for (size_t k = 0; k < COLUMNS; k++) {
        size_t width = text_width(row->cells[k].data);
        if (width > s->widths[k])
            s->widths[k] = width < most ? width : most;
    }
}

static size_t sheet_width(const struct sheet *s)
{
    size_t width = s->indent + (size_t)GAP * (COLUMNS - 1);
    for (size_t k = 0; k < COLUMNS; k++)
        width += s->widths[k];
    return width;
}

/* Narrows the widest column until a row fits on a line. */
static void fit(struct sheet *s, const struct report_style *style)
{
    for (;;) {
        size_t widest = 0;
        for (size_t k = 1; k < COLUMNS; k++)
            widest = s->widths[k] > s->widths[widest] ? k : widest;
        if (sheet_width(s) <= text_columns(style) || s->widths[widest] <= 1)
            return;
        s->widths[widest]--;
    }
}

static void sheet_init(struct sheet *s, const struct comparison *c,
                       const struct report_style *style)
{
    static const char *const heads[COLUMNS] = {"claim, arm", "published", "measured here",
                                               "verdict by our limits"};
    char number[24];
    *s = (struct sheet){.rows = mem_array(c->nclaims, sizeof *s->rows)};
    s->indent = (size_t)snprintf(number, sizeof number, "%zu ", count_claims(c));
    row_init(&s->head, style, heads);
    widen(s, &s->head, text_columns(style));
    for (size_t i = 0; i < c->nclaims; i++) {
        claim_row(c, i, style, &s->rows[i]);
        widen(s, &s->rows[i], text_columns(style));
    }
    fit(s, style);
}

static void sheet_fini(struct sheet *s, size_t count)
{
    for (size_t i = 0; i < count; i++)
        row_fini(&s->rows[i]);
    row_fini(&s->head);
    free(s->rows);
}

/* " 3", aligned to the right. */
static char *number_text(const struct sheet *s, size_t number, char *text, size_t size)
{
    (void)snprintf(text, size, "%*zu", (int)s->indent - 1, number);
    return text;
}

static void table(const struct sheet *s, const struct comparison *c,
                  const struct report_style *style, struct buf *out)
{
    static const enum paint bold[COLUMNS] = {PAINT_BOLD, PAINT_BOLD, PAINT_BOLD, PAINT_BOLD};
    char number[24];
    size_t claim = 0;
    write_row(&s->head, s->widths, s->indent, bold, style, out);
    text_rule(out, style, sheet_width(s));
    for (size_t i = 0; i < c->nclaims; i++) {
        const enum paint paint[COLUMNS] = {[VERDICT] = paints[c->claims[i].verdict]};
        if (!compare_claim_continues(c, i)) {
            struct buf title; /* one line, even if the file has line breaks */
            buf_init(&title, BUF_TEXT_MAX);
            text_safe(&title, style, c->claims[i].text);
            text_entry_at(out, style, PAINT_BOLD, number_text(s, ++claim, number, sizeof number),
                          s->indent, title.data);
            buf_fini(&title);
        }
        write_row(&s->rows[i], s->widths, s->indent, paint, style, out);
    }
}

/* One sentence per verdict, labelled "3 threads-v8"; the number is shown once per claim. */
static void reasons(const struct sheet *s, const struct comparison *c,
                    const struct report_style *style, struct buf *out)
{
    size_t longest = 0;
    size_t claim = 0;
    for (size_t i = 0; i < c->nclaims; i++) {
        size_t width = text_width(s->rows[i].cells[0].data);
        longest = width > longest ? width : longest;
    }
    for (size_t i = 0; i < c->nclaims; i++) {
        char number[24] = "";
        bool first = !compare_claim_continues(c, i);
        claim += first;
        if (first)
            (void)number_text(s, claim, number, sizeof number);
        char *label = mem_printf("%*s %s", (int)s->indent - 1, number, s->rows[i].cells[0].data);
        text_entry_at(out, style, PAINT_DIM, label, s->indent + longest + GAP, c->claims[i].reason);
        free(label);
    }
}

void compare_section_claims(const struct comparison *c, const struct report_style *style,
                            struct buf *out)
{
    struct sheet s;
    struct buf sum;
    if (c->nclaims == 0)
        return;
    buf_init(&sum, BUF_TEXT_MAX);
    compare_claims_sum(c, &sum);
    sheet_init(&s, c, style);
    buf_puts(out, "\n");
    table(&s, c, style, out);
    text_notice(out, style, PAINT_BOLD, sum.data);
    buf_puts(out, "\n");
    reasons(&s, c, style, out);
    sheet_fini(&s, c->nclaims);
    buf_fini(&sum);
}
