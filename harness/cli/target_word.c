#include "cli/target_word.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "load/endpoint.h"
#include "report/shell_word.h"

static int check_target_options(const struct plan *plan, struct err *err)
{
    if (plan->strategy != NULL && plan->command != NULL)
        return err_set(err, ERR_USAGE, "--strategy and --cmd both start a target; give one");
    if (plan->command != NULL && plan->command[strspn(plan->command, " \t\n")] == '\0')
        return err_set(err, ERR_USAGE, "--cmd is empty; give the command that starts your server");
    return 0;
}

static bool is_program(const char *path)
{
    struct stat file;
    return stat(path, &file) == 0 && S_ISREG(file.st_mode) && access(path, X_OK) == 0;
}

/* A URL behind "--" is one as well, because nothing behind it is taken for an option. So is a path,
 * unless there is one already, or a program of this name. */
static bool is_command(const struct plan *plan, const struct opt_given *given)
{
    const char *first = given->words[given->nwords - given->nbehind];
    if (plan->any_port || given->nbehind > 1)
        return true;
    if (first[0] == '/')
        return given->nwords > 1 || is_program(first);
    return strstr(first, "://") == NULL;
}

/* The words behind "--", for the shell that starts a command. */
static int take_command(struct plan *plan, const struct opt_given *given, size_t *words,
                        struct err *err)
{
    struct buf line;
    if (given->nbehind == 0 || !is_command(plan, given))
        return plan->any_port ? err_set(err, ERR_USAGE,
                                        "--on-port starts the server behind '--'; try bench run "
                                        "--on-port / -- node app.js")
                              : 0;
    if (plan->strategy != NULL || plan->command != NULL)
        return err_set(err, ERR_USAGE,
                       "the command behind '--' is the server, and so is --strategy or --cmd; give "
                       "one of them");
    buf_init(&line, BUF_TEXT_MAX);
    *words -= given->nbehind;
    for (size_t i = 0; i < given->nbehind; i++) {
        buf_puts(&line, i == 0 ? "" : " ");
        shell_word(&line, given->words[*words + i]);
    }
    plan->any_port = true;
    plan->command = plan->owned_command = buf_take(&line);
    buf_fini(&line);
    return 0;
}

static int no_target(const struct plan *plan, struct err *err)
{
    if (plan->socket_path != NULL)
        return err_set(
            err, ERR_USAGE,
            "-S/--socket-path says only where to connect; give the URL too, or its path, "
            "such as /");
    return err_set(err, ERR_USAGE,
                   "no target given; give a URL, --strategy pool, or "
                   "--cmd 'your-server --port {port}'");
}

/* A path without a host: localhost, through the socket of -S or at PORT. */
static int use_localhost(struct plan *plan, struct err *err)
{
    const char *port = getenv("PORT"); /* NOLINT(concurrency-mt-unsafe): no thread yet */
    if (plan->socket_path == NULL && port == NULL)
        return err_set(err, ERR_USAGE,
                       "'%s' is only a path: give a full URL, --strategy, "
                       "--cmd, or set PORT for a server on localhost",
                       plan->path);
    if (plan->socket_path == NULL && (port[0] == '\0' || port[strspn(port, "0123456789")] != '\0'))
        return err_set(
            err, ERR_USAGE,
            "'%s' is only a path, and the variable PORT, which says where it is, is '%s': "
            "set it to a number",
            plan->path, port);
    plan->owned_url = plan->socket_path != NULL
                          ? mem_printf("http://localhost%s", plan->path)
                          : mem_printf("http://localhost:%s%s", port, plan->path);
    plan->url = plan->owned_url;
    return 0;
}

/* Of several URLs, those behind the first. */
static int take_more(struct plan *plan, const struct opt_given *given, struct err *err)
{
    if (given->nwords > PLAN_URLS_MAX)
        return err_set(err, ERR_USAGE, "%zu URLs are more than the %d that a run can have",
                       given->nwords, PLAN_URLS_MAX);
    for (size_t i = 1; i < given->nwords; i++) {
        if (given->words[i][0] == '/')
            return err_set(err, ERR_USAGE, "'%s' is only a path; of several URLs, give each whole",
                           given->words[i]);
        str_list_add(&plan->more_urls, given->words[i]);
    }
    if ((int64_t)given->nwords > plan->connections)
        return err_set(err, ERR_USAGE,
                       "%zu URLs share -c/--connections %lld, so some would have none; raise -c",
                       given->nwords, (long long)plan->connections);
    return 0;
}

static int only_one(const struct opt_given *given, size_t words, struct err *err)
{
    if (words <= 1)
        return 0;
    return err_set(err, ERR_USAGE,
                   "'%s' is a second word; several are for URLs, as in "
                   "http://localhost:8080/a http://localhost:8080/b",
                   given->words[1]);
}

int target_word_take(struct plan *plan, const struct opt_given *given, struct err *err)
{
    size_t words = given->nwords;
    if (take_command(plan, given, &words, err) < 0)
        return -1;
    if (check_target_options(plan, err) < 0)
        return -1;
    const char *word = words > 0 ? given->words[0] : NULL;
    bool starts_target = plan->strategy != NULL || plan->command != NULL;
    if (word == NULL)
        return starts_target ? 0 : no_target(plan, err);
    if (word[0] != '\0' && word[strspn(word, "0123456789")] == '\0')
        return err_set(err, ERR_USAGE,
                       "'%.40s' is neither a URL nor a path; a number of requests is -a %.40s",
                       word, word);
    if ((starts_target || word[0] == '/') && only_one(given, words, err) < 0)
        return -1;
    if (word[0] == '/') {
        plan->path = word;
        return starts_target ? 0 : use_localhost(plan, err);
    }
    if (starts_target)
        return err_set(err, ERR_USAGE,
                       "'%s' cannot be combined with a target that bench starts: give only the "
                       "path, such as /heavy",
                       word);
    plan->url = word;
    return take_more(plan, given, err);
}

int target_word_check_socket(const struct plan *plan, struct err *err)
{
    if (plan->socket_path == NULL)
        return 0;
    if (plan->url == NULL)
        return err_set(
            err, ERR_USAGE,
            "-S/--socket-path is not for a server that bench starts, which has to listen "
            "on a port; start it yourself, and give a URL");
    if (endpoint_check_path(plan->socket_path, err) < 0)
        return err_wrap(err, "-S/--socket-path");
    return 0;
}
