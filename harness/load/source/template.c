#include "load/source/template.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

#define LENGTH_NAME  "\r\nContent-Length: "
#define NAME_MAX_LEN 1024 /* with its braces; a longer one is no placeholder */

/* --- compiling --- */

/* A placeholder in the text. */
struct found {
    size_t at, len;
    int value;
};

/* "{name}" or "[<id>]" at `at`; false: it is none. */
static bool is_placeholder(const struct template *t, size_t at, const struct value_names *names,
                           struct found *f)
{
    const char *text = t->text + at;
    size_t left = t->len - at;
    f->at = at;
    if (*text == '[') {
        f->len = sizeof PLACEHOLDER_ID - 1;
        f->value = VALUE_ID;
        return left >= f->len && memcmp(text, PLACEHOLDER_ID, f->len) == 0;
    }
    const char *end = memchr(text, '}', left < NAME_MAX_LEN ? left : NAME_MAX_LEN);
    if (*text != '{' || end == NULL)
        return false;
    f->len = (size_t)(end - text) + 1;
    f->value = value_of_name(names, text + 1, f->len - 2);
    return f->value >= 0;
}

/* Where its parts begin. */
struct parts {
    size_t path, path_end, body; /* the blank line is before the body */
    struct found length;         /* the digits of a Content-Length; len 0: none */
};

static struct parts find_parts(const struct template *t)
{
    struct parts p = {0};
    const char *line_end = memmem(t->text, t->len, "\r\n", 2);
    const char *blank = memmem(t->text, t->len, "\r\n\r\n", 4);
    const char *space = memchr(t->text, ' ', t->len);
    p.body = blank == NULL ? t->len : (size_t)(blank - t->text) + 4;
    p.path = space == NULL ? 0 : (size_t)(space - t->text) + 1;
    p.path_end = line_end == NULL ? 0 : (size_t)(line_end - t->text);
    return p;
}

/* A header line of that name, which request_build writes this way. */
static void find_length(const struct template *t, struct parts *p)
{
    const size_t name_len = sizeof LENGTH_NAME - 1;
    for (size_t at = p->path_end; at + name_len < p->body; at++) {
        const char *line = t->text + at;
        if (strncasecmp(line, LENGTH_NAME, name_len) != 0)
            continue;
        p->length =
            (struct found){at + name_len, strspn(line + name_len, "0123456789"), TEMPLATE_LENGTH};
        return;
    }
}

static enum template_place place_of(const struct parts *p, size_t at)
{
    if (at < p->path_end)
        return TEMPLATE_PATH;
    return at < p->body ? TEMPLATE_HEADER : TEMPLATE_BODY;
}

static void add_piece(struct template *t, const struct parts *p, size_t from,
                      const struct found *next)
{
    t->pieces = mem_one_more(t->pieces, t->npieces, sizeof *t->pieces);
    t->pieces[t->npieces++] = (struct template_piece){
        .text = t->text + from,
        .len = next->at - from,
        .value = next->value,
        .place = place_of(p, next->at),
    };
    if (next->value >= 0 && next->value < t->variable)
        t->used |= UINT32_C(1) << (next->value < VALUE_NAMED ? next->value : VALUE_NAMED);
}

/* The next placeholder from `at` on, or the length, or the end. */
static struct found find_next(const struct template *t, const struct parts *p, size_t at,
                              const struct value_names *names)
{
    struct found f = {0};
    for (; at < t->len; at++) {
        if (p->length.len > 0 && at == p->length.at)
            return p->length;
        if ((t->text[at] == '{' || t->text[at] == '[') && is_placeholder(t, at, names, &f))
            return f;
    }
    return (struct found){t->len, 0, TEMPLATE_END};
}

static void compile(struct template *t, const struct value_names *names,
                    enum template_length length)
{
    struct parts p = find_parts(t);
    size_t values = 0;
    size_t replaced = 0; /* bytes of the body */
    if (length == TEMPLATE_MADE_LENGTH)
        find_length(t, &p);
    for (size_t at = p.path; at <= t->len;) {
        struct found next = find_next(t, &p, at, names);
        add_piece(t, &p, at == p.path ? 0 : at, &next);
        values += next.value >= 0;
        replaced += next.at >= p.body ? next.len : 0;
        at = next.value == TEMPLATE_END ? t->len + 1 : next.at + next.len;
    }
    t->body_text = t->len - p.body - replaced;
    if (values > 0)
        return;
    free(t->pieces);
    t->pieces = NULL;
    t->npieces = 0;
}

void template_init(struct template *t, const char *text, size_t len,
                   const struct value_names *names, enum template_length length)
{
    *t = (struct template){.text = mem_copy(text, len), .len = len};
    if (names == NULL)
        return;
    t->variable = value_of_variable(names);
    compile(t, names, length);
}

void template_fini(struct template *t)
{
    free(t->text);
    free(t->pieces);
    *t = (struct template){0};
}

/* --- writing --- */

static bool breaks_header(const struct value *v)
{
    for (size_t i = 0; i < v->len; i++) {
        unsigned byte = (unsigned char)v->bytes[i];
        if ((byte < ' ' && byte != '\t') || byte == 0x7f)
            return true;
    }
    return false;
}

static void add_to_path(const struct value *v, struct buf *out)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t from = 0;
    for (size_t i = 0; i < v->len; i++) {
        unsigned byte = (unsigned char)v->bytes[i];
        if (byte > ' ' && byte < 0x7f && byte != '#')
            continue;
        const char code[3] = {'%', digits[byte >> 4], digits[byte & 15]};
        buf_add(out, v->bytes + from, i - from);
        buf_add(out, code, sizeof code);
        from = i + 1;
    }
    buf_add(out, v->bytes + from, v->len - from);
}

static void add_length(size_t length, struct buf *out)
{
    char digits[24];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + length % 10);
        length /= 10;
    } while (length > 0);
    buf_add(out, digits + at, sizeof digits - at);
}

struct sources {
    const struct value *made, *variables;
    int variable;
};

static const struct value *value_at(const struct sources *s, int number)
{
    return number < s->variable ? &s->made[number] : &s->variables[number - s->variable];
}

/* Finds out how long the body is, and whether all values can be sent. */
static bool measure(const struct template *t, const struct sources *s, size_t *body_len)
{
    *body_len = t->body_text;
    for (size_t i = 0; i < t->npieces; i++) {
        const struct template_piece *p = &t->pieces[i];
        if (p->value < 0)
            continue;
        const struct value *v = value_at(s, p->value);
        if (v->bytes == NULL || (p->place == TEMPLATE_HEADER && breaks_header(v)))
            return false;
        if (p->place == TEMPLATE_BODY)
            *body_len += v->len;
    }
    return true;
}

static void add_value(const struct template_piece *p, const struct value *v, struct buf *out)
{
    if (p->place == TEMPLATE_PATH)
        add_to_path(v, out);
    else
        buf_add(out, v->bytes, v->len);
}

bool template_write(const struct template *t, const struct value *made,
                    const struct value *variables, struct buf *out)
{
    const struct sources s = {made, variables, t->variable};
    size_t before = out->len;
    size_t body_len = 0;
    if (t->npieces == 0)
        buf_add(out, t->text, t->len);
    else if (!measure(t, &s, &body_len))
        return false;
    for (size_t i = 0; i < t->npieces; i++) {
        const struct template_piece *p = &t->pieces[i];
        buf_add(out, p->text, p->len);
        if (p->value >= 0)
            add_value(p, value_at(&s, p->value), out);
        else if (p->value == TEMPLATE_LENGTH)
            add_length(body_len, out);
    }
    if (!out->overflow)
        return true;
    out->len = before;
    out->overflow = false;
    return false;
}
