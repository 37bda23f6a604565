#include "base/place.h"

#include <stdio.h>
#include <string.h>

struct place place_of(const struct written *text, size_t at)
{
    struct place p = {1, 1};
    const char *line = text->bytes;
    const char *end = text->bytes + (at < text->len ? at : text->len);
    for (const char *next = line; (next = memchr(next, '\n', (size_t)(end - next))) != NULL;) {
        line = ++next;
        p.line++;
    }
    for (const char *c = line; c < end; c++)
        p.column += ((unsigned char)*c & 0xc0) != 0x80; /* no rest of a character of UTF-8 */
    return p;
}

int place_verror(const struct written *text, size_t at, struct err *err, const char *format,
                 va_list args)
{
    struct place p = place_of(text, at);
    char what[sizeof err->text];
    (void)vsnprintf(what, sizeof what, format, args);
    return err_set(err, ERR_USAGE, "%s:%ld:%ld: %s", text->name, p.line, p.column, what);
}

int place_error(const struct written *text, size_t at, struct err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)place_verror(text, at, err, format, args);
    va_end(args);
    return -1;
}
