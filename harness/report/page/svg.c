#include "report/page/svg.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "report/page/svg_attribute.h"

#define DEPTH_MAX 64
#define NAME_MAX  16 /* bytes of an element's name, with its end */

/* What happens to an element. */
enum fate {
    FATE_KEPT,
    FATE_OPENED,  /* left out, but not what is in it */
    FATE_DROPPED, /* with all that is in it */
};

struct level {
    char name[NAME_MAX];
    enum fate fate;
    bool is_text;
    size_t start, inside; /* in out: of the element, and of what is in it */
};

struct reader {
    const char *at, *prefix;
    struct buf *out;
    struct buf classes;
    struct level levels[DEPTH_MAX];
    size_t depth;
    size_t
        dropped; /* the depth of the outermost element that is left out with its contents, or 0 */
};

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

static bool may_pass(const char *name)
{
    static const char *const names[] = {"svg",     "g",    "path",    "rect",     "circle",
                                        "ellipse", "line", "polygon", "polyline", "text",
                                        "tspan",   "use",  "defs",    "clipPath", "image"};
    return is_one_of(name, names, LEN(names));
}

/* Means nothing without an attribute. */
static bool is_wrapper(const char *name)
{
    return strcmp(name, "g") == 0 || strcmp(name, "tspan") == 0;
}

/* --- tags --- */

/* "<path": the name, at most NAME_MAX bytes of it. */
static int read_name(struct reader *r, char name[NAME_MAX])
{
    size_t len = 0;
    while (isalnum((unsigned char)r->at[len]) ||
           (len > 0 && strchr(":-", r->at[len]) && r->at[len]))
        len++;
    if (len == 0 || len >= NAME_MAX)
        return -1;
    memcpy(name, r->at, len);
    name[len] = '\0';
    r->at += len;
    return 0;
}

/* name='value', handed on unless the element is left out. */
static int read_attribute(struct reader *r, bool is_kept)
{
    size_t len = strcspn(r->at, "= \t\r\n<>/");
    char *name = mem_strndup(r->at, len);
    r->at += len + strspn(r->at + len, " \t\r\n");
    int failed = len > 0 && *r->at == '=' ? 0 : -1;
    if (failed == 0) {
        r->at += 1 + strspn(r->at + 1, " \t\r\n");
        char quote[] = {*r->at, '\0'};
        size_t size = quote[0] == '"' || quote[0] == '\'' ? strcspn(r->at + 1, quote) : 0;
        failed = quote[0] != '\0' && r->at[1 + size] == quote[0] ? 0 : -1;
        if (failed == 0) {
            char *value = mem_strndup(r->at + 1, size);
            const struct svg_tag tag = {r->prefix, r->out, &r->classes};
            if (is_kept)
                svg_attribute(&tag, name, value);
            free(value);
            r->at += size + 2;
        }
    }
    free(name);
    return failed;
}

static void close_level(struct reader *r)
{
    struct level *level = &r->levels[--r->depth];
    if (r->dropped > r->depth)
        r->dropped = 0;
    if (level->fate != FATE_KEPT)
        return;
    bool is_empty = r->out->len == level->inside;
    if (is_empty && strcmp(level->name, "g") == 0) {
        r->out->len = level->start;
    } else if (is_empty && r->depth > 0) {
        r->out->len--;
        buf_puts(r->out, "/>");
    } else {
        buf_printf(r->out, "</%s>", level->name);
    }
}

/* The style of the page may make the root narrower, and then its height follows. */
static bool is_height_of_root(const struct reader *r, const char *at)
{
    return r->depth == 1 && str_starts(at, "height");
}

static int read_attributes(struct reader *r, struct level *level)
{
    bool is_kept = level->fate == FATE_KEPT;
    size_t before = r->out->len;
    for (;;) {
        r->at += strspn(r->at, " \t\r\n");
        if (*r->at == '>' || *r->at == '/')
            break;
        if (read_attribute(r, is_kept && !is_height_of_root(r, r->at)) < 0)
            return -1;
    }
    if (!is_kept)
        return 0;
    const struct svg_tag tag = {r->prefix, r->out, &r->classes};
    svg_attributes_end(&tag);
    if (r->out->len == before && is_wrapper(level->name)) {
        r->out->len = level->start;
        level->fate = FATE_OPENED;
        return 0;
    }
    buf_puts(r->out, ">");
    return 0;
}

static enum fate fate_of(const struct reader *r, const char *name)
{
    return r->dropped > 0 || !may_pass(name) ? FATE_DROPPED : FATE_KEPT;
}

/* "<path", and what the root has beside its own attributes. */
static void write_start(struct reader *r, const struct level *level)
{
    if (level->fate != FATE_KEPT)
        return;
    buf_printf(r->out, "<%s", level->name);
    if (r->depth == 1)
        buf_printf(r->out, " role=\"img\" focusable=\"false\" aria-labelledby=\"%s-h %s-read\"",
                   r->prefix, r->prefix);
}

static struct level *add_level(struct reader *r)
{
    struct level *level = &r->levels[r->depth];
    *level = (struct level){.start = r->out->len};
    if (read_name(r, level->name) < 0)
        return NULL;
    level->is_text =
        strcmp(level->name, "text") == 0 || (r->depth > 0 && r->levels[r->depth - 1].is_text);
    level->fate = fate_of(r, level->name);
    r->depth++;
    if (level->fate == FATE_DROPPED && r->dropped == 0)
        r->dropped = r->depth;
    return level;
}

static int read_open(struct reader *r)
{
    struct level *level = r->depth == DEPTH_MAX ? NULL : add_level(r);
    if (level == NULL)
        return -1;
    write_start(r, level);
    if (read_attributes(r, level) < 0)
        return -1;
    level->inside = r->out->len;
    bool is_closed = *r->at == '/';
    r->at += is_closed;
    if (*r->at != '>')
        return -1;
    r->at++;
    if (is_closed)
        close_level(r);
    return 0;
}

static int read_close(struct reader *r)
{
    char name[NAME_MAX];
    if (read_name(r, name) < 0 || r->depth == 0 || strcmp(name, r->levels[r->depth - 1].name) != 0)
        return -1;
    r->at += strspn(r->at, " \t\r\n");
    if (*r->at != '>')
        return -1;
    r->at++;
    close_level(r);
    return 0;
}

/* Past "<?xml ..?>" and comments. */
static int skip(struct reader *r, const char *end)
{
    const char *at = strstr(r->at, end);
    if (at == NULL)
        return -1;
    r->at = at + strlen(end);
    return 0;
}

/* --- text --- */

/* "&lt;", "&#60;": the length, or 0. */
static size_t entity_len(const char *text)
{
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t i = 0; i < LEN(names); i++) {
        if (str_starts(text, names[i]))
            return strlen(names[i]);
    }
    size_t digits = str_starts(text, "&#") ? strspn(text + 2, "0123456789") : 0;
    return digits > 0 && digits < 8 && text[2 + digits] == ';' ? 3 + digits : 0;
}

/* Returns how many bytes of the text it was. */
static size_t add_character(struct buf *out, const char *text)
{
    size_t entity = *text == '&' ? entity_len(text) : 0;
    if (entity > 0)
        buf_add(out, text, entity);
    else if (*text == '&' || *text == '>')
        buf_puts(out, *text == '&' ? "&amp;" : "&gt;");
    else
        buf_add(out, (unsigned char)*text < ' ' ? " " : text, 1);
    return entity > 0 ? entity : 1;
}

static void read_text(struct reader *r)
{
    bool is_shown = r->dropped == 0 && r->depth > 0 && r->levels[r->depth - 1].is_text;
    const char *end = r->at + strcspn(r->at, "<");
    while (is_shown && r->at < end)
        r->at += add_character(r->out, r->at);
    r->at = end;
}

static int read_next(struct reader *r)
{
    if (*r->at != '<') {
        read_text(r);
        return 0;
    }
    r->at++;
    if (str_starts(r->at, "?"))
        return skip(r, "?>");
    if (str_starts(r->at, "!--"))
        return skip(r, "-->");
    if (*r->at != '/')
        return read_open(r);
    r->at++;
    return read_close(r);
}

int svg_inline(const char *svg, const char *prefix, struct buf *out)
{
    struct reader r = {.at = svg, .prefix = prefix, .out = out};
    size_t before = out->len;
    int failed = 0;
    buf_init(&r.classes, BUF_TEXT_MAX);
    while (failed == 0 && *r.at != '\0')
        failed = read_next(&r);
    buf_fini(&r.classes);
    bool is_whole = failed == 0 && r.depth == 0 && str_starts(out->data + before, "<svg ");
    return is_whole ? 0 : -1;
}
