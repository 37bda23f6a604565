/* render: shows one of the known results, after it went through its JSON.
 *
 * render CASE [json|line|report|ascii|colour|full|COLUMNS]   full: with every optional table
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cases/render_cases.h"
#include "report/run/report.h"
#include "store/result_json.h"

static void show(const struct result *r, const char *how, struct buf *out)
{
    const struct report_style style = {
        .utf8 = strcmp(how, "ascii") != 0,
        .colour = strcmp(how, "colour") == 0,
        .latency_table = strcmp(how, "full") == 0,
        .status_codes = strcmp(how, "full") == 0,
        .width = strtoul(how, NULL, 10), /* 0 for a word */
    };
    if (strcmp(how, "json") == 0)
        result_write(r, DOC_INDENTED, out);
    else if (strcmp(how, "line") == 0)
        result_write(r, DOC_LINE, out);
    else
        report_run(r, &style, out);
}

static int reread(struct result *r, struct err *err)
{
    json_t *doc = result_to_json(r);
    result_fini(r);
    int result = result_from_json(doc, r, err);
    json_decref(doc);
    return result;
}

int main(int argc, char **argv)
{
    struct result r;
    struct err err;
    struct buf out;
    if (argc < 2 || render_case(argv[1], &r) < 0) {
        (void)fprintf(stderr, "usage: render CASE [json|line|report|ascii|colour|full|COLUMNS]\n");
        return 2;
    }
    if (reread(&r, &err) < 0) {
        (void)fprintf(stderr, "render: %s\n", err.text);
        return 2;
    }
    buf_init(&out, BUF_TEXT_MAX);
    show(&r, argc > 2 ? argv[2] : "report", &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    buf_fini(&out);
    result_fini(&r);
    return 0;
}
