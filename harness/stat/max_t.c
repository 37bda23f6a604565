#include "stat/max_t.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

#define SEEDED_FLIPS 9999
/* A sum over sqrt(n) that differs by less from the observed one equals it, but for rounding. */
#define EQUAL_WITHIN 1e-9

/* The rows scaled to a sum of squares of 1. For such a row |t| grows with |sum|, whatever the
 * signs: t^2 = (n - 1) sum^2 / (n - sum^2). So sums are compared, and a row without any spread,
 * whose t is infinite, needs no case of its own. */
struct scaled {
    double *d;
    double *reach; /* the observed |sum|, less what rounding may add */
    int tests, n;
};

/* False if a value is not finite. */
static bool scale_row(const double *d, int n, double *out)
{
    double largest = 0;
    for (int i = 0; i < n; i++) {
        if (!isfinite(d[i]))
            return false;
        largest = fmax(largest, fabs(d[i]));
    }
    double squares = 0;
    for (int i = 0; i < n; i++) {
        out[i] = largest > 0 ? d[i] / largest : 0;
        squares += out[i] * out[i];
    }
    for (int i = 0; i < n && largest > 0; i++)
        out[i] /= sqrt(squares);
    return true;
}

static ptrdiff_t start_of(int row, int n)
{
    return (ptrdiff_t)row * n;
}

/* |sum| of a row; bit i of `flips` turns the sign of block i. */
static double flipped_sum(const double *d, int n, uint64_t flips)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += (flips >> i & 1) == 1 ? -d[i] : d[i];
    return fabs(sum);
}

static bool scale(const struct max_t_rows *rows, struct scaled *out)
{
    for (int i = 0; i < rows->tests; i++) {
        double *d = out->d + start_of(i, rows->n);
        if (!scale_row(rows->d + start_of(i, rows->n), rows->n, d))
            return false;
        out->reach[i] = flipped_sum(d, rows->n, 0) - EQUAL_WITHIN * sqrt(rows->n);
    }
    return true;
}

/* Adds 1 to each test whose observed |t| is reached by the largest of these flips. */
static void count_reached(const struct scaled *rows, uint64_t flips, double *reached)
{
    double largest = 0;
    for (int i = 0; i < rows->tests; i++)
        largest = fmax(largest, flipped_sum(rows->d + start_of(i, rows->n), rows->n, flips));
    for (int i = 0; i < rows->tests; i++)
        reached[i] += largest >= rows->reach[i];
}

static void adjust(const struct scaled *rows, uint64_t seed, double *p)
{
    bool is_exact = rows->n <= MAX_T_EXACT_N_MOST;
    /* All flips and their opposites have the same |t|: half of them stand for all. */
    uint64_t flips = is_exact ? UINT64_C(1) << (rows->n - 1) : SEEDED_FLIPS;
    double observed = is_exact ? 0 : 1; /* the flip that was observed is among the exact ones */
    struct rng r;
    rng_init(&r, seed);
    for (int i = 0; i < rows->tests; i++)
        p[i] = observed;
    for (uint64_t i = 0; i < flips; i++)
        count_reached(rows, is_exact ? i : rng_next(&r), p);
    for (int i = 0; i < rows->tests; i++)
        p[i] /= observed + (double)flips;
}

int max_t_adjust(const struct max_t_rows *rows, uint64_t seed, double *p)
{
    if (rows->tests < 1 || rows->tests > MAX_T_TESTS_MOST || rows->n < 1 || rows->n > MAX_T_N_MOST)
        return -1;
    struct scaled scaled = {.tests = rows->tests, .n = rows->n};
    scaled.d = mem_array((size_t)rows->tests * (size_t)rows->n, sizeof *scaled.d);
    scaled.reach = mem_array((size_t)rows->tests, sizeof *scaled.reach);
    bool is_finite = scale(rows, &scaled);
    if (is_finite)
        adjust(&scaled, seed, p);
    free(scaled.d);
    free(scaled.reach);
    return is_finite ? 0 : -1;
}
