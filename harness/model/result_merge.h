/* result_merge: the results of all shares of a plan, put together into one.
 *
 * Shape   merge_check says whether they fit together, and result_merge adds them up: counts and
 *         histogram buckets exactly, seconds by the time at which they were, rates over the window
 *         from the first start to the last end. What was sampled of the server, the probe and the
 *         queue are those of the one result that has them.
 * Owner   a merge borrows everything; merge_check sorts its inputs by share. The sum owns copies.
 * Errors  merge_check: kind INCOMPARABLE, naming the files, the option, both values. result_merge
 *         has none: it is for inputs that were checked.
 */
#ifndef MODEL_RESULT_MERGE_H
#define MODEL_RESULT_MERGE_H

#include "base/err.h"
#include "model/result.h"

/* The result of one share. */
struct merge_input {
    const char *name; /* of its file */
    const struct result *r;
    const char *why; /* it was lost, and has only what came before; NULL: it was not */
};

/* A share that there is no result of: its host was lost, and the others went on. */
struct merge_lost {
    int64_t index;
    const char *host, *why;
};

struct merge {
    struct merge_input *inputs;
    size_t ninputs;
    const struct merge_lost *lost;
    size_t nlost;
    const char *const *ignored; /* settings that are no part of the plan: "out"; ends with NULL */
    double until_s;             /* the inputs have only what came before; NAN: they have all */
};

int merge_check(struct merge *m, struct err *err);
/* `out` is a result from then on. Its warnings are the caller's to add. */
void result_merge(const struct merge *m, struct result *out);

/* Seconds from the start of the first window to that of input i. */
double merge_start_s(const struct merge *m, size_t i);
/* From the first start to the last end; and to the first end, from the last start: negative when
 * the windows have no time in common. */
double merge_span_s(const struct merge *m);
double merge_common_s(const struct merge *m);

#endif
