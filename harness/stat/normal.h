/* normal: seeded draws from the normal distribution, for simulations.
 *
 * Shape   mean 0, sd 1; each draw takes two numbers of the generator.
 * Owner   the generator is the caller's.
 * Errors  none.
 * Source  Box and Muller (1958).
 */
#ifndef STAT_NORMAL_H
#define STAT_NORMAL_H

#include "base/rng.h"

double normal_draw(struct rng *r);

#endif
