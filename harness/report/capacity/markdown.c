/* What a search found, for a pull request. */
#include <stdlib.h>

#include "base/mem.h"
#include "report/capacity/content.h"
#include "report/capacity/report.h"
#include "report/comment.h"

static const struct report_style style = {.utf8 = true};

static void add_table(void (*fill)(const struct capacity_page *page,
                                   const struct report_style *style, struct table *t),
                      const struct capacity_page *page, uint32_t words, struct comment *m)
{
    const struct comment_look look = {NULL, words};
    struct table t;
    table_init(&t, 0);
    fill(page, &style, &t);
    comment_table(m, &t, &look);
    table_fini(&t);
}

static void add_list(void (*fill)(const struct capacity_page *page, struct str_list *out),
                     const struct capacity_page *page, struct comment *m)
{
    struct str_list list = {0};
    fill(page, &list);
    comment_list(m, &list, COMMENT_BULLETS);
    str_list_fini(&list);
}

void report_capacity_markdown(const struct capacity_page *page, size_t most, struct buf *out)
{
    struct comment m;
    char *headline = capacity_headline(page);
    char *lead = mem_printf("Capacity: %s", headline);
    comment_begin(&m, out, most);
    comment_lead(&m, lead);
    add_table(capacity_arms_table, page, 0, &m);
    comment_fold(&m, "Findings");
    add_list(capacity_sentences, page, &m);
    comment_fold(&m, "Trials");
    add_table(capacity_trials_table, page, 1U << 1, &m);
    add_list(capacity_trial_notes, page, &m);
    comment_end(&m);
    free(lead);
    free(headline);
}
