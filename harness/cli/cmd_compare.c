/* bench compare: the bundled strategies and the user's own servers, side by side. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/claims/claims.h"
#include "analysis/findings/findings.h"
#include "analysis/reference.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/article.h"
#include "cli/bind.h"
#include "cli/cmd.h"
#include "cli/compared.h"
#include "cli/live.h"
#include "cli/output.h"
#include "cli/preview.h"
#include "cli/reference.h"
#include "cli/terminal.h"
#include "report/compare/csv.h"
#include "report/compare/markdown.h"
#include "report/compare/report.h"
#include "runner/record.h"
#include "runner/rounds.h"
#include "runner/trial.h"
#include "store/comparison_file.h"
#include "store/file.h"
#include "store/plan_json.h"
#include "store/result_file.h"

static const char *const formats[] = {"text", "md", "json", "csv", NULL};

#define AFTERWARDS                                                                                 \
    "compare judges nothing; check the file that it saves: bench check FILE --fail 'p99>250ms'"

#define AT(field) offsetof(struct compare_options, field)
/* clang-format off */
static const struct opt compare_opts[] = {
    {.name = "strategies", .type = OPT_TEXT, .at = AT(strategies),
     .arg = "NAME,NAME", .help = "Bundled strategies to measure, instead of all; none measures only the --arm servers."},
    {.name = "arm", .type = OPT_LIST, .at = AT(arms), .arg = "NAME=WHAT",
     .help = "A server to compare: a URL, options of run ('--strategy pool --pool-size 2'), or a command, in which {port} is replaced, and PORT set; can be repeated."},
    {.name = "article", .type = OPT_FLAG, .at = AT(article),
     .help = "Rerun the published comparison: its setup, three rounds, and a verdict on each of its claims."},
    {.name = "map", .type = OPT_TEXT, .at = AT(map), .arg = "FILE",
     .help = "With --article: also judge the three rules that it ends with by this sweep over work and load."},
    {.name = "originals", .type = OPT_FLAG, .at = AT(originals),
     .help = "Also run the published programs, rebuilt in Node.js and Rust; what they need is installed or built on first use."},
    {.name = "rounds", .type = OPT_COUNT, .at = AT(rounds), .min = 1, .max = COMPARISON_TRIALS_MAX, .arg = "N", .def = "5",
     .help = "Trials of each arm, in a random order, of -d each; without this option 5 rounds share -d."},
    {.name = "reference", .type = OPT_TEXT, .at = AT(reference), .arg = "NAME",
     .help = "Judge every other arm against this one: better, worse, no meaningful difference or inconclusive; needs 6 rounds, the default then."},
    {.name = "repeat", .type = OPT_FLAG, .at = AT(repeat), .def = "on",
     .help = "Do not repeat trials in which other programs or steal took over 10 % of the cores."},
    {.name = "format", .type = OPT_CHOICE, .at = AT(format), .arg = "text|md|json|csv", .choices = formats,
     .help = "Output format: tables (the default), Markdown for a pull request, JSON, or a table for a spreadsheet."},
    {.name = "goal", .type = OPT_ABSENT, .help = "a goal judges the map of --article; give it to the report of the file that compare saves: bench report --map FILE --goal GOAL FILE"},
    {.name = "fail", .type = OPT_ABSENT, .help = AFTERWARDS},
    {.name = "warn", .type = OPT_ABSENT, .help = AFTERWARDS},
    {.name = "bailout", .type = OPT_NOTE,
     .help = "End a trial at once at N faults, or when N % of its requests are faults (of 100 or more); the others are run, and the exit code is 1."},
    {.name = "forever", .type = OPT_NOTE},
    {.type = OPT_END},
};

#undef AT
#define AT(field) offsetof(struct plan, field)
static const struct opt compare_output_opts[] = {
    {.name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json),
     .help = "Same as --format json."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(out), .aliases = "output",
     .arg = "FILE|DIR", .help = "Where to save the comparison, instead of results/; a folder also gets its runs, with a file they are not saved one by one."},
    {.name = "save", .type = OPT_FLAG, .at = AT(save), .def = "on",
     .help = "Do not save the comparison and its runs."},
    {.name = "title", .letter = 'T', .type = OPT_TEXT, .at = AT(title),
     .arg = "TEXT", .help = "A label stored with the comparison and its runs."},
    {.name = "progress", .letter = 'n', .type = OPT_FLAG, .at = AT(progress), .def = "on",
     .help = "Hide the live view (it is only shown if stderr is a terminal)."},
    {.name = "dry-run", .type = OPT_FLAG, .at = AT(dry_run),
     .help = "Print the plans of all arms, the seed and the order as JSON, and start nothing."},
    {.type = OPT_END},
};
/* clang-format on */

static void fill_comparison(const struct compare_options *options, const struct opt_line *line,
                            const struct arms *arms, struct comparison *c)
{
    c->title = mem_strdup_or_null(options->run.plan.title);
    c->tool_version = mem_strdup(BENCH_VERSION);
    c->nargv = (size_t)line->argc;
    c->argv = mem_array(c->nargv, sizeof *c->argv);
    for (size_t i = 0; i < c->nargv; i++)
        c->argv[i] = record_word(line->argv[i]);
    c->seed = (uint64_t)options->run.plan.seed;
    c->rounds = options->rounds;
    if (options->divided_ns > 0)
        c->divided_duration_s = (double)options->divided_ns / (double)NS_PER_S;
    for (size_t i = 0; i < arms->count; i++)
        (void)comparison_add_arm(c, arms->items[i].name);
    size_t reference = 0;
    if (options->reference != NULL && comparison_find_arm(c, options->reference, &reference))
        comparison_set_reference(c, reference_new(reference));
}

static struct trial_ref *draw_order(const struct comparison *c, size_t *out_count)
{
    *out_count = c->narms * (size_t)c->rounds;
    struct trial_ref *order = mem_array(*out_count, sizeof *order);
    comparison_order(c->seed, c->narms, c->rounds, order);
    return order;
}

static int print_plans(struct comparison *c, const struct arms *arms, struct arm_preview *previews,
                       struct err *err)
{
    struct buf out;
    for (size_t i = 0; i < arms->count; i++) {
        const struct arm_plan *arm = &arms->items[i];
        previews[i].plan = &arm->options.plan;
        preview_record(&arm->options, &arm->line, &previews[i].recorded);
    }
    c->trials = draw_order(c, &c->ntrials);
    buf_init(&out, BUF_TEXT_MAX);
    comparison_plan_write(c, previews, &out);
    int failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}

static int check_request(const struct arm_plan *arm, struct arm_preview *preview, struct err *err)
{
    struct buf request;
    const struct plan *plan = &arm->options.plan;
    buf_init(&request, BUF_TEXT_MAX);
    int failed = preview_request(plan, &request, err);
    if (failed == 0)
        preview_show(plan, &request, &preview->shown);
    else if (plan->url != NULL)
        (void)err_wrap(err, "%s", arm->name);
    buf_fini(&request);
    return failed;
}

/* Checks that all requests can be built; with --dry-run, prints the plans. */
static int check_requests(struct comparison *c, const struct arms *arms, const struct plan *plan,
                          struct err *err)
{
    struct arm_preview *previews = mem_array(arms->count, sizeof *previews);
    int failed = 0;
    for (size_t i = 0; i < arms->count; i++)
        result_init(&previews[i].recorded);
    for (size_t i = 0; i < arms->count && failed == 0; i++)
        failed = check_request(&arms->items[i], &previews[i], err);
    if (failed == 0 && plan->dry_run)
        failed = print_plans(c, arms, previews, err);
    for (size_t i = 0; i < arms->count; i++) {
        result_fini(&previews[i].recorded);
        plan_shown_fini(&previews[i].shown);
    }
    free(previews);
    return failed;
}

/* Where to save the runs: beside the comparison if -o is a folder. */
static const char *folder_of_runs(const struct plan *plan)
{
    return plan->out != NULL && store_is_folder(plan->out) ? plan->out : NULL;
}

/* *out_path: where it was saved; NULL: it was not. */
static int save(const struct plan *plan, const struct comparison *c, char **out_path,
                struct err *err)
{
    *out_path = NULL;
    if (!plan->save || comparison_save(c, plan->out, out_path, err) == 0)
        return 0;
    if (plan->out != NULL)
        return err_wrap(err, "-o/--out");
    log_warn("the comparison was not saved: %s; use -o FILE or --no-save", err->text);
    return 0;
}

static void print_csv(const struct comparison *c, struct buf *out)
{
    report_arms_csv_head(out);
    report_arms_csv(NULL, c, out);
}

static int print(const struct compare_options *options, const struct comparison *c, struct err *err)
{
    struct buf out;
    struct report_style style = terminal_style(stdout);
    const char *format = options->run.plan.json ? "json" : options->format;
    buf_init(&out, RESULT_MAX_BYTES);
    if (format != NULL && strcmp(format, "json") == 0)
        comparison_write(c, DOC_LINE, &out);
    else if (format != NULL && strcmp(format, "md") == 0)
        report_comparison_markdown(c, 0, &out);
    else if (format != NULL && strcmp(format, "csv") == 0)
        print_csv(c, &out);
    else
        report_comparison(c, &style, &out);
    int failed = output_print(&options->run.plan, &out, err);
    buf_fini(&out);
    return failed;
}

/* Ctrl-C ends the current trial; everything measured so far is saved, whenever it comes. */
static int measure(const struct compare_options *options, const struct arms *arms,
                   struct comparison *c, struct err *err)
{
    const struct plan *plan = &options->run.plan;
    struct signals signals;
    struct live live;
    const struct rounds_view view = live_rounds(&live);
    size_t norder = 0;
    struct trial_ref *order = draw_order(c, &norder);
    c->trials = mem_array(norder, sizeof *c->trials);
    compared_warn_unreachable(arms);
    signals_hold(&signals);
    c->started_wall_ms = clock_wall_ms();
    const struct arm_plan **plans = mem_array(arms->count, sizeof(struct arm_plan *));
    for (size_t i = 0; i < arms->count; i++)
        plans[i] = &arms->items[i];
    int signal = rounds_run(&(struct rounds){.arms = plans,
                                             .order = order,
                                             .norder = norder,
                                             .out = folder_of_runs(plan),
                                             .repeats_disturbed = options->repeat,
                                             .signals = &signals,
                                             .view = &view,
                                             .comparison = c});
    c->finished_wall_ms = clock_wall_ms();
    free(plans);
    free(order);
    findings_add(c);
    if (c->reference != NULL)
        reference_judge(c, c->reference->arm);
    if (options->article)
        claims_add(c);
    mapped_add(&options->mapped, c);
    char *path = NULL;
    int unsaved = save(plan, c, &path, err);
    signals_release(&signals);
    struct err unprinted;
    int failed = print(options, c, unsaved < 0 ? &unprinted : err);
    if (path != NULL)
        log_say("saved to %s", path); /* after the table, also if both go to one pipe */
    if (path != NULL && options->article)
        article_offer_page(path);
    free(path);
    if (failed < 0 || unsaved < 0)
        return -1;
    if (signal != 0)
        return 128 + signal;
    return compared_exit_code(c);
}

static int compare_arms(const struct compare_options *options, const struct opt_line *line,
                        const struct arms *arms, struct err *err)
{
    const struct plan *plan = &options->run.plan;
    struct comparison c;
    comparison_init(&c);
    fill_comparison(options, line, arms, &c);
    int code = check_requests(&c, arms, plan, err);
    if (code == 0 && !plan->dry_run) {
        bind_say_arms(arms);
        hosts_opts_say_arms(arms);
        code = trial_prepare(plan, err);
        if (code == 0)
            code = measure(options, arms, &c, err);
    }
    comparison_fini(&c);
    return code;
}

static int check_format(const struct compare_options *options, struct err *err)
{
    if (options->run.plan.json && options->format != NULL && strcmp(options->format, "json") != 0)
        return err_set(err, ERR_USAGE, "-j/--json and --format %s conflict; give one",
                       options->format);
    return 0;
}

/* Without --rounds there are as many as a verdict needs. */
static int set_up_reference(struct compare_options *options, const struct opt_given *given,
                            struct err *err)
{
    if (options->reference == NULL)
        return 0;
    if (opt_given_text(given, "rounds") == NULL)
        options->rounds = REFERENCE_ROUNDS_LEAST;
    return reference_check_rounds(options->rounds, err);
}

static int set_up(struct compare_options *options, struct opt_line *line, struct err *err)
{
    const struct opt_group own = {.rows = compare_opts, .into = options};
    const char *rounds =
        options->reference != NULL ? STR_NUMBER(REFERENCE_ROUNDS_LEAST) : ARTICLE_ROUNDS;
    if (check_format(options, err) < 0 || set_up_reference(options, &line->given, err) < 0)
        return -1;
    if (!options->article)
        return options->map == NULL ? 0 : err_set(err, ERR_USAGE, "--map is for --article");
    if (mapped_load(options->map, NULL, &options->mapped, err) < 0)
        return -1;
    if (article_set_up(&options->run, &line->given, err) < 0)
        return -1;
    options->strategies = "none"; /* the article's arms include them */
    if (opt_given_text(&line->given, "rounds") != NULL)
        return 0;
    return opt_set(&own, "rounds", rounds, &line->given, err);
}

/* Without --rounds the default rounds share -d: a ranking needs several, and the comparison should
 * not take longer for that. An amount is not divided, nor are stages: each round has all of them.
 */
static void divide(struct compare_options *options, const struct opt_given *given)
{
    int64_t *duration_ns = &options->run.plan.duration_ns;
    options->divided_ns = 0;
    if (opt_given_text(given, "rounds") != NULL || options->run.plan.amount > 0 ||
        options->run.plan.stages.count > 0)
        return;
    options->divided_ns = *duration_ns;
    *duration_ns /= options->rounds;
    if (*duration_ns < NS_PER_S)
        *duration_ns = NS_PER_S;
}

static int compare_exec(void *options, const struct opt_line *given, struct err *err)
{
    struct compare_options *compare = options;
    struct opt_line line = *given; /* --article adds options */
    struct compared compared;
    if (compare->run.plan.forever)
        return err_set(err, ERR_USAGE,
                       "-f/--forever: a comparison ends with its rounds; --rounds N has more of "
                       "them");
    if (set_up(compare, &line, err) < 0 || hosts_opts_check_compared(&compare->run.plan, err) < 0 ||
        run_plan_load(&compare->run, &line.given, err) < 0)
        return -1;
    end_opts_say(&line.given);
    request_opts_say(&compare->run.plan);
    divide(compare, &line.given);
    int code = compared_make(compare, &line, &compared, err);
    if (code == 0)
        code = compare_arms(compare, &line, &compared.arms, err);
    compared_fini(&compared);
    return code;
}

static void compare_fini(void *options)
{
    struct compare_options *compare = options;
    plan_fini(&compare->run.plan);
    target_options_fini(&compare->run.target);
    str_list_fini(&compare->arms);
    mapped_fini(&compare->mapped);
}

#undef AT
#define AT(field) offsetof(struct compare_options, field)
const struct cmd cmd_compare = {
    .name = "compare",
    .args = "[PATH]",
    .help = "Compare the bundled strategies and your own servers, in random order.",
    .sections = {{"Comparison", compare_opts, 0},
                 {"Load", run_load_opts, AT(run.plan)},
                 {"Rate", run_rate_opts, AT(run.plan)},
                 {"End and figures", run_end_opts, AT(run.plan)},
                 {"Other hosts", run_hosts_opts + HOSTS_OPTS_SHARED, AT(run.plan)},
                 {"Connections", run_connection_opts, AT(run.plan)},
                 {"Request", run_request_opts, AT(run.plan)},
                 {"Different requests", run_list_opts, AT(run.plan)},
                 {"TLS and HTTP/2", run_tls_opts, AT(run.plan)},
                 {"Target", run_target_opts + RUN_TARGET_SHARED, AT(run.plan)},
                 {"Bundled target", target_opts, AT(run.target)},
                 {"Output", compare_output_opts, AT(run.plan)}},
    .options_size = sizeof(struct compare_options),
    .exec = compare_exec,
    .fini = compare_fini,
};
