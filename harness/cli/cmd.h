/* cmd: one subcommand as data: main finds it, parses its options and runs it.
 *
 * Shape   `sections` are option rows with the offset of the struct they fill inside the command's
 *         options (one zeroed block of options_size bytes that main allocates).
 * Owner   main frees the block after `fini`.
 * Errors  exec returns the program's exit code, or -1 with err set; only main prints and exits.
 */
#ifndef CLI_CMD_H
#define CLI_CMD_H

#include "base/err.h"
#include "base/opt.h"

struct cmd_section {
    const char *title;
    const struct opt *rows;
    size_t at; /* offset of the rows' struct in the options */
};

struct cmd {
    const char *name, *args, *help;
    struct cmd_section sections[OPT_GROUPS_MAX]; /* ends with one without rows */
    size_t options_size;
    int (*exec)(void *options, const struct opt_line *line, struct err *err);
    void (*fini)(void *options); /* may be NULL */
};

extern const struct cmd cmd_run, cmd_compare, cmd_check, cmd_serve, cmd_report, cmd_diff, cmd_merge,
    cmd_doctor, cmd_selftest, cmd_sweep, cmd_capacity;

/* The command's sections as groups that fill `options`; returns how many. `groups` has room for
 * OPT_GROUPS_MAX; no end marker is written. */
size_t cmd_groups(const struct cmd *cmd, void *options, struct opt_group *groups);

#endif
