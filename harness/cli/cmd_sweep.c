/* bench sweep: strategies and servers over the values of one or two options. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/sweep/ranking.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/output.h"
#include "cli/sweeping.h"
#include "cli/terminal.h"
#include "report/sweep/report.h"
#include "store/result_file.h"
#include "store/sweep_file.h"

static const char *const formats[] = {"text", "md", "json", "csv", NULL};

#define AT(field) offsetof(struct sweep_options, field)
/* clang-format off */
static const struct opt sweep_opts[] = {
    {.name = "over", .type = OPT_LIST, .at = AT(over), .arg = "NAME=VALUES",
     .help = "An option of a run and its values: connections=1..512, work=10k,1M,100M or rate=100..2000/100; a second one makes a map."},
    {.name = "strategies", .type = OPT_TEXT, .at = AT(strategies),
     .arg = "NAME,NAME", .help = "Bundled strategies to measure, instead of all; none measures only the --arm servers."},
    {.name = "arm", .type = OPT_LIST, .at = AT(arms), .arg = "NAME=WHAT",
     .help = "A server to measure, as in bench compare: a URL, options of run, or a command; can be repeated."},
    {.name = "goal", .type = OPT_TEXT, .at = AT(goal), .arg = "GOAL",
     .help = "What makes an arm the best: 'most work' (the default of a closed loop), 'lowest p99', 'lowest p50', 'least CPU', or a limit, as in 'p99<200ms at least cost'."},
    {.name = "rounds", .type = OPT_COUNT, .at = AT(rounds), .min = 1, .max = 100, .arg = "N", .def = "3",
     .help = "Trials of each arm at each point, in a random order."},
    {.name = "points", .type = OPT_COUNT, .at = AT(points), .max = OVER_VALUES_MAX, .arg = "N", .def = "0",
     .help = "Values on each range A..B; 0: 8, or 5 where there are two options."},
    {.name = "budget", .type = OPT_TIME, .at = AT(budget_ns), .min = 1e9, .arg = "TIME",
     .help = "How long all of it may take: sets -d, unless that is given, and ends the placing of values."},
    {.name = "continue", .type = OPT_TEXT, .at = AT(continued), .arg = "FILE",
     .help = "Go on with a sweep that was interrupted, or with more --rounds; the other options are those it was begun with."},
    {.name = "repeat", .type = OPT_FLAG, .at = AT(repeat), .def = "on",
     .help = "Do not repeat trials in which other programs or steal took over 10 % of the cores."},
    {.name = "format", .type = OPT_CHOICE, .at = AT(format), .arg = "text|md|json|csv", .choices = formats,
     .help = "Output format: tables (the default), Markdown, JSON, or a table for a spreadsheet."},
    {.type = OPT_END},
};

#undef AT
#define AT(field) offsetof(struct plan, field)
static const struct opt sweep_output_opts[] = {
    {.name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json),
     .help = "Same as --format json."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(out), .aliases = "output",
     .arg = "FILE|DIR", .help = "Where to save the sweep, instead of results/; it is saved again after each trial."},
    {.name = "save", .type = OPT_FLAG, .at = AT(save), .def = "on",
     .help = "Do not save the sweep."},
    {.name = "title", .letter = 'T', .type = OPT_TEXT, .at = AT(title),
     .arg = "TEXT", .help = "A label stored with the sweep."},
    {.name = "progress", .letter = 'n', .type = OPT_FLAG, .at = AT(progress), .def = "on",
     .help = "Hide the live view (it is only shown if stderr is a terminal)."},
    {.name = "dry-run", .type = OPT_FLAG, .at = AT(dry_run),
     .help = "Print the points that it begins with, and about how long it takes, and start nothing."},
    {.type = OPT_END},
};
/* clang-format on */

static int check_format(const struct sweep_options *options, struct err *err)
{
    if (options->run.plan.json && options->format != NULL && strcmp(options->format, "json") != 0)
        return err_set(err, ERR_USAGE, "-j/--json and --format %s conflict; give one",
                       options->format);
    return 0;
}

static int print(const struct sweep_options *options, const struct sweep *s, struct err *err)
{
    struct buf out;
    struct ranking r;
    struct report_style style = terminal_style(stdout);
    const char *format = options->run.plan.json ? "json" : options->format;
    if (ranking_init(&r, s, NULL, err) < 0)
        return -1;
    buf_init(&out, RESULT_MAX_BYTES);
    if (format != NULL && strcmp(format, "json") == 0)
        sweep_write(s, DOC_LINE, &out);
    else if (format != NULL && strcmp(format, "md") == 0)
        report_sweep_markdown(&r, &out);
    else if (format != NULL && strcmp(format, "csv") == 0)
        report_sweep_csv(s, &out);
    else
        report_sweep(&r, &style, &out);
    int failed = output_print(&options->run.plan, &out, err);
    buf_fini(&out);
    ranking_fini(&r);
    return failed;
}

static bool is_nothing(const struct sweep *s)
{
    for (size_t i = 0; i < s->comparison.narms; i++) {
        if (s->comparison.arms[i].nresults > 0)
            return false;
    }
    return true;
}

static int deliver(const struct sweep_options *options, const struct sweeping *w, int signal,
                   struct err *err)
{
    if (is_nothing(&w->sweep)) {
        if (signal == 0)
            return err_set(err, ERR_INVALID, "no arm could be measured at any point");
        log_error("interrupted before the first trial was over");
        return 128 + signal;
    }
    const struct document d = sweep_document(&w->sweep);
    int failed = print(options, &w->sweep, err);
    saving_say(&w->saving, signal);
    if (failed == 0)
        failed = saving_check(&w->saving, &d, err);
    if (failed < 0)
        return -1;
    return signal != 0 ? 128 + signal : 0;
}

static int sweep_exec(void *options, const struct opt_line *line, struct err *err)
{
    struct sweep_options *o = options;
    struct sweeping w;
    int signal = 0;
    int code = check_format(o, err);
    if (code == 0 && o->run.plan.forever)
        code = err_set(err, ERR_USAGE, "-f/--forever: a sweep ends with its last point");
    if (code == 0)
        code = sweeping_init(&w, o, line, err);
    if (code < 0)
        return -1;
    if (o->run.plan.dry_run)
        code = sweeping_preview(&w, err);
    else
        code = sweeping_run(&w, &signal, err);
    if (code == 0 && !o->run.plan.dry_run)
        code = deliver(o, &w, signal, err);
    sweeping_fini(&w);
    return code;
}

static void fini(void *options)
{
    sweep_options_fini(options);
}

#undef AT
#define AT(field) offsetof(struct sweep_options, field)
const struct cmd cmd_sweep = {
    .name = "sweep",
    .args = "--over NAME=VALUES [--over NAME=VALUES] [PATH]",
    .help = "Measure strategies and servers over connections, work, rate or another option.",
    .sections = {{"Sweep", sweep_opts, 0},
                 {"Load", run_load_opts, AT(run.plan)},
                 {"Rate", run_rate_opts, AT(run.plan)},
                 {"End and figures", run_end_opts, AT(run.plan)},
                 {"Connections", run_connection_opts, AT(run.plan)},
                 {"Request", run_request_opts, AT(run.plan)},
                 {"Different requests", run_list_opts, AT(run.plan)},
                 {"TLS and HTTP/2", run_tls_opts, AT(run.plan)},
                 {"Target", run_target_opts + RUN_TARGET_SHARED, AT(run.plan)},
                 {"Bundled target", target_opts, AT(run.target)},
                 {"Output", sweep_output_opts, AT(run.plan)}},
    .options_size = sizeof(struct sweep_options),
    .exec = sweep_exec,
    .fini = fini,
};
