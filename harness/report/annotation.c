#include "report/annotation.h"

#include <string.h>

#include "base/str.h"

enum place { IN_TEXT, IN_PROPERTY };

static const char *escape_of(char c, enum place place)
{
    switch (c) {
    case '%':
        return "%25";
    case '\r':
        return "%0D";
    case '\n':
        return "%0A";
    case ':':
        return place == IN_PROPERTY ? "%3A" : NULL;
    case ',':
        return place == IN_PROPERTY ? "%2C" : NULL;
    default:
        return NULL;
    }
}

static void add_escaped(struct buf *out, const char *text, enum place place)
{
    bool is_readable = str_is_utf8(text, strlen(text));
    for (const char *c = text; *c != '\0';) {
        size_t control = str_control(c);
        const char *escape = escape_of(*c, place);
        if (escape != NULL)
            buf_puts(out, escape);
        else if (control > 0 || ((unsigned char)*c >= 0x80 && !is_readable))
            buf_puts(out, "?");
        else
            buf_add(out, c, 1);
        c += escape == NULL && control > 0 ? control : 1;
    }
}

static void add_line(struct buf *out, enum annotation_kind kind, const char *title,
                     const char *text)
{
    static const char *const names[] = {
        [ANNOTATION_ERROR] = "error",
        [ANNOTATION_WARNING] = "warning",
        [ANNOTATION_NOTICE] = "notice",
    };
    buf_printf(out, "::%s title=", names[kind]);
    add_escaped(out, title, IN_PROPERTY);
    buf_puts(out, "::");
    add_escaped(out, text, IN_TEXT);
}

void annotation_write(struct buf *out, enum annotation_kind kind, const char *title,
                      const char *text)
{
    add_line(out, kind, title, text);
    buf_puts(out, "\n");
}

void annotations_begin(struct annotations *a, struct buf *out)
{
    *a = (struct annotations){.out = out};
    for (size_t i = 0; i < ANNOTATION_KIND_COUNT; i++)
        buf_init(&a->last[i], BUF_TEXT_MAX);
}

void annotations_add(struct annotations *a, enum annotation_kind kind, const char *title,
                     const char *text)
{
    size_t number = ++a->counts[kind];
    if (number > ANNOTATIONS_MOST)
        return;
    add_line(number < ANNOTATIONS_MOST ? a->out : &a->last[kind], kind, title, text);
    buf_puts(number < ANNOTATIONS_MOST ? a->out : &a->last[kind],
             number < ANNOTATIONS_MOST ? "\n" : "");
}

void annotations_end(struct annotations *a)
{
    for (size_t i = 0; i < ANNOTATION_KIND_COUNT; i++) {
        if (a->counts[i] >= ANNOTATIONS_MOST)
            buf_puts(a->out, a->last[i].data);
        if (a->counts[i] > ANNOTATIONS_MOST)
            buf_printf(a->out, " (and %zu more)", a->counts[i] - ANNOTATIONS_MOST);
        buf_puts(a->out, a->counts[i] >= ANNOTATIONS_MOST ? "\n" : "");
        buf_fini(&a->last[i]);
    }
}
