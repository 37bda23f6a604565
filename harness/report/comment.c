#include "report/comment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "report/markdown.h"
#include "report/text.h"

#define RESERVE      600 /* for what says that something was left out, and the ends */
#define CLOSING      200 /* of it, for the ends alone */
#define LEAD_COLUMNS 400

static const struct report_style style = {.utf8 = true};

void comment_begin(struct comment *m, struct buf *out, size_t most)
{
    *m = (struct comment){.out = out, .end = out->len + (most == 0 ? COMMENT_BYTES : most)};
}

static bool fits(const struct comment *m, size_t len, size_t reserve)
{
    return m->out->len + len + reserve <= m->end;
}

/* Adds all of it or nothing, and empties the piece. */
static bool add(struct comment *m, struct buf *piece)
{
    bool is_added = fits(m, piece->len, RESERVE);
    if (is_added)
        buf_add(m->out, piece->data, piece->len);
    else
        m->ncut++;
    buf_clear(piece);
    return is_added;
}

/* The caller frees it. */
static char *shortened(const char *text, size_t columns)
{
    size_t size = 4 * columns + 1;
    char *cut = mem_array(size, 1);
    return text_short(text, &style, columns, cut, size);
}

/* One line without blanks at its ends, between which the marks are. */
static void add_bold(struct buf *out, const char *text, size_t columns)
{
    char *line = mem_strdup(text + strspn(text, " \n"));
    size_t len = strlen(line);
    while (len > 0 && strchr(" \n", line[len - 1]) != NULL)
        line[--len] = '\0';
    for (char *c = strchr(line, '\n'); c != NULL; c = strchr(c, '\n'))
        *c = ' ';
    char *cut = shortened(line, columns);
    buf_puts(out, "**");
    markdown_text(out, cut);
    buf_puts(out, "**\n");
    free(cut);
    free(line);
}

void comment_lead(struct comment *m, const char *text)
{
    struct buf line;
    size_t columns = LEAD_COLUMNS;
    buf_init(&line, BUF_TEXT_MAX);
    add_bold(&line, text, columns);
    while (!fits(m, line.len, RESERVE) && columns > 1) {
        columns /= 2;
        buf_clear(&line);
        add_bold(&line, text, columns);
    }
    (void)add(m, &line);
    buf_fini(&line);
}

static void close_fold(struct comment *m)
{
    if (m->is_open)
        buf_puts(m->out, "\n</details>\n");
    m->is_open = false;
}

void comment_fold(struct comment *m, const char *summary)
{
    struct buf line;
    char *cut = shortened(summary, COMMENT_CELL);
    close_fold(m);
    buf_init(&line, BUF_TEXT_MAX);
    buf_puts(&line, "\n<details><summary>");
    markdown_text(&line, cut);
    buf_puts(&line, "</summary>\n");
    m->is_open = add(m, &line);
    if (!m->is_open) /* what was to be folded must not stand unfolded */
        m->end = m->out->len + RESERVE;
    buf_fini(&line);
    free(cut);
}

void comment_end(struct comment *m)
{
    close_fold(m);
    if (m->ncut > 0)
        buf_puts(m->out, "\n*Cut to what fits into a comment: the same report as text, or "
                         "`--format csv`, has all.*\n");
}

void comment_text(struct comment *m, const char *text)
{
    struct buf line;
    char *cut = shortened(text, COMMENT_ENTRY);
    buf_init(&line, BUF_TEXT_MAX);
    buf_puts(&line, "\n");
    markdown_block(&line, cut);
    buf_puts(&line, "\n");
    (void)add(m, &line);
    buf_fini(&line);
    free(cut);
}

/* In place of what was left out. */
static void say_left_out(struct comment *m, size_t count, const char *one, const char *several)
{
    struct buf line;
    const char *what = count == 1 ? one : several;
    if (count == 0)
        return;
    buf_init(&line, BUF_TEXT_MAX);
    buf_printf(&line, "\n*%zu more %s left out.*\n", count, what);
    if (fits(m, line.len, CLOSING))
        buf_add(m->out, line.data, line.len);
    buf_fini(&line);
}

/* Line breaks in the text are kept. */
static void add_entry(struct buf *line, const char *text)
{
    size_t len = str_fit(text, COMMENT_ENTRY);
    char *cut = mem_printf("%.*s%s", (int)len, text, text[len] == '\0' ? "" : "..");
    markdown_block(line, cut);
    buf_puts(line, "\n");
    free(cut);
}

void comment_list(struct comment *m, const struct str_list *texts, enum comment_list kind)
{
    struct buf line;
    size_t i = 0;
    bool is_added = texts->count > 0;
    buf_init(&line, BUF_TEXT_MAX);
    buf_puts(&line, "\n");
    while (is_added && i < texts->count && i < COMMENT_ROWS) {
        if (kind == COMMENT_NUMBERED)
            buf_printf(&line, "%zu. ", i + 1);
        else
            buf_puts(&line, "- ");
        add_entry(&line, texts->items[i]);
        is_added = add(m, &line);
        i += is_added;
    }
    say_left_out(m, texts->count - i, "entry is", "entries are");
    buf_fini(&line);
}

/* --- tables --- */

static bool is_loud(const struct comment_look *look, const char *cell)
{
    for (size_t i = 0; look->loud != NULL && look->loud[i] != NULL; i++) {
        if (strcmp(look->loud[i], cell) == 0)
            return true;
    }
    return false;
}

static void add_cell(struct buf *line, const struct comment_look *look, const char *text)
{
    if (is_loud(look, text)) {
        buf_printf(line, " **%s** |", text);
        return;
    }
    char *cut = shortened(text, COMMENT_CELL);
    markdown_cell(line, cut);
    free(cut);
}

static void add_row(struct buf *line, const struct table *t, const struct comment_look *look,
                    size_t row)
{
    buf_puts(line, "|");
    for (size_t k = 0; k < t->columns; k++)
        add_cell(line, look, t->cells.items[row * t->columns + k]);
    buf_puts(line, "\n");
}

static bool holds_words(const struct comment_look *look, size_t column)
{
    return column == 0 || (column < COMMENT_WORDS && ((look->words >> column) & 1) != 0);
}

static void add_head(struct buf *line, const struct table *t, const struct comment_look *look)
{
    static const struct comment_look quiet = {NULL, 0};
    buf_puts(line, "\n");
    add_row(line, t, &quiet, 0);
    buf_puts(line, "|");
    for (size_t k = 0; k < t->columns; k++)
        buf_puts(line, holds_words(look, k) ? "---|" : "--:|");
    buf_puts(line, "\n");
}

void comment_table(struct comment *m, const struct table *t, const struct comment_look *look)
{
    struct buf line;
    size_t rows = t->columns == 0 ? 0 : t->cells.count / t->columns;
    size_t row = 1;
    if (rows < 2)
        return;
    buf_init(&line, BUF_TEXT_MAX);
    add_head(&line, t, look);
    bool is_added = add(m, &line);
    while (is_added && row < rows && row <= COMMENT_ROWS) {
        add_row(&line, t, look, row);
        is_added = add(m, &line);
        row += is_added;
    }
    say_left_out(m, rows - row, "row is", "rows are");
    buf_fini(&line);
}

/* Bytes of the whole lines that fit, beside fences no longer than the longest run of backticks. */
static size_t lines_that_fit(const struct comment *m, const char *text)
{
    size_t len = strlen(text);
    size_t fences = 0;
    for (const char *c = strchr(text, '`'); c != NULL; c = strchr(c, '`')) {
        size_t run = strspn(c, "`");
        fences = run > fences ? run : fences;
        c += run;
    }
    fences = 2 * (fences + 10);
    if (fits(m, len + fences, RESERVE))
        return len;
    len = fits(m, fences, RESERVE) ? m->end - m->out->len - RESERVE - fences : 0;
    while (len > 0 && text[len - 1] != '\n')
        len--;
    return len;
}

void comment_fence(struct comment *m, const char *text)
{
    size_t len = lines_that_fit(m, text);
    struct buf block;
    char *kept = mem_strndup(text, len);
    buf_init(&block, BUF_TEXT_MAX);
    buf_puts(&block, "\n");
    markdown_fence(&block, kept);
    m->ncut += text[len] != '\0';
    (void)add(m, &block);
    buf_fini(&block);
    free(kept);
}
