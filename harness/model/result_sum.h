/* result_sum: several windows of one server added up, as if they were one.
 *
 * Shape   the one way to add results: windows that follow each other (a session's blocks, the
 *         rounds of -f), and those of several hosts that were open together (result_merge.h).
 * Owner   the sum owns copies.
 * Errors  none.
 */
#ifndef MODEL_RESULT_SUM_H
#define MODEL_RESULT_SUM_H

#include "model/result.h"

/* Counts alone, without the reasons of losses and failed connects. */
void accounting_add_counts(struct accounting *sum, const struct accounting *part);
/* What a block of a session measures of an arm: accounting, the histograms of latency, of what was
 * not answered and of how late requests were sent, the length of the window and the load
 * generator's busiest thread. `sum` starts as result_init leaves it. */
void result_sum_add(struct result *sum, const struct result *part);
/* What result_sum_add leaves out of a whole run: the other histograms of the load, its CPU, HTTP/2,
 * the requests by name, and whether it is valid. */
void result_sum_rest(struct result *sum, const struct result *part);
/* Both, of runs that were going on at the same time: the length of the window and the busiest
 * thread are left to the caller. */
void result_sum_parallel(struct result *sum, const struct result *part);
/* Adds one histogram; NULL is none. *sum becomes the caller's. */
void result_sum_hist(struct hist **sum, const struct hist *part);

#endif
