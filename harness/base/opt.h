/* opt: options parsed from rows; a row is the one place that knows an option.
 *
 * Shape   a program has groups of rows; each group fills one struct. One row yields parsing, the
 *         range check, --help, the man page entry and the plan echoed into the result.
 * Owner   OPT_TEXT and OPT_CHOICE fields borrow from argv (or from the row's default). OPT_LIST
 *         fields own copies: the struct's owner calls str_list_fini.
 * Errors  kind USAGE, one sentence that names the option and what is accepted; an unknown option is
 *         answered with the nearest real one, or with the help of its OPT_ABSENT row.
 * Source  getopt_long: `--name value`, `--name=value`, `-n value`, `-nvalue`, `--` ends options.
 *         autocannon: `-n=value`.
 *         Its abbreviations (`--conn`) are unknown options here.
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

enum opt_type {
    OPT_END,
    OPT_FLAG,   /* bool; takes no value. One that is on by default is turned off by --no-NAME, and
                   by its letter unless that is `affirmative` */
    OPT_COUNT,  /* int64_t; 500, 2k, 1.5M */
    OPT_TIME,   /* int64_t ns; a plain number is seconds */
    OPT_SIZE,   /* int64_t bytes */
    OPT_TEXT,   /* const char *; never interpreted */
    OPT_CHOICE, /* const char *; one of `choices` */
    OPT_LIST,   /* struct str_list; may be repeated */
    OPT_CUSTOM, /* whatever `parse` makes of it */
    OPT_ABSENT, /* an option of other programs that this one lacks: `help` is the error */
    OPT_NOTE,   /* no option: what the row of this name in another group means in this program; its
                   `help` is shown instead, without a default, or neither when that is NULL */
};

struct opt {
    const char *name;
    enum opt_type type;
    char letter;         /* 0: none */
    bool affirmative;    /* its letter means that it is on, which it is anyway */
    bool bracketed;      /* "[ a b ]" as separate words: CUSTOM takes them as one value, LIST takes
                            each of them */
    size_t at;           /* offset of the field in the group's struct */
    double min, max;     /* COUNT, TIME (ns) and SIZE; max 0: no upper limit */
    const char *arg;     /* how help names the value: "N", "TIME" */
    const char *def;     /* the default as a user would type it; NULL: the field stays zero */
    const char *help;    /* one sentence */
    const char *aliases; /* other long names, blank between: autocannon's spellings */
    const char *const *choices;
    int (*parse)(const char *text, void *field, struct err *err);
};

struct opt_group {
    const char *title;
    const struct opt *rows; /* ends with OPT_END */
    void *into;
};

#define OPT_GIVEN_MAX  256
#define OPT_JOINED_MAX 4096

/* The options that were on the command line, in order, and the words that are not options. */
struct opt_given {
    struct {
        const struct opt *rows; /* of its group */
        const struct opt *row;
        const char *text; /* NULL for a flag */
    } options[OPT_GIVEN_MAX];
    size_t count;
    char joined[OPT_JOINED_MAX]; /* what stood in brackets; the texts above point into it */
    size_t joined_len;
    char **words;
    size_t nwords;
    size_t nbehind; /* the last of them, which stood behind "--" */
};

#define OPT_GROUPS_MAX 16 /* of one command */

/* The command line of one command, as it was given. */
struct opt_line {
    int argc;
    char *const *argv;              /* the whole command line, for the record */
    const struct opt_group *groups; /* the command's own, then the general ones */
    size_t nown;
    struct opt_given given;
};

/* `groups` ends with a group without rows. Fills every group's struct with its defaults, then with
 * argv[1..]. The words point into argv, which is permuted. */
int opt_parse(const struct opt_group *groups, int argc, char **argv, struct opt_given *given,
              struct err *err);
/* As if --name TEXT of this group had been given; the name must be one of its rows. text stays the
 * caller's. */
int opt_set(const struct opt_group *group, const char *name, const char *text,
            struct opt_given *given, struct err *err);
/* The choice (of a NULL-terminated array) that equals `text`; NULL with err set when none does. The
 * error suggests the nearest and lists all of them; when none is near, `also` is appended: "" or
 * ", or none". */
const char *opt_choose(const char *text, const char *const *choices, const char *also,
                       struct err *err);
/* The text of an option that was given (the last one), "" for a flag; NULL when it was not given.
 */
const char *opt_given_text(const struct opt_given *given, const char *name);
/* Appends "--name", "text" for every option given of one group's rows: to hand them to another
 * program. */
void opt_forward(const struct opt_given *given, const struct opt *rows, struct str_list *argv);

/* A flag that --no-NAME, or mostly its letter, turns off. */
bool opt_on_by_default(const struct opt *row);

/* One value as it stands in a group's struct, for the plan that is echoed into a result. */
enum opt_value_kind { OPT_VALUE_NULL, OPT_VALUE_FLAG, OPT_VALUE_NUMBER, OPT_VALUE_TEXT };
struct opt_value {
    enum opt_value_kind kind;
    double number;    /* COUNT; TIME in seconds; SIZE in bytes; a flag's 0 or 1 */
    const char *text; /* borrowed */
};
struct opt_value opt_value_of(const struct opt *row, const void *into);

/* The row as this program shows it, which a note may change; false: not at all. */
bool opt_is_shown(const struct opt_group *groups, const struct opt *row, struct opt *shown);
void opt_help(const struct opt_group *groups, struct buf *out); /* for a terminal */
void opt_man(const struct opt_group *groups, struct buf *out);  /* the same rows as mdoc */
void opt_man_text(const char *text, struct buf *out);           /* escaped for it */
/* The option part of a program's man page on stdout; scripts/man puts it there. Fails as
 * stdio_print does. */
int opt_print_man(const struct opt_group *groups, struct err *err);

#endif
