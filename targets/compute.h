/* compute: the compute service's strategy, in bench-compute only. See compute.c. */
#ifndef TARGETS_COMPUTE_H
#define TARGETS_COMPUTE_H

#include "targets/strategy.h"

extern const struct strategy strategy_compute;

#endif
