#include "stat/signed_rank.h"

#include <math.h>
#include <stdbool.h>

#define TWICE_SUM_MOST (SIGNED_RANK_N_MOST * (SIGNED_RANK_N_MOST + 1))

static bool is_in_range(int n)
{
    return n >= 1 && n <= SIGNED_RANK_N_MOST;
}

/* Before: chance[s] is the chance of each sum in 0..top. After: also with `rank`, which is added
 * with a chance of 1/2. Returns the new top. */
static int add_rank(double *chance, int top, int rank)
{
    for (int sum = top + 1; sum <= top + rank; sum++)
        chance[sum] = 0;
    for (int sum = top + rank; sum >= 0; sum--) {
        double without = chance[sum];
        double with = sum >= rank ? chance[sum - rank] : 0;
        chance[sum] = (without + with) / 2;
    }
    return top + rank;
}

/* The chance of each W+ in 0..n(n+1)/2. */
static int untied(double *chance, int n)
{
    int top = 0;
    chance[0] = 1;
    for (int rank = 1; rank <= n; rank++)
        top = add_rank(chance, top, rank);
    return top;
}

double signed_rank_tail(int n, int w)
{
    double chance[TWICE_SUM_MOST / 2 + 1];
    if (!is_in_range(n))
        return NAN;
    int top = untied(chance, n);
    double tail = 0;
    for (int sum = 0; sum <= w && sum <= top; sum++)
        tail += chance[sum];
    return tail;
}

int signed_rank_critical(int n, double alpha)
{
    double chance[TWICE_SUM_MOST / 2 + 1];
    if (!is_in_range(n))
        return -1;
    int top = untied(chance, n);
    int w = -1;
    double tail = 0;
    while (w < top && tail + chance[w + 1] <= alpha)
        tail += chance[++w];
    return w;
}

/* Twice the mean of the ranks that a value shares with those of its size. */
static int twice_midrank(const double *size, int n, int of)
{
    int smaller = 0;
    int equal = 0;
    for (int i = 0; i < n; i++) {
        smaller += size[i] < size[of];
        equal += size[i] == size[of];
    }
    return 2 * smaller + equal + 1;
}

static bool sizes(const double *d, int n, double center, double *size)
{
    for (int i = 0; i < n; i++) {
        size[i] = fabs(d[i] - center);
        if (!isfinite(size[i]))
            return false;
    }
    return true;
}

int signed_rank_test(const double *d, int n, double center, struct signed_rank *out)
{
    double size[SIGNED_RANK_N_MOST];
    double chance[TWICE_SUM_MOST + 1];
    if (!is_in_range(n) || !sizes(d, n, center, size))
        return -1;
    *out = (struct signed_rank){0};
    int top = 0;
    chance[0] = 1;
    for (int i = 0; i < n; i++) {
        if (size[i] == 0)
            continue;
        int rank = twice_midrank(size, n, i);
        top = add_rank(chance, top, rank);
        if (d[i] > center)
            out->twice_plus += rank;
    }
    for (int sum = 0; sum <= top; sum++) {
        if (sum <= out->twice_plus)
            out->at_most += chance[sum];
        if (sum >= out->twice_plus)
            out->at_least += chance[sum];
    }
    return 0;
}
