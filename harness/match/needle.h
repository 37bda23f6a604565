/* needle: a text that is looked for in bytes that come in pieces, none of which is kept.
 *
 * Shape   needle_init once; a needle_seek for each text that is searched, set to zero before it.
 * Units   bytes.
 * Owner   the needle borrows its text; needle_fini frees what it made of it.
 * Errors  none. An empty needle is in every text.
 * Source  Knuth, Morris and Pratt for what is cut by the end of a piece; memmem for all else.
 */
#ifndef MATCH_NEEDLE_H
#define MATCH_NEEDLE_H

#include <stdbool.h>
#include <stddef.h>

struct needle {
    const char *text;
    size_t len;
    size_t *shorter; /* of each start of the text: the longest shorter one that it ends with */
};

struct needle_seek {
    size_t matched; /* of the needle, by the last bytes so far */
};

void needle_init(struct needle *n, const char *text, size_t len);
void needle_fini(struct needle *n);
void needle_feed(const struct needle *n, struct needle_seek *seek, const char *bytes, size_t len);

static inline bool needle_is_found(const struct needle *n, const struct needle_seek *seek)
{
    return seek->matched == n->len;
}

#endif
