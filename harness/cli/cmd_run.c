/* bench run: one load test, its tables and its stored result. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/warnings.h"
#include "base/log.h"
#include "cli/cmd.h"
#include "cli/live.h"
#include "cli/output.h"
#include "cli/preview.h"
#include "cli/run_opts.h"
#include "cli/terminal.h"
#include "report/run/report.h"
#include "runner/record.h"
#include "runner/trial.h"
#include "store/plan_json.h"
#include "store/result_file.h"
#include "store/result_json.h"

static int save(const struct plan *plan, const struct result *r, struct err *err)
{
    char *path = NULL;
    if (!plan->save)
        return 0;
    if (result_save(r, NULL, plan->out, &path, err) == 0) {
        log_say("saved to %s", path);
        free(path);
        return 0;
    }
    if (plan->out != NULL)
        return err_wrap(err, "-o/--out");
    log_warn("the result was not saved: %s; use -o FILE or --no-save", err->text);
    return 0;
}

static int print(const struct plan *plan, const struct result *r, struct err *err)
{
    struct buf out;
    buf_init(&out, RESULT_MAX_BYTES);
    struct report_style style = terminal_style(stdout);
    style.latency_table = plan->latency_table;
    style.status_codes = plan->status_codes;
    if (plan->json)
        result_write(r, DOC_LINE, &out);
    else
        report_run(r, &style, &out);
    int failed = output_print(plan, &out, err);
    buf_fini(&out);
    return failed;
}

static int print_plan(const struct run_options *options, const struct opt_line *line,
                      const struct buf *request, struct err *err)
{
    struct result recorded;
    struct buf out;
    result_init(&recorded);
    preview_record(options, line, &recorded);
    buf_init(&out, BUF_TEXT_MAX);
    char *text = preview_text(&options->plan, request);
    plan_write(&options->plan, &recorded, text, &out);
    free(text);
    int failed = output_text(&out, err);
    buf_fini(&out);
    result_fini(&recorded);
    return failed;
}

/* Checks everything that can be checked before anything is started. */
static int check(const struct run_options *options, const struct opt_line *line, struct err *err)
{
    struct buf request;
    buf_init(&request, BUF_TEXT_MAX);
    int failed = preview_request(&options->plan, &request, err);
    if (failed == 0 && options->plan.dry_run)
        failed = print_plan(options, line, &request, err);
    else if (failed == 0)
        failed = output_check(&options->plan, err);
    buf_fini(&request);
    return failed;
}

/* Prints and saves the result, and returns the exit code. */
static int deliver(const struct plan *plan, const struct result *r, int signal, struct err *err)
{
    for (size_t i = 0; i < r->nwarnings; i++) {
        if (strcmp(r->warnings[i].code, "nothing-connected") == 0)
            return err_set(err, ERR_INVALID, "%s", r->warnings[i].message);
    }
    int unprinted = print(plan, r, err);
    if (save(plan, r, err) < 0 || unprinted < 0)
        return -1;
    if (signal != 0)
        return 128 + signal;
    return r->valid ? 0 : err_exit_code(ERR_INVALID);
}

static int run_exec(void *options, const struct opt_line *line, struct err *err)
{
    struct run_options *run = options;
    struct result r;
    struct live live;
    int signal = 0;
    if (run_plan(run, line, err) < 0)
        return -1;
    if (check(run, line, err) < 0)
        return -1;
    if (run->plan.dry_run)
        return 0;
    if (trial_raise_limits(&run->plan, err) < 0)
        return -1;
    result_init(&r);
    record_run(run, line, &r);
    live_start(&live, &run->plan, NULL);
    int code = trial_run(&run->plan, &(struct trial_view){&live, live_second, live_left}, &r,
                         &signal, err);
    live_end(&live);
    if (code == 0) {
        warnings_add(&r);
        if (!accounting_adds_up(&r.accounting))
            code = err_set(err, ERR_INVALID,
                           "bug: the requests do not add up (%lld sent); please report this run",
                           (long long)r.accounting.sent);
        else
            code = deliver(&run->plan, &r, signal, err);
    } else if (signal != 0) {
        log_error("%s", err->text);
        code = 128 + signal;
    }
    result_fini(&r);
    return code;
}

static void run_fini(void *options)
{
    struct run_options *run = options;
    plan_fini(&run->plan);
    target_options_fini(&run->target);
}

const struct cmd cmd_run = {
    .name = "run",
    .args = "URL | --strategy NAME [PATH] | --cmd 'SERVER {port}' [PATH]",
    .help = "Load-test one target, show its performance and cost, and save the result.",
    .sections = {{"Load", run_load_opts, offsetof(struct run_options, plan)},
                 {"Request", run_request_opts, offsetof(struct run_options, plan)},
                 {"Target", run_target_opts, offsetof(struct run_options, plan)},
                 {"Bundled target", target_opts, offsetof(struct run_options, target)},
                 {"Output", run_output_opts, offsetof(struct run_options, plan)}},
    .options_size = sizeof(struct run_options),
    .exec = run_exec,
    .fini = run_fini,
};
