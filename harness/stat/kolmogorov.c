#include "stat/kolmogorov.h"

#include <math.h>

#define TERMS    100
#define HALVINGS 60
#define SMALLEST 0.2 /* below this argument the series converges too slowly, and is 1 */
#define LARGEST  10.0
#define ENOUGH   1e-12

double kolmogorov_exponential(const double *sorted, size_t n, double mean)
{
    double most = NAN;
    for (size_t i = 0; i < n; i++) {
        double below = -expm1(-sorted[i] / mean);
        double over = (double)(i + 1) / (double)n - below;
        double under = below - (double)i / (double)n;
        most = fmax(most, fmax(over, under)); /* fmax leaves a NAN out */
    }
    return most;
}

/* 2 (e^(-2 x^2) - e^(-8 x^2) + e^(-18 x^2) ..) */
static double tail(double x)
{
    double sum = 0;
    double sign = 1;
    if (x < SMALLEST)
        return 1;
    for (int k = 1; k <= TERMS; k++) {
        double term = exp(-2.0 * k * k * x * x);
        sum += sign * term;
        sign = -sign;
        if (term < ENOUGH)
            break;
    }
    return fmin(1, fmax(0, 2 * sum));
}

/* What Stephens multiplies the distance with. */
static double factor(size_t n)
{
    double root = sqrt((double)n);
    return root + 0.12 + 0.11 / root;
}

double kolmogorov_chance(double distance, size_t n)
{
    return n == 0 || isnan(distance) ? NAN : tail(distance * factor(n));
}

double kolmogorov_critical(double chance, size_t n)
{
    double low = SMALLEST;
    double high = LARGEST;
    if (n == 0)
        return NAN;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;
        if (tail(middle) > chance)
            low = middle;
        else
            high = middle;
    }
    return high / factor(n);
}
