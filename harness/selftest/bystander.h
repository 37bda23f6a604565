/* bystander: a thread that does nothing but sleep and wake up, beside a load.
 *
 * Shape   it is to wake up at steady times, like the generator, and tells how late it was. What
 *         makes it late makes the generator late as well, in the same seconds: a neighbour on a
 *         shared machine, deep sleep of the processor, threads that wait for a core. A floor that
 *         is measured before the load knows only the seconds before it.
 * Units   nanoseconds.
 * Owner   bystander_stop frees the bystander; the histogram that it returns is the caller's.
 * Errors  bystander_start: NULL, kind INVALID, when there is no thread left.
 */
#ifndef SELFTEST_BYSTANDER_H
#define SELFTEST_BYSTANDER_H

#include <stdint.h>

#include "base/err.h"
#include "stat/hist.h"

struct bystander;

struct bystander *bystander_start(int64_t gap_ns, struct err *err);
/* Returns at its next wake-up, with how late each was. NULL is fine, and gives NULL. */
struct hist *bystander_stop(struct bystander *b);

#endif
