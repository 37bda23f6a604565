/* verdict: shows one of the known sessions, after it went through its JSON.
 *
 * verdict CASE [session|text|ascii|colour|json|junit|md|github|csv|COLUMNS] [strict]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cases/session_cases.h"
#include "report/verdict/report.h"
#include "store/session_file.h"
#include "store/verdict_json.h"

typedef void report_fn(const struct verdict_page *page, struct buf *out);

static void show_text(const struct verdict_page *page, const char *how, struct buf *out)
{
    const struct report_style style = {
        .utf8 = strcmp(how, "ascii") != 0,
        .colour = strcmp(how, "colour") == 0,
        .width = strtoul(how, NULL, 10), /* 0 for a word */
    };
    report_verdict_text(page, &style, out);
}

static void show(const struct verdict_page *page, const char *how, struct buf *out)
{
    static const struct {
        const char *name;
        report_fn *report;
    } formats[] = {{"junit", report_verdict_junit},
                   {"md", report_verdict_markdown},
                   {"github", report_verdict_github},
                   {"csv", report_verdict_csv}};
    if (strcmp(how, "json") == 0) {
        verdict_write(page->verdict, page->file, page->is_strict, DOC_INDENTED, out);
        return;
    }
    for (size_t i = 0; i < LEN(formats); i++) {
        if (strcmp(how, formats[i].name) == 0) {
            formats[i].report(page, out);
            return;
        }
    }
    show_text(page, how, out);
}

/* Returns the exit code that bench check would have. */
static int show_session(const struct session *s, const char *how, bool is_strict)
{
    struct verdict v;
    struct err err;
    struct buf out;
    int code = 0;
    buf_init(&out, BUF_TEXT_MAX);
    if (strcmp(how, "session") == 0) {
        session_write(s, DOC_INDENTED, &out);
    } else if (verdict_make(s, &v, &err) < 0) {
        (void)fprintf(stderr, "verdict: %s\n", err.text);
        code = err_exit_code(err.kind);
    } else {
        const struct verdict_page page = {
            .verdict = &v, .file = "results/a session.json", .is_strict = is_strict};
        show(&page, how, &out);
        code = err_exit_code(verdict_kind(&v, is_strict));
        verdict_fini(&v);
    }
    (void)fwrite(out.data, 1, out.len, stdout);
    buf_fini(&out);
    return code;
}

int main(int argc, char **argv)
{
    struct session s;
    struct session stored;
    struct err err;
    if (argc < 2 || session_case(argv[1], &s) < 0) {
        (void)fprintf(stderr, "usage: verdict CASE [session|text|ascii|colour|json|junit|md|github|"
                              "csv|COLUMNS] [strict]\n");
        return 2;
    }
    int code = session_as_stored(&s, &stored, &err);
    session_fini(&s);
    if (code < 0) {
        (void)fprintf(stderr, "verdict: %s\n", err.text);
        return 2;
    }
    code = show_session(&stored, argc > 2 ? argv[2] : "text", argc > 3);
    session_fini(&stored);
    return code;
}
