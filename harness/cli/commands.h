/* commands: all subcommands, and the option groups of each.
 *
 * Owner   the table is constant; groups point into what the caller gives.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cmd.h"

/* Options that every command has. */
struct common {
    bool help, version, debug;
    const char *log;
};

extern const struct cmd *const commands[]; /* ends with NULL */

/* Returns the number of the command's own groups; the general one follows them, then an end.
 * `groups` has room for OPT_GROUPS_MAX + 2. */
size_t commands_groups(const struct cmd *cmd, void *options, struct common *common,
                       struct opt_group *groups);
/* NULL with err set: there is no command of this name. */
const struct cmd *commands_find(const char *name, struct err *err);

#endif
