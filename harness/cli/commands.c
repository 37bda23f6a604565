#include "cli/commands.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

const struct cmd *const commands[] = {&cmd_run,   &cmd_compare, &cmd_sweep,    &cmd_capacity,
                                      &cmd_check, &cmd_merge,   &cmd_diff,     &cmd_report,
                                      &cmd_serve, &cmd_doctor,  &cmd_selftest, NULL};

#define AT(field) offsetof(struct common, field)
static const char *const levels[] = {"error", "warn", "info", "debug", NULL};
/* clang-format off */
static const struct opt common_opts[] = {
    {.name = "help", .letter = 'h', .type = OPT_FLAG, .at = AT(help),
     .help = "Show this help."},
    {.name = "version", .letter = 'v', .type = OPT_FLAG, .at = AT(version),
     .help = "Show the version."},
    {.name = "log", .type = OPT_CHOICE, .at = AT(log), .arg = "LEVEL", .def = "warn",
     .choices = levels, .help = "Log level."},
    {.name = "debug", .type = OPT_FLAG, .at = AT(debug),
     .help = "The same as --log debug: also what goes wrong with connections and requests, each second."},
    {.type = OPT_END},
};
/* clang-format on */

size_t commands_groups(const struct cmd *cmd, void *options, struct common *common,
                       struct opt_group *groups)
{
    size_t n = cmd_groups(cmd, options, groups);
    groups[n] = (struct opt_group){"General", common_opts, common};
    groups[n + 1] = (struct opt_group){0};
    return n;
}

const struct cmd *commands_find(const char *name, struct err *err)
{
    const char *names[LEN(commands)] = {NULL};
    for (size_t i = 0; commands[i] != NULL; i++) {
        names[i] = commands[i]->name;
        if (strcmp(name, names[i]) == 0)
            return commands[i];
    }
    if (name[0] == '-' || strstr(name, "://") != NULL || name[0] == '/') {
        (void)err_set(err, ERR_USAGE,
                      "the command comes first: bench run %.200s%s; see bench --help", name,
                      name[0] == '-' ? " ..." : "");
        return NULL;
    }
    char *hint = str_suggest(name, names, "'*'?", "; see bench --help");
    (void)err_set(err, ERR_USAGE, "unknown command '%s'%s", name, hint);
    free(hint);
    return NULL;
}
