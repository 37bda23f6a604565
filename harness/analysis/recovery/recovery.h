/* recovery: how long a server takes to come back from a spike of the rate.
 *
 * Shape   a pure function of a result: the stages say where the spike is, the series what became
 *         of the requests. In each sample the goal holds if so many of its requests had a good
 *         response within its time. A request that was lost did not, and neither did one that was
 *         due and has waited for longer than that, so a server that answers nothing is not fine.
 *         Without a goal of the user's it is twice the p99 of the time before the spike, and 5 ms
 *         more than it at least.
 * Units   those of model/recovery.h.
 * Owner   a goal's text is not kept.
 * Errors  a goal that cannot be parsed: kind USAGE. What cannot be judged is a state with a reason.
 * Source  docs/recovery.md.
 */
#ifndef ANALYSIS_RECOVERY_RECOVERY_H
#define ANALYSIS_RECOVERY_RECOVERY_H

#include "base/err.h"
#include "model/comparison.h"
#include "model/recovery.h"
#include "model/result.h"

/* "p99<200ms": any percentile of the latency. */
int recovery_goal_parse(const char *text, struct recovery_goal *out, struct err *err);

/* The goal is the one given, or if that is NULL, of the run's own options. */
struct recovery recovery_of(const struct result *r, const struct recovery_goal *given);
/* Fills r->recovery. */
void recovery_add(struct result *r, const struct recovery_goal *given);
void recovery_add_all(struct comparison *c, const struct recovery_goal *given);

#endif
