#include "support/skewed_sample.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

double *skewed_sample(uint64_t seed, size_t n, double power)
{
    struct rng rng;
    double *values = mem_array(n, sizeof *values);
    rng_init(&rng, seed);
    for (size_t i = 0; i < n; i++)
        values[i] = -log1p(-pow(rng_unit(&rng), 1 / power));
    qsort(values, n, sizeof *values, by_value);
    return values;
}

void expect_near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.17g is not %.17g", got, want);
}
