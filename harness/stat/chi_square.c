#include "stat/chi_square.h"

#include <math.h>
#include <stdbool.h>

#define DF_MOST 1000 /* beyond, exp(-x / 2) is too small where it matters */

static bool is_in_range(int df)
{
    return df >= 1 && df <= DF_MOST;
}

double chi_square_below(double x, int df)
{
    if (!is_in_range(df) || isnan(x))
        return NAN;
    if (x <= 0)
        return 0;
    if (isinf(x))
        return 1;
    /* Each term is exp(-x/2) (x/2)^k / gamma(k + 1), with k half an odd number for an odd df. */
    double half = x / 2;
    double above = df % 2 == 1 ? erfc(sqrt(half)) : exp(-half);
    double term = df % 2 == 1 ? exp(-half) * sqrt(half) / tgamma(1.5) : exp(-half) * half;
    for (int twice_k = df % 2 == 1 ? 1 : 2; twice_k < df; twice_k += 2) {
        above += term;
        term *= x / (twice_k + 2);
    }
    return above > 1 ? 0 : 1 - above;
}

double chi_square_quantile(double p, int df)
{
    if (!is_in_range(df) || !(p >= 0 && p <= 1))
        return NAN;
    if (p == 0 || p == 1)
        return p == 0 ? 0 : INFINITY;
    double low = 0;
    double high = 1;
    while (chi_square_below(high, df) < p)
        high *= 2;
    for (int i = 0; i < 200 && low < high; i++) {
        double middle = low + (high - low) / 2;
        if (chi_square_below(middle, df) < p)
            low = middle;
        else
            high = middle;
    }
    return high;
}
