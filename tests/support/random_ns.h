/* random_ns: a value up to max_ns, small ones as often as large ones: its exponent is even. */
#ifndef TESTS_RANDOM_NS_H
#define TESTS_RANDOM_NS_H

#include "base/rng.h"

int64_t random_ns(struct rng *r, int64_t max_ns);

#endif
