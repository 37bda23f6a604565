#include "stat/anderson_darling.h"

#include <math.h>

#include "base/mem.h"

#define HALVINGS 60
#define LARGEST  20.0

double anderson_darling_exponential(const double *sorted, size_t n, double mean)
{
    double sum = 0;
    if (n == 0)
        return NAN;
    for (size_t i = 0; i < n; i++) {
        double log_below = log(-expm1(-sorted[i] / mean));
        double log_above = -sorted[n - 1 - i] / mean;
        sum += (2 * (double)i + 1) * (log_below + log_above);
    }
    return -(double)n - sum / (double)n;
}

/* A polynomial, the lowest power first. */
static double polynomial(const double *factors, size_t count, double x)
{
    double sum = 0;
    for (size_t i = count; i-- > 0;)
        sum = sum * x + factors[i];
    return sum;
}

/* The part of the samples with a smaller statistic. */
static double below(double z)
{
    static const double low[] = {2.00012, 0.247105, -0.0649821, 0.0347962, -0.011672, 0.00168691};
    static const double high[] = {1.0776, -2.30695, 0.43424, -0.082433, 0.008056, -0.0003146};
    if (z <= 0)
        return 0;
    if (z < 2)
        return exp(-1.2337141 / z) / sqrt(z) * polynomial(low, LEN(low), z);
    /* Beyond, the last term of the polynomial would take over. */
    return z > LARGEST ? 1 : exp(-exp(polynomial(high, LEN(high), z)));
}

double anderson_darling_chance(double statistic)
{
    return isnan(statistic) ? NAN : 1 - below(statistic);
}

double anderson_darling_critical(double chance)
{
    double low = 0;
    double high = LARGEST;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (1 - below(middle) > chance)
            low = middle;
        else
            high = middle;
    }
    return high;
}
