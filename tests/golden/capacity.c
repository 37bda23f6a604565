/* capacity: shows one of the known searches, after it went through its JSON.
 *
 * capacity CASE [document|text|ascii|colour|md|csv|COLUMNS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/capacity/search.h"
#include "base/mem.h"
#include "cases/capacity_cases.h"
#include "report/capacity/report.h"
#include "store/capacity_file.h"

static int read_again(struct capacity *c, struct err *err)
{
    struct buf text;
    struct capacity stored;
    buf_init(&text, BUF_TEXT_MAX);
    capacity_write(c, DOC_INDENTED, &text);
    int failed = capacity_read(text.data, text.len, &stored, err);
    buf_fini(&text);
    if (failed < 0)
        return -1;
    capacity_fini(c);
    *c = stored;
    return 0;
}

static void show(const struct capacity_page *page, const char *how, struct buf *out)
{
    const struct report_style style = {
        .utf8 = strcmp(how, "ascii") != 0,
        .colour = strcmp(how, "colour") == 0,
        .width = strtoul(how, NULL, 10), /* 0 for a word */
    };
    if (strcmp(how, "document") == 0)
        capacity_write(page->capacity, DOC_INDENTED, out);
    else if (strcmp(how, "md") == 0)
        report_capacity_markdown(page, 0, out);
    else if (strcmp(how, "csv") == 0)
        report_capacity_csv(page, out);
    else
        report_capacity(page, &style, out);
}

int main(int argc, char **argv)
{
    struct capacity c;
    struct goal goal;
    struct err err;
    struct buf out;
    if (argc < 2 || capacity_case(argv[1], &c) < 0) {
        (void)fprintf(stderr, "usage: capacity CASE [document|text|ascii|colour|md|csv|COLUMNS]\n");
        return 2;
    }
    if (read_again(&c, &err) < 0 || goal_parse(c.goal, &goal, &err) < 0) {
        (void)fprintf(stderr, "capacity: %s\n", err.text);
        capacity_fini(&c);
        return 2;
    }
    capacity_judge(&c);
    buf_init(&out, BUF_TEXT_MAX);
    show(&(struct capacity_page){.capacity = &c, .goal = &goal, .file = "results/a.json"},
         argc > 2 ? argv[2] : "text", &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    buf_fini(&out);
    goal_fini(&goal);
    capacity_fini(&c);
    return 0;
}
