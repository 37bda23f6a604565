/* A file of gates. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/change.h"
#include "base/mem.h"
#include "base/str.h"

static bool is_blank(char c)
{
    return isspace((unsigned char)c) != 0;
}

/* A copy; a # inside a word, such as a path, is no comment. */
static char *copy_line(const char *from, const char *to)
{
    for (const char *c = from; c < to; c++)
        if (*c == '#' && (c == from || is_blank(c[-1])))
            to = c;
    while (from < to && is_blank(*from))
        from++;
    while (from < to && is_blank(to[-1]))
        to--;
    return mem_strndup(from, (size_t)(to - from));
}

/* The length of "/path" in "/path: p99>250ms"; 0: no path is named. */
static size_t path_length(const char *text)
{
    const char *op = strpbrk(text, "<>");
    size_t len = 0;
    for (const char *c = text; text[0] == '/' && *c != '\0' && c != op; c++)
        len = *c == ':' ? (size_t)(c - text) : len;
    return len;
}

static int add(struct session *s, const char *text, bool only_warns, struct err *err)
{
    if (strpbrk(text, "<>") != NULL)
        return change_add(s, only_warns ? SESSION_GATE_WARN : SESSION_GATE_FAIL, text, err);
    if (only_warns)
        return err_set(err, ERR_USAGE, "'%.*s': only a limit can warn, such as warn p99>+10%%",
                       (int)str_fit(text, 60), text);
    return change_add_detections(s, text, err);
}

/* Whether the gates from `first` on are for arms that there are. */
static int check_arms(const struct session *s, size_t first, struct err *err)
{
    for (size_t i = first; i < s->ngates; i++) {
        struct change_gate gate;
        size_t arm;
        if (change_parse(s->gates[i].kind, s->gates[i].text, &gate, err) < 0 ||
            change_arm(s, &gate, &arm, err) < 0)
            return -1;
    }
    return 0;
}

/* A line for another path says nothing here, but it must be a gate all the same: a typing error in
 * it is found today, and not when that path is measured. Its arms may be others, too. */
static int check_other(const char *text, bool only_warns, struct err *err)
{
    struct session other;
    session_init(&other);
    int failed = add(&other, text, only_warns, err);
    session_fini(&other);
    return failed;
}

static const char *skip_blanks(const char *text)
{
    while (is_blank(*text))
        text++;
    return text;
}

/* 1: a gate was added. */
static int add_line(struct session *s, const char *text, const char *path, int *others,
                    struct err *err)
{
    bool only_warns = str_starts(text, "warn ") || str_starts(text, "warn\t");
    const char *limit = skip_blanks(only_warns ? text + 5 : text);
    size_t len = path_length(limit);
    const char *gate = len == 0 ? limit : skip_blanks(limit + len + 1);
    bool is_other =
        len > 0 && (path == NULL || strlen(path) != len || strncmp(path, limit, len) != 0);
    size_t before = s->ngates;
    if (text[0] == '\0')
        return 0;
    if (!is_other)
        return add(s, gate, only_warns, err) < 0 || check_arms(s, before, err) < 0 ? -1 : 1;
    ++*others;
    return check_other(gate, only_warns, err);
}

int change_add_file(struct session *s, const struct change_file *file, int *others, struct err *err)
{
    const char *end = file->text + file->len;
    int number = 0;
    int added = 0;
    *others = 0;
    if (memchr(file->text, '\0', file->len) != NULL)
        return err_set(err, ERR_USAGE, "%s is not a text file", file->name);
    const char *first = file->text + str_bom(file->text, file->len);
    for (const char *from = first; from < end; number++) {
        const char *newline = memchr(from, '\n', (size_t)(end - from));
        const char *to = newline == NULL ? end : newline;
        char *line = copy_line(from, to);
        int got = add_line(s, line, file->path, others, err);
        free(line);
        if (got < 0)
            return err_wrap(err, "%s, line %d", file->name, number + 1);
        added += got;
        from = to + 1;
    }
    if (added == 0)
        return err_set(err, ERR_USAGE, "%s has no gate for %s", file->name,
                       file->path == NULL ? "all paths of these arms" : file->path);
    return 0;
}
