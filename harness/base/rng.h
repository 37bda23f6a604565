/* rng: random numbers: seeded ones for back-off and order, the system's for names and secrets.
 *
 * Shape   splitmix64: one word of state, one seed gives one sequence on every machine. Nothing
 *         that must not be guessed is made of it.
 * Errors  rng_hex returns -1 without a message when the system gives no random bytes.
 * Source  Steele, Lea, Flood (2014), "Fast splittable pseudorandom number generators".
 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state;
};

void rng_init(struct rng *r, uint64_t seed);
uint64_t rng_next(struct rng *r);
double rng_unit(struct rng *r); /* in [0, 1) */

/* Random bytes of the system as hexadecimal digits, two for each, and a NUL. */
int rng_hex(char *text, size_t bytes);

#endif
