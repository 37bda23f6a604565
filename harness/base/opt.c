#include "base/opt.h"

#include <assert.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/opt_internal.h"

#define NAMES_MAX 512
#define CODE_BASE 1000 /* getopt's code for names[i] is CODE_BASE + i */

/* Every long name (rows, aliases and the no- form) as getopt wants it, and its row. */
struct names {
    struct option longs[NAMES_MAX + 1];
    const struct opt_group *group[NAMES_MAX];
    const struct opt *row[NAMES_MAX];
    bool negated[NAMES_MAX];
    char *text[NAMES_MAX];
    size_t count;
    const struct opt_group *groups;
    char shorts[256];
};

bool opt_on_by_default(const struct opt *row)
{
    return row->type == OPT_FLAG && row->def != NULL && strcmp(row->def, "on") == 0;
}

static void names_add(struct names *n, const struct opt_group *group, const struct opt *row,
                      char *text, bool negated)
{
    size_t i = n->count;
    if (i >= NAMES_MAX) {
        free(text);
        return;
    }
    n->text[i] = text;
    n->group[i] = group;
    n->row[i] = row;
    n->negated[i] = negated;
    n->longs[i] = (struct option){
        .name = text,
        .has_arg = row->type == OPT_FLAG ? no_argument : required_argument,
        .val = CODE_BASE + (int)i,
    };
    n->count++;
}

static void names_add_row(struct names *n, const struct opt_group *group, const struct opt *row)
{
    names_add(n, group, row, mem_strdup(row->name), false);
    if (opt_on_by_default(row))
        names_add(n, group, row, mem_printf("no-%s", row->name), true);
    const char *p = row->aliases == NULL ? "" : row->aliases;
    while (*p != '\0') {
        size_t len = strcspn(p, " ");
        names_add(n, group, row, mem_strndup(p, len), false);
        if (opt_on_by_default(row))
            names_add(n, group, row, mem_printf("no-%.*s", (int)len, p), true);
        p += len + (p[len] == ' ');
    }
    if (row->letter != 0) {
        size_t at = strlen(n->shorts);
        n->shorts[at++] = row->letter;
        if (row->type != OPT_FLAG)
            n->shorts[at++] = ':';
        n->shorts[at] = '\0';
    }
}

static void names_init(struct names *n, const struct opt_group *groups)
{
    *n = (struct names){.groups = groups};
    n->shorts[0] = ':'; /* getopt: tell a missing value from an unknown option, print nothing */
    for (; groups->rows != NULL; groups++) {
        for (const struct opt *row = groups->rows; row->type != OPT_END; row++) {
            if (row->type != OPT_ABSENT && row->type != OPT_NOTE)
                names_add_row(n, groups, row);
        }
    }
}

static void names_fini(struct names *n)
{
    for (size_t i = 0; i < n->count; i++)
        free(n->text[i]);
}

static int set_defaults(const struct opt_group *groups, struct err *err)
{
    for (; groups->rows != NULL; groups++) {
        for (const struct opt *row = groups->rows; row->type != OPT_END; row++) {
            if (row->def != NULL && opt_store(row, groups->into, row->def, err) < 0)
                return err_wrap(err, "default of --%s", row->name);
        }
    }
    return 0;
}

/* "-c" or "--connections": getopt does not keep what the user wrote, so both are named. */
static int wrap_option(const struct opt *row, struct err *err)
{
    if (row->letter != 0)
        return err_wrap(err, "-%c/--%s", row->letter, row->name);
    return err_wrap(err, "--%s", row->name);
}

/* What to say of an option that other programs have and this one lacks; NULL for any other. */
static const char *absent(const struct names *n, const char *name, char letter)
{
    for (const struct opt_group *group = n->groups; group->rows != NULL; group++) {
        for (const struct opt *row = group->rows; row->type != OPT_END; row++) {
            if (row->type == OPT_ABSENT &&
                (strcmp(row->name, name) == 0 || (letter != 0 && row->letter == letter)))
                return row->help;
        }
    }
    return NULL;
}

static int unknown_name(const struct names *n, const char *word, struct err *err)
{
    const char *words[NAMES_MAX + 1];
    char name[64] = "";
    for (size_t i = 0; i < n->count; i++)
        words[i] = n->text[i];
    words[n->count] = NULL;
    word += str_starts(word, "--") ? 2 : 0;
    size_t len = strcspn(word, "=");
    (void)snprintf(name, sizeof name, "%.*s", (int)(len < sizeof name ? len : sizeof name), word);
    const char *why = absent(n, name, 0);
    if (why != NULL)
        return err_set(err, ERR_USAGE, "--%s: %s", name, why);
    char *hint = str_suggest(name, words, "--*?", "; see --help");
    (void)err_set(err, ERR_USAGE, "unknown option --%s%s", name, hint);
    free(hint);
    return -1;
}

/* The index in names of what getopt returned; -1 for none. */
static int find(const struct names *n, int code)
{
    if (code >= CODE_BASE)
        return code - CODE_BASE;
    for (size_t i = 0; i < n->count; i++) {
        if (n->row[i]->letter != 0 && n->row[i]->letter == code)
            return (int)i;
    }
    return -1;
}

/* The same letter in the other case is another option, and no hint: the letter is more often one of
 * another program (OPT_ABSENT). */
static int unknown_letter(const struct names *n, struct err *err)
{
    char letter = (char)optopt;
    const char *why = absent(n, "", letter);
    if (letter == '=')
        return err_set(err, ERR_USAGE, "a flag with '=': it takes no value; give its letter alone");
    if (why != NULL)
        return err_set(err, ERR_USAGE, "-%c: %s", letter, why);
    return err_set(err, ERR_USAGE, "unknown option -%c; see --help", letter);
}

static int take_value(const struct opt_group *group, const struct opt *row, const char *text,
                      struct opt_given *given, struct err *err)
{
    if (opt_store(row, group->into, text, err) < 0)
        return wrap_option(row, err);
    if (given->count >= OPT_GIVEN_MAX)
        return err_set(err, ERR_USAGE, "more than %d options; give fewer", OPT_GIVEN_MAX);
    given->options[given->count].rows = group->rows;
    given->options[given->count].row = row;
    given->options[given->count].text = row->type == OPT_FLAG ? NULL : text;
    given->count++;
    return 0;
}

/* "[ -c 10 -d 2 ]" as separate words is one text: joins them and moves getopt past them. Returns
 * NULL with err set when they are not that. */
static char *join_brackets(int argc, char **argv, struct opt_given *given, struct err *err)
{
    char *text = given->joined + given->joined_len;
    size_t size = sizeof given->joined - given->joined_len;
    size_t len = (size_t)snprintf(text, size, "%s", optarg);
    while (len < size && !str_ends(text, "]")) {
        if (optind >= argc) {
            (void)err_set(err, ERR_USAGE, "'%s' has no closing ]", text);
            return NULL;
        }
        len += (size_t)snprintf(text + len, size - len, " %s", argv[optind++]);
    }
    if (len >= size) {
        (void)err_set(err, ERR_USAGE, "'%.80s...' is too long", optarg);
        return NULL;
    }
    given->joined_len += len + 1;
    return text;
}

/* Each word of "[ a b ]", which is cut into them. */
static int take_words(const struct opt_group *group, const struct opt *row, char *text,
                      struct opt_given *given, struct err *err)
{
    char *rest = NULL;
    int failed = 0;
    text[strlen(text) - 1] = '\0';
    char *word = strtok_r(text + 1, " ", &rest);
    if (word == NULL) {
        (void)err_set(err, ERR_USAGE, "there is nothing between [ and ]");
        return wrap_option(row, err);
    }
    for (; word != NULL && failed == 0; word = strtok_r(NULL, " ", &rest))
        failed = take_value(group, row, word, given, err);
    return failed;
}

static int take_bracketed(const struct opt_group *group, const struct opt *row, int argc,
                          char **argv, struct opt_given *given, struct err *err)
{
    char *text = join_brackets(argc, argv, given, err);
    if (text == NULL)
        return wrap_option(row, err);
    return row->type == OPT_LIST ? take_words(group, row, text, given, err)
                                 : take_value(group, row, text, given, err);
}

/* "-c=5" is 5, as autocannon has it; "-b =5" is not. */
static void skip_equals_sign(int code, char **argv)
{
    bool in_one_word = optarg != NULL && optarg != argv[optind - 1];
    if (code < CODE_BASE && in_one_word && optarg[0] == '=')
        optarg++;
}

static int take(const struct names *n, int code, struct opt_given *given, int argc, char **argv,
                struct err *err)
{
    int at = find(n, code);
    if (at < 0)
        return err_set(err, ERR_USAGE, "unknown option; see --help"); /* getopt knows only ours */
    const struct opt *row = n->row[at];
    bool off = n->negated[at] || (code < CODE_BASE && opt_on_by_default(row) && !row->affirmative);
    skip_equals_sign(code, argv);
    const char *text = row->type != OPT_FLAG ? optarg : off ? "off" : "on";
    if (row->bracketed && text[0] == '[')
        return take_bracketed(n->group[at], row, argc, argv, given, err);
    return take_value(n->group[at], row, text, given, err);
}

/* The word that getopt has just read as a long option; the value may be a word of its own. */
static const char *long_word(char **argv)
{
    return optarg != NULL && optarg == argv[optind - 1] ? argv[optind - 2] : argv[optind - 1];
}

/* getopt takes every beginning that only one name has. Such a command line would mean something
 * else, or nothing, as soon as there is a second one. */
static bool is_abbreviated(const char *word, const char *name)
{
    size_t len = strlen(name);
    return strncmp(word + 2, name, len) != 0 || (word[2 + len] != '\0' && word[2 + len] != '=');
}

/* What getopt could not take. */
static int complain(const struct names *n, int code, char **argv, struct err *err)
{
    bool by_name = optopt >= CODE_BASE;
    if (by_name && is_abbreviated(argv[optind - 1], n->text[optopt - CODE_BASE]))
        return unknown_name(n, argv[optind - 1], err);
    if (code == ':' && by_name)
        return err_set(err, ERR_USAGE, "--%s needs a value", n->text[optopt - CODE_BASE]);
    if (code == ':')
        return err_set(err, ERR_USAGE, "-%c needs a value", optopt);
    if (by_name)
        return err_set(err, ERR_USAGE, "--%s takes no value", n->text[optopt - CODE_BASE]);
    return optopt != 0 ? unknown_letter(n, err) : unknown_name(n, argv[optind - 1], err);
}

/* How many words stand behind the "--" with which getopt ended; it has moved the words that stood
 * before it behind it. */
static size_t behind_dashes(int argc, char **argv, char *const *typed, const char *last_value)
{
    if (strcmp(argv[optind - 1], "--") != 0 || argv[optind - 1] == last_value)
        return 0;
    int at = 0;
    while (typed[at] != argv[optind - 1])
        at++;
    return (size_t)(argc - at - 1);
}

static int parse_typed(const struct names *n, int argc, char **argv, char *const *typed,
                       struct opt_given *given, struct err *err)
{
    const char *last_value = NULL;
    optind = 0; /* glibc: start anew */
    for (;;) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): before there is any thread */
        int code = getopt_long(argc, argv, n->shorts, n->longs, NULL);
        if (code == -1)
            break;
        last_value = optarg;
        if (code == ':' || code == '?')
            return complain(n, code, argv, err);
        if (code >= CODE_BASE && is_abbreviated(long_word(argv), n->text[code - CODE_BASE]))
            return unknown_name(n, long_word(argv), err);
        if (take(n, code, given, argc, argv, err) < 0)
            return -1;
    }
    given->words = argv + optind;
    given->nwords = (size_t)(argc - optind);
    given->nbehind = behind_dashes(argc, argv, typed, last_value);
    return 0;
}

static int parse_all(const struct names *n, int argc, char **argv, struct opt_given *given,
                     struct err *err)
{
    char **typed = mem_array((size_t)argc + 1, sizeof *typed);
    memcpy(typed, argv, (size_t)argc * sizeof *typed);
    int failed = parse_typed(n, argc, argv, typed, given, err);
    free(typed);
    return failed;
}

int opt_parse(const struct opt_group *groups, int argc, char **argv, struct opt_given *given,
              struct err *err)
{
    struct names *n = mem_zalloc(sizeof *n);
    *given = (struct opt_given){0};
    names_init(n, groups);
    int failed = set_defaults(groups, err);
    if (failed == 0)
        failed = parse_all(n, argc, argv, given, err);
    names_fini(n);
    free(n);
    return failed;
}

int opt_set(const struct opt_group *group, const char *name, const char *text,
            struct opt_given *given, struct err *err)
{
    const struct opt *row = group->rows;
    while (row->type != OPT_END && strcmp(row->name, name) != 0)
        row++;
    assert(row->type != OPT_END);
    return take_value(group, row, text, given, err);
}
