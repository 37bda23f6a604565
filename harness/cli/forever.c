#include "cli/forever.h"

#include <stddef.h>

#include "analysis/warnings.h"
#include "base/signals.h"
#include "cli/live.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "model/result_rounds.h"
#include "report/run/report.h"
#include "runner/record.h"
#include "runner/trial.h"
#include "store/result_file.h"
#include "store/result_json.h"

static int print_round(const struct plan *plan, const struct result *r, int64_t number,
                       struct err *err)
{
    struct buf out;
    struct report_style style = terminal_style(stdout);
    buf_init(&out, RESULT_MAX_BYTES);
    if (plan->json)
        result_write(r, DOC_LINE, &out);
    else
        report_run_round(r, number, &style, &out);
    int failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}

static int measure(const struct run_options *run, struct result *r, int *out_signal,
                   struct err *err)
{
    struct live live;
    live_start(&live, &run->plan, NULL);
    int code = trial_run(&run->plan, &(struct trial_view){&live, live_second, live_left}, r,
                         out_signal, err);
    live_end(&live);
    return code;
}

static int run_round(const struct run_options *run, const struct opt_line *line, struct result *sum,
                     int *out_signal, struct err *err)
{
    struct result r;
    result_init(&r);
    record_run(run, line, &r);
    int code = measure(run, &r, out_signal, err);
    if (code == 0 && (*out_signal == 0 || r.accounting.completed > 0)) {
        warnings_add(&r);
        result_rounds_add(sum, &r);
        code = print_round(&run->plan, &r, sum->rounds, err);
    }
    result_fini(&r);
    return code;
}

int forever_measure(const struct run_options *run, const struct opt_line *line, struct result *sum,
                    int *out_signal, struct err *err)
{
    struct signals signals; /* one between two rounds waits for the next, which it ends at once */
    int code = 0;
    *out_signal = 0;
    record_run(run, line, sum);
    signals_hold(&signals);
    while (code == 0 && *out_signal == 0 && !sum->bailed_out)
        code = run_round(run, line, sum, out_signal, err);
    if (code < 0 && err->kind == ERR_INTERRUPTED && *out_signal == 0)
        *out_signal = signals_take(&signals); /* it came while a round connected */
    if (code < 0 && err->kind == ERR_INTERRUPTED)
        code = 0;
    signals_release(&signals);
    return code;
}
