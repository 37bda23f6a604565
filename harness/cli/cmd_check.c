/* bench check: fixed limits on stored results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cli/cmd.h"
#include "cli/terminal.h"
#include "model/gate.h"
#include "report/gate_report.h"
#include "store/file.h"
#include "store/gate_json.h"
#include "store/result_file.h"

struct check_options {
    struct str_list fail, warn;
    bool allow_partial;
    const char *format, *out;
};

#define AT(field) offsetof(struct check_options, field)
static const char *const formats[] = {"text", "json", "junit", "md", NULL};
/* clang-format off */
static const struct opt check_opts[] = {
    {.name = "fail", .type = OPT_LIST, .at = AT(fail), .arg = "LIMIT",
     .help = "What must not be, as 'p99>250ms', 'errors>1%' or 'rps<1000'; may be repeated."},
    {.name = "warn", .type = OPT_LIST, .at = AT(warn), .arg = "LIMIT",
     .help = "What is told and changes no exit code; may be repeated."},
    {.name = "allow-partial", .type = OPT_FLAG, .at = AT(allow_partial),
     .help = "Judge a run that was interrupted by what it has."},
    {.name = "format", .type = OPT_CHOICE, .at = AT(format), .arg = "FORMAT", .def = "text",
     .choices = formats, .help = "What the report is written as."},
    {.name = "out", .letter = 'o', .type = OPT_TEXT, .at = AT(out), .arg = "FILE",
     .help = "Write the report there; the text goes to stdout all the same."},
    {.type = OPT_END},
};
/* clang-format on */

struct limits {
    struct gate_limit *items;
    size_t count;
};

static int parse_limits(const struct str_list *texts, enum gate_level level, struct limits *limits,
                        struct err *err)
{
    for (size_t i = 0; i < texts->count; i++) {
        limits->items = mem_grow(limits->items, limits->count + 1, sizeof *limits->items);
        if (gate_parse(texts->items[i], level, &limits->items[limits->count], err) < 0)
            return err_wrap(err, "--%s", level == GATE_FAIL ? "fail" : "warn");
        limits->count++;
    }
    return 0;
}

static int check_words(const struct check_options *options, const struct cmd_line *line,
                       struct err *err)
{
    if (line->given.nwords == 0)
        return err_set(err, ERR_USAGE, "which result? give a file, as results/NAME.json");
    if (options->fail.count + options->warn.count == 0)
        return err_set(err, ERR_USAGE,
                       "which limit? give --fail 'p99>250ms', --fail 'errors>0' or others");
    if (options->out == NULL)
        return 0;
    if (options->out[0] == '\0' || store_is_folder(options->out))
        return err_set(err, ERR_USAGE, "-o/--out: '%s' is no file; give a name", options->out);
    if (store_check_writable(options->out, err) < 0)
        return err_wrap(err, "-o/--out");
    return 0;
}

static int judge_file(const char *path, const struct limits *limits, enum gate_partial partial,
                      struct gate_sheet *sheet, struct err *err)
{
    struct result r;
    if (result_load(path, &r, err) < 0)
        return -1;
    for (size_t i = 0; i < limits->count; i++) {
        struct gate_outcome o = gate_judge(&limits->items[i], &r, partial);
        o.file = path;
        gate_sheet_add(sheet, &o);
    }
    result_fini(&r);
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
    int failed = store_file_write(options->out, text.data, text.len, err);
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
    (void)fwrite(text.data, 1, text.len, stdout);
    buf_fini(&text);
    return err_exit_code(gate_sheet_kind(sheet));
}

static int check_files(const struct check_options *options, const struct cmd_line *line,
                       const struct limits *limits, struct err *err)
{
    enum gate_partial partial = options->allow_partial ? GATE_PARTIAL_JUDGED : GATE_PARTIAL_REFUSED;
    struct gate_sheet sheet = {0};
    int code = 0;
    for (size_t i = 0; code == 0 && i < line->given.nwords; i++)
        code = judge_file(line->given.words[i], limits, partial, &sheet, err);
    if (code == 0)
        code = report(options, &sheet, err);
    gate_sheet_fini(&sheet);
    return code;
}

static int check_exec(void *options, const struct cmd_line *line, struct err *err)
{
    const struct check_options *check = options;
    struct limits limits = {0};
    int code = check_words(check, line, err);
    if (code == 0)
        code = parse_limits(&check->fail, GATE_FAIL, &limits, err);
    if (code == 0)
        code = parse_limits(&check->warn, GATE_WARN, &limits, err);
    if (code == 0)
        code = check_files(check, line, &limits, err);
    free(limits.items);
    return code;
}

static void check_fini(void *options)
{
    struct check_options *check = options;
    str_list_fini(&check->fail);
    str_list_fini(&check->warn);
}

const struct cmd cmd_check = {
    .name = "check",
    .args = "RESULT...",
    .help = "Hold stored results against fixed limits.",
    .sections = {{"Check", check_opts, 0}},
    .options_size = sizeof(struct check_options),
    .exec = check_exec,
    .fini = check_fini,
};
