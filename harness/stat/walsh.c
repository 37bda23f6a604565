#include "stat/walsh.h"

#include <math.h>
#include <stdbool.h>

#include "stat/ascending.h"
#include "stat/signed_rank.h"

#define AVERAGES_MOST (SIGNED_RANK_N_MOST * (SIGNED_RANK_N_MOST + 1) / 2)

static bool are_usable(const double *d, int n)
{
    if (n < 1 || n > SIGNED_RANK_N_MOST)
        return false;
    for (int i = 0; i < n; i++)
        if (!isfinite(d[i]))
            return false;
    return true;
}

/* Halved first: the sum of two large values could overflow. */
static double average(double a, double b)
{
    return a / 2 + b / 2;
}

int walsh_interval(const double *d, int n, int c, struct walsh_interval *out)
{
    double w[AVERAGES_MOST];
    if (!are_usable(d, n))
        return -1;
    int m = 0;
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            w[m++] = average(d[i], d[j]);
    if (c < 0 || c >= m - c)
        return -1;
    ascending_sort(w, (size_t)m);
    *out = (struct walsh_interval){
        .estimate = ascending_median(w, (size_t)m),
        .lo = w[c],
        .hi = w[m - c - 1],
        .level = 1 - 2 * signed_rank_tail(n, c),
    };
    return 0;
}

int walsh_sides(const double *d, int n, double x, struct walsh_sides *out)
{
    if (!are_usable(d, n) || isnan(x))
        return -1;
    *out = (struct walsh_sides){0};
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++) {
            double w = average(d[i], d[j]);
            out->at_most += w <= x;
            out->at_least += w >= x;
        }
    return 0;
}
