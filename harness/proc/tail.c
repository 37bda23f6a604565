#include "proc/tail.h"

#include <stdbool.h>
#include <string.h>

#include "base/str.h"

void tail_add(struct tail *t, const char *bytes, size_t len)
{
    if (len > TAIL_BYTES) {
        t->total += len - TAIL_BYTES;
        bytes += len - TAIL_BYTES;
        len = TAIL_BYTES;
    }
    size_t at = (size_t)(t->total % TAIL_BYTES);
    size_t first = len < TAIL_BYTES - at ? len : TAIL_BYTES - at;
    memcpy(t->ring + at, bytes, first);
    memcpy(t->ring, bytes + first, len - first);
    t->total += len;
}

/* Where the last `most` lines begin; `cut` text begins in the middle of a line. */
static size_t start_of_lines(const char *text, size_t len, size_t most, bool cut)
{
    size_t lines = 1;
    for (size_t i = len; i > 0; i--) {
        if (text[i - 1] == '\n' && lines++ == most)
            return i;
    }
    const char *newline = cut ? memchr(text, '\n', len) : NULL;
    return newline == NULL ? 0 : (size_t)(newline - text) + 1;
}

void tail_text(const struct tail *t, char *text)
{
    bool cut = t->total > TAIL_BYTES;
    size_t len = cut ? TAIL_BYTES : (size_t)t->total;
    size_t at = cut ? (size_t)(t->total % TAIL_BYTES) : 0;
    memcpy(text, t->ring + at, len - at);
    memcpy(text + len - at, t->ring, at);
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        len--;
    size_t start = start_of_lines(text, len, t->lines > 0 ? t->lines : TAIL_LINES, cut);
    memmove(text, text + start, len - start);
    text[len - start] = '\0';
    str_make_printable(text, len - start);
}

const char *tail_last_lines(const char *text, size_t room)
{
    size_t len = strlen(text);
    if (len <= room)
        return text;
    const char *at = text + len - room;
    const char *newline = at[-1] == '\n' ? at - 1 : strchr(at, '\n');
    if (newline != NULL && newline[1] != '\0')
        return newline + 1;
    while (((unsigned char)*at & 0xc0) == 0x80)
        at++; /* not in the middle of a UTF-8 character */
    return at;
}
