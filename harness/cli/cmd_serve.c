/* bench serve: runs a bundled target on its own. The process becomes bench-target. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "cli/cmd.h"
#include "proc/programs.h"
#include "targets/work/options.h"

struct serve_options {
    struct server_options server;
    struct target_options target;
};

static int become(const char *program, const struct str_list *words, struct err *err)
{
    char reason[80];
    char **argv = mem_array(words->count + 1, sizeof *argv);
    memcpy(argv, words->items, words->count * sizeof *argv);
    (void)execv(program, argv);
    int error = errno;
    free(argv);
    return err_set(err, ERR_USAGE, "cannot start %s: %s", program,
                   strerror_r(error, reason, sizeof reason));
}

/* Any user can read a command line, so the address of a Redis, which may hold a password, is passed
 * as a variable. */
static void forward_target(const struct opt_given *given, struct str_list *words)
{
    const char *broker = opt_given_text(given, "broker");
    struct opt_given shown = *given;
    if (broker != NULL && broker_is_url_of_redis(broker)) {
        (void)setenv(BROKER_VARIABLE, broker, 1); /* NOLINT(concurrency-mt-unsafe): one thread */
        shown.count = 0;
        for (size_t i = 0; i < given->count; i++) {
            if (strcmp(given->options[i].row->name, "broker") != 0)
                shown.options[shown.count++] = given->options[i];
        }
    }
    opt_forward(&shown, target_opts, words);
}

static int serve_exec(void *options, const struct opt_line *line, struct err *err)
{
    (void)options; /* only checked here; bench-target parses the same rows */
    struct str_list words = {0};
    if (line->given.nwords > 0)
        return err_set(err, ERR_USAGE, "'%s' is not an option; see bench serve --help",
                       line->given.words[0]);
    char *program = program_find("bench-target", err);
    if (program == NULL)
        return -1;
    str_list_add(&words, program);
    opt_forward(&line->given, server_opts, &words);
    forward_target(&line->given, &words);
    int failed = become(program, &words, err);
    str_list_fini(&words);
    free(program);
    return failed;
}

static void serve_fini(void *options)
{
    struct serve_options *serve = options;
    target_options_fini(&serve->target);
}

const struct cmd cmd_serve = {
    .name = "serve",
    .args = "",
    .help = "Run a bundled target on its own, for any client, until Ctrl-C.",
    .sections = {{"Server", server_opts, offsetof(struct serve_options, server)},
                 {"Bundled target", target_opts, offsetof(struct serve_options, target)}},
    .options_size = sizeof(struct serve_options),
    .exec = serve_exec,
    .fini = serve_fini,
};
