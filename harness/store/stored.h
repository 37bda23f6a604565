/* stored: a file of bench, whatever it holds.
 *
 * Owner   what was loaded belongs to the caller; stored_fini frees it.
 * Errors  kind USAGE, naming the file, and the key where one is wrong. Files are untrusted. What
 *         failed to be read is empty and needs no fini.
 */
#ifndef STORE_STORED_H
#define STORE_STORED_H

#include "base/err.h"
#include "model/capacity.h"
#include "model/comparison.h"
#include "model/session.h"
#include "model/sweep.h"

/* Told by its "schema"; only that one of them is filled. */
enum stored_kind {
    STORED_RESULT,
    STORED_COMPARISON,
    STORED_SESSION,
    STORED_SWEEP,
    STORED_CAPACITY
};
struct stored {
    enum stored_kind kind;
    struct result result;
    struct comparison comparison;
    struct session session;
    struct sweep sweep;
    struct capacity capacity; /* its estimates are not derived yet */
};
extern const char *const stored_names[]; /* "a session": what a kind is called */
int stored_load(const char *path, struct stored *out, struct err *err);
/* A sweep becomes the comparison of all its arms at all its points; what else it is stays. */
void stored_flatten(struct stored *s);
void stored_fini(struct stored *s);

#endif
