#include "cli/delivery.h"

#include "base/log.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "report/run/report.h"
#include "store/result_file.h"
#include "store/result_json.h"

int delivery_print(const struct plan *plan, const struct result *r, struct err *err)
{
    struct buf out;
    buf_init(&out, RESULT_MAX_BYTES);
    struct report_style style = terminal_style(stdout);
    style.latency_table = plan->latency_table;
    style.status_codes = plan->status_codes;
    style.brief = !plan->verbose;
    if (plan->json)
        result_write(r, DOC_LINE, &out);
    else
        report_run(r, &style, &out);
    int failed = output_print(plan, &out, err);
    buf_fini(&out);
    return failed;
}

int delivery_save(const struct plan *plan, const struct result *r, char **out_path, struct err *err)
{
    *out_path = NULL;
    if (!plan->save)
        return 0;
    if (result_save(r, NULL, plan->out, out_path, err) == 0) {
        log_say("saved to %s", *out_path);
        return 0;
    }
    if (plan->out != NULL)
        return err_wrap(err, "-o/--out");
    log_warn("the result was not saved: %s; use -o FILE or --no-save", err->text);
    return 0;
}

int delivery_check(const struct result *r, struct err *err)
{
    if (accounting_adds_up(&r->accounting))
        return 0;
    return err_set(err, ERR_INVALID,
                   "bug: the requests do not add up (%lld sent); please report this run",
                   (long long)r->accounting.sent);
}
