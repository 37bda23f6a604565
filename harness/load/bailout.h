/* bailout: ends a run at so many faults, counted over all threads.
 *
 * Shape   a number of faults, or a share of the requests that are over, as soon as BAILOUT_LEAST of
 *         them are. What a fault is, the spec says: errors (also a connect that fails), replies
 * that are no 2xx, mismatches. Each thread counts here as it happens; the one that reaches the
 *         limit is told, once.
 * Owner   the load's; its threads share it. Without a limit there is none, and nothing is counted.
 * Errors  none.
 */
#ifndef LOAD_BAILOUT_H
#define LOAD_BAILOUT_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define BAILOUT_LEAST 100 /* a share of fewer requests says nothing */

struct bailout_spec {
    int64_t faults; /* 0: see share */
    double share;   /* in (0, 1]; 0: no limit either */
    bool errors, non_2xx, mismatches;
};

struct bailout {
    struct bailout_spec spec;
    atomic_llong faults, over;
    atomic_bool reached;
};

static inline bool bailout_has_limit(const struct bailout_spec *spec)
{
    return spec->faults > 0 || spec->share > 0;
}

/* True once in a run: the limit is reached now. `over`: requests that are over; 0 for a connect. */
bool bailout_count(struct bailout *b, int over, bool is_fault);

#endif
