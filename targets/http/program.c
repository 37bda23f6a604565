#include "targets/http/program.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/stdio.h"
#include "targets/http/announce.h"
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

static int print_help(const struct program *program, const struct opt_group *groups,
                      struct err *err)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    buf_printf(&out, "Usage: %s %s\n\n%s\n", program->name, program->usage, program->serves);
    if (program->help != NULL)
        program->help(&out);
    opt_help(groups, &out);
    int failed = stdio_print(out.data, err);
    buf_fini(&out);
    return failed;
}

static int print_version(const struct program *program, struct err *err)
{
    char *text = mem_printf("%s " BENCH_VERSION "\n", program->name);
    int failed = stdio_print(text, err);
    free(text);
    return failed;
}

/* If that cannot be told, the server stops as after a signal, so that what the strategy has started
 * ends, too. */
static int serve_ready(struct server *server, const struct server_options *options,
                       enum announce_to whom, struct err *err)
{
    struct err ignored;
    if (announce(server, options, whom, err) == 0)
        return server_run(server, err);
    (void)raise(SIGTERM);
    (void)server_run(server, &ignored);
    return -1;
}

/* The worker and the queue have a broker. */
static int check_broker(const struct strategy *strategy, const struct opt_given *given,
                        struct target_options *target, struct err *err)
{
    bool has_broker = strategy->has_broker;
    if (has_broker)
        target_options_use_variable(target);
    return target_options_check_given(target, given,
                                      has_broker ? TARGET_WITH_BROKER : TARGET_WITHOUT_BROKER, err);
}

static int serve(const struct program *program, const struct server_options *options,
                 struct target_options *target, const struct opt_given *given, struct err *err)
{
    const struct strategy *strategy = program->choose(options->strategy, err);
    if (strategy == NULL || check_broker(strategy, given, target, err) < 0 ||
        target_options_check(target, err) < 0 || server_options_check(options, err) < 0)
        return -1;
    /* bench gives --with-parent, and so does each that reads the line. */
    enum announce_to whom =
        opt_given_text(given, "with-parent") == NULL ? ANNOUNCE_TO_PEOPLE : ANNOUNCE_TO_PARENT;
    struct server *server = mem_zalloc(sizeof *server);
    int failed = server_open(server, strategy, target, options, err);
    if (failed == 0)
        failed = serve_ready(server, options, whom, err);
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

/* After the command line is parsed. */
static int act(const struct program *program, const struct opt_group *groups,
               const struct opt_given *given, struct err *err)
{
    const struct server_options *server = groups[0].into;
    struct target_options *target = groups[1].into;
    const struct program_options *options = groups[2].into;
    if (given->nwords > 0)
        return err_set(err, ERR_USAGE, "'%s' is not an option; see --help", given->words[0]);
    if (options->help)
        return print_help(program, groups, err);
    if (options->version)
        return print_version(program, err);
    if (options->with_parent)
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* if it fails, the guard of bench does it */
    return serve(program, server, target, given, err);
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
    int failed = 0;
    secret_hide(argc, argv);
    stdio_reserve();
    log_set_program(program->name);
    (void)signal(SIGPIPE, SIG_IGN); /* if the client has gone, the write returns an error */
    (void)signal(SIGXFSZ, SIG_IGN); /* the same for a file at its limit (ulimit -f) */
    if (argc == 2 && strcmp(argv[1], "--man-options") == 0)
        failed = opt_print_man(groups, &err);
    else if (opt_parse(groups, argc, argv, &given, &err) < 0 ||
             act(program, groups, &given, &err) < 0)
        failed = -1;
    if (failed < 0)
        log_error("%s", err.text);
    target_options_fini(&target);
    return failed < 0 ? err_exit_code(err.kind) : 0;
}
