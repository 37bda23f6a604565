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
    (void)snprintf(number, sizeof number, "%.5g", x);
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
    free(r.name);
}
