/* noise: blocks of a session that nobody measured, for judging the verdicts on noise with a known
 * truth.
 *
 * Shape   two models. One draws the noise of an arm in a block, or of the difference of two arms,
 *         by a shape and nothing else. The other lets a machine run through the slices of a whole
 *         session, with what real ones do (drift, slow and fast wandering, bursts, processes that
 *         come up slower or faster, a second one that is slower), in the order of a layout.
 * Units   natural logs; positive is worse.
 * Owner   the generator is the caller's.
 * Errors  none.
 * Source  the kinds of noise are those of Bulej et al. (2020) and Abedi and Brecht (2017).
 */
#ifndef TESTS_PERF_NOISE_H
#define TESTS_PERF_NOISE_H

#include "base/rng.h"

enum noise_shape {
    NOISE_NORMAL,
    NOISE_BURSTS, /* one block in ten is worse by an exponential amount */
    NOISE_SKEWED, /* lognormal: a long tail on the worse side */
    NOISE_SHAPES,
};
/* One arm: mean 0, sd 1. */
double noise_arm(struct rng *r, enum noise_shape shape);
/* The difference of two arms with the same noise, in an order that a coin decides:
 * symmetric about 0, sd 1. */
double noise_difference(struct rng *r, enum noise_shape shape);

enum noise_layout {
    LAYOUT_COIN,       /* blocks of slices, ABBA or BAAB by a coin: what bench does */
    LAYOUT_FIXED,      /* a trial of A, then one of B, always */
    LAYOUT_SEQUENTIAL, /* all trials of A, then all of B */
    LAYOUT_POOLED,     /* as COIN, but each pair of slices counts as a block of its own */
};
/* Fills d with n differences. `shift` is how much worse B truly is. */
struct noise_session {
    enum noise_layout layout;
    double shift;
    int n; /* up to NOISE_N_MOST */
};
#define NOISE_N_MOST 64
void noise_session(struct rng *r, const struct noise_session *s, double *d);

#endif
