/* compare: shows one of the known comparisons, after it went through its JSON.
 *
 * compare CASE [json|line|md|report|ascii|colour|COLUMNS]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/reference.h"
#include "base/buf.h"
#include "cases/compare_cases.h"
#include "report/compare/markdown.h"
#include "report/compare/report.h"
#include "store/comparison_file.h"

static void show(const struct comparison *c, const char *how, struct buf *out)
{
    const struct report_style style = {
        .utf8 = strcmp(how, "ascii") != 0,
        .colour = strcmp(how, "colour") == 0,
        .width = strtoul(how, NULL, 10), /* 0 for a word */
    };
    if (strcmp(how, "json") == 0)
        comparison_write(c, DOC_INDENTED, out);
    else if (strcmp(how, "line") == 0)
        comparison_write(c, DOC_LINE, out);
    else if (strcmp(how, "md") == 0)
        report_comparison_markdown(c, 0, out);
    else
        report_comparison(c, &style, out);
}

static int reread(struct comparison *c, struct err *err)
{
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    comparison_write(c, DOC_INDENTED, &text);
    comparison_fini(c);
    int result = comparison_read(text.data, text.len, c, err);
    if (result == 0 && c->reference != NULL)
        reference_judge(c, c->reference->arm);
    buf_fini(&text);
    return result;
}

int main(int argc, char **argv)
{
    struct comparison c;
    struct err err;
    struct buf out;
    if (argc < 2 || compare_case(argv[1], &c) < 0) {
        (void)fprintf(stderr, "usage: compare CASE [json|line|md|report|ascii|colour|COLUMNS]\n");
        return 2;
    }
    if (reread(&c, &err) < 0) {
        (void)fprintf(stderr, "compare: %s\n", err.text);
        return 2;
    }
    buf_init(&out, BUF_TEXT_MAX);
    show(&c, argc > 2 ? argv[2] : "report", &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    buf_fini(&out);
    comparison_fini(&c);
    return 0;
}
