/* compute_reply: the answer of a compute service, checked. Pure.
 *
 * Shape   success is {"count":N} or {"slept_ms":T} with what was asked for. Server-Timing says how
 *         long the request waited and was worked on. When it is missing, or claims more than the
 *         whole exchange took, all of that time counts as work.
 * Units   ns.
 * Errors  kind INVALID: the text is for the client, in an answer of 502.
 * Source  Server-Timing: W3C, "wait;dur=0.012,work;dur=5.7" in ms.
 */
#ifndef TARGETS_COMPUTE_REPLY_H
#define TARGETS_COMPUTE_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "targets/work/work.h"

struct compute_reply {
    int64_t wait_ns, work_ns;
};

/* Fails unless the body is the result of `asked`. */
int compute_reply_check(const char *body, size_t len, const struct work *asked, struct err *err);
/* `timing` is Server-Timing or NULL. `took_ns` is from the request to its reply, by our own clock.
 */
struct compute_reply compute_reply_times(const char *timing, int64_t took_ns);

#endif
