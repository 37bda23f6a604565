/* merge_internal: the parts of a merge, which result_merge.c puts together.
 *
 * Owner   what comes back belongs to the caller.
 */
#ifndef MODEL_MERGE_INTERNAL_H
#define MODEL_MERGE_INTERNAL_H

#include "model/result_merge.h"

struct merged *merge_parts(const struct merge *m); /* each of what a share did */
/* The seconds of all inputs, and the latencies over time; none if an input has none. */
void merge_series(const struct merge *m, struct result *out);

#endif
