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

/* The length of "NAME" in "NAME: p99>250ms"; 0: no arm or path is named. */
static size_t name_length(const char *text)
{
    const char *op = strpbrk(text, "<>");
    size_t len = 0;
    for (const char *c = text; *c != '\0' && c != op; c++)
        len = *c == ':' ? (size_t)(c - text) : len;
    return len;
}

static bool is_word(const char *word, const char *text, size_t len)
{
    return word != NULL && strlen(word) == len && strncmp(word, text, len) == 0;
}

/* What the session is to hold of it; NULL: it is for another arm or path. */
static const char *for_session(const struct session *s, const char *text)
{
    size_t len = name_length(text);
    if (len == 0)
        return text;
    if (text[0] == '/')
        return is_word(s->path, text, len) ? text + len + 1 : NULL;
    for (size_t i = 0; i < s->narms && i < 2; i++)
        if (is_word(s->arms[i].name, text, len))
            return text;
    return NULL;
}

static int add(struct session *s, const char *text, bool only_warns, struct err *err)
{
    while (is_blank(*text))
        text++;
    if (strpbrk(text, "<>") != NULL)
        return change_add(s, only_warns ? SESSION_GATE_WARN : SESSION_GATE_FAIL, text, err);
    if (only_warns)
        return err_set(err, ERR_USAGE, "'%.*s': only a limit can warn, such as warn p99>+10%%",
                       (int)str_fit(text, 60), text);
    return change_add_detections(s, text, err);
}

/* 1: a gate was added. */
static int add_line(struct session *s, const char *text, struct err *err)
{
    bool only_warns = str_starts(text, "warn ") || str_starts(text, "warn\t");
    const char *limit = only_warns ? text + 5 : text;
    while (is_blank(*limit))
        limit++;
    limit = for_session(s, limit);
    if (text[0] == '\0' || limit == NULL)
        return 0;
    return add(s, limit, only_warns, err) < 0 ? -1 : 1;
}

int change_add_file(struct session *s, const char *name, const char *text, size_t len,
                    struct err *err)
{
    const char *end = text + len;
    int number = 0;
    int added = 0;
    if (memchr(text, '\0', len) != NULL)
        return err_set(err, ERR_USAGE, "%s is not a text file", name);
    for (const char *from = text; from < end; number++) {
        const char *newline = memchr(from, '\n', (size_t)(end - from));
        const char *to = newline == NULL ? end : newline;
        char *line = copy_line(from, to);
        int got = add_line(s, line, err);
        free(line);
        if (got < 0)
            return err_wrap(err, "%s, line %d", name, number + 1);
        added += got;
        from = to + 1;
    }
    if (added == 0)
        return err_set(err, ERR_USAGE, "%s has no gate for these arms and this path", name);
    return 0;
}
