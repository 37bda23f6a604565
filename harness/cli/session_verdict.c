#include "cli/session_verdict.h"

#include <string.h>

#include "analysis/verdict/verdict.h"
#include "base/log.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "report/verdict/report.h"
#include "store/file.h"
#include "store/session_file.h"
#include "store/verdict_json.h"

static void write_as(const char *format, const struct verdict_page *page,
                     const struct report_style *style, struct buf *out)
{
    if (strcmp(format, "json") == 0)
        verdict_write(page->verdict, page->file, page->is_strict, DOC_INDENTED, out);
    else if (strcmp(format, "junit") == 0)
        report_verdict_junit(page, out);
    else if (strcmp(format, "md") == 0)
        report_verdict_markdown(page, out);
    else if (strcmp(format, "github") == 0)
        report_verdict_github(page, out);
    else if (strcmp(format, "csv") == 0)
        report_verdict_csv(page, out);
    else
        report_verdict_text(page, style, out);
}

static int write_out(const struct verdict_page *page, const struct check_live_gates *gates,
                     struct err *err)
{
    const struct report_style style = {.utf8 = terminal_style(stdout).utf8};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    write_as(gates->format, page, &style, &text);
    int failed = store_file_write(gates->out, text.data, text.len, err);
    buf_fini(&text);
    return failed < 0 ? err_wrap(err, "-o/--out") : 0;
}

/* What cannot be written to its file is printed all the same: it may have taken long to get. The
 * exit code stays that of a verdict which cannot be printed, unless it was 0. */
static int print(const struct verdict_page *page, const struct check_live_gates *gates, int code,
                 struct err *err)
{
    const struct report_style style = terminal_style(stdout);
    struct err unprinted;
    struct buf text;
    int unwritten = gates->out == NULL ? 0 : write_out(page, gates, err);
    buf_init(&text, BUF_TEXT_MAX);
    write_as(gates->out != NULL ? "text" : gates->format, page, &style, &text);
    int lost = output_text(&text, &unprinted);
    buf_fini(&text);
    if (unwritten < 0)
        return -1;
    if (lost < 0 && code == 0) {
        *err = unprinted;
        return -1;
    }
    if (lost < 0)
        log_error("%s", unprinted.text);
    return code;
}

int session_verdict_print(const struct session *s, const char *file,
                          const struct check_live_gates *gates, struct err *err)
{
    struct session stored;
    struct verdict verdict;
    int code = -1;
    if (session_as_stored(s, &stored, err) < 0)
        return -1;
    if (verdict_make(&stored, &verdict, err) == 0) {
        const struct verdict_page page = {
            .verdict = &verdict, .file = file, .is_strict = gates->strict};
        code = print(&page, gates, err_exit_code(verdict_kind(&verdict, gates->strict)), err);
        verdict_fini(&verdict);
    }
    session_fini(&stored);
    return code;
}
