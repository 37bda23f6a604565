/* pointer: a JSON pointer, and the value that it leads to in the bytes of a server.
 *
 * Shape   pointer_parse once; pointer_find in each body. Only what the pointer passes is looked at,
 *         so that a value in the beginning of a body costs no more in a long one: what comes behind
 *         it need not be JSON. Of equal names in one object the first counts. Nothing recurses.
 * Units   bytes.
 * Owner   a pointer owns copies of its names; pointer_fini frees them.
 * Errors  pointer_parse: kind USAGE, with the place in the text.
 *         pointer_find: false if nothing is there, a null is, or what leads there is not JSON.
 * Source  RFC 6901, RFC 8259.
 */
#ifndef MATCH_POINTER_H
#define MATCH_POINTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* A name of an object, which may be the index of an array too. */
struct pointer_name {
    char *text;
    size_t len;
    size_t index; /* SIZE_MAX: it is none */
};

struct pointer {
    struct pointer_name *names;
    size_t count; /* 0: the whole document */
};

int pointer_parse(struct pointer *p, const char *text, struct err *err);
void pointer_fini(struct pointer *p);
/* Into `value`, which is cleared first: a string without its quotes and escapes, all else as it
 * stands there. */
bool pointer_find(const struct pointer *p, const char *json, size_t len, struct buf *value);

#endif
