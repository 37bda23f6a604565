/* result_sum: several windows of one server added up, as if they were one.
 *
 * Shape   what a block of a session measures of an arm: accounting, the histograms of latency, of
 *         what was not answered and of how late requests were sent, the length of the window and
 *         the load generator's busiest thread.
 * Owner   the sum owns copies.
 * Errors  none.
 */
#ifndef MODEL_RESULT_SUM_H
#define MODEL_RESULT_SUM_H

#include "model/result.h"

/* Counts alone, without the reasons of losses and failed connects. */
void accounting_add_counts(struct accounting *sum, const struct accounting *part);
/* `sum` starts as result_init leaves it. */
void result_sum_add(struct result *sum, const struct result *part);
/* Adds one histogram; NULL is none. *sum becomes the caller's. */
void result_sum_hist(struct hist **sum, const struct hist *part);

#endif
