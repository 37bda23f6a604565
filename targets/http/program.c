#include "targets/http/program.h"

#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/stdio.h"
#include "targets/http/server.h"

struct program_options {
    bool with_parent, help, version;
};

#define AT(field) offsetof(struct program_options, field)
/* clang-format off */
static const struct opt program_opts[] = {
    {.name = "with-parent", .type = OPT_FLAG, .at = AT(with_parent),
     .help = "Die with the process that started this one; bench gives it."},
    {.name = "help", .letter = 'h', .type = OPT_FLAG, .at = AT(help), .help = "Print this text."},
    {.name = "version", .letter = 'v', .type = OPT_FLAG, .at = AT(version),
     .help = "Print the version."},
    {.type = OPT_END},
};
/* clang-format on */

static int print_help(const struct program *program, const struct opt_group *groups)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    buf_printf(&out, "Usage: %s %s\n\n%s\n", program->name, program->usage, program->serves);
    if (program->help != NULL)
        program->help(&out);
    opt_help(groups, &out);
    (void)fputs(out.data, stdout);
    buf_fini(&out);
    return 0;
}

/* The option part of the man page, from the rows; scripts/man puts it there. */
static int print_man(const struct opt_group *groups)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    opt_man(groups, &out);
    (void)fputs(out.data, stdout);
    buf_fini(&out);
    return 0;
}

/* One line for the program that waits for the port. */
static void print_ready(const struct server *server, const char *host)
{
    json_t *line =
        json_pack("{s:b, s:i, s:i, s:s, s:s}", "ready", 1, "port", server->port, "pid",
                  (int)getpid(), "host", host, "strategy", server->routes.strategy->name);
    char *text = json_dumps(line, JSON_COMPACT);
    (void)printf("%s\n", text);
    (void)fflush(stdout); /* a failure means that the reader is gone */
    free(text);
    json_decref(line);
}

static int serve(const struct program *program, const struct server_options *options,
                 const struct target_options *target, struct err *err)
{
    const struct strategy *strategy = program->choose(options->strategy, err);
    if (strategy == NULL || target_options_check(target, err) < 0)
        return -1;
    struct server *server = mem_zalloc(sizeof *server);
    int failed = server_open(server, strategy, target, options->host, options->port, err);
    if (failed == 0) {
        print_ready(server, options->host);
        failed = server_run(server, err);
    }
    free(server);
    return failed;
}

void program_pick_rows(const struct opt *from, const char *const *names, struct opt *out)
{
    for (; from->type != OPT_END; from++) {
        for (size_t i = 0; names[i] != NULL; i++) {
            if (strcmp(from->name, names[i]) == 0)
                *out++ = *from;
        }
    }
    *out = *from;
}

int program_main(const struct program *program, int argc, char **argv)
{
    struct err err = {0};
    struct opt_given given;
    struct program_options options = {0};
    struct server_options server = {0};
    struct target_options target = {0};
    const struct opt_group groups[] = {
        {"Server", program->server_rows, &server},
        {"Target", program->target_rows, &target},
        {"General", program_opts, &options},
        {0},
    };
    stdio_reserve();
    log_set_program(program->name);
    (void)signal(SIGPIPE, SIG_IGN); /* a gone client is an error of the write */
    (void)signal(SIGXFSZ, SIG_IGN); /* and so is a file at its limit (ulimit -f) */
    if (argc == 2 && strcmp(argv[1], "--man-options") == 0)
        return print_man(groups);
    int failed = opt_parse(groups, argc, argv, &given, &err);
    if (failed == 0 && given.nwords > 0)
        failed = err_set(&err, ERR_USAGE, "'%s' is not an option; see --help", given.words[0]);
    if (failed == 0 && options.help)
        return print_help(program, groups);
    if (failed == 0 && options.version) {
        (void)printf("%s " BENCH_VERSION "\n", program->name);
        return 0;
    }
    if (failed == 0 && options.with_parent)
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* if it fails, the guard of bench does it */
    if (failed == 0)
        failed = serve(program, &server, &target, &err);
    if (failed < 0)
        log_error("%s", err.text);
    return failed < 0 ? err_exit_code(err.kind) : 0;
}
