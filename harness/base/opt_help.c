/* The rows as text: --help and the man page. */
#include "base/opt.h"
#include "base/stdio.h"

static void help_row(const struct opt *row, struct buf *out)
{
    size_t start = out->len;
    if (row->letter != 0)
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

void opt_help(const struct opt_group *groups, struct buf *out)
{
    for (; groups->rows != NULL; groups++) {
        buf_printf(out, "\n%s:\n", groups->title);
        for (const struct opt *row = groups->rows; row->type != OPT_END; row++) {
            if (row->type != OPT_ABSENT)
                help_row(row, out);
        }
    }
}

/* A hyphen in roff must be escaped to stay one that can be copied. */
static void man_text(const char *text, struct buf *out)
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
    if (row->letter != 0)
        buf_printf(out, "\\fB\\-%c\\fR, ", row->letter);
    buf_puts(out, "\\fB\\-\\-");
    if (opt_on_by_default(row))
        buf_puts(out, "no\\-");
    man_text(row->name, out);
    buf_puts(out, "\\fR");
    if (row->arg != NULL) {
        buf_puts(out, " \\fI");
        man_text(row->arg, out);
        buf_puts(out, "\\fR");
    }
    buf_puts(out, "\n");
    man_text(row->help, out);
    if (row->choices != NULL) {
        buf_puts(out, "\nOne of:");
        for (const char *const *choice = row->choices; *choice != NULL; choice++)
            buf_printf(out, " %s", *choice);
        buf_puts(out, ".");
    }
    if (row->def != NULL && row->type != OPT_FLAG) {
        buf_puts(out, "\nDefault: ");
        man_text(row->def, out);
        buf_puts(out, ".");
    }
    buf_puts(out, "\n");
}

void opt_man(const struct opt_group *groups, struct buf *out)
{
    for (; groups->rows != NULL; groups++) {
        buf_printf(out, ".SS %s\n", groups->title);
        for (const struct opt *row = groups->rows; row->type != OPT_END; row++) {
            if (row->type != OPT_ABSENT)
                man_row(row, out);
        }
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
