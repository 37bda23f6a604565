/* mismatch: what was not as expected of a reply.
 *
 * Shape   one kind for each thing that a request can expect. Of the first such reply of a run it is
 *         known which one it was, and what was wanted.
 * Units   bytes.
 * Owner   a mismatch owns its texts; mismatch_free frees it and them.
 * Errors  none.
 */
#ifndef MODEL_MISMATCH_H
#define MODEL_MISMATCH_H

#include <stdint.h>

enum mismatch_kind {
    MISMATCH_STATUS,
    MISMATCH_BODY,
    MISMATCH_CONTAINS,
    MISMATCH_REGEX,
    MISMATCH_SIZE,
    MISMATCH_SHA256,
    MISMATCH_KIND_COUNT
};

/* "status", "body", ...: as options and request files call them. */
extern const char *const mismatch_keys[MISMATCH_KIND_COUNT];

struct mismatch {
    enum mismatch_kind kind;
    char *request; /* its name; NULL: the run has one request */
    int status;
    int64_t body_bytes; /* MISSING: nobody looked at the body */
    char *wanted;       /* "status 200-299", "the body 'hello'" */
};

struct mismatch *mismatch_copy(const struct mismatch *m); /* NULL gives NULL */
void mismatch_free(struct mismatch *m);                   /* NULL is fine */

#endif
