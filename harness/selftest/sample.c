#include "selftest/sample.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define ROUNDING 1e-9 /* a product of q and n within this of a whole number is that number */

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

void sample_sort(int64_t *values, size_t n)
{
    qsort(values, n, sizeof *values, by_value);
}

int64_t sample_percentile_ns(const int64_t *sorted, size_t n, double q)
{
    if (n == 0)
        return -1;
    double rank = ceil(q * (double)n - ROUNDING * (double)n);
    size_t at = rank < 1 ? 0 : (size_t)rank - 1;
    return sorted[at < n ? at : n - 1];
}

double sample_mean_ns(const int64_t *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)values[i];
    return n == 0 ? NAN : sum / (double)n;
}

/* Times are taken from the first one: the square of a time since the start of the machine has more
 * digits than a double. */
double sample_rate_rps(const int64_t *arrivals_ns, size_t n)
{
    double middle = ((double)n - 1) / 2;
    double products = 0;
    double squares = 0;
    if (n < 2)
        return NAN;
    for (size_t i = 0; i < n; i++) {
        double from_middle = (double)i - middle;
        products += from_middle * (double)(arrivals_ns[i] - arrivals_ns[0]);
        squares += from_middle * from_middle;
    }
    return products > 0 ? (double)NS_PER_S * squares / products : NAN;
}

double sample_gap_spread(const int64_t *arrivals_ns, size_t n)
{
    if (n < 2)
        return NAN;
    int64_t *gaps = mem_array(n - 1, sizeof *gaps);
    for (size_t i = 0; i + 1 < n; i++)
        gaps[i] = arrivals_ns[i + 1] - arrivals_ns[i];
    sample_sort(gaps, n - 1);
    int64_t median_ns = sample_percentile_ns(gaps, n - 1, 0.5);
    for (size_t i = 0; i + 1 < n; i++)
        gaps[i] = gaps[i] > median_ns ? gaps[i] - median_ns : median_ns - gaps[i];
    sample_sort(gaps, n - 1);
    int64_t spread_ns = sample_percentile_ns(gaps, n - 1, 0.5);
    free(gaps);
    return median_ns > 0 ? (double)spread_ns / (double)median_ns : NAN;
}
