/* work: what a heavy request does, the same for every strategy.
 *
 * Shape   "count:20M" counts to n on one core; "sleep:50ms" waits. One function does it.
 * Units   n is a count or nanoseconds, by kind.
 * Errors  work_parse, work_check: kind USAGE. work_run cannot fail; after a stop it ends early and
 *         returns the count it reached.
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

/* "count:20M", "sleep:50ms"; for OPT_CUSTOM: field is a struct work. */
int work_parse(const char *text, void *field, struct err *err);
/* Fails if the work exceeds `max`. `max` limits its own kind; the other kind is limited to 10G
 * counts or one hour. */
int work_check(const struct work *work, const struct work *max, struct err *err);
/* The share of one of `parts` workers: the shares of a count differ by at most one and add up to
 * the whole. A sleep cannot be split: worker 0 gets all of it, the others nothing. */
struct work work_part(const struct work *whole, int64_t index, int64_t parts);
/* Returns what was reached: the count, or the nanoseconds slept. The compiler cannot optimise the
 * loop away: every step passes through a register that an empty asm may have changed. */
int64_t work_run(const struct work *work, const atomic_bool *stop);
/* The response body with what was reached: {"count":20000000} or {"slept_ms":50}, and a newline. */
void work_reply_body(const struct work *reached, struct buf *out);

#endif
