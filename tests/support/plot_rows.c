#include "support/plot_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "report/plot/data.h"

char *plot_file_of(const struct comparison *c, const char *name)
{
    const struct plot_file *f = plot_files;
    while (f->name != NULL && strcmp(f->name, name) != 0)
        f++;
    assert_non_null(f->name);
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    f->write(c, &out);
    char *text = buf_take(&out);
    buf_fini(&out);
    return text;
}

char *plot_row_of(const char *text, size_t nth)
{
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        size_t len = strcspn(line, "\n");
        if (*line != '#' && len > 0 && nth-- == 0)
            return mem_strndup(line, len);
        if (line[len] == '\0')
            break;
    }
    return NULL;
}

void plot_expect_row(const char *text, size_t nth, const char *want)
{
    char *row = plot_row_of(text, nth);
    assert_non_null(row);
    assert_string_equal(row, want);
    free(row);
}

char *plot_field_of(const char *text, size_t arm, const char *column)
{
    char *head = plot_row_of(text, 0);
    char *row = plot_row_of(text, arm + 1);
    char *quoted = mem_printf("\"%s\"", column);
    char *heads = head;
    char *fields = row;
    char *found = NULL;
    for (char *name = strsep(&heads, "\t"); name != NULL; name = strsep(&heads, "\t")) {
        char *field = strsep(&fields, "\t");
        assert_non_null(field);
        if (strcmp(name, quoted) == 0)
            found = mem_strdup(field);
    }
    assert_null(fields); /* there is a field for each name */
    free(quoted);
    free(row);
    free(head);
    assert_non_null(found);
    return found;
}

void plot_expect_field(const char *text, size_t arm, const char *column, const char *want)
{
    char *field = plot_field_of(text, arm, column);
    assert_string_equal(field, want);
    free(field);
}

struct comparison plot_simple(const char *name, uint64_t of_1_ms)
{
    struct comparison c;
    struct result r;
    comparison_init(&c);
    result_init(&r);
    r.latency = hist_new_latency();
    hist_record_n(r.latency, NS_PER_MS, of_1_ms);
    hist_record(r.latency, 5 * NS_PER_MS);
    r.accounting.completed = (int64_t)of_1_ms + 1;
    r.duration_s = 10;
    (void)comparison_add_arm(&c, name);
    comparison_add_result(&c, 0, 1, &r);
    return c;
}
