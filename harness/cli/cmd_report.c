/* bench report: the tables of a stored result, made again from its file alone. */
#include <stdio.h>

#include "cli/cmd.h"
#include "cli/terminal.h"
#include "report/run_report.h"
#include "store/result_file.h"
#include "store/result_json.h"

struct report_options {
    bool latency_table, status_codes, json;
};

#define AT(field) offsetof(struct report_options, field)
/* clang-format off */
static const struct opt report_opts[] = {
    {.name = "latency", .letter = 'l', .type = OPT_FLAG, .at = AT(latency_table),
     .help = "Add the table of all percentiles."},
    {.name = "status-codes", .type = OPT_FLAG, .at = AT(status_codes),
     .help = "Add the table of status codes."},
    {.name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json),
     .help = "The result as JSON, checked, one line a file."},
    {.type = OPT_END},
};
/* clang-format on */

static int print_file(const struct report_options *options, const char *path, struct err *err)
{
    struct result r;
    struct buf out;
    if (result_load(path, &r, err) < 0)
        return -1;
    struct report_style style = terminal_style(stdout);
    style.latency_table = options->latency_table;
    style.status_codes = options->status_codes;
    buf_init(&out, BUF_TEXT_MAX);
    if (options->json)
        result_write(&r, DOC_LINE, &out);
    else
        report_run(&r, &style, &out);
    (void)fwrite(out.data, 1, out.len, stdout);
    buf_fini(&out);
    result_fini(&r);
    return 0;
}

static int report_exec(void *options, const struct cmd_line *line, struct err *err)
{
    if (line->given.nwords == 0)
        return err_set(err, ERR_USAGE, "which result? give a file, as results/NAME.json");
    for (size_t i = 0; i < line->given.nwords; i++) {
        if (print_file(options, line->given.words[i], err) < 0)
            return -1;
    }
    return 0;
}

const struct cmd cmd_report = {
    .name = "report",
    .args = "RESULT...",
    .help = "Show stored results again.",
    .sections = {{"Report", report_opts, 0}},
    .options_size = sizeof(struct report_options),
    .exec = report_exec,
};
