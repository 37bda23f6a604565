/* second: what the seconds of a result share, wherever they come from.
 *
 * Shape   acts on struct second of model/result.h.
 * Owner   the caller's storage; nothing is kept.
 * Errors  none.
 */
#ifndef MODEL_SECOND_H
#define MODEL_SECOND_H

#include "model/result.h"

void second_init(struct second *s); /* nothing happened in it, and nothing was sampled */
/* What another host did in the same second. Server samples are those of the one that has them;
 * percentiles are left to second_set_percentiles. */
void second_add(struct second *s, const struct second *more);
/* The p50 and the p99, from its latencies in the shape of hist_text_new. */
void second_set_percentiles(struct second *s, const struct hist *latency);

#endif
