/* forecast: what the blocks still to come can decide, from the spread of those that were measured.
 *
 * Shape   the sd of the blocks so far has an upper bound that is too low in one case of five; for
 *         each look of the plan that is still to come, `reach` is how far beyond the margin a true
 *         shift has to lie to be failed by then with a chance of 90 %, at that sd. What lies as
 *         far short of the margin is passed by then with the same chance. A forecast only says
 *         whether going on is worth it; it moves no look and no level (looks.h).
 * Units   those of d.
 * Owner   plain values.
 * Errors  -1, and nothing is written, with fewer than 2 blocks, more than FORECAST_BLOCKS_MOST, or
 *         a value that is not finite.
 * Source  the chi-square bound of a standard deviation of normal noise; the reach of each look in
 *         units of the sd is the 90 % point of operating_point.h.
 */
#ifndef STAT_FORECAST_H
#define STAT_FORECAST_H

#include "stat/looks.h"

#define FORECAST_BLOCKS_MOST 64

struct forecast_look {
    int blocks;
    double reach;
};
struct forecast {
    double sd, sd_upper;
    int nlooks; /* 0 when no look of the plan is still to come */
    struct forecast_look looks[LOOKS];
};
int forecast_make(const double *d, int blocks, int max_blocks, struct forecast *out);

/* The blocks of the first look that reaches as far as `distance`; 0 when the plan has none, and so
 * the gate cannot be decided within it. The distance is that of the margin from the shift that has
 * to be told from it: half of the log of a size to detect, whose margin lies half-way; or the
 * margin itself, when an equal arm has to pass. */
int forecast_blocks_needed(const struct forecast *f, double distance);

#endif
