/* The program: finds the command, parses its options and runs it. Only this file prints errors and
 * exits. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/stdio.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "cli/output.h"
#include "proc/folder.h"
#include "proc/memory.h"

#define VERSION_LINE "bench " BENCH_VERSION "\n"

static int print_usage(struct err *err)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    buf_puts(&out, "bench: which concurrency strategy should this endpoint use, what does it cost, "
                   "and did the last commit make it worse?\n\nUsage: bench COMMAND [OPTIONS]\n\n");
    for (const struct cmd *const *cmd = commands; *cmd != NULL; cmd++)
        buf_printf(&out, "  %-8s %s\n", (*cmd)->name, (*cmd)->help);
    buf_puts(&out, "\n`bench COMMAND --help` shows the options of a command.\n"
                   "Examples:     bench compare -c 100 -d 10\n"
                   "              bench run http://127.0.0.1:8080/\n");
    int failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}

static int print_help(const struct cmd *cmd, const struct opt_group *groups, struct err *err)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    buf_printf(&out, "Usage: bench %s [OPTIONS] %s\n\n%s\n", cmd->name, cmd->args, cmd->help);
    opt_help(groups, &out);
    int failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}

/* What the build makes from the option rows. */
static int print_made(const char *what, const char *of, struct err *err)
{
    struct buf out;
    int failed = 0;
    buf_init(&out, BUF_TEXT_MAX);
    if (strcmp(what, "--man-options") == 0) {
        manual_commands(&out);
    } else if (strcmp(what, "--man") == 0) {
        const struct cmd *cmd = commands_find(of, err);
        failed = cmd == NULL ? -1 : 0;
        if (cmd != NULL)
            manual_page(cmd, &out);
    } else {
        failed = completion_script(of, &out, err);
    }
    if (failed == 0)
        failed = output_text(&out, err);
    buf_fini(&out);
    return failed;
}

static int run_parsed(const struct cmd *cmd, void *options, const struct common *common,
                      const struct opt_line *line, struct err *err)
{
    enum log_level level = LOG_WARN;
    if (log_level_parse(common->log, &level) == 0)
        log_set_level(common->debug ? LOG_DEBUG : level);
    if (common->version)
        return stdio_print(VERSION_LINE, err);
    if (common->help)
        return print_help(cmd, line->groups, err);
    folder_sweep(); /* removes what killed runs left behind */
    return cmd->exec(options, line, err);
}

static int run_command(const struct cmd *cmd, int argc, char **argv, struct err *err)
{
    struct common common = {0};
    struct opt_group groups[OPT_GROUPS_MAX + 2];
    void *options = mem_zalloc(cmd->options_size);
    /* getopt permutes the arguments; the record keeps them in the order given. */
    char **typed = mem_array((size_t)argc + 1, sizeof *typed);
    memcpy(typed, argv, (size_t)argc * sizeof *typed);
    struct opt_line line = {.argc = argc, .argv = typed, .groups = groups};
    line.nown = commands_groups(cmd, options, &common, groups);
    int code = opt_parse(groups, argc - 1, argv + 1, &line.given, err);
    if (code == 0)
        code = run_parsed(cmd, options, &common, &line, err);
    if (cmd->fini != NULL)
        cmd->fini(options);
    free(typed);
    free(options);
    return code;
}

/* bench help COMMAND. */
static int print_help_of(char **argv, struct err *err)
{
    char option[] = "--help";
    char *as_if[] = {argv[0], argv[2], option, NULL};
    const struct cmd *cmd = commands_find(argv[2], err);
    return cmd == NULL ? -1 : run_command(cmd, 3, as_if, err);
}

static int dispatch(int argc, char **argv, struct err *err)
{
    const char *first = argc > 1 ? argv[1] : "";
    if (strcmp(first, "help") == 0 && argc > 2)
        return print_help_of(argv, err);
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0 || strcmp(first, "help") == 0)
        return print_usage(err);
    if (strcmp(first, "--version") == 0 || strcmp(first, "-v") == 0)
        return stdio_print(VERSION_LINE, err);
    if (strcmp(first, "--man-options") == 0 || strcmp(first, "--man") == 0 ||
        strcmp(first, "--completion") == 0)
        return print_made(first, argc > 2 ? argv[2] : "", err);
    if (argc < 2)
        return err_set(err, ERR_USAGE,
                       "no command given; try bench run --strategy pool, or see bench --help");
    const struct cmd *cmd = commands_find(first, err);
    return cmd == NULL ? -1 : run_command(cmd, argc, argv, err);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    memory_dies();
    secret_hide(argc, argv);
    stdio_reserve();
    (void)signal(SIGPIPE, SIG_IGN); /* a server that goes away is counted, it does not end bench */
    (void)signal(SIGXFSZ, SIG_IGN); /* a file size limit is reported as an error */
    int code = dispatch(argc, argv, &err);
    if (code < 0) {
        log_error("%s", err.text);
        code = err_exit_code(err.kind);
    }
    return code;
}
