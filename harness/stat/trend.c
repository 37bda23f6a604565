#include "stat/trend.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stat/ascending.h"

/* Of Kendall's sum when there is no trend. Values that are equal have no order to count. */
static double variance(const double *values, size_t n)
{
    double count = (double)n;
    double sum = count * (count - 1) * (2 * count + 5);
    double *sorted = mem_array(n, sizeof *sorted);
    for (size_t i = 0; i < n; i++)
        sorted[i] = values[i];
    ascending_sort(sorted, n);
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && sorted[end] == sorted[i])
            end++;
        double equal = (double)(end - i);
        sum -= equal * (equal - 1) * (2 * equal + 5);
        i = end;
    }
    free(sorted);
    return sum / 18;
}

double trend_chance(const double *values, size_t n)
{
    double sum = 0;
    if (n < TREND_LEAST || n > TREND_MOST)
        return NAN;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            sum += (values[j] > values[i]) - (values[j] < values[i]);
    double spread = sqrt(variance(values, n));
    if (spread == 0)
        return 1;                          /* all are equal */
    double nearer = (sum > 0) - (sum < 0); /* sums are 2 apart: half of that, towards the middle */
    return erfc((sum - nearer) / spread / sqrt(2)) / 2;
}

double trend_slope(const double *values, size_t n)
{
    size_t pairs = n * (n - 1) / 2;
    if (n < TREND_LEAST || n > TREND_MOST)
        return NAN;
    double *slopes = mem_array(pairs, sizeof *slopes);
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            slopes[k++] = (values[j] - values[i]) / (double)(j - i);
    ascending_sort(slopes, pairs);
    double middle = ascending_median(slopes, pairs);
    free(slopes);
    return middle;
}
