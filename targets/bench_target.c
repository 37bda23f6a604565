/* bench-target: one server, one strategy. */
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "targets/gateway.h"

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

static int print_help(const struct opt_group *groups)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    buf_puts(&out, "Usage: bench-target [--strategy NAME] [options]\n"
                   "\nServes GET|POST /heavy, /ping, /healthz and /stats until SIGTERM or SIGINT.\n"
                   "\nStrategies:\n");
    for (size_t i = 0; strategies[i] != NULL; i++)
        buf_printf(&out, "  %-10s %s\n", strategies[i]->name, strategies[i]->summary);
    opt_help(groups, &out);
    (void)fputs(out.data, stdout);
    buf_fini(&out);
    return 0;
}

/* One line, for whoever waits for the port. */
static void print_ready(const struct gateway *g, const char *host)
{
    json_t *line = json_pack("{s:b, s:i, s:i, s:s, s:s}", "ready", 1, "port", g->port, "pid",
                             (int)getpid(), "host", host, "strategy", g->strategy->name);
    char *text = json_dumps(line, JSON_COMPACT);
    (void)printf("%s\n", text);
    (void)fflush(stdout); /* a reader that is gone does not need the line */
    free(text);
    json_decref(line);
}

static int serve(const struct server_options *server, const struct target_options *target,
                 struct err *err)
{
    const struct strategy *strategy = strategy_find(server->strategy, err);
    if (strategy == NULL || target_options_check(target, err) < 0)
        return -1;
    struct gateway *g = mem_zalloc(sizeof *g);
    int failed = gateway_open(g, strategy, target, server->host, server->port, err);
    if (failed == 0) {
        print_ready(g, server->host);
        failed = gateway_run(g, err);
    }
    free(g);
    return failed;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct opt_given given;
    struct program_options program = {0};
    struct server_options server = {0};
    struct target_options target = {0};
    const struct opt_group groups[] = {
        {"Server", server_opts, &server},
        {"Target", target_opts, &target},
        {"General", program_opts, &program},
        {0},
    };
    log_set_program("bench-target");
    (void)signal(SIGPIPE, SIG_IGN); /* a client that is gone is an error of the write */
    int failed = opt_parse(groups, argc, argv, &given, &err);
    if (failed == 0 && given.nwords > 0)
        failed = err_set(&err, ERR_USAGE, "'%s' is not an option; see --help", given.words[0]);
    if (failed == 0 && program.help)
        return print_help(groups);
    if (failed == 0 && program.version) {
        (void)puts("bench-target " BENCH_VERSION);
        return 0;
    }
    if (failed == 0 && program.with_parent)
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* the guard of bench does it if this cannot */
    if (failed == 0)
        failed = serve(&server, &target, &err);
    if (failed < 0)
        log_error("%s", err.text);
    return failed < 0 ? err_exit_code(err.kind) : 0;
}
