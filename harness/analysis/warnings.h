/* warnings: what a user must know to read the figures, each with a remedy.
 *
 * Shape   a pure function of the measured figures: the same result gives the same warnings.
 * Owner   the result owns them.
 */
#ifndef ANALYSIS_WARNINGS_H
#define ANALYSIS_WARNINGS_H

#include "model/result.h"
#include "model/result_merge.h"

/* Seconds of work: a queue with a smaller backlog keeps up. */
#define KEEPS_UP_S 1.0

/* Sets client.saturated, client.late and machine.is_disturbed, adds warnings, and clears `valid` if
 * nothing was measured. */
void warnings_add(struct result *r);
/* What only a host can know of itself: from the document of the merged result of all hosts, or from
 * those of all shares, each code once. */
void warnings_take(struct result *r, const struct result *from);
void warnings_take_shares(struct result *r, const struct merge *m);
/* For a disturbed round of a comparison: says that its figures rank nothing. */
void warnings_add_disturbed(struct result *r);

/* Sets client.saturated and client.late: whether the load generator may have been the limit, and
 * whether it sent requests late. */
void warnings_judge_client(struct result *r);

#endif
