#include "cli/session_verdict.h"

#include <string.h>

#include "analysis/verdict/verdict.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "report/verdict/report.h"
#include "store/file.h"
#include "store/session_file.h"

int session_verdict_check(const struct check_live_gates *gates, struct err *err)
{
    if (strcmp(gates->format, "text") != 0)
        return err_set(err, ERR_USAGE, "--format: the verdict of a session is text; leave it out");
    if (gates->out == NULL)
        return 0;
    if (gates->out[0] == '\0' || store_is_folder(gates->out))
        return err_set(err, ERR_USAGE, "-o/--out: '%s' is not a file; give a file name",
                       gates->out);
    return store_check_writable(gates->out, err) < 0 ? err_wrap(err, "-o/--out") : 0;
}

static int write_out(const struct verdict *v, const char *path, struct err *err)
{
    const struct report_style style = {.utf8 = terminal_style(stdout).utf8};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    report_verdict_text(v, &style, &text);
    int failed = store_file_write(path, text.data, text.len, err);
    buf_fini(&text);
    return failed < 0 ? err_wrap(err, "-o/--out") : 0;
}

/* What cannot be written to its file is printed all the same: it may have taken long to get. */
static int print(const struct verdict *v, const char *path, struct err *err)
{
    const struct report_style style = terminal_style(stdout);
    struct err unprinted;
    struct buf text;
    int unwritten = path == NULL ? 0 : write_out(v, path, err);
    buf_init(&text, BUF_TEXT_MAX);
    report_verdict_text(v, &style, &text);
    int lost = output_text(&text, &unprinted);
    buf_fini(&text);
    if (unwritten == 0 && lost < 0)
        *err = unprinted;
    return unwritten < 0 || lost < 0 ? -1 : 0;
}

int session_verdict_print(const struct session *s, const struct check_live_gates *gates,
                          struct err *err)
{
    struct session stored;
    struct verdict verdict;
    int code = -1;
    if (session_as_stored(s, &stored, err) < 0)
        return -1;
    if (verdict_make(&stored, &verdict, err) == 0) {
        if (print(&verdict, gates->out, err) == 0)
            code = err_exit_code(verdict_kind(&verdict, gates->strict));
        verdict_fini(&verdict);
    }
    session_fini(&stored);
    return code;
}
