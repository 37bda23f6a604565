/* bench run: one load test, its tables, its stored result, and the verdict on it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/recovery/recovery.h"
#include "analysis/warnings.h"
#include "base/log.h"
#include "cli/bind.h"
#include "cli/cmd.h"
#include "cli/delivery.h"
#include "cli/end_opts.h"
#include "cli/forever.h"
#include "cli/handed_on.h"
#include "cli/hosts_command.h"
#include "cli/judging.h"
#include "cli/live.h"
#include "cli/output.h"
#include "cli/preview.h"
#include "cli/run_opts.h"
#include "cli/terminal.h"
#include "report/gate/report.h"
#include "report/run/report.h"
#include "runner/record.h"
#include "runner/trial.h"
#include "store/plan_json.h"
#include "store/result_file.h"
#include "store/result_json.h"

struct run_command {
    struct run_options run; /* first, as RUN_SECTIONS has it */
    struct judge_options judge;
};

/* What is shown while it runs: on the terminal, and with --ndjson on stdout. */
struct follow {
    struct live live;
    const struct plan *plan;
    const struct share *share; /* NULL: it is of none */
    int unprinted;             /* -1: stdout took a line no more, and is given none after it */
    struct err why;
};

static void on_second(void *follow, const struct second *second)
{
    struct follow *f = follow;
    struct buf line;
    live_second(&f->live, second);
    if (!f->plan->ndjson || f->unprinted < 0)
        return;
    buf_init(&line, BUF_TEXT_MAX);
    second_write(second, f->share, plan_is_open_loop(f->plan), &line);
    f->unprinted = output_text(&line, &f->why);
    buf_fini(&line);
}

static void on_left(void *follow, int64_t jobs_left, int64_t waited_ns)
{
    struct follow *f = follow;
    live_left(&f->live, jobs_left, waited_ns);
}

static int print_plan(const struct run_options *options, const struct opt_line *line,
                      const struct buf *request, struct err *err)
{
    struct result recorded;
    struct buf out;
    result_init(&recorded);
    preview_record(options, line, &recorded);
    buf_init(&out, BUF_TEXT_MAX);
    struct plan_shown shown = {0};
    preview_show(&options->plan, request, &shown);
    plan_write(&options->plan, &recorded, &shown, &out);
    plan_shown_fini(&shown);
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

/* Below the report, which has the run's warnings; with --json stdout is one document, so all of it
 * goes to stderr. Returns the exit code of the verdict; -1 when a good one could not be printed. */
static int give_verdict(const struct plan *plan, struct judging *j, const struct result *r,
                        const char *path, struct err *err)
{
    struct buf text;
    int lost = 0;
    struct report_style style = terminal_style(plan->json ? stderr : stdout);
    if (j->count == 0)
        return 0;
    judging_run(j, path == NULL ? "this run" : path, r,
                plan->json ? JUDGING_WITH_WARNINGS : JUDGING_WITHOUT_WARNINGS);
    buf_init(&text, BUF_TEXT_MAX);
    buf_puts(&text, plan->json ? "" : "\n");
    report_gate_text(&j->sheet, &style, &text);
    if (plan->json)
        (void)fputs(text.data, stderr);
    else
        lost = output_text(&text, err);
    buf_fini(&text);
    int code = err_exit_code(gate_sheet_kind(&j->sheet));
    if (lost < 0 && code != 0)
        log_error("%s", err->text); /* the exit code is still that of the verdict */
    return lost < 0 && code == 0 ? -1 : code;
}

/* There is nothing to judge, and err says why. A document is given to those who asked for one. */
static int deliver_nothing(const struct plan *plan, struct result *r, struct err *err)
{
    char *path = NULL;
    struct err lost;
    r->valid = false;
    if (r->nwarnings == 0)
        result_warn(r, "nothing-connected", err->text, NULL);
    if (plan->json && delivery_print(plan, r, &lost) < 0)
        log_error("%s", lost.text);
    if (plan->out != NULL && delivery_save(plan, r, &path, &lost) < 0)
        log_error("%s", lost.text);
    free(path);
    return -1;
}

/* Of a run that was measured; a verdict is below all other reasons. */
static int exit_code(const struct result *r, int signal, int verdict)
{
    if (signal != 0)
        return 128 + signal;
    if (r->bailed_out)
        return err_exit_code(ERR_GATE);
    return r->valid ? verdict : err_exit_code(ERR_INVALID);
}

/* Prints, saves and judges the result, and returns the exit code. */
static int deliver(const struct plan *plan, struct judging *j, struct result *r, int signal,
                   struct err *err)
{
    char *path = NULL;
    for (size_t i = 0; i < r->nwarnings; i++) {
        if (strcmp(r->warnings[i].code, "nothing-connected") == 0 && signal != 0)
            return err_set(err, ERR_INTERRUPTED, "interrupted before any connection was open");
        if (strcmp(r->warnings[i].code, "nothing-connected") == 0) {
            (void)err_set(err, ERR_INVALID, "%s", r->warnings[i].message);
            return deliver_nothing(plan, r, err);
        }
    }
    int unprinted = delivery_print(plan, r, err);
    int unsaved = delivery_save(plan, r, &path, err);
    struct err unjudged;
    int verdict = give_verdict(plan, j, r, path, unsaved < 0 || unprinted < 0 ? &unjudged : err);
    free(path);
    if (unsaved < 0 || unprinted < 0)
        return -1;
    return exit_code(r, signal, verdict);
}

/* Round after round; what went wrong in one is told after what was measured before it. */
static int measure_forever(const struct run_options *run, const struct opt_line *line,
                           struct judging *j, struct err *err)
{
    struct result sum;
    struct err failure = {0};
    int signal = 0;
    result_init(&sum);
    int failed = forever_measure(run, line, &sum, &signal, &failure);
    int code = failed;
    if (sum.rounds > 0) {
        warnings_add(&sum);
        code = delivery_check(&sum, err) < 0 ? -1 : deliver(&run->plan, j, &sum, signal, err);
    } else if (signal != 0) {
        log_error("interrupted before anything was measured");
        code = 128 + signal;
    }
    if (failed < 0 && sum.rounds > 0 && code >= 0)
        code = -1;
    if (failed < 0 && code < 0 && err->kind == ERR_NONE)
        *err = failure;
    result_fini(&sum);
    return code;
}

/* Runs the plan, which was checked. */
static int measure(const struct run_options *run, const struct opt_line *line, struct judging *j,
                   struct err *err)
{
    struct result r;
    struct follow follow = {.plan = &run->plan};
    int signal = 0;
    if (trial_prepare(&run->plan, err) < 0)
        return -1;
    bind_say(&run->plan);
    hosts_opts_say(&run->plan);
    if (run->plan.forever)
        return measure_forever(run, line, j, err);
    result_init(&r);
    record_run(run, line, &r);
    follow.share = r.share;
    live_start(&follow.live, &run->plan, NULL);
    int code =
        trial_run(&run->plan, &(struct trial_view){&follow, on_second, on_left}, &r, &signal, err);
    live_end(&follow.live);
    if (code == 0) {
        warnings_add(&r);
        recovery_add(&r, NULL);
        code = delivery_check(&r, err);
        if (code == 0)
            code = deliver(&run->plan, j, &r, signal, err);
    } else if (signal != 0) {
        log_error("%s", err->text);
        code = 128 + signal;
    } else if (err->kind == ERR_INVALID) {
        code = deliver_nothing(&run->plan, &r, err);
    }
    result_fini(&r);
    return code;
}

static int run_exec(void *options, const struct opt_line *given, struct err *err)
{
    struct run_command *command = options;
    struct run_options *run = &command->run;
    struct opt_line line = *given; /* a verdict's options are no part of what is recorded */
    struct opt_group groups[OPT_GROUPS_MAX];
    struct judging j;
    line.groups = groups;
    line.nown = run_groups(run, groups);
    int code = judging_init(&j, &command->judge, GATE_PARTIAL_REFUSED, err);
    if (code == 0)
        code = run_plan(run, &line, err);
    if (code == 0) {
        hand_on(&run->plan, &line.given);
        end_opts_say(&line.given);
        request_opts_say(&run->plan);
    }
    if (code == 0 && run->plan.forever && j.count > 0)
        code =
            err_set(err, ERR_USAGE,
                    "--fail and --warn with -f/--forever: a verdict needs a run that ends; leave "
                    "one of them out");
    if (code == 0 && plan_is_share(&run->plan) && j.count > 0)
        code = err_set(err, ERR_USAGE,
                       "--fail and --warn beside --share: a share is a part of the load; judge the "
                       "merged result, with bench check");
    if (code == 0)
        code = judging_check_plan(&j, &run->plan, err);
    if (code == 0)
        code = check(run, &line, err);
    if (code == 0 && run->plan.print_command)
        code = hosts_command_print(&run->plan, err);
    else if (code == 0 && !run->plan.dry_run)
        code = measure(run, &line, &j, err);
    judging_fini(&j);
    return code;
}

static void run_fini(void *options)
{
    struct run_command *command = options;
    plan_fini(&command->run.plan);
    target_options_fini(&command->run.target);
    judge_options_fini(&command->judge);
}

const struct cmd cmd_run = {
    .name = "run",
    .args = "URL... | --strategy NAME [PATH] | --cmd 'SERVER {port}' [PATH]",
    .help = "Load-test one target, show its performance and cost, and save the result.",
    .sections = {RUN_SECTIONS, {"Verdict", judge_opts, offsetof(struct run_command, judge)}},
    .options_size = sizeof(struct run_command),
    .exec = run_exec,
    .fini = run_fini,
};
