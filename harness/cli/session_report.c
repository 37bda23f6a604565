#include "cli/session_report.h"

#include "analysis/verdict/verdict.h"
#include "base/log.h"
#include "cli/session_pictures.h"
#include "report/verdict/report.h"
#include "store/session_file.h"

static void write_verdict(const struct verdict_page *page, bool md,
                          const struct report_style *style, struct buf *out)
{
    if (md) {
        report_verdict_markdown(page, out);
        return;
    }
    report_verdict_text(page, style, out);
    buf_puts(out, "\n");
    report_verdict_blocks(page->verdict, style, out);
}

int session_report_write(const struct session *s, const struct session_report *as,
                         const struct report_style *style, struct buf *out, struct err *err)
{
    struct verdict v;
    if (as->json) {
        session_write(s, DOC_LINE, out);
        return 0;
    }
    if (verdict_make(s, &v, err) < 0)
        return err_wrap(err, "%s", as->file);
    const struct verdict_page page = {.verdict = &v, .file = as->file, .most = as->most};
    write_verdict(&page, as->md, style, out);
    verdict_fini(&v);
    return 0;
}

static int draw(const struct verdict *v, const struct session_drawn *as, struct err *err)
{
    int signal = 0;
    if (as->data != NULL && session_pictures_write_data(v, as->data, as->inputs, err) < 0)
        return err_wrap(err, "--data");
    if (as->out == NULL || session_pictures_draw(v, as->out, as->inputs, &signal, err) == 0)
        return 0;
    if (signal == 0)
        return err_wrap(err, "-o/--out");
    log_error("%s", err->text);
    return 128 + signal;
}

int session_report_draw(const struct session *s, const struct session_drawn *as, struct err *err)
{
    struct verdict v;
    if (verdict_make(s, &v, err) < 0)
        return err_wrap(err, "%s", as->file);
    int code = draw(&v, as, err);
    verdict_fini(&v);
    return code;
}
