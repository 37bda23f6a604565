#include "report/capacity/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/capacity/content.h"
#include "report/text.h"

static void write_table(void (*fill)(const struct capacity_page *page,
                                     const struct report_style *style, struct table *t),
                        const struct capacity_page *page, const struct report_style *style,
                        struct buf *out)
{
    struct table t;
    table_init(&t, 0);
    fill(page, style, &t);
    table_write(&t, style, out);
    table_fini(&t);
    buf_puts(out, "\n");
}

static void sentences(const struct capacity_page *page, const struct report_style *style,
                      struct buf *out)
{
    struct str_list list = {0};
    capacity_sentences(page, &list);
    for (size_t i = 0; i < list.count; i++) {
        char label[32];
        (void)snprintf(label, sizeof label, "finding %zu", i + 1);
        text_entry(out, style, PAINT_BOLD, label, list.items[i]);
    }
    str_list_fini(&list);
    buf_puts(out, "\n");
}

static void notes(const struct capacity_page *page, const struct report_style *style,
                  struct buf *out)
{
    struct str_list list = {0};
    capacity_trial_notes(page, &list);
    for (size_t i = 0; i < list.count; i++)
        text_entry(out, style, PAINT_DIM, i == 0 ? "note" : "", list.items[i]);
    str_list_fini(&list);
}

void report_capacity(const struct capacity_page *page, const struct report_style *style,
                     struct buf *out)
{
    char *headline = capacity_headline(page);
    text_entry(out, style, PAINT_BOLD, "capacity", headline);
    buf_puts(out, "\n");
    write_table(capacity_arms_table, page, style, out);
    sentences(page, style, out);
    write_table(capacity_trials_table, page, style, out);
    notes(page, style, out);
    free(headline);
}
