/* bench run: one load test, its tables and its stored result. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/record.h"
#include "cli/run_opts.h"
#include "cli/secret.h"
#include "cli/terminal.h"
#include "cli/trial.h"
#include "cli/warnings.h"
#include "http/request.h"
#include "report/progress.h"
#include "report/run_report.h"
#include "store/file.h"
#include "store/plan_json.h"
#include "store/result_file.h"
#include "store/result_json.h"

#define CLEAR_LINE "\r\033[K"
#define ECHO_WIDTH 3 /* the terminal's own "^C" must not push the line into the next one */

/* The live line. */
struct live {
    const struct plan *plan;
    struct report_style style;
    bool on;
    int64_t completed, errors, non_2xx;
    double elapsed_s;
};

static void live_draw(const struct live *live, const struct progress *p)
{
    size_t width = terminal_width(stderr);
    char *line = report_progress(p, width > ECHO_WIDTH ? width - ECHO_WIDTH : 0, &live->style);
    (void)fprintf(stderr, CLEAR_LINE "%s", line);
    (void)fflush(stderr);
    free(line);
}

static void live_start(struct live *live, const struct plan *plan)
{
    *live = (struct live){.plan = plan, .style = terminal_style(stderr)};
    live->on = plan->progress && isatty(STDERR_FILENO);
    if (!live->on)
        return;
    bool warm = plan->warmup_ns > 0;
    live_draw(live, &(struct progress){.phase = warm ? "warm-up" : NULL,
                                       .total_ns = warm ? plan->warmup_ns : plan->duration_ns,
                                       .amount = warm ? 0 : plan->amount,
                                       .requests_per_second = NAN,
                                       .p50_ns = MISSING,
                                       .p99_ns = MISSING});
}

static void live_end(const struct live *live)
{
    if (live->on)
        (void)fputs(CLEAR_LINE, stderr);
}

static void on_second(void *ctx, const struct second *second)
{
    struct live *live = ctx;
    live->elapsed_s = second->at_s;
    live->completed += second->requests;
    live->errors += second->errors;
    live->non_2xx += second->non_2xx;
    if (!live->on)
        return;
    live_draw(live,
              &(struct progress){.elapsed_ns = (int64_t)(second->at_s * 1e9),
                                 .total_ns = live->plan->duration_ns,
                                 .completed = live->completed,
                                 .amount = live->plan->amount,
                                 .requests_per_second = (double)second->requests / second->length_s,
                                 .p50_ns = second->p50_ns,
                                 .p99_ns = second->p99_ns,
                                 .errors = live->errors,
                                 .non_2xx = live->non_2xx});
}

/* Before the run, so that a mistake in -o does not cost a measurement. */
static int check_out(const struct plan *plan, struct err *err)
{
    if (!plan->save || plan->out == NULL)
        return 0;
    if (plan->out[0] == '\0')
        return err_set(err, ERR_USAGE, "-o/--out: '' is no file; give a name or a folder");
    if (store_check_writable(plan->out, err) < 0)
        return err_wrap(err, "-o/--out");
    return 0;
}

static int save(const struct plan *plan, const struct result *r, struct err *err)
{
    char *path = NULL;
    if (!plan->save)
        return 0;
    if (result_save(r, plan->out, &path, err) == 0) {
        (void)fprintf(stderr, "saved to %s\n", path);
        free(path);
        return 0;
    }
    if (plan->out != NULL)
        return err_wrap(err, "-o/--out");
    log_warn("the result is not saved: %s; give -o FILE, or --no-save", err->text);
    return 0;
}

static int print(const struct plan *plan, const struct result *r, struct err *err)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    struct report_style style = terminal_style(stdout);
    style.latency_table = plan->latency_table;
    style.status_codes = plan->status_codes;
    if (plan->json)
        result_write(r, DOC_LINE, &out);
    else
        report_run(r, &style, &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    buf_fini(&out);
    if (fflush(stdout) != 0 || ferror(stdout))
        return err_set(err, ERR_USAGE, "cannot write to stdout; the result %s",
                       plan->save ? "is saved all the same" : "is lost, give -o FILE");
    return 0;
}

/* The bytes of one request, as they would be sent; the port of a target is not known yet. */
static int request_text(const struct plan *plan, struct buf *out, struct err *err)
{
    struct url url;
    char *text = NULL;
    if (plan->url == NULL)
        text = mem_printf("http://127.0.0.1%s", plan->path != NULL       ? plan->path
                                                : plan->strategy != NULL ? "/heavy"
                                                                         : "/");
    int failed = url_parse(text != NULL ? text : plan->url, &url, err);
    free(text);
    if (failed < 0)
        return -1;
    failed = request_build(&(struct request_spec){.method = plan->method,
                                                  .url = &url,
                                                  .headers = &plan->headers,
                                                  .body = plan->body,
                                                  .body_len = plan->body_len},
                           out, err);
    url_fini(&url);
    return failed;
}

static void print_plan(const struct run_options *options, const struct cmd_line *line,
                       const struct buf *request)
{
    struct result recorded;
    struct buf out;
    result_init(&recorded);
    record_run(options, line, &recorded);
    recorded.url = options->plan.url == NULL ? NULL : secret_free_url(options->plan.url);
    buf_init(&out, BUF_TEXT_MAX);
    plan_write(&options->plan, &recorded, request->data, &out);
    (void)fputs(out.data, stdout);
    buf_fini(&out);
    result_fini(&recorded);
}

/* All that can be known to be wrong before anything is started. */
static int check(const struct run_options *options, const struct cmd_line *line, struct err *err)
{
    struct buf request;
    buf_init(&request, BUF_TEXT_MAX);
    int failed = request_text(&options->plan, &request, err);
    if (failed == 0 && options->plan.dry_run)
        print_plan(options, line, &request);
    else if (failed == 0)
        failed = check_out(&options->plan, err);
    buf_fini(&request);
    return failed;
}

/* The result exists: tell it, store it, and find the exit code. */
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

static int run_exec(void *options, const struct cmd_line *line, struct err *err)
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
    live_start(&live, &run->plan);
    int code = trial_run(&run->plan, &(struct trial_view){&live, on_second}, &r, &signal, err);
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
}

const struct cmd cmd_run = {
    .name = "run",
    .args = "URL | --strategy NAME [PATH] | --cmd 'SERVER {port}' [PATH]",
    .help = "Load one target, show what it did and what it cost, and store the result.",
    .sections = {{"Load", run_load_opts, offsetof(struct run_options, plan)},
                 {"Request", run_request_opts, offsetof(struct run_options, plan)},
                 {"Target", run_target_opts, offsetof(struct run_options, plan)},
                 {"Bundled target", target_opts, offsetof(struct run_options, target)},
                 {"Output", run_output_opts, offsetof(struct run_options, plan)}},
    .options_size = sizeof(struct run_options),
    .exec = run_exec,
    .fini = run_fini,
};
