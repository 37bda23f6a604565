/* apart: whether the rounds of two arms differ by more than chance makes equal arms differ.
 *
 * Shape   the rounds of each arm as natural logs; their spread, pooled over all arms that are
 *         compared; and the test of one pair. Two arms are told apart when both have two rounds or
 *         more, their geometric means are over 5 % apart, and equal arms would look that different
 *         less than once in a hundred (two-sided t, with as many degrees of freedom as there are
 *         rounds less one per arm).
 * Units   the figure's own.
 * Owner   plain values.
 * Errors  none. A round that was disturbed or did not measure the figure is left out; an arm with
 *         a value that has no logarithm (0) has no rounds.
 * Source  Student's t for two means with a pooled variance. Simulated on noise with bursts, three
 *         figures of two equal arms name a winner in 2 % of the comparisons; twice the rate at a
 *         spread of 14 % is told apart after 5 rounds in 80 to 97 %.
 */
#ifndef ANALYSIS_APART_H
#define ANALYSIS_APART_H

#include "model/arm_figure.h"

#define APART_ROUNDS_LEAST 2

struct log_rounds {
    double mean;
    double squares; /* the sum of squared distances from the mean */
    size_t count;
};

struct pooled_spread {
    double squares;
    int df;
};

/* One more round, as the natural log of its value. */
void apart_add(struct log_rounds *rounds, double value);
struct log_rounds apart_rounds(const struct arm *arm, const struct arm_figure *figure);
void apart_pool(struct pooled_spread *spread, const struct log_rounds *rounds);
/* True if `more` is told apart from `less`, and is the larger of the two. */
bool apart_is_more(const struct pooled_spread *spread, const struct log_rounds *more,
                   const struct log_rounds *less);
/* True if the rounds are told apart from a limit, on either side of it: at least two of them, and a
 * chance below the same one in a hundred that an arm whose figure is the limit looks like that. */
bool apart_is_off(const struct pooled_spread *spread, const struct log_rounds *rounds,
                  double limit);

#endif
