/* rng: seeded random numbers for back-off and order, never for secrets.
 *
 * Shape   splitmix64: one word of state, one seed gives one sequence on every machine.
 * Source  Steele, Lea, Flood (2014), "Fast splittable pseudorandom number generators".
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdint.h>

struct rng {
    uint64_t state;
};

void rng_init(struct rng *r, uint64_t seed);
uint64_t rng_next(struct rng *r);
double rng_unit(struct rng *r); /* in [0, 1) */

#endif
