/* worker: the strategy of bench-worker only: it works off a queue. See worker.c. */
#ifndef TARGETS_WORKER_H
#define TARGETS_WORKER_H

#include "targets/strategy.h"

extern const struct strategy strategy_worker;

#endif
