/* strategies: all that there are, by name.
 *
 * Owner   strategies are constants.
 * Errors  kind USAGE: a name that is none.
 */
#ifndef TARGETS_STRATEGIES_STRATEGIES_H
#define TARGETS_STRATEGIES_STRATEGIES_H

#include "targets/http/strategy.h"

/* What bench-target serves. */
extern const struct strategy strategy_inline, strategy_threads, strategy_pool, strategy_offload,
    strategy_queue;
/* These, in the order of strategy_names (options.h); ends with NULL. */
extern const struct strategy *const strategies[];

/* Servers of their own that two of them need: bench-compute and bench-worker. */
extern const struct strategy strategy_compute, strategy_worker;

/* NULL with err set, for a name that is not there. */
const struct strategy *strategy_find(const char *name, struct err *err);

#endif
