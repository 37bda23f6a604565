/* The rows as text: --help and the man page. */
#include <string.h>

#include "base/opt.h"
#include "base/stdio.h"

/* Beside --no-NAME an affirmative letter would say the opposite. */
static bool has_shown_letter(const struct opt *row)
{
    return row->letter != 0 && !row->affirmative;
}

static void help_row(const struct opt *row, struct buf *out)
{
    size_t start = out->len;
    if (has_shown_letter(row))
        buf_printf(out, "  -%c, --", row->letter);
    else
        buf_puts(out, "      --");
    buf_printf(out, "%s%s", opt_on_by_default(row) ? "no-" : "", row->name);
    if (row->arg != NULL)
        buf_printf(out, " %s", row->arg);
    size_t width = out->len - start;
    if (width < 30)
        buf_pad(out, ' ', 30 - width);
    else
        buf_puts(out, "\n                              ");
    buf_puts(out, row->help);
    if (row->choices != NULL) {
        buf_puts(out, " One of:");
        for (const char *const *choice = row->choices; *choice != NULL; choice++)
            buf_printf(out, " %s", *choice);
        buf_puts(out, ".");
    }
    if (row->def != NULL && row->type != OPT_FLAG)
        buf_printf(out, " [%s]", row->def);
    buf_puts(out, "\n");
}

static const struct opt *find_note(const struct opt_group *groups, const char *name)
{
    for (; groups->rows != NULL; groups++) {
        for (const struct opt *row = groups->rows; row->type != OPT_END; row++) {
            if (row->type == OPT_NOTE && strcmp(row->name, name) == 0)
                return row;
        }
    }
    return NULL;
}

bool opt_is_shown(const struct opt_group *groups, const struct opt *row, struct opt *shown)
{
    const struct opt *note = find_note(groups, row->name);
    *shown = *row;
    if (note != NULL) {
        shown->help = note->help;
        shown->def = opt_on_by_default(row) ? row->def : NULL;
    }
    return row->type != OPT_ABSENT && row->type != OPT_NOTE && shown->help != NULL;
}

typedef void row_writer(const struct opt *row, struct buf *out);

static void write_rows(const struct opt_group *groups, const struct opt *rows, row_writer *write,
                       struct buf *out)
{
    for (struct opt shown; rows->type != OPT_END; rows++) {
        if (opt_is_shown(groups, rows, &shown))
            write(&shown, out);
    }
}

void opt_help(const struct opt_group *groups, struct buf *out)
{
    for (const struct opt_group *group = groups; group->rows != NULL; group++) {
        buf_printf(out, "\n%s:\n", group->title);
        write_rows(groups, group->rows, help_row, out);
    }
}

/* A hyphen in roff must be escaped to stay one that can be copied. */
void opt_man_text(const char *text, struct buf *out)
{
    for (; *text != '\0'; text++) {
        if (*text == '-' || *text == '\\')
            buf_puts(out, *text == '-' ? "\\-" : "\\e");
        else
            buf_add(out, text, 1);
    }
}

static void man_row(const struct opt *row, struct buf *out)
{
    buf_puts(out, ".TP\n");
    if (has_shown_letter(row))
        buf_printf(out, "\\fB\\-%c\\fR, ", row->letter);
    buf_puts(out, "\\fB\\-\\-");
    if (opt_on_by_default(row))
        buf_puts(out, "no\\-");
    opt_man_text(row->name, out);
    buf_puts(out, "\\fR");
    if (row->arg != NULL) {
        buf_puts(out, " \\fI");
        opt_man_text(row->arg, out);
        buf_puts(out, "\\fR");
    }
    buf_puts(out, "\n");
    opt_man_text(row->help, out);
    if (row->choices != NULL) {
        buf_puts(out, "\nOne of:");
        for (const char *const *choice = row->choices; *choice != NULL; choice++)
            buf_printf(out, " %s", *choice);
        buf_puts(out, ".");
    }
    if (row->def != NULL && row->type != OPT_FLAG) {
        buf_puts(out, "\nDefault: ");
        opt_man_text(row->def, out);
        buf_puts(out, ".");
    }
    buf_puts(out, "\n");
}

void opt_man(const struct opt_group *groups, struct buf *out)
{
    for (const struct opt_group *group = groups; group->rows != NULL; group++) {
        buf_printf(out, ".SS %s\n", group->title);
        write_rows(groups, group->rows, man_row, out);
    }
}

int opt_print_man(const struct opt_group *groups, struct err *err)
{
    struct buf out;
    buf_init(&out, BUF_TEXT_MAX);
    opt_man(groups, &out);
    int failed = stdio_print(out.data, err);
    buf_fini(&out);
    return failed;
}
