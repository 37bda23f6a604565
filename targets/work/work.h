/* work: what a heavy request does, the same for every strategy.
 *
 * Shape   "count:20M" counts to n on one core; "sleep:50ms" waits. One function does it.
 * Units   n is a count or nanoseconds, by kind.
 * Errors  work_parse, work_check: kind USAGE. work_run cannot fail. When `stop` is set it ends
 *         early and returns what was reached.
 */
#ifndef TARGETS_WORK_WORK_H
#define TARGETS_WORK_WORK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum work_kind { WORK_COUNT, WORK_SLEEP };

struct work {
    enum work_kind kind;
    int64_t n;
};

extern const char *const work_kind_names[];

/* Reads "count:20M" or "sleep:50ms". Fits OPT_CUSTOM: field is a struct work. */
int work_parse(const char *text, void *field, struct err *err);
/* Fails for more than `max` allows. `max` limits its own kind; the other kind keeps the limits of
 * 10G counts and one hour. */
int work_check(const struct work *work, const struct work *max, struct err *err);
/* Part `index` of `parts`. The parts of a count differ by one at the most and add up to the whole.
 * A sleep cannot be split: part 0 has all of it, the others nothing. */
struct work work_part(const struct work *whole, int64_t index, int64_t parts);
/* Returns what was reached: the count, or nanoseconds. The compiler cannot fold the loop: every
 * step passes through a register that an empty asm may have changed. */
int64_t work_run(const struct work *work, const atomic_bool *stop);
/* The body of a reply: {"count":20000000} or {"slept_ms":50}, with the newline. */
void work_reply_body(const struct work *reached, struct buf *out);

#endif
