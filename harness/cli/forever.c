#include "cli/forever.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

#include "analysis/warnings.h"
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

/* A signal between two rounds waits for the next one, which it ends at once. */
static void hold_signals(int how, sigset_t *before)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    (void)pthread_sigmask(how, how == SIG_BLOCK ? &set : before, how == SIG_BLOCK ? before : NULL);
}

/* Of a signal that came while a round connected for the first time. */
static int take_signal(void)
{
    const struct timespec at_once = {0};
    sigset_t set;
    (void)sigpending(&set);
    int signal = sigtimedwait(&set, NULL, &at_once);
    return signal > 0 ? signal : SIGINT;
}

int forever_measure(const struct run_options *run, const struct opt_line *line, struct result *sum,
                    int *out_signal, struct err *err)
{
    sigset_t before;
    int code = 0;
    *out_signal = 0;
    record_run(run, line, sum);
    hold_signals(SIG_BLOCK, &before);
    while (code == 0 && *out_signal == 0 && !sum->bailed_out)
        code = run_round(run, line, sum, out_signal, err);
    if (code < 0 && err->kind == ERR_INTERRUPTED && *out_signal == 0)
        *out_signal = take_signal();
    if (code < 0 && err->kind == ERR_INTERRUPTED)
        code = 0;
    hold_signals(SIG_SETMASK, &before);
    return code;
}
