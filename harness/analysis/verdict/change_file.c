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

/* The length of "/path" in "/path: p99>250ms" and in "/path: head: rss>1GiB"; 0: no path is named.
 * A path has no blank. */
static size_t path_length(const char *text)
{
    const char *op = strpbrk(text, "<>");
    size_t len = 0;
    for (const char *c = text; text[0] == '/' && *c != '\0' && c != op && !is_blank(*c); c++)
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

/* A line for another path, or in whose place another stands, says nothing here, but it must be a
 * gate all the same: a typing error in it is found today, and not when another path is measured.
 * Its arms may be others, too. */
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

/* --- a line --- */

enum line_path { PATH_NONE, PATH_OWN, PATH_OTHER };

struct line {
    char *text;       /* the whole of it */
    const char *gate; /* in it; empty: there is none */
    bool only_warns;
    enum line_path path;
};

static struct line read_line(const char *from, const char *to, const char *path)
{
    struct line line = {.text = copy_line(from, to)};
    const char *text = line.text;
    line.only_warns = str_starts(text, "warn ") || str_starts(text, "warn\t");
    line.gate = skip_blanks(line.only_warns ? text + 5 : text);
    size_t len = path_length(line.gate);
    if (len == 0)
        return line;
    bool is_own = path != NULL && strlen(path) == len && strncmp(path, line.gate, len) == 0;
    line.path = is_own ? PATH_OWN : PATH_OTHER;
    line.gate = skip_blanks(line.gate + len + 1);
    return line;
}

/* --- the file --- */

struct reading {
    struct session *session;
    const struct change_file *file;
    struct session own; /* only the gates of lines for this path */
    int added, others;
};

static enum session_gate_kind kind_of(const struct line *line)
{
    if (strpbrk(line->gate, "<>") == NULL)
        return SESSION_GATE_DETECT;
    return line->only_warns ? SESSION_GATE_WARN : SESSION_GATE_FAIL;
}

static int add_line(struct reading *r, const struct line *line, struct err *err)
{
    struct session *s = r->session;
    size_t before = s->ngates;
    if (line->text[0] == '\0')
        return 0;
    if (line->path == PATH_OTHER) {
        r->others++;
        return check_other(line->gate, line->only_warns, err);
    }
    if (line->path == PATH_NONE && change_is_replaced(s, &r->own, kind_of(line), line->gate))
        return check_other(line->gate, line->only_warns, err);
    r->added++;
    return add(s, line->gate, line->only_warns, err) < 0 ? -1 : check_arms(s, before, err);
}

/* What is wrong with it is said when all lines are added. */
static int note_own(struct reading *r, const struct line *line, struct err *err)
{
    if (line->path == PATH_OWN)
        (void)add(&r->own, line->gate, line->only_warns, err);
    return 0;
}

static int each_line(struct reading *r,
                     int (*call)(struct reading *r, const struct line *line, struct err *err),
                     struct err *err)
{
    const struct change_file *file = r->file;
    const char *end = file->text + file->len;
    const char *from = file->text + str_bom(file->text, file->len);
    for (int number = 1; from < end; number++) {
        const char *newline = memchr(from, '\n', (size_t)(end - from));
        const char *to = newline == NULL ? end : newline;
        struct line line = read_line(from, to, file->path);
        int failed = call(r, &line, err);
        free(line.text);
        if (failed < 0)
            return err_wrap(err, "%s, line %d", file->name, number);
        from = to + 1;
    }
    return 0;
}

int change_add_file(struct session *s, const struct change_file *file, int *others, struct err *err)
{
    struct reading r = {.session = s, .file = file};
    if (memchr(file->text, '\0', file->len) != NULL)
        return err_set(err, ERR_USAGE, "%s is not a text file", file->name);
    session_init(&r.own);
    (void)each_line(&r, note_own, err);
    int failed = each_line(&r, add_line, err);
    session_fini(&r.own);
    *others = r.others;
    if (failed == 0 && r.added == 0)
        return err_set(err, ERR_USAGE, "%s has no gate for %s", file->name,
                       file->path == NULL ? "all paths of these arms" : file->path);
    return failed;
}
