/* bench report: tables or pictures of stored results, from their files alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stdio.h"
#include "cli/arms_csv.h"
#include "cli/capacity_report.h"
#include "cli/cmd.h"
#include "cli/gathered.h"
#include "cli/mapped.h"
#include "cli/other_goal.h"
#include "cli/output.h"
#include "cli/page.h"
#include "cli/pictured.h"
#include "cli/recovered.h"
#include "cli/reference.h"
#include "cli/stored_report.h"
#include "cli/terminal.h"
#include "report/comment.h"
#include "report/compare/markdown.h"
#include "report/compare/report.h"
#include "report/plot/caption.h"
#include "report/text.h"
#include "store/file.h"
#include "store/result_file.h"
#include "store/stored.h"

struct report_options {
    bool latency_table, status_codes, json, no_pictures;
    const char *format, *out, *data, *reference, *recovery_goal, *map, *sweep_goal;
    struct recovery_goal goal; /* as parsed */
    struct mapped mapped;      /* what --map read */
    struct str_list fail;
};

#define AT(field) offsetof(struct report_options, field)
static const char *const formats[] = {"text", "md", "json", "csv", NULL};
/* clang-format off */
static const struct opt report_opts[] = {
    {.name = "latency", .letter = 'l', .type = OPT_FLAG, .at = AT(latency_table),
     .help = "Add a table of all percentiles."},
    {.name = "status-codes", .type = OPT_FLAG, .at = AT(status_codes),
     .help = "Add a table of status codes."},
    {.name = "format", .type = OPT_CHOICE, .at = AT(format), .arg = "FORMAT", .choices = formats,
     .help = "Output format: text (the default), Markdown for a pull request, JSON, or a table for a spreadsheet."},
    {.name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json),
     .help = "Same as --format json: validated, one line per file."},
    {.name = "reference", .type = OPT_TEXT, .at = AT(reference), .arg = "NAME",
     .help = "Judge every other arm of a comparison against this one; needs 6 rounds."},
    {.name = "goal", .type = OPT_TEXT, .at = AT(sweep_goal), .arg = "GOAL",
     .help = "Judge a sweep, or the sweep of --map, by this goal of bench sweep, such as 'lowest p99', instead of the one that it was measured for."},
    {.name = "recovery-goal", .type = OPT_TEXT, .at = AT(recovery_goal), .arg = "GOAL",
     .help = "What servers have to come back to after a spike of --stages, such as 'p99<200ms', instead of the goal of each run."},
    {.name = "map", .type = OPT_TEXT, .at = AT(map), .arg = "FILE",
     .help = "Also judge the three rules that the article ends with by this sweep; for files of bench compare --article."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(out), .arg = "PAGE.html|DIR",
     .help = "Write one HTML page with tables, findings and pictures; or the pictures alone into this folder, as .svg and .png."},
    {.name = "fail", .type = OPT_LIST, .at = AT(fail), .arg = "THRESHOLD",
     .help = "Draw a limit, such as 'p99>250ms', into the pictures, and show on the page which arms cross it, without changing the exit code; can be repeated."},
    {.name = "no-pictures", .type = OPT_FLAG, .at = AT(no_pictures),
     .help = "Leave the pictures out of the page."},
    {.name = "data", .type = OPT_TEXT, .at = AT(data), .arg = "DIR",
     .help = "Write the data files of the pictures and .hgrm files for HdrHistogram's plotter to this folder, instead of printing tables."},
    {.type = OPT_END},
};
/* clang-format on */

static const struct recovery_goal *goal_of(const struct report_options *options)
{
    return options->recovery_goal == NULL ? NULL : &options->goal;
}

/* --- tables --- */

static bool is_format(const struct report_options *options, const char *format)
{
    return options->format != NULL && strcmp(options->format, format) == 0;
}

/* All files together are one comment. */
static size_t share_of(const struct opt_line *line)
{
    size_t n = line->given.nwords < COMMENT_ROWS ? line->given.nwords : COMMENT_ROWS;
    return n < 2 ? COMMENT_BYTES : (COMMENT_BYTES - 1000) / n;
}

static int judge_stored(const struct report_options *options, struct stored *s, struct err *err)
{
    if (options->map == NULL && other_goal_check(options->sweep_goal, s, err) < 0)
        return -1;
    if (s->kind == STORED_CAPACITY && options->reference == NULL)
        return capacity_report_judge(&s->capacity, err);
    if (s->kind == STORED_COMPARISON)
        return reference_judge_stored(options->reference, &s->comparison, err);
    if (options->reference == NULL)
        return 0;
    return err_set(err, ERR_USAGE, "--reference: this is %s, not a comparison",
                   stored_names[s->kind]);
}

static int print_judged(const struct report_options *options, const char *path,
                        const struct stored *s, size_t most, struct err *err)
{
    struct report_style style = terminal_style(stdout);
    style.latency_table = options->latency_table;
    style.status_codes = options->status_codes;
    const struct stored_report how = {.file = path,
                                      .json = options->json,
                                      .md = is_format(options, "md"),
                                      .goal = options->sweep_goal,
                                      .style = &style,
                                      .most = most};
    return stored_report_print(&how, s, err);
}

/* The file of this number on the command line. */
static int print_stored(const struct report_options *options, const struct opt_line *line,
                        size_t number, struct stored *s, struct err *err)
{
    const char *path = line->given.words[number];
    if (number > 0 && is_format(options, "md") && stdio_print("\n", err) < 0)
        return -1;
    if (judge_stored(options, s, err) < 0 || mapped_add_stored(&options->mapped, s, err) < 0)
        return err_wrap(err, "%s", path);
    return print_judged(options, path, s, share_of(line), err);
}

/* A comment shows the first files only; the others are read, and so found to be good. */
static bool is_left_out(const struct report_options *options, size_t number)
{
    return is_format(options, "md") && number >= COMMENT_ROWS;
}

static int say_left_out(const struct report_options *options, const struct opt_line *line,
                        struct err *err)
{
    char text[80];
    size_t count = line->given.nwords;
    if (!is_format(options, "md") || count <= COMMENT_ROWS)
        return 0;
    (void)snprintf(text, sizeof text, "\n*%zu more files are left out; `--format csv` has all.*\n",
                   count - COMMENT_ROWS);
    return stdio_print(text, err);
}

/* From this number on. */
static int print_files(const struct report_options *options, const struct opt_line *line,
                       size_t from, struct err *err)
{
    int failed = 0;
    for (size_t i = from; failed == 0 && i < line->given.nwords; i++) {
        struct stored s;
        if (recovered_load(line->given.words[i], goal_of(options), &s, err) < 0)
            return -1;
        if (!is_left_out(options, i))
            failed = print_stored(options, line, i, &s, err);
        stored_fini(&s);
    }
    return failed == 0 ? say_left_out(options, line, err) : failed;
}

/* --- one table of several results --- */

/* Comparisons have their own tables, -l and --status-codes belong to a single run, and more results
 * than a comparison may have do not fit into memory together. */
static bool may_be_one_table(const struct report_options *options, const struct opt_line *line)
{
    return line->given.nwords > 1 && !options->json && !options->latency_table &&
           !options->status_codes && options->reference == NULL && options->map == NULL &&
           options->sweep_goal == NULL &&
           (is_format(options, "md") || line->given.nwords <= COMPARISON_TRIALS_MAX);
}

static void write_arms(const struct comparison *all, struct buf *out)
{
    const struct report_style style = terminal_style(stdout);
    struct buf load;
    buf_init(&load, BUF_TEXT_MAX);
    plot_caption_load(all, &load);
    text_notice(out, &style, PAINT_PLAIN, load.data);
    report_arms(all, &style, out);
    buf_fini(&load);
}

/* And `more` results that the table leaves out. */
static int print_table(const struct report_options *options, const struct comparison *all,
                       size_t more, struct err *err)
{
    struct buf out;
    buf_init(&out, RESULT_MAX_BYTES);
    if (is_format(options, "md"))
        report_arms_markdown(all, more, COMMENT_BYTES, &out);
    else
        write_arms(all, &out);
    int failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}

/* Results that were read, and what came after them with this number, each by itself. */
static int print_each(const struct report_options *options, const struct opt_line *line,
                      struct comparison *results, size_t number, struct stored *other,
                      struct err *err)
{
    int failed = 0;
    for (size_t i = 0; failed == 0 && i < results->narms; i++) {
        struct stored s = {.kind = STORED_RESULT, .result = results->arms[i].results[0]};
        failed = print_stored(options, line, i, &s, err);
    }
    if (failed == 0 && !is_left_out(options, number))
        failed = print_stored(options, line, number, other, err);
    return failed < 0 ? -1 : print_files(options, line, number + 1, err);
}

/* One table, if all are results. Each file is read once: it may be a pipe. */
static int print_files_as_one(const struct report_options *options, const struct opt_line *line,
                              struct err *err)
{
    struct comparison all;
    struct stored s;
    int failed = 0;
    comparison_init(&all);
    for (size_t i = 0; failed == 0 && i < line->given.nwords; i++) {
        failed = recovered_load(line->given.words[i], goal_of(options), &s, err);
        if (failed == 0 && s.kind != STORED_RESULT) {
            failed = print_each(options, line, &all, i, &s, err);
            stored_fini(&s);
            comparison_fini(&all);
            return failed;
        }
        if (failed == 0 && !is_left_out(options, i))
            gathered_add_result(&all, line->given.words[i], &s.result);
        else if (failed == 0)
            stored_fini(&s);
    }
    if (failed == 0)
        failed = print_table(options, &all, line->given.nwords - all.narms, err);
    comparison_fini(&all);
    return failed;
}

/* --- the command --- */

/* What a sweep is asked for. */
static int check_ranked(const struct report_options *options, bool has_files, struct err *err)
{
    bool is_csv = is_format(options, "csv");
    if (options->map != NULL && (has_files || is_csv) && !page_is_asked(options->out))
        return err_set(err, ERR_USAGE,
                       "--map is for pages and printed reports, as text, md or json; leave "
                       "pictures, --data and csv out");
    if (options->sweep_goal != NULL && options->map == NULL &&
        (is_csv || options->json || is_format(options, "json")))
        return err_set(err, ERR_USAGE,
                       "--goal: json and csv have what was measured and rank nothing, so they are "
                       "the same for every goal; leave --goal out");
    return 0;
}

static int check_format(const struct report_options *options, struct err *err)
{
    bool has_files = options->out != NULL || options->data != NULL;
    if (options->reference != NULL && has_files && !page_is_asked(options->out))
        return err_set(err, ERR_USAGE,
                       "--reference is for printed reports and pages, but pictures and --data have "
                       "no verdicts; give one of them");
    if (check_ranked(options, has_files, err) < 0)
        return -1;
    if (options->fail.count > 0 && !has_files)
        return err_set(err, ERR_USAGE,
                       "--fail draws limits, and needs -o; use bench check to judge a result");
    if (options->format == NULL)
        return 0;
    if (options->reference != NULL && is_format(options, "csv"))
        return err_set(
            err, ERR_USAGE,
            "--reference: csv has a row for each arm and no verdicts; use --format json");
    if (options->out != NULL || options->data != NULL)
        return err_set(
            err, ERR_USAGE,
            "--format %s is for printed reports, but -o and --data write files; give one of "
            "them",
            options->format);
    if (options->json && !is_format(options, "json"))
        return err_set(err, ERR_USAGE, "-j/--json and --format %s conflict; give one",
                       options->format);
    return 0;
}

static int check_page(const struct report_options *options, struct err *err)
{
    bool is_page = page_is_asked(options->out);
    if (is_page && options->data != NULL)
        return err_set(err, ERR_USAGE,
                       "-o/--out: a page and --data are two reports; give one of them");
    if (!is_page && options->no_pictures)
        return err_set(err, ERR_USAGE,
                       "--no-pictures is for a page; give -o a name such as report.html");
    return 0;
}

static int check(const struct report_options *options, const struct opt_line *line, struct err *err)
{
    if (line->given.nwords == 0)
        return err_set(err, ERR_USAGE, "no result given; give a file such as results/NAME.json");
    if (check_format(options, err) < 0)
        return -1;
    if (!page_is_asked(options->out) && output_check_folder("-o/--out", options->out, err) < 0)
        return -1;
    if (output_check_folder("--data", options->data, err) < 0)
        return -1;
    return check_page(options, err);
}

static int write_files(struct report_options *options, const struct opt_line *line, struct err *err)
{
    const struct pictured pictured = {.files = line->given.words,
                                      .nfiles = line->given.nwords,
                                      .out = options->out,
                                      .data = options->data,
                                      .fail = &options->fail,
                                      .recovery_goal = goal_of(options),
                                      .goal = options->sweep_goal};
    const struct page_order page = {.files = line->given.words,
                                    .nfiles = line->given.nwords,
                                    .out = options->out,
                                    .reference = options->reference,
                                    .goal = options->sweep_goal,
                                    .map = options->map,
                                    .mapped = &options->mapped,
                                    .fail = &options->fail,
                                    .recovery_goal = goal_of(options),
                                    .recovery_goal_text = options->recovery_goal,
                                    .no_pictures = options->no_pictures};
    return page_is_asked(options->out) ? page_make(&page, err) : pictured_files(&pictured, err);
}

static int report_exec(void *options, const struct opt_line *line, struct err *err)
{
    struct report_options *report = options;
    bool drawn = report->out != NULL || report->data != NULL;
    if (check(report, line, err) < 0)
        return -1;
    if (report->recovery_goal != NULL &&
        recovery_goal_parse(report->recovery_goal, &report->goal, err) < 0)
        return err_wrap(err, "--recovery-goal");
    if (mapped_load(report->map, report->sweep_goal, &report->mapped, err) < 0)
        return -1;
    report->json |= is_format(report, "json");
    if (drawn)
        return write_files(report, line, err);
    if (is_format(report, "csv"))
        return arms_csv_print(line->given.words, line->given.nwords, goal_of(report), err);
    return may_be_one_table(report, line) ? print_files_as_one(report, line, err)
                                          : print_files(report, line, 0, err);
}

static void report_fini(void *options)
{
    struct report_options *report = options;
    str_list_fini(&report->fail);
    mapped_fini(&report->mapped);
}

const struct cmd cmd_report = {
    .name = "report",
    .args = "RESULT...",
    .help = "Show saved results as tables, pictures or one page.",
    .sections = {{"Report", report_opts, 0}},
    .options_size = sizeof(struct report_options),
    .exec = report_exec,
    .fini = report_fini,
};
