/* bench check: checks stored results against thresholds, or two arms against each other. */
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "cli/capacity_report.h"
#include "cli/check_live.h"
#include "cli/check_mode.h"
#include "cli/cmd.h"
#include "cli/judging.h"
#include "cli/output.h"
#include "cli/session_verdict.h"
#include "cli/terminal.h"
#include "report/gate/report.h"
#include "store/file.h"
#include "store/gate_json.h"
#include "store/stored.h"

#define NAME_SHOWN 60 /* bytes of an arm in a message */

struct check_options {
    struct judge_options judge;
    bool each_round, allow_partial, strict;
    const char *format, *out;
    struct check_live_options live; /* its arms may also be the names of stored ones */
};

#define AT(field) offsetof(struct check_options, field)
static const char *const formats[] = {"text", "json", "junit", "md", "github", "csv", NULL};
/* clang-format off */
static const struct opt check_opts[] = {
    {.name = "each-round", .type = OPT_FLAG, .at = AT(each_round),
     .help = "Check every round of an arm by itself, instead of the median of its rounds."},
    {.name = "allow-partial", .type = OPT_FLAG, .at = AT(allow_partial),
     .help = "Also check interrupted runs, by their partial results."},
    {.name = "strict", .type = OPT_FLAG, .at = AT(strict),
     .help = "Exit with 3 instead of 0 if arms cannot be told apart (inconclusive)."},
    {.name = "format", .type = OPT_CHOICE, .at = AT(format), .arg = "FORMAT", .def = "text",
     .choices = formats, .help = "Report format; github: annotations of a job, csv: a table for a spreadsheet."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(out), .arg = "FILE",
     .help = "Write the report to this file; the text still goes to stdout."},
    {.type = OPT_END},
};
/* clang-format on */

static int check_words(const struct check_options *options, const struct opt_line *line,
                       struct err *err)
{
    if (line->given.nwords == 0)
        return err_set(err, ERR_USAGE, "no result given; give a file such as results/NAME.json");
    if (options->judge.fail.count + options->judge.warn.count == 0)
        return err_set(err, ERR_USAGE,
                       "no threshold given; try --fail 'p99>250ms' or --fail 'errors>0'");
    for (size_t i = 0; i < line->given.nwords; i++) {
        if (output_check_source(options->out, line->given.words[i], err) < 0)
            return -1;
    }
    return output_check_report(options->out, err);
}

/* --- which arms --- */

/* The arms of the files so far, and which of --arm one of them had. */
struct picking {
    const struct str_list *wanted;
    bool *found;
    struct str_list seen;
};

static bool picks(struct picking *p, const char *arm)
{
    bool any = p->wanted->count == 0;
    for (size_t i = 0; i < p->wanted->count; i++) {
        if (strcmp(p->wanted->items[i], arm) != 0)
            continue;
        p->found[i] = true;
        any = true;
    }
    return any;
}

static bool holds(const struct str_list *list, const char *text)
{
    bool any = false;
    for (size_t i = 0; i < list->count; i++)
        any |= strcmp(list->items[i], text) == 0;
    return any;
}

static int no_arm(const char *wanted, const char *where, const struct str_list *arms,
                  struct err *err)
{
    struct buf all;
    buf_init(&all, BUF_TEXT_MAX);
    for (size_t i = 0; i < arms->count; i++)
        buf_printf(&all, "%s%.*s", i > 0 ? ", " : "", (int)str_fit(arms->items[i], NAME_SHOWN),
                   arms->items[i]);
    (void)err_set(err, ERR_USAGE, "--arm: %s no arm '%.*s'; choose from: %s", where,
                  (int)str_fit(wanted, NAME_SHOWN), wanted, all.data);
    buf_fini(&all);
    return -1;
}

/* Notes the name of an arm; true when it is to be checked. */
static bool sees(struct picking *p, const char *arm)
{
    if (!holds(&p->seen, arm))
        str_list_add(&p->seen, arm);
    return picks(p, arm);
}

/* A file of which nothing is checked must not be passed over in silence. */
static int nothing_picked(const struct picking *p, const char *path, const struct str_list *names,
                          struct err *err)
{
    if (names->count == 0)
        return err_set(err, ERR_USAGE,
                       "%s: the comparison has no arm, so there is nothing to check", path);
    char *where = mem_printf("%s has", path);
    (void)no_arm(p->wanted->items[0], where, names, err);
    free(where);
    return -1;
}

static int judge_arms(struct judging *j, struct picking *p, const char *path,
                      const struct check_options *options, const struct comparison *c,
                      struct err *err)
{
    struct str_list names = {0};
    size_t picked = 0;
    for (size_t i = 0; i < c->narms; i++) {
        const struct arm *arm = &c->arms[i];
        str_list_add(&names, arm->name);
        if (!sees(p, arm->name))
            continue;
        picked++;
        if (options->each_round)
            judging_each_round(j, path, c, arm);
        else
            judging_arm(j, path, c, arm);
    }
    int failed = picked > 0 ? 0 : nothing_picked(p, path, &names, err);
    str_list_fini(&names);
    return failed;
}

static int judge_capacity(struct judging *j, struct picking *p, const char *path,
                          struct capacity *c, struct err *err)
{
    struct str_list names = {0};
    size_t picked = 0;
    if (judging_check_capacity(j, err) < 0 || capacity_report_judge(c, err) < 0)
        return err_wrap(err, "%s", path);
    for (size_t i = 0; i < c->narms; i++) {
        str_list_add(&names, c->arms[i].name);
        if (!sees(p, c->arms[i].name))
            continue;
        picked++;
        judging_capacity(j, path, c, i);
    }
    int failed = picked > 0 ? 0 : nothing_picked(p, path, &names, err);
    str_list_fini(&names);
    return failed;
}

static int judge_file(struct judging *j, struct picking *p, const char *path,
                      const struct check_options *options, struct err *err)
{
    struct stored s;
    int failed = 0;
    if (stored_load(path, &s, err) < 0)
        return -1;
    stored_flatten(&s);
    if (s.kind == STORED_SESSION)
        failed = err_set(err, ERR_USAGE,
                         "%s is a session, which has gates of its own; check it alone, without "
                         "--fail, --warn and --arm",
                         path);
    else if (s.kind == STORED_COMPARISON)
        failed = judge_arms(j, p, path, options, &s.comparison, err);
    else if (s.kind == STORED_CAPACITY)
        failed = judge_capacity(j, p, path, &s.capacity, err);
    else if (p->wanted->count > 0)
        failed = err_set(err, ERR_USAGE,
                         "--arm: %s is a single run, which has no arms; leave --arm out, or give "
                         "the file of a comparison",
                         path);
    else
        judging_run(j, path, &s.result, JUDGING_WITH_WARNINGS);
    stored_fini(&s);
    return failed;
}

static int judge_files(struct judging *j, const struct check_options *options,
                       const struct opt_line *line, struct err *err)
{
    struct picking p = {.wanted = &options->live.arms,
                        .found = mem_array(options->live.arms.count, sizeof(bool))};
    int failed = 0;
    for (size_t i = 0; failed == 0 && i < line->given.nwords; i++)
        failed = judge_file(j, &p, line->given.words[i], options, err);
    for (size_t i = 0; failed == 0 && i < p.wanted->count; i++) {
        if (!p.found[i])
            failed = no_arm(p.wanted->items[i], "the given files have", &p.seen, err);
    }
    str_list_fini(&p.seen);
    free(p.found);
    return failed;
}

/* --- the report --- */

static void write_as(const char *format, const struct gate_sheet *sheet,
                     const struct report_style *style, struct buf *out)
{
    static const struct {
        const char *format;
        void (*write)(const struct gate_sheet *sheet, struct buf *out);
    } rows[] = {{"junit", report_gate_junit},
                {"md", report_gate_markdown},
                {"github", report_gate_github},
                {"csv", report_gate_csv}};
    for (size_t i = 0; i < LEN(rows); i++) {
        if (strcmp(rows[i].format, format) == 0)
            rows[i].write(sheet, out);
    }
    if (strcmp(format, "json") == 0)
        gate_write(sheet, DOC_INDENTED, out);
    else if (strcmp(format, "text") == 0)
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

/* A report that cannot be written to its file is an error, but the verdict is printed all the same:
 * it may have taken long to get. */
static int report(const struct check_options *options, const struct gate_sheet *sheet,
                  struct err *err)
{
    struct report_style style = terminal_style(stdout);
    struct buf text;
    struct err unprinted;
    int unwritten = options->out != NULL ? write_out(options, sheet, err) : 0;
    buf_init(&text, BUF_TEXT_MAX);
    write_as(options->out != NULL ? "text" : options->format, sheet, &style, &text);
    int lost = output_text(&text, &unprinted);
    int code = err_exit_code(gate_sheet_kind(sheet));
    buf_fini(&text);
    if (unwritten < 0)
        return -1;
    if (lost < 0 && code == 0) {
        *err = unprinted;
        return -1;
    }
    if (lost < 0)
        log_error("%s", unprinted.text); /* the exit code is still that of the verdict */
    return code;
}

/* A file alone: a session repeats its verdict. Returns the exit code, or -1. */
static int check_session(const struct opt_given *given, const struct check_live_gates *gates,
                         bool *is_session, struct err *err)
{
    const char *path = given->words[0];
    struct stored s;
    int code = 0;
    if (stored_load(path, &s, err) < 0)
        return -1;
    *is_session = s.kind == STORED_SESSION;
    if (*is_session) {
        code = check_mode_refuse(CHECK_SESSION, given, err);
        if (code == 0)
            code = output_check_source(gates->out, path, err);
        if (code == 0)
            code = output_check_report(gates->out, err);
        if (code == 0)
            code = session_verdict_print(&s.session, path, gates, err);
    }
    stored_fini(&s);
    return code;
}

static int measure(struct check_live_options *options, const struct check_live_gates *gates,
                   const struct opt_line *line, struct err *err)
{
    enum check_mode mode = options->continued != NULL ? CHECK_CONTINUED : CHECK_LIVE;
    if (check_mode_refuse(mode, &line->given, err) < 0)
        return -1;
    return check_live(options, gates, line, err);
}

static int check_exec(void *options, const struct opt_line *line, struct err *err)
{
    struct check_options *check = options;
    const struct check_live_gates gates = {.fail = &check->judge.fail,
                                           .warn = &check->judge.warn,
                                           .allow_errors = check->judge.allow_errors,
                                           .strict = check->strict,
                                           .format = check->format,
                                           .out = check->out};
    struct judging j;
    if (check_is_live(&check->live))
        return measure(&check->live, &gates, line, err);
    if (check_mode_not_live(&line->given, err) < 0)
        return -1;
    int code = 0;
    bool is_alone = line->given.nwords == 1 && check->live.arms.count == 0 &&
                    check->judge.fail.count + check->judge.warn.count == 0;
    bool is_session = false;
    if (is_alone)
        code = check_session(&line->given, &gates, &is_session, err);
    if (code < 0 || is_session)
        return code;
    if (check_mode_refuse(CHECK_RESULTS, &line->given, err) < 0 ||
        check_words(check, line, err) < 0)
        return -1;
    code = judging_init(&j, &check->judge,
                        check->allow_partial ? GATE_PARTIAL_JUDGED : GATE_PARTIAL_REFUSED, err);
    if (code == 0)
        code = judge_files(&j, check, line, err);
    if (code == 0)
        code = report(check, &j.sheet, err);
    judging_fini(&j);
    return code;
}

static void check_fini(void *options)
{
    struct check_options *check = options;
    judge_options_fini(&check->judge);
    check_live_fini(&check->live);
}

const struct cmd cmd_check = {
    .name = "check",
    .args = "RESULT... | --arm NAME=WHAT --arm NAME=WHAT [PATH]",
    .help =
        "Check results against thresholds, or measure whether one server is worse than another.",
    .sections = {{"Thresholds", judge_opts, AT(judge)},
                 {"Check", check_opts, 0},
                 {"Two arms", check_live_opts, AT(live)},
                 {"Load", run_load_opts, AT(live.run.plan)},
                 {"Rate", run_rate_opts, AT(live.run.plan)},
                 {"End and figures", run_end_opts, AT(live.run.plan)},
                 {"Other hosts", run_hosts_opts + HOSTS_OPTS_SHARED, AT(live.run.plan)},
                 {"Connections", run_connection_opts, AT(live.run.plan)},
                 {"Request", run_request_opts, AT(live.run.plan)},
                 {"Different requests", run_list_opts, AT(live.run.plan)},
                 {"TLS and HTTP/2", run_tls_opts, AT(live.run.plan)},
                 {"Target", run_target_opts + RUN_TARGET_SHARED, AT(live.run.plan)},
                 {"Bundled target", target_opts, AT(live.run.target)},
                 {"Session", check_live_output_opts, AT(live)}},
    .options_size = sizeof(struct check_options),
    .exec = check_exec,
    .fini = check_fini,
};
