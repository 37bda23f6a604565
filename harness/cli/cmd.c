#include "cli/cmd.h"

size_t cmd_groups(const struct cmd *cmd, void *options, struct opt_group *groups)
{
    size_t n = 0;
    for (; n < OPT_GROUPS_MAX && cmd->sections[n].rows != NULL; n++)
        groups[n] = (struct opt_group){cmd->sections[n].title, cmd->sections[n].rows,
                                       (char *)options + cmd->sections[n].at};
    return n;
}
