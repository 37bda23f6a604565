/* bench check: checks stored results against thresholds, or two arms against each other. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/gate/gate.h"
#include "base/log.h"
#include "base/mem.h"
#include "cli/check_live.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "report/gate/report.h"
#include "store/file.h"
#include "store/gate_json.h"
#include "store/stored.h"

struct check_options {
    struct str_list fail, warn;
    bool allow_partial, allow_errors, strict;
    const char *format, *out;
    struct check_live_options live;
};

#define AT(field) offsetof(struct check_options, field)
static const char *const formats[] = {"text", "json", "junit", "md", NULL};
/* clang-format off */
static const struct opt check_opts[] = {
    {.name = "fail", .type = OPT_LIST, .at = AT(fail), .arg = "THRESHOLD",
     .help = "Fail if this is true, such as 'p99>250ms', 'errors>1%' or 'rps<1000'; can be repeated."},
    {.name = "warn", .type = OPT_LIST, .at = AT(warn), .arg = "THRESHOLD",
     .help = "Warn if this is true, without changing the exit code; can be repeated."},
    {.name = "allow-partial", .type = OPT_FLAG, .at = AT(allow_partial),
     .help = "Also check interrupted runs, by their partial results."},
    {.name = "allow-errors", .type = OPT_FLAG, .at = AT(allow_errors),
     .help = "Also check latencies and rates of runs with over 1% errors and no threshold on them."},
    {.name = "strict", .type = OPT_FLAG, .at = AT(strict),
     .help = "Exit with 3 instead of 0 if arms cannot be told apart (inconclusive)."},
    {.name = "format", .type = OPT_CHOICE, .at = AT(format), .arg = "FORMAT", .def = "text",
     .choices = formats, .help = "Report format."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(out), .arg = "FILE",
     .help = "Write the report to this file; the text still goes to stdout."},
    {.type = OPT_END},
};
/* clang-format on */

struct thresholds {
    struct gate_threshold *items;
    size_t count;
};

static int parse_thresholds(const struct str_list *texts, enum gate_level level,
                            struct thresholds *thresholds, struct err *err)
{
    for (size_t i = 0; i < texts->count; i++) {
        thresholds->items =
            mem_grow(thresholds->items, thresholds->count + 1, sizeof *thresholds->items);
        if (gate_parse(texts->items[i], level, &thresholds->items[thresholds->count], err) < 0)
            return err_wrap(err, "--%s", level == GATE_FAIL ? "fail" : "warn");
        thresholds->count++;
    }
    return 0;
}

static int check_words(const struct check_options *options, const struct opt_line *line,
                       struct err *err)
{
    if (line->given.nwords == 0)
        return err_set(err, ERR_USAGE, "no result given; give a file such as results/NAME.json");
    if (options->fail.count + options->warn.count == 0)
        return err_set(err, ERR_USAGE,
                       "no threshold given; try --fail 'p99>250ms' or --fail 'errors>0'");
    if (options->out == NULL)
        return 0;
    if (options->out[0] == '\0' || store_is_folder(options->out))
        return err_set(err, ERR_USAGE, "-o/--out: '%s' is not a file; give a file name",
                       options->out);
    if (store_check_writable(options->out, err) < 0)
        return err_wrap(err, "-o/--out");
    return 0;
}

/* The thresholds, and the outcomes so far. */
struct judging {
    struct thresholds thresholds;
    struct gate_policy policy;
    struct gate_sheet sheet;
    struct str_list names; /* borrowed by the sheet */
};

/* Takes the name. */
static void judge(struct judging *j, char *name, const struct result *r)
{
    str_list_add(&j->names, name);
    free(name);
    for (size_t i = 0; i < j->thresholds.count; i++) {
        struct gate_outcome o = gate_judge(&j->thresholds.items[i], r, &j->policy);
        o.file = j->names.items[j->names.count - 1];
        gate_sheet_add(&j->sheet, &o);
    }
    gate_sheet_warn(&j->sheet, j->names.items[j->names.count - 1], r);
}

/* A round without a result cannot be checked, but must not be skipped silently. */
static void judge_lacking(struct judging *j, char *name, enum gate_reason reason)
{
    struct result none;
    result_init(&none);
    none.valid = reason != GATE_INVALID;
    none.interrupted = reason == GATE_INTERRUPTED;
    judge(j, name, &none);
    result_fini(&none);
}

static bool has_problem(const struct arm *arm, int64_t round)
{
    for (size_t i = 0; i < arm->nproblems; i++) {
        if (arm->problems[i].round == round)
            return true;
    }
    return false;
}

/* With --allow-partial, rounds that were never started are skipped, unless no round is left. */
static void judge_arm(struct judging *j, const char *path, const struct comparison *c,
                      const struct arm *arm)
{
    size_t next = 0;
    bool part = j->policy.partial == GATE_PARTIAL_JUDGED && arm->nresults > 0;
    for (int64_t round = 1; round <= c->rounds; round++) {
        char *name = mem_printf("%s: %s, round %" PRId64, path, arm->name, round);
        if (has_problem(arm, round))
            judge_lacking(j, name, GATE_INVALID);
        else if (next < arm->nresults)
            judge(j, name, &arm->results[next++]);
        else if (part)
            free(name);
        else
            judge_lacking(j, name,
                          j->policy.partial == GATE_PARTIAL_JUDGED ? GATE_INVALID
                                                                   : GATE_INTERRUPTED);
    }
}

static int judge_file(struct judging *j, const char *path, struct err *err)
{
    struct stored s;
    if (stored_load(path, &s, err) < 0)
        return -1;
    if (s.kind == STORED_SESSION) {
        stored_fini(&s);
        return err_set(err, ERR_USAGE, "%s: a session has gates of its own", path);
    }
    if (s.kind == STORED_RESULT)
        judge(j, mem_strdup(path), &s.result);
    for (size_t i = 0; s.kind == STORED_COMPARISON && i < s.comparison.narms; i++)
        judge_arm(j, path, &s.comparison, &s.comparison.arms[i]);
    stored_fini(&s);
    return 0;
}

static void write_as(const char *format, const struct gate_sheet *sheet,
                     const struct report_style *style, struct buf *out)
{
    if (strcmp(format, "json") == 0)
        gate_write(sheet, DOC_INDENTED, out);
    else if (strcmp(format, "junit") == 0)
        report_gate_junit(sheet, out);
    else if (strcmp(format, "md") == 0)
        report_gate_markdown(sheet, out);
    else
        report_gate_text(sheet, style, out);
}

static int write_out(const struct check_options *options, const struct gate_sheet *sheet,
                     struct err *err)
{
    const struct report_style style = {.utf8 = terminal_style(stdout).utf8};
    struct buf text;
    buf_init(&text, BUF_TEXT_MAX);
    write_as(options->format, sheet, &style, &text);
    int failed = text.overflow
                     ? err_set(err, ERR_USAGE, "the report is larger than %zu MiB", text.max >> 20)
                     : store_file_write(options->out, text.data, text.len, err);
    buf_fini(&text);
    return failed < 0 ? err_wrap(err, "-o/--out") : 0;
}

static int report(const struct check_options *options, const struct gate_sheet *sheet,
                  struct err *err)
{
    struct report_style style = terminal_style(stdout);
    struct buf text;
    if (options->out != NULL && write_out(options, sheet, err) < 0)
        return -1;
    buf_init(&text, BUF_TEXT_MAX);
    write_as(options->out != NULL ? "text" : options->format, sheet, &style, &text);
    int lost = output_text(&text, err);
    int code = err_exit_code(gate_sheet_kind(sheet));
    buf_fini(&text);
    if (lost < 0 && code == 0)
        return -1;
    if (lost < 0)
        log_error("%s", err->text); /* the exit code is still that of the verdict */
    return code;
}

static int check_exec(void *options, const struct opt_line *line, struct err *err)
{
    struct check_options *check = options;
    const struct check_live_gates gates = {.fail = &check->fail,
                                           .warn = &check->warn,
                                           .allow_errors = check->allow_errors,
                                           .strict = check->strict,
                                           .format = check->format,
                                           .out = check->out};
    if (check_is_live(&check->live))
        return check_live(&check->live, &gates, line, err);
    if (check_not_live(&line->given, err) < 0)
        return -1;
    struct judging j = {
        .policy = {.partial = check->allow_partial ? GATE_PARTIAL_JUDGED : GATE_PARTIAL_REFUSED,
                   .allow_errors = check->allow_errors}};
    int code = check_words(check, line, err);
    if (code == 0)
        code = parse_thresholds(&check->fail, GATE_FAIL, &j.thresholds, err);
    if (code == 0)
        code = parse_thresholds(&check->warn, GATE_WARN, &j.thresholds, err);
    j.policy.thresholds = j.thresholds.items;
    j.policy.count = j.thresholds.count;
    for (size_t i = 0; code == 0 && i < line->given.nwords; i++)
        code = judge_file(&j, line->given.words[i], err);
    if (code == 0)
        code = report(check, &j.sheet, err);
    gate_sheet_fini(&j.sheet);
    str_list_fini(&j.names);
    free(j.thresholds.items);
    return code;
}

static void check_fini(void *options)
{
    struct check_options *check = options;
    str_list_fini(&check->fail);
    str_list_fini(&check->warn);
    check_live_fini(&check->live);
}

const struct cmd cmd_check = {
    .name = "check",
    .args = "RESULT... | --arm NAME=WHAT --arm NAME=WHAT [PATH]",
    .help =
        "Check results against thresholds, or measure whether one server is worse than another.",
    .sections = {{"Check", check_opts, 0},
                 {"Two arms", check_live_opts, AT(live)},
                 {"Load", run_load_opts, AT(live.run.plan)},
                 {"Request", run_request_opts, AT(live.run.plan)},
                 {"Target", run_target_opts + RUN_TARGET_SHARED, AT(live.run.plan)},
                 {"Bundled target", target_opts, AT(live.run.target)},
                 {"Session", check_live_output_opts, AT(live)}},
    .options_size = sizeof(struct check_options),
    .exec = check_exec,
    .fini = check_fini,
};
