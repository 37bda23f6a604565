/* Estimate and interval of a shift: against plain counting, the exact test, and all signs. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/normal.h"
#include "stat/signed_rank.h"
#include "stat/walsh.h"

#define AVERAGES_MOST (SIGNED_RANK_N_MOST * (SIGNED_RANK_N_MOST + 1) / 2)

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.15g instead of %.15g", got, want);
}

static void same(const struct walsh_interval *got, const struct walsh_interval *want, double by)
{
    near(got->estimate, want->estimate, by);
    near(got->lo, want->lo, by);
    near(got->hi, want->hi, by);
    near(got->level, want->level, by);
}

static struct walsh_interval interval_of(const double *d, int n, int c)
{
    struct walsh_interval out;
    assert_int_equal(walsh_interval(d, n, c, &out), 0);
    return out;
}

/* The k-th smallest average, k from 1: the value with fewer than k below it, and k at most it. */
static double kth(const double *w, int m, int k)
{
    for (int i = 0; i < m; i++) {
        int below = 0;
        int at_most = 0;
        for (int j = 0; j < m; j++) {
            below += w[j] < w[i];
            at_most += w[j] <= w[i];
        }
        if (below < k && at_most >= k)
            return w[i];
    }
    return NAN;
}

static void check_by_counting(const double *d, int n)
{
    double w[AVERAGES_MOST];
    int m = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++)
            w[m++] = (d[i] + d[j]) / 2;
    for (int c = 0; 2 * c < m; c += 1 + m / 7) {
        struct walsh_interval want = {
            .estimate = (kth(w, m, (m + 1) / 2) + kth(w, m, m / 2 + 1)) / 2,
            .lo = kth(w, m, c + 1),
            .hi = kth(w, m, m - c),
            .level = 1 - 2 * signed_rank_tail(n, c),
        };
        struct walsh_interval got = interval_of(d, n, c);
        same(&got, &want, 1e-15);
    }
}

static void estimate_and_ends_are_the_averages_of_their_rank(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 3);
    double d[SIGNED_RANK_N_MOST];
    for (int n = 1; n <= 24; n++) {
        for (int i = 0; i < n; i++)
            d[i] = rng_unit(&r) - 0.5;
        check_by_counting(d, n);
        for (int i = 0; i < n; i++)
            d[i] = (double)(rng_next(&r) % 5) - 2;
        check_by_counting(d, n);
    }
}

/* Depression of nine patients before and after a tranquilizer, the book's example: -0.46 is the
 * estimate, and [-0.786, -0.010] the interval of 96.1 % (Hollander and Wolfe, 3.1 to 3.3). */
static void the_example_of_the_book(void **state)
{
    (void)state;
    static const double before[] = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    static const double after[] = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    double d[LEN(before)];
    for (size_t i = 0; i < LEN(d); i++)
        d[i] = after[i] - before[i];
    struct walsh_interval got = interval_of(d, LEN(d), 5);
    same(&got, &(struct walsh_interval){-0.46, -0.786, -0.010, 0.961}, 6e-4);
    struct signed_rank test;
    assert_int_equal(signed_rank_test(d, LEN(d), 0, &test), 0);
    assert_int_equal(test.twice_plus, 2 * 5);
    near(test.at_most, 0.0195, 5e-5);
}

/* All signs of the same sizes are equally likely about a shift of 0: the ends of the interval may
 * lie beyond it no more often than the level says, and without ties exactly as often. */
static double beyond_zero(const double *sizes, int n, int c)
{
    int lo_above = 0;
    int hi_below = 0;
    for (unsigned signs = 0; signs < 1U << n; signs++) {
        double d[12];
        for (int i = 0; i < n; i++)
            d[i] = (signs >> i & 1U) == 1 ? -sizes[i] : sizes[i];
        struct walsh_sides sides;
        assert_int_equal(walsh_sides(d, n, 0, &sides), 0);
        lo_above += sides.at_most <= c;
        hi_below += sides.at_least <= c;
    }
    assert_int_equal(lo_above, hi_below);
    return lo_above / (double)(1U << n);
}

static void level_is_exact_and_ties_only_widen(void **state)
{
    (void)state;
    static const double untied[12] = {.3, 1.1, 2.7, 4.2, 5.9, .8, 7.7, 9.1, 3.3, 11.3, 2.1, 6.4};
    static const double tied[12] = {1, 1, 2, 2, 3, 0, 0, 1, 2, 2, 4, 1};
    for (int n = 2; n <= 12; n++)
        for (int c = 0; c < n * (n + 1) / 4; c += 1 + n / 4) {
            near(beyond_zero(untied, n, c), signed_rank_tail(n, c), 0);
            assert_true(beyond_zero(tied, n, c) <= signed_rank_tail(n, c));
        }
}

/* An end lies beyond x exactly when the one-sided test against x says so. */
static void ends_agree_with_sides_and_with_the_test(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 4);
    for (int round = 0; round < 2000; round++) {
        int n = 2 + round % 29;
        int c = (int)(rng_next(&r) % (uint64_t)(n * (n + 1) / 4));
        double d[SIGNED_RANK_N_MOST];
        for (int i = 0; i < n; i++)
            d[i] = round % 3 == 0 ? (double)(rng_next(&r) % 9) / 4 : rng_unit(&r) * 2;
        double x = round % 2 == 0 ? (double)(rng_next(&r) % 9) / 4 : rng_unit(&r) * 2;
        struct walsh_interval got = interval_of(d, n, c);
        struct walsh_sides sides;
        struct signed_rank test;
        assert_int_equal(walsh_sides(d, n, x, &sides), 0);
        assert_int_equal(got.lo > x, sides.at_most <= c);
        assert_int_equal(got.hi < x, sides.at_least <= c);
        assert_int_equal(signed_rank_test(d, n, x, &test), 0);
        int m = n * (n + 1) / 2;
        int zeros = 0;
        for (int i = 0; i < n; i++)
            zeros += d[i] == x;
        assert_int_equal(test.twice_plus,
                         m - sides.at_most + sides.at_least - zeros * (zeros + 1) / 2);
    }
}

static void invariances(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 5);
    enum { N = 17, C = 30 };
    double d[N];
    double mirrored[N];
    double shifted[N];
    double scaled[N];
    double turned[N];
    for (int i = 0; i < N; i++) {
        d[i] = normal_draw(&r);
        mirrored[i] = -d[i];
        shifted[i] = d[i] + 0.75;
        scaled[i] = d[i] * 8;
        turned[(i * 5 + 3) % N] = d[i];
    }
    struct walsh_interval of = interval_of(d, N, C);
    struct walsh_interval got = interval_of(mirrored, N, C);
    same(&got, &(struct walsh_interval){-of.estimate, -of.hi, -of.lo, of.level}, 0);
    got = interval_of(shifted, N, C);
    same(&got, &(struct walsh_interval){of.estimate + .75, of.lo + .75, of.hi + .75, of.level},
         1e-14);
    got = interval_of(scaled, N, C);
    same(&got, &(struct walsh_interval){8 * of.estimate, 8 * of.lo, 8 * of.hi, of.level}, 0);
    got = interval_of(turned, N, C);
    same(&got, &of, 0);
}

static void one_wild_block_moves_little(void **state)
{
    (void)state;
    double d[10] = {.01, -.02, .00, .03, -.01, .02, -.03, .01, -.01, .02};
    struct walsh_interval calm = interval_of(d, 10, 6);
    d[3] = 1e300;
    struct walsh_interval wild = interval_of(d, 10, 6);
    near(wild.estimate, calm.estimate, 0.01);
    near(wild.lo, calm.lo, 0.01);
}

static void large_values_do_not_overflow(void **state)
{
    (void)state;
    static const double d[3] = {1.5e308, 1.6e308, 1.7e308};
    struct walsh_interval got = interval_of(d, 3, 0);
    same(&got, &(struct walsh_interval){1.6e308, 1.5e308, 1.7e308, 0.75}, 1e293);
}

static void what_has_no_interval_is_refused(void **state)
{
    (void)state;
    static const double d[SIGNED_RANK_N_MOST + 1] = {0};
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    struct walsh_interval out;
    struct walsh_sides sides;
    for (size_t i = 0; i < LEN(bad); i++) {
        double with[6] = {1, 2, 3, 4, 5, bad[i]};
        assert_int_equal(walsh_interval(with, 6, 0, &out), -1);
        assert_int_equal(walsh_sides(with, 6, 0, &sides), -1);
        assert_int_equal(walsh_interval(with, 5, 0, &out), 0);
    }
    assert_int_equal(walsh_sides(d, 6, NAN, &sides), -1);
    static const struct {
        int n, c, want;
    } cases[] = {{0, 0, -1},
                 {-3, 0, -1},
                 {SIGNED_RANK_N_MOST + 1, 0, -1},
                 {SIGNED_RANK_N_MOST, 0, 0},
                 {6, -1, -1},
                 {6, 10, 0},
                 {6, 11, -1},
                 {1, 0, 0},
                 {3, 2, 0},
                 {3, 3, -1}};
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(walsh_interval(d, cases[i].n, cases[i].c, &out), cases[i].want);
    assert_int_equal(walsh_sides(d, 0, 0, &sides), -1);
    assert_int_equal(walsh_sides(d, LEN(d), 0, &sides), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimate_and_ends_are_the_averages_of_their_rank),
        cmocka_unit_test(the_example_of_the_book),
        cmocka_unit_test(level_is_exact_and_ties_only_widen),
        cmocka_unit_test(ends_agree_with_sides_and_with_the_test),
        cmocka_unit_test(invariances),
        cmocka_unit_test(one_wild_block_moves_little),
        cmocka_unit_test(large_values_do_not_overflow),
        cmocka_unit_test(what_has_no_interval_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
