/* bench capacity: the highest rate at which a goal holds, of each of several servers. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/units.h"
#include "cli/capacity_plan.h"
#include "cli/capacity_report.h"
#include "cli/cmd.h"
#include "cli/compared.h"
#include "cli/live.h"
#include "cli/output.h"
#include "cli/preview.h"
#include "cli/saving.h"
#include "cli/terminal.h"
#include "runner/capacity_trials.h"
#include "runner/trial.h"
#include "store/capacity_file.h"
#include "store/file.h"
#include "store/result_file.h"

#define PILOT_LONGEST_NS (2 * NS_PER_S)

static const char *const formats[] = {"text", "md", "json", "csv", NULL};

/* "5%" */
static int parse_resolution(const char *text, void *field, struct err *err)
{
    double *share = field;
    const char *end = NULL;
    *share = metric_decimal(text, -2, &end);
    if (end == text || strcmp(end, "%") != 0)
        return err_set(err, ERR_USAGE, "'%s' is not a percentage; try 5%%", text);
    if (*share < 0.002 || *share > 1)
        return err_set(err, ERR_USAGE, "'%s' is out of range; give 0.2%% to 100%%", text);
    return 0;
}

#define AT(field) offsetof(struct capacity_options, field)
/* clang-format off */
static const struct opt capacity_opts[] = {
    {.name = "goal", .type = OPT_TEXT, .at = AT(goal), .arg = "GOAL",
     .help = "What must hold, such as 'p99<200ms and errors<0.1%': metrics and values as after --fail of check, but as what is good."},
    {.name = "strategy", .type = OPT_CHOICE, .at = AT(strategy), .choices = strategy_names, .arg = "NAME",
     .help = "Search for the capacity of this bundled target."},
    {.name = "strategies", .type = OPT_TEXT, .at = AT(strategies), .arg = "NAME,NAME",
     .help = "Of each of these bundled targets."},
    {.name = "cmd", .type = OPT_TEXT, .at = AT(command), .arg = "COMMAND",
     .help = "Of this server; {port} is replaced, and PORT is set."},
    {.name = "arm", .type = OPT_LIST, .at = AT(arms), .arg = "NAME=WHAT",
     .help = "Of this one: a URL, options of run ('--strategy pool --pool-size 2'), or a command; can be repeated."},
    {.name = "resolution", .type = OPT_CUSTOM, .at = AT(resolution), .parse = parse_resolution, .arg = "SHARE", .def = "5%",
     .help = "Search until the 90 % interval is narrower than this part of the capacity."},
    {.name = "max-trials", .type = OPT_COUNT, .at = AT(max_trials), .min = 1, .max = CAPACITY_TRIALS_MAX, .arg = "N", .def = "40",
     .help = "Trials of each arm at most, with its pilot."},
    {.name = "budget", .type = OPT_TIME, .at = AT(budget_ns), .min = 1e9, .max = 86400e9, .arg = "TIME",
     .help = "Begin no trial that is not expected to end within this time."},
    {.name = "continue", .type = OPT_TEXT, .at = AT(continued), .arg = "FILE",
     .help = "Go on with this search, with the same options: one that was interrupted, or with more trials or a finer --resolution."},
    {.name = "format", .type = OPT_CHOICE, .at = AT(format), .arg = "text|md|json|csv", .choices = formats,
     .help = "Output format: tables (the default), Markdown for a pull request, JSON, or a table for a spreadsheet."},
    {.name = "duration", .type = OPT_NOTE,
     .help = "How long a trial lasts: seconds, or 10s, 1m; by default 5 s. Longer, up to five times, where the goal needs more requests."},
    {.name = "amount", .type = OPT_NOTE},
    {.name = "max-connection-requests", .type = OPT_NOTE},
    {.name = "max-overall-requests", .type = OPT_NOTE},
    {.name = "rate", .type = OPT_NOTE},
    {.name = "connection-rate", .type = OPT_NOTE},
    {.name = "stages", .type = OPT_NOTE},
    {.name = "recovery-goal", .type = OPT_NOTE},
    {.name = "drain", .type = OPT_NOTE},
    {.type = OPT_END},
};

#undef AT
#define AT(field) offsetof(struct plan, field)
static const struct opt capacity_output_opts[] = {
    {.name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json),
     .help = "Same as --format json."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(out), .aliases = "output",
     .arg = "FILE|DIR", .help = "Where to save the search, instead of results/."},
    {.name = "save", .type = OPT_FLAG, .at = AT(save), .def = "on",
     .help = "Do not save the search."},
    {.name = "title", .letter = 'T', .type = OPT_TEXT, .at = AT(title),
     .arg = "TEXT", .help = "A label stored with the search."},
    {.name = "progress", .letter = 'n', .type = OPT_FLAG, .at = AT(progress), .def = "on",
     .help = "Hide the live view (it is only shown if stderr is a terminal)."},
    {.type = OPT_END},
};
/* clang-format on */

struct searching {
    const struct capacity_options *options;
    struct capacity_plan plan;
    struct capacity stored; /* that goes on */
    struct capacity *capacity;
    struct saving saving;
};

/* --- the document --- */

static void save(struct searching *s)
{
    const struct document d = capacity_document(s->capacity);
    s->capacity->finished_wall_ms = clock_wall_ms();
    saving_save(&s->saving, &d);
}

static void on_trial(void *ctx)
{
    save(ctx);
}

static int check_place(const struct searching *s, struct err *err)
{
    const struct capacity_options *options = s->options;
    const struct plan *plan = &options->run.plan;
    if (options->continued == NULL) {
        bool is_named = plan->save && plan->out != NULL;
        if (output_check(plan, err) < 0)
            return -1;
        return is_named && output_check_arms(plan->out, &s->plan.arms, err) < 0
                   ? err_wrap(err, "-o/--out")
                   : 0;
    }
    if (!plan->save)
        return 0;
    return store_check_writable(options->continued, err) < 0 ? err_wrap(err, "--continue") : 0;
}

/* --- the search --- */

static int check_requests(const struct arms *arms, struct err *err)
{
    int failed = 0;
    for (size_t i = 0; i < arms->count && failed == 0; i++) {
        const struct plan *plan = &arms->items[i].options.plan;
        struct buf request;
        buf_init(&request, BUF_TEXT_MAX);
        failed = preview_request(plan, &request, err);
        if (failed < 0 && plan->url != NULL)
            (void)err_wrap(err, "%s", arms->items[i].name);
        buf_fini(&request);
    }
    return failed;
}

static int print(const struct searching *s, struct err *err)
{
    const struct capacity_options *options = s->options;
    const struct capacity_report report = {
        .file = s->saving.path, .format = options->run.plan.json ? "json" : options->format};
    struct report_style style = terminal_style(stdout);
    struct buf out;
    buf_init(&out, RESULT_MAX_BYTES);
    int failed = capacity_report_write(s->capacity, &report, &style, &out, err);
    if (failed == 0)
        failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}

/* Every arm was searched: 0. What cannot be told of one is no success. */
static int code_of(const struct capacity *c)
{
    bool any_lost = false;
    for (size_t i = 0; i < c->narms; i++)
        any_lost |= c->arms[i].estimate.held + c->arms[i].estimate.failed == 0;
    return any_lost ? err_exit_code(ERR_INVALID) : 0;
}

static int finish(struct searching *s, int signal, struct err *err)
{
    if (s->capacity->ntrials == 0) {
        log_error(signal != 0 ? "interrupted before the first trial was over"
                              : "no trial fits into --budget");
        return signal != 0 ? 128 + signal : err_exit_code(ERR_INVALID);
    }
    save(s);
    const struct document d = capacity_document(s->capacity);
    int failed = print(s, err);
    saving_say(&s->saving, signal);
    if (failed == 0)
        failed = saving_check(&s->saving, &d, err);
    if (failed < 0)
        return -1;
    return signal != 0 ? 128 + signal : code_of(s->capacity);
}

static int measure(struct searching *s, struct err *err)
{
    const struct plan *plan = &s->options->run.plan;
    struct capacity *c = s->capacity;
    struct signals signals;
    struct live live;
    const struct rounds_view view = live_rounds(&live);
    int64_t pilot_ns = plan->duration_ns < PILOT_LONGEST_NS ? plan->duration_ns : PILOT_LONGEST_NS;
    if (c->started_wall_ms == 0)
        c->started_wall_ms = clock_wall_ms();
    c->interrupted = c->out_of_time = false;
    signals_hold(&signals);
    int signal = capacity_trials_run(&(struct capacity_trials){.arms = &s->plan.arms,
                                                               .goal = &s->plan.goal,
                                                               .trial_ns = plan->duration_ns,
                                                               .pilot_ns = pilot_ns,
                                                               .budget_ns = s->options->budget_ns,
                                                               .signals = &signals,
                                                               .view = &view,
                                                               .on_trial = on_trial,
                                                               .ctx = s,
                                                               .capacity = c});
    int code = finish(s, signal, err);
    signals_release(&signals);
    return code;
}

/* What may differ is how far the search is to go. */
static void take_on(struct searching *s)
{
    s->capacity = &s->stored;
    s->stored.resolution = s->plan.capacity.resolution;
    s->stored.max_trials = s->plan.capacity.max_trials;
    s->stored.budget_s = s->plan.capacity.budget_s;
}

static int load_stored(struct searching *s, struct err *err)
{
    if (saving_go_on(&s->saving, s->options->continued, err) < 0)
        return -1;
    if (capacity_load(s->options->continued, &s->stored, err) < 0)
        return err_wrap(err, "--continue");
    if (capacity_report_judge(&s->stored, err) < 0)
        return err_wrap(err, "--continue %s", s->options->continued);
    return 0;
}

static int prepare(const struct arms *arms, struct err *err)
{
    for (size_t i = 0; i < arms->count; i++) {
        if (trial_prepare(&arms->items[i].options.plan, err) < 0)
            return -1;
    }
    return 0;
}

static int run(struct searching *s, struct err *err)
{
    if (check_requests(&s->plan.arms, err) < 0 || arms_check_programs(&s->plan.arms, err) < 0 ||
        check_place(s, err) < 0 || prepare(&s->plan.arms, err) < 0)
        return -1;
    if (s->options->continued != NULL) {
        if (capacity_plan_same(&s->plan, &s->stored, err) < 0)
            return err_wrap(err, "--continue %s", s->options->continued);
        take_on(s);
    }
    return measure(s, err);
}

static int capacity_exec(void *options, const struct opt_line *line, struct err *err)
{
    struct capacity_options *capacity = options;
    struct searching s = {
        .options = capacity,
        .saving = {.out = capacity->run.plan.out, .is_off = !capacity->run.plan.save}};
    bool goes_on = capacity->continued != NULL;
    int code = 0;
    if (capacity->run.plan.json && capacity->format != NULL &&
        strcmp(capacity->format, "json") != 0)
        return err_set(err, ERR_USAGE, "-j/--json and --format %s conflict; give one",
                       capacity->format);
    if (goes_on)
        code = load_stored(&s, err);
    if (code == 0)
        code = capacity_plan_make(capacity, line, goes_on ? &s.stored.seed : NULL, &s.plan, err);
    if (code == 0) {
        s.capacity = &s.plan.capacity;
        code = run(&s, err);
    }
    saving_fini(&s.saving);
    capacity_plan_fini(&s.plan);
    capacity_fini(&s.stored);
    return code;
}

static void options_fini(void *options)
{
    struct capacity_options *capacity = options;
    plan_fini(&capacity->run.plan);
    target_options_fini(&capacity->run.target);
    str_list_fini(&capacity->arms);
}

#undef AT
#define AT(field) offsetof(struct capacity_options, field)
const struct cmd cmd_capacity = {
    .name = "capacity",
    .args = "[URL | PATH]",
    .help = "Find the highest rate at which a goal holds, with its interval, for each of several "
            "servers.",
    .sections = {{"Capacity", capacity_opts, 0},
                 {"Load", run_load_opts, AT(run.plan)},
                 {"Rate", run_rate_opts, AT(run.plan)},
                 {"Connections", run_connection_opts, AT(run.plan)},
                 {"Request", run_request_opts, AT(run.plan)},
                 {"Different requests", run_list_opts, AT(run.plan)},
                 {"TLS and HTTP/2", run_tls_opts, AT(run.plan)},
                 {"Target", run_target_opts + RUN_TARGET_SHARED, AT(run.plan)},
                 {"Bundled target", target_opts, AT(run.target)},
                 {"Output", capacity_output_opts, AT(run.plan)}},
    .options_size = sizeof(struct capacity_options),
    .exec = capacity_exec,
    .fini = options_fini,
};
