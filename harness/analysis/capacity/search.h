/* search: at which rate an arm is loaded next, and what its trials so far say of its capacity.
 *
 * Shape   pure functions of the trials. After the pilot, rates are bracketed by growing factors
 *         until one held and one did not; from then on trials are on either side of the median of
 *         what the capacity may be (stat/threshold.h), in turn, until the interval is narrow.
 *         A server that died broke the goal only when it died near that rate twice; until then, and
 *         wherever else a trial could not tell, the rate is tried again. The generator's own limit
 *         is a ceiling, and never counts as a failure of the server.
 * Owner   nothing is kept.
 * Errors  none: trial after trial that cannot tell ends the search.
 */
#ifndef ANALYSIS_CAPACITY_SEARCH_H
#define ANALYSIS_CAPACITY_SEARCH_H

#include "model/capacity.h"

#define SEARCH_LOWEST 0.02 /* of the pilot: there a server has nothing to queue */
#define SEARCH_NEAR   1.3  /* times a rate: the same rate, for a server that dies */
#define SEARCH_IN_ROW 4    /* trials that cannot tell */

/* Both look at all trials of the arm. */
struct capacity_estimate search_estimate(const struct capacity *c, size_t arm);
/* The rate of the next trial; NAN: the pilot. Only while the estimate's end is SEARCHING. */
double search_next_rps(const struct capacity *c, size_t arm);
/* Fills the estimates of all arms. What an unfinished search has is theirs as well. */
void capacity_judge(struct capacity *c);

#endif
