/* walsh: by how much paired differences are shifted, with an exact interval.
 *
 * Shape   the Walsh averages (d[i] + d[j]) / 2, i <= j, of n differences: M = n(n+1)/2 of them,
 *         sorted W(1)..W(M). The estimate is their median (Hodges and Lehmann), the interval
 *         [W(c+1), W(M-c)], with c a critical value of signed_rank.h. Then lo > x says exactly what
 *         the one-sided test against x says: a p-value cannot contradict the interval. With ties
 *         the interval covers at its level or above.
 * Units   those of d: natural logs of ratios, if nothing else is said.
 * Owner   nothing is kept.
 * Errors  -1, and nothing is written, when n is out of 1..SIGNED_RANK_N_MOST, a value is not
 *         finite, or c leaves no interval (below 0, or more than half of the averages on a side).
 * Source  Hollander and Wolfe, Nonparametric Statistical Methods, 3.2 and 3.3; Hodges and Lehmann
 *         (1963).
 */
#ifndef STAT_WALSH_H
#define STAT_WALSH_H

struct walsh_interval {
    double estimate, lo, hi;
    double level; /* how often such an interval covers the shift: 1 - 2 P(W+ <= c) */
};
int walsh_interval(const double *d, int n, int c, struct walsh_interval *out);

/* How many averages are at most x, and how many at least x: those that equal it count on both
 * sides. lo > x if and only if at_most <= c, and hi < x if and only if at_least <= c. Much faster
 * than the interval. */
struct walsh_sides {
    int at_most, at_least;
};
int walsh_sides(const double *d, int n, double x, struct walsh_sides *out);

#endif
