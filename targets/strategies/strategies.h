/* strategies: all strategies, by name.
 *
 * Shape   constants, each in a file of its own that explains it (targets/http/strategy.h).
 * Errors  strategy_find: kind USAGE, for an unknown name.
 */
#ifndef TARGETS_STRATEGIES_STRATEGIES_H
#define TARGETS_STRATEGIES_STRATEGIES_H

#include "targets/http/strategy.h"

/* What bench-target serves. */
extern const struct strategy strategy_inline, strategy_threads, strategy_pool, strategy_offload,
    strategy_queue;
/* The same, in the order of strategy_names (options.h); ends with NULL. */
extern const struct strategy *const strategies[];

/* What bench-compute and bench-worker serve, for offload and queue. */
extern const struct strategy strategy_compute, strategy_worker;

/* What bench-target serves for bench selftest, with options of its own. It is in no list. */
extern const struct strategy strategy_delay;
extern const struct opt delay_opts[];

/* NULL with err set when there is none of that name. */
const struct strategy *strategy_find(const char *name, struct err *err);

#endif
