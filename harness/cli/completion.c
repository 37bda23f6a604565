#include "cli/completion.h"

#include <stdbool.h>
#include <string.h>

#include "base/opt.h"
#include "cli/commands.h"

typedef void row_writer(const struct cmd *cmd, const struct opt *row, struct buf *out);

static bool takes_file(const struct opt *row)
{
    return row->arg != NULL &&
           (strstr(row->arg, "FILE") != NULL || strstr(row->arg, "DIR") != NULL ||
            strstr(row->arg, "PATH") != NULL);
}

static bool takes_value(const struct opt *row)
{
    return row->type != OPT_FLAG;
}

static const char *prefix(const struct opt *row)
{
    return opt_on_by_default(row) ? "no-" : "";
}

static bool has_letter(const struct opt *row)
{
    return row->letter != 0 && !row->affirmative;
}

static void each_row(const struct cmd *cmd, row_writer *write, struct buf *out)
{
    struct opt_group groups[OPT_GROUPS_MAX + 2];
    char none = 0;
    (void)commands_groups(cmd, &none, NULL, groups);
    for (const struct opt_group *group = groups; group->rows != NULL; group++) {
        for (const struct opt *row = group->rows; row->type != OPT_END; row++) {
            struct opt shown;
            if (opt_is_shown(groups, row, &shown))
                write(cmd, &shown, out);
        }
    }
}

static void names(const char *between, struct buf *out)
{
    for (const struct cmd *const *cmd = commands; *cmd != NULL; cmd++)
        buf_printf(out, "%s%s", cmd == commands ? "" : between, (*cmd)->name);
}

static void choices(const struct opt *row, struct buf *out)
{
    for (const char *const *choice = row->choices; *choice != NULL; choice++)
        buf_printf(out, "%s%s", choice == row->choices ? "" : " ", *choice);
}

/* --- bash --- */

static void bash_name(const struct cmd *cmd, const struct opt *row, struct buf *out)
{
    (void)cmd;
    buf_printf(out, " --%s%s", prefix(row), row->name);
    if (has_letter(row))
        buf_printf(out, " -%c", row->letter);
}

static void bash_value(const struct cmd *cmd, const struct opt *row, struct buf *out)
{
    (void)cmd;
    if (!takes_value(row))
        return;
    buf_printf(out, "        --%s", row->name);
    if (row->letter != 0)
        buf_printf(out, " | -%c", row->letter);
    buf_puts(out, ") ");
    if (row->choices != NULL) {
        buf_puts(out, "COMPREPLY=($(compgen -W '");
        choices(row, out);
        buf_puts(out, "' -- \"$word\")); ");
    } else if (takes_file(row)) {
        buf_puts(out, "COMPREPLY=($(compgen -f -- \"$word\")); ");
    }
    buf_puts(out, "return ;;\n");
}

static void bash_script(struct buf *out)
{
    buf_puts(
        out,
        "# bash completion of bench\n_bench() {\n"
        "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        COMPREPLY=($(compgen -W '");
    names(" ", out);
    buf_puts(out, " --help --version' -- \"$word\"))\n        return\n    fi\n"
                  "    case ${COMP_WORDS[1]} in\n");
    for (const struct cmd *const *cmd = commands; *cmd != NULL; cmd++) {
        buf_printf(out, "    %s)\n        case $before in\n", (*cmd)->name);
        each_row(*cmd, bash_value, out);
        buf_puts(out, "        esac\n        options='");
        each_row(*cmd, bash_name, out);
        buf_puts(out, "' ;;\n");
    }
    buf_puts(out, "    *) return ;;\n    esac\n"
                  "    if [[ $word == -* ]]; then\n"
                  "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
                  "    else\n"
                  "        COMPREPLY=($(compgen -f -- \"$word\"))\n"
                  "    fi\n}\n"
                  "complete -o filenames -F _bench bench\n");
}

/* --- zsh --- */

/* Between single quotes, in a specification of _arguments. */
static void zsh_text(const char *text, struct buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            buf_puts(out, "'\\''");
        else if (strchr("[]:\\", *text) != NULL)
            buf_printf(out, "\\%c", *text);
        else
            buf_add(out, text, 1);
    }
}

static void zsh_action(const struct opt *row, struct buf *out)
{
    if (!takes_value(row))
        return;
    buf_puts(out, ":");
    zsh_text(row->arg == NULL ? "value" : row->arg, out);
    buf_puts(out, ":");
    if (row->choices != NULL) {
        buf_puts(out, "(");
        choices(row, out);
        buf_puts(out, ")");
    } else if (takes_file(row)) {
        buf_puts(out, "_files");
    }
}

static void zsh_one(const struct opt *row, const char *name, struct buf *out)
{
    buf_printf(out, " \\\n            '*%s%s[", name,
               takes_value(row) && name[1] == '-' ? "=" : "");
    zsh_text(row->help, out);
    buf_puts(out, "]");
    zsh_action(row, out);
    buf_puts(out, "'");
}

static void zsh_row(const struct cmd *cmd, const struct opt *row, struct buf *out)
{
    char letter[] = {'-', row->letter, '\0'};
    struct buf name;
    (void)cmd;
    buf_init(&name, BUF_TEXT_MAX);
    buf_printf(&name, "--%s%s", prefix(row), row->name);
    zsh_one(row, name.data, out);
    if (has_letter(row))
        zsh_one(row, letter, out);
    buf_fini(&name);
}

static void zsh_script(struct buf *out)
{
    buf_puts(out,
             "#compdef bench\n_bench() {\n    local curcontext=$curcontext state line\n"
             "    if (( CURRENT == 2 )); then\n        local -a commands\n        commands=(\n");
    for (const struct cmd *const *cmd = commands; *cmd != NULL; cmd++) {
        buf_printf(out, "            '%s:", (*cmd)->name);
        zsh_text((*cmd)->help, out);
        buf_puts(out, "'\n");
    }
    buf_puts(out, "        )\n        _describe command commands\n        return\n    fi\n"
                  "    local command=$words[2]\n    shift words\n    (( CURRENT-- ))\n"
                  "    case $command in\n");
    for (const struct cmd *const *cmd = commands; *cmd != NULL; cmd++) {
        buf_printf(out, "    %s)\n        _arguments -S", (*cmd)->name);
        each_row(*cmd, zsh_row, out);
        buf_puts(out, " \\\n            '*:file:_files' ;;\n");
    }
    buf_puts(out, "    esac\n}\n"
                  "if [ \"$funcstack[1]\" = _bench ]; then\n    _bench \"$@\"\nelse\n"
                  "    compdef _bench bench\nfi\n");
}

/* --- fish --- */

static void fish_text(const char *text, struct buf *out)
{
    buf_puts(out, "'");
    for (; *text != '\0'; text++)
        buf_printf(out, "%s%c", *text == '\'' || *text == '\\' ? "\\" : "", *text);
    buf_puts(out, "'");
}

static void fish_row(const struct cmd *cmd, const struct opt *row, struct buf *out)
{
    buf_printf(out, "complete -c bench -n '__fish_seen_subcommand_from %s' -l %s%s", cmd->name,
               prefix(row), row->name);
    if (has_letter(row))
        buf_printf(out, " -s %c", row->letter);
    if (takes_value(row))
        buf_puts(out, takes_file(row) ? " -r -F" : " -x");
    if (row->choices != NULL) {
        buf_puts(out, " -a '");
        choices(row, out);
        buf_puts(out, "'");
    }
    buf_puts(out, " -d ");
    fish_text(row->help, out);
    buf_puts(out, "\n");
}

static void fish_script(struct buf *out)
{
    buf_puts(out, "# fish completion of bench\n");
    for (const struct cmd *const *cmd = commands; *cmd != NULL; cmd++) {
        buf_puts(out, "complete -c bench -f -n '__fish_use_subcommand' -a ");
        buf_printf(out, "%s -d ", (*cmd)->name);
        fish_text((*cmd)->help, out);
        buf_puts(out, "\n");
    }
    for (const struct cmd *const *cmd = commands; *cmd != NULL; cmd++)
        each_row(*cmd, fish_row, out);
}

int completion_script(const char *shell, struct buf *out, struct err *err)
{
    static const struct {
        const char *name;
        void (*write)(struct buf *out);
    } shells[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shell, shells[i].name) == 0) {
            shells[i].write(out);
            return 0;
        }
    }
    return err_set(err, ERR_USAGE, "no completion for '%s'; there is one for bash, zsh and fish",
                   shell);
}
