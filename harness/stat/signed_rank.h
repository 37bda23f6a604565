/* signed_rank: the exact distribution of Wilcoxon's signed-rank statistic W+.
 *
 * Shape   W+ is the sum of the ranks, by absolute value, of the positive ones among n differences.
 *         If a difference of either sign is as likely as its mirror image, each rank is in W+ with
 *         a chance of 1/2. Without ties the ranks are 1..n, and so W+ lies in 0..n(n+1)/2.
 * Units   ranks; a result is a probability. Midranks are doubled, to stay whole.
 * Owner   nothing is kept.
 * Errors  signed_rank_test returns -1 when n is out of range or a value is not finite; the others
 *         say what they answer then.
 * Source  Hollander and Wolfe, Nonparametric Statistical Methods, 3.1: the distribution by adding
 *         one rank after the other. Pratt (1959): zeros are ranked and then left out; only this
 *         agrees with the Walsh averages (walsh.h).
 */
#ifndef STAT_SIGNED_RANK_H
#define STAT_SIGNED_RANK_H

#define SIGNED_RANK_N_MOST 64

/* P(W+ <= w) of n differences without ties, and P(W+ >= n(n+1)/2 - w) too. NAN when n is out of
 * 1..SIGNED_RANK_N_MOST. */
double signed_rank_tail(int n, int w);
/* The largest w whose tail is at most alpha; -1 when there is none, or n is out of range. */
int signed_rank_critical(int n, double alpha);

/* The differences as they are, with ties and zeros: over all 2^n ways of giving them signs. */
struct signed_rank {
    int twice_plus;  /* 2 W+ */
    double at_most;  /* P(W+ <= the observed one) */
    double at_least; /* P(W+ >= the observed one) */
};
/* Of d[i] - center. */
int signed_rank_test(const double *d, int n, double center, struct signed_rank *out);

#endif
