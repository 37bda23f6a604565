/* result_load: what a load generator measured, taken out of one result and put into another.
 *
 * Shape   a result has a part of its load (requests, latencies, the costs of the generator, what
 *         each host did), and a part of what was beside it (how it was started, the server, the
 *         probe, the queue). This moves the first.
 * Owner   `to` owns what `from` had; `from` is still to be freed with result_fini.
 * Errors  none.
 */
#ifndef MODEL_RESULT_LOAD_H
#define MODEL_RESULT_LOAD_H

#include "model/result.h"

/* Of `to` only what was recorded before the run may be filled. A load that is not valid, or was
 * ended early, makes it so too. */
void result_take_load(struct result *to, struct result *from);

#endif
