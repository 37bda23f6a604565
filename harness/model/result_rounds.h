/* result_rounds: runs that followed each other, added up to one result.
 *
 * Shape   what `bench run --forever` shows at its end. Counts, histograms and the client's cost are
 *         added; the seconds follow each other, as long as there are no more than
 *         RESULT_ROUNDS_SECONDS. What is of one run alone is missing: the fairness, the server, the
 *         probe and a queue.
 * Owner   the sum owns copies. It starts as result_init leaves it, with the plan recorded in it.
 * Errors  none.
 */
#ifndef MODEL_RESULT_ROUNDS_H
#define MODEL_RESULT_ROUNDS_H

#include "model/result.h"

#define RESULT_ROUNDS_SECONDS 100000 /* beyond them none is kept, so that memory does not grow */

void result_rounds_add(struct result *sum, const struct result *part);

#endif
