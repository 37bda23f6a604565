/* bench selftest: measures servers whose latencies are known, and shows how far off bench is. */
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "base/log.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "report/selftest/report.h"
#include "selftest/bench_selftest.h"
#include "store/selftest_json.h"

struct selftest_options {
    bool quick, json;
};

#define AT(field) offsetof(struct selftest_options, field)
/* clang-format off */
static const struct opt selftest_opts[] = {
    {.name = "quick", .type = OPT_FLAG, .at = AT(quick),
     .help = "Measure for at most 15 s instead of 60 s, with fewer requests and without the highest rate."},
    {.name = "json", .letter = 'j', .type = OPT_FLAG, .at = AT(json),
     .help = "Print a bench.selftest/1 document instead of the table."},
    {.type = OPT_END},
};
/* clang-format on */

#define CLEAR_LINE "\r\033[K"

static void on_case(void *ctx, const char *text, size_t index, size_t count)
{
    const bool *is_shown = ctx;
    if (*is_shown)
        (void)fprintf(stderr, CLEAR_LINE "%zu of %zu: %s", index + 1, count, text);
    else
        log_info("%zu of %zu: %s", index + 1, count, text);
}

static int print(const struct selftest *s, bool json, struct err *err)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    if (json) {
        selftest_write(s, DOC_INDENTED, &out);
    } else {
        struct report_style style = terminal_style(stdout);
        report_selftest(s, &style, &out);
    }
    int failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}

static int selftest_exec(void *options, const struct opt_line *line, struct err *err)
{
    const struct selftest_options *o = options;
    struct selftest s;
    int signal = 0;
    if (line->given.nwords > 0)
        return err_set(err, ERR_USAGE, "'%s' is not an option; see bench selftest --help",
                       line->given.words[0]);
    bool is_shown = !o->json && isatty(STDERR_FILENO);
    selftest_init(&s);
    s.is_quick = o->quick;
    int code = bench_selftest(&s, &(struct selftest_view){&is_shown, on_case}, &signal, err);
    if (is_shown)
        (void)fputs(CLEAR_LINE, stderr);
    if (code == 0)
        code = print(&s, o->json, err);
    if (code == 0)
        code = err_exit_code(selftest_kind(&s));
    selftest_fini(&s);
    if (signal == 0)
        return code;
    log_error("%s", err->text);
    return 128 + signal;
}

const struct cmd cmd_selftest = {
    .name = "selftest",
    .args = "",
    .help = "Measure servers whose latencies are known, and show how far off bench is here.",
    .sections = {{"Selftest", selftest_opts, 0}},
    .options_size = sizeof(struct selftest_options),
    .exec = selftest_exec,
};
