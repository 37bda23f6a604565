#include "base/place.h"

#include <stdio.h>
#include <string.h>

struct place place_next(const struct written *text, struct place_mark *mark, size_t at)
{
    const char *from = text->bytes + mark->at;
    const char *end = text->bytes + (at < text->len ? at : text->len);
    for (const char *next = from; (next = memchr(next, '\n', (size_t)(end - next))) != NULL;) {
        from = ++next;
        mark->place.line++;
        mark->place.column = 1;
    }
    for (const char *c = from; c < end; c++)
        mark->place.column += ((unsigned char)*c & 0xc0) != 0x80; /* no rest of a character */
    mark->at = (size_t)(end - text->bytes);
    return mark->place;
}

struct place place_of(const struct written *text, size_t at)
{
    struct place_mark mark = PLACE_MARK_START;
    return place_next(text, &mark, at);
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
