#include "cli/manual.h"

#include <ctype.h>

#include "cli/commands.h"

static void in_capitals(const char *text, struct buf *out)
{
    for (; *text != '\0'; text++)
        buf_printf(out, "%c", toupper((unsigned char)*text));
}

void manual_commands(struct buf *out)
{
    buf_puts(out, ".SH COMMANDS\n");
    for (const struct cmd *const *cmd = commands; *cmd != NULL; cmd++) {
        buf_printf(out, ".TP\n.BR bench\\-%s (1)\n", (*cmd)->name);
        opt_man_text((*cmd)->help, out);
        buf_puts(out, "\n");
    }
}

void manual_page(const struct cmd *cmd, struct buf *out)
{
    struct opt_group groups[OPT_GROUPS_MAX + 2];
    char none = 0;
    (void)commands_groups(cmd, &none, NULL, groups);
    buf_puts(out, ".TH BENCH\\-");
    in_capitals(cmd->name, out);
    buf_printf(out, " 1 \"2026\" \"bench\" \"User Commands\"\n.SH NAME\nbench\\-%s \\- ",
               cmd->name);
    opt_man_text(cmd->help, out);
    buf_printf(out, "\n.SH SYNOPSIS\n.B bench %s\n[\\fIOPTIONS\\fR] ", cmd->name);
    opt_man_text(cmd->args, out);
    buf_puts(out, "\n.SH OPTIONS\n");
    opt_man(groups, out);
    buf_puts(out,
             ".SH SEE ALSO\n.BR bench (1)\nhas the exit codes, the files and the variables of the "
             "environment.\n");
}
