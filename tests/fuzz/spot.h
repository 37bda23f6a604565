/* spot: what surrounds an error, for the rows of stricter.c and laxer.c.
 *
 * Shape   the bytes from the start of the reply, the error in them, their end.
 * Owner   the caller.
 * Errors  none; a byte outside reads as NUL.
 */
#ifndef FUZZ_SPOT_H
#define FUZZ_SPOT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

struct spot {
    const char *data, *at, *end; /* at may be end */
};

static inline char byte_at(const struct spot *s)
{
    char c = '\0';
    if (s->at < s->end)
        c = *s->at;
    return c;
}

static inline char byte_before(const struct spot *s)
{
    char c = '\0';
    if (s->at > s->data)
        c = s->at[-1];
    return c;
}

static inline const char *line_start(const char *data, const char *at)
{
    while (at > data && at[-1] != '\n')
        at--;
    return at;
}

/* Blanks at the start of a line continue the one before. */
static inline const char *field_line(const char *data, const char *at)
{
    const char *line = line_start(data, at);
    while (line > data && (*line == ' ' || *line == '\t'))
        line = line_start(data, line - 1);
    return line;
}

static inline bool line_has(const struct spot *s, const char *prefix)
{
    const char *line = field_line(s->data, s->at);
    size_t len = strlen(prefix);
    return (size_t)(s->end - line) >= len && strncasecmp(line, prefix, len) == 0;
}

#endif
