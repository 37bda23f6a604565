/* plan_share: the part of a plan that one of several generators does.
 *
 * Shape   generator `index` of `count` has the whole numbers from floor(index * total / count) up
 *         to those of the next one: each number is had by exactly one, so the parts of a total add
 *         up to it. What happens in turn over time (requests that are due, rows of a feed) is dealt
 *         out instead: index, index + count, and so on.
 *
 * Errors  none: index is below count, and count at most SHARES_MAX.
 */
#ifndef MODEL_PLAN_SHARE_H
#define MODEL_PLAN_SHARE_H

#include <stdint.h>

struct plan_share {
    int64_t index, count; /* count 0: there is one generator, which does all of it */
};

/* How many of `total` are before those of this share, and how many it has. */
int64_t plan_share_before(const struct plan_share *s, int64_t total);
int64_t plan_share_of(const struct plan_share *s, int64_t total);
/* How many of the first `total` it has when they are dealt out. */
int64_t plan_share_dealt(const struct plan_share *s, int64_t total);

#endif
