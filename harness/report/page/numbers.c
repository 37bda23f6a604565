#include "report/page/numbers.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

#define COLUMNS_MAX 16
#define BLOCKS_MAX  100

/* The file while it is read. */
struct reader {
    struct table *out;
    char *name;           /* of the block */
    struct str_list rows; /* of the block */
    size_t blocks;
};

/* --- fields --- */

/* "a\\b\042c" in double quotes, as report/plot/field.h writes it; the caller frees it. */
static char *unquoted(const char *text, size_t len)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    for (size_t i = 1; i + 1 < len; i++) {
        if (str_starts(text + i, "\\042")) {
            buf_puts(&out, "\"");
            i += 3;
        } else {
            i += text[i] == '\\' && i + 2 < len;
            buf_add(&out, text + i, 1);
        }
    }
    char *taken = buf_take(&out);
    buf_fini(&out);
    return taken;
}

static void add_field(struct table *out, const char *text, size_t len)
{
    char *field = len > 1 && text[0] == '"' ? unquoted(text, len) : mem_strndup(text, len);
    char *end = NULL;
    double x = strtod(field, &end);
    char number[32];
    (void)snprintf(number, sizeof number, fabs(x) > 0.999 && fabs(x) < 1 ? "%.8g" : "%.5g", x);
    bool is_number = end != field && *end == '\0' && text[0] != '"';
    table_cell(out, !is_number ? field : isnan(x) ? "-" : number);
    free(field);
}

static size_t count_fields(const char *line)
{
    size_t count = 1;
    for (; *line != '\0'; line++)
        count += *line == '\t';
    return count;
}

/* Exactly `count` of them. */
static void add_fields(struct table *out, const char *line, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t len = strcspn(line, "\t");
        add_field(out, line, len);
        line += len + (line[len] == '\t');
    }
}

/* --- rows --- */

static void add_row(struct reader *r, const char *line)
{
    table_cell(r->out, r->name);
    add_fields(r->out, line, r->out->columns - 1);
}

/* The end of a block: shows what has come since its beginning. */
static void end_block(struct reader *r)
{
    size_t count = r->rows.count;
    size_t shown = count < NUMBERS_ROWS_MAX ? count : NUMBERS_ROWS_MAX;
    for (size_t i = 0; i < shown && r->out->columns > 0 && r->blocks < BLOCKS_MAX; i++)
        add_row(r, r->rows.items[shown == 1 ? 0 : i * (count - 1) / (shown - 1)]);
    r->blocks += count > 0;
    str_list_fini(&r->rows);
    r->rows = (struct str_list){0};
}

/* "# percentile	latency_ms" names the columns, "# arm 0 "pool"" a block. */
static void read_comment(struct reader *r, char *line)
{
    char *quote = strchr(line, '"');
    if (strchr(line, '\t') != NULL && r->out->columns == 0) {
        size_t count = count_fields(line + 2);
        bool is_of_cells = strstr(line, "from_") != NULL;
        r->out->columns = count > COLUMNS_MAX || is_of_cells ? 0 : count + 1;
        if (r->out->columns > 0) {
            table_cell(r->out, "");
            add_fields(r->out, line + 2, count);
        }
    } else if (quote != NULL && r->out->columns > 0) {
        end_block(r);
        free(r->name);
        r->name = unquoted(quote, strlen(quote));
    }
}

static void read_line(struct reader *r, char *line)
{
    if (str_starts(line, "# "))
        read_comment(r, line);
    else if (line[0] != '\0' && line[0] != '#' && !str_starts(line, "NaN"))
        str_list_add(&r->rows, line);
}

/* --- for a reader --- */

enum cell { CELL_PLAIN, CELL_PERCENT, CELL_YES, CELL_NONE };

static const struct column {
    const char *name, *title;
    enum cell cell;
} columns[] = {
    {"percentile", "percentile", CELL_PERCENT},
    {"quantile", "percentile", CELL_PERCENT},
    {"1/(1-percentile)", "", CELL_NONE},
    {"1/(1-quantile)", "", CELL_NONE},
    {"latency_ms", "latency, ms", CELL_PLAIN},
    {"few", "fewer than 10 samples above it", CELL_YES},
    {"bound", "lower bound", CELL_YES},
    {"cpu", "CPU, % of a core", CELL_PLAIN},
    {"run_wait", "waiting for a core, %", CELL_PLAIN},
    {"ratio", "new / old", CELL_PLAIN},
    {"low", "interval from", CELL_PLAIN},
    {"high", "to", CELL_PLAIN},
    {"known", "enough samples", CELL_YES},
    {"redone", "measured again, times", CELL_PLAIN},
    {"slip_p50", "sent late, p50, ms", CELL_PLAIN},
    {"slip_p99", "p99", CELL_PLAIN},
    {"slip_max", "highest", CELL_PLAIN},
    {"lag_p50", "of that by bench, p50, ms", CELL_PLAIN},
    {"lag_p99", "p99", CELL_PLAIN},
    {"lag_max", "highest", CELL_PLAIN},
};

static const struct column *column_of(const char *name)
{
    static const struct column other = {NULL, NULL, CELL_PLAIN};
    for (size_t i = 0; i < LEN(columns); i++) {
        if (strcmp(columns[i].name, name) == 0)
            return &columns[i];
    }
    return &other;
}

/* Nothing in it in any row: 0, or not measured. */
static bool is_empty(const struct table *t, size_t column)
{
    for (size_t i = t->columns + column; i < t->cells.count; i += t->columns) {
        if (strcmp(t->cells.items[i], "0") != 0 && strcmp(t->cells.items[i], "-") != 0)
            return false;
    }
    return column > 0;
}

static void add_cell(struct table *out, enum cell kind, const char *text)
{
    char percent[32];
    (void)snprintf(percent, sizeof percent, "%.7g %%", 100 * strtod(text, NULL));
    if (kind == CELL_PERCENT && strcmp(text, "-") != 0)
        table_cell(out, percent);
    else if (kind == CELL_YES)
        table_cell(out, strcmp(text, "1") == 0 ? "yes" : "");
    else
        table_cell(out, text);
}

/* Titles for the names of the columns, and only those that have something. */
static void for_reader(struct table *t)
{
    struct table out;
    bool *left_out = mem_array(t->columns + 1, sizeof *left_out);
    struct column *as = mem_array(t->columns + 1, sizeof *as);
    table_init(&out, 0);
    for (size_t k = 0; k < t->columns; k++) {
        as[k] = *column_of(t->cells.items[k]);
        left_out[k] = as[k].cell == CELL_NONE || is_empty(t, k);
        out.columns += !left_out[k];
        if (!left_out[k])
            table_cell(&out, as[k].title == NULL ? t->cells.items[k] : as[k].title);
    }
    for (size_t i = t->columns; i < t->cells.count; i++) {
        if (!left_out[i % t->columns])
            add_cell(&out, as[i % t->columns].cell, t->cells.items[i]);
    }
    free(as);
    free(left_out);
    table_fini(t);
    *t = out;
}

void numbers_table(const char *data, struct table *out)
{
    struct reader r = {.out = out, .name = mem_strdup("")};
    while (*data != '\0') {
        size_t len = strcspn(data, "\n");
        char *line = mem_strndup(data, len);
        read_line(&r, line);
        free(line);
        data += len + (data[len] == '\n');
    }
    end_block(&r);
    if (out->columns > 0 && out->cells.count == out->columns)
        out->columns = 0;
    if (out->columns > 0)
        for_reader(out);
    free(r.name);
}
