/* keeping_up: whether a server answers as many requests as an open loop sends, or falls behind.
 *
 * Shape   a server that keeps up has about as many requests waiting in it, and for it, at the end
 *         of a run as in its middle. One that does not has ever more of them: its latencies tell
 *         how long the run was, not how fast the server is.
 * Units   requests per second.
 * Errors  a closed loop, or a run of one second or less: it keeps up, growth is NAN.
 * Source  docs/measurement.md, "Open loop".
 */
#ifndef ANALYSIS_KEEPING_UP_H
#define ANALYSIS_KEEPING_UP_H

#include "model/comparison.h"

/* By how much what waits grows, from the middle of the run to its end. */
double result_backlog_growth_rps(const struct result *r);
bool result_keeps_up(const struct result *r);

/* In half of its rounds or more, without those that other programs disturbed if it has others. */
bool arm_keeps_up(const struct arm *arm);
double arm_due_rps(const struct arm *arm);            /* the mean over its rounds */
double arm_backlog_growth_rps(const struct arm *arm); /* the median of its rounds */

/* The load of the first arm that was run is an open loop's. */
bool comparison_is_open_loop(const struct comparison *c);

#endif
