#include "match/needle.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static size_t step(const struct needle *n, size_t matched, char c)
{
    while (matched > 0 && n->text[matched] != c)
        matched = n->shorter[matched];
    return matched + (n->text[matched] == c);
}

void needle_init(struct needle *n, const char *text, size_t len)
{
    *n = (struct needle){.text = text, .len = len, .shorter = mem_array(len + 1, sizeof(size_t))};
    for (size_t i = 1; i < len; i++)
        n->shorter[i + 1] = step(n, n->shorter[i], text[i]);
}

void needle_fini(struct needle *n)
{
    free(n->shorter);
    n->shorter = NULL;
}

/* Byte by byte, from what is matched so far; to the end, or until nothing is matched if that is
 * enough. Returns where it stopped. */
static const char *creep(const struct needle *n, size_t *matched, const char *p, const char *end,
                         bool to_end)
{
    while (p < end && *matched < n->len && (to_end || *matched > 0))
        *matched = step(n, *matched, *p++);
    return p;
}

void needle_feed(const struct needle *n, struct needle_seek *seek, const char *bytes, size_t len)
{
    const char *end = bytes + len;
    const char *p = creep(n, &seek->matched, bytes, end, false);
    if (seek->matched == n->len || p == end)
        return;
    if (memmem(p, (size_t)(end - p), n->text, n->len) != NULL) {
        seek->matched = n->len;
        return;
    }
    size_t rest = (size_t)(end - p) < n->len ? (size_t)(end - p) : n->len - 1;
    (void)creep(n, &seek->matched, end - rest, end, true);
}
