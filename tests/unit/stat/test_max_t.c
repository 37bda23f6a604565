/* Adjusted p-values: against all flips, written out plainly. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/max_t.h"
#include "stat/normal.h"

#define TESTS_MOST 8

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.15g instead of %.15g", got, want);
}

static void adjust(const double *d, int tests, int n, double *p)
{
    struct max_t_rows rows = {.d = d, .tests = tests, .n = n};
    assert_int_equal(max_t_adjust(&rows, 1, p), 0);
}

/* |mean| / (s / sqrt n), as the books have it. Rows without any spread have no t here. */
static double t_of(const double *rows, int row, int n, unsigned flips)
{
    const double *d = rows + (ptrdiff_t)row * n;
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < n; i++)
        sum += (flips >> i & 1U) == 1 ? -d[i] : d[i];
    for (int i = 0; i < n; i++) {
        double from_mean = ((flips >> i & 1U) == 1 ? -d[i] : d[i]) - sum / n;
        squares += from_mean * from_mean;
    }
    return fabs(sum / n) / (sqrt(squares / (n - 1)) / sqrt(n));
}

static void check_by_all_flips(const double *d, int tests, int n)
{
    int reached[TESTS_MOST] = {0};
    for (unsigned flips = 0; flips < 1U << n; flips++) {
        double largest = 0;
        for (int i = 0; i < tests; i++)
            largest = fmax(largest, t_of(d, i, n, flips));
        for (int i = 0; i < tests; i++)
            reached[i] += largest >= t_of(d, i, n, 0) * (1 - 1e-7);
    }
    double p[TESTS_MOST];
    adjust(d, tests, n, p);
    for (int i = 0; i < tests; i++)
        near(p[i], reached[i] / (double)(1U << n), 1e-14);
}

static void p_is_that_of_all_flips(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 10);
    for (int round = 0; round < 60; round++) {
        int n = 2 + round % 9;
        int tests = 1 + round % TESTS_MOST;
        double d[TESTS_MOST * 12];
        for (int i = 0; i < tests * n; i++)
            d[i] = normal_draw(&r) + (i < n ? .8 : 0);
        check_by_all_flips(d, tests, n);
    }
    double d[3 * MAX_T_EXACT_N_MOST];
    for (int i = 0; i < 3 * MAX_T_EXACT_N_MOST; i++)
        d[i] = normal_draw(&r) + .3;
    check_by_all_flips(d, 3, MAX_T_EXACT_N_MOST);
}

/* Small whole numbers: many flips give the very same |t|, and must count. */
static void equal_sums_count(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 11);
    for (int round = 0; round < 40; round++) {
        double d[3 * 8];
        for (int i = 0; i < 24; i++)
            d[i] = i % 8 == 0 ? .3 : (double)(rng_next(&r) % 5) * .1 - .1;
        check_by_all_flips(d, 3, 8);
    }
}

/* Its t is infinite. So is that of the second row for two flips, which therefore count. */
static void a_shift_without_spread_is_no_special_case(void **state)
{
    (void)state;
    static const double d[2 * 6] = {.1, .1, .1, .1, .1, .1, .1, -.1, .1, -.1, .1, -.1};
    double p[2];
    adjust(d, 2, 6, p);
    near(p[0], 4 / 64.0, 0);
    near(p[1], 1, 0);
    adjust(d, 1, 6, p);
    near(p[0], 2 / 64.0, 0);
}

static void zeros_say_nothing_and_change_nothing(void **state)
{
    (void)state;
    static const double d[2 * 6] = {.1, .2, .1, .3, .1, .2};
    double p[2];
    adjust(d, 2, 6, p);
    near(p[0], 2 / 64.0, 0);
    near(p[1], 1, 0);
}

static void a_row_twice_changes_nothing(void **state)
{
    (void)state;
    double d[2 * 9] = {.1, -.05, .2, .3, .02, -.11, .16, .07, .09};
    for (int i = 0; i < 9; i++)
        d[9 + i] = -1000 * d[i]; /* scaled, and arms swapped */
    double alone[1];
    double both[2];
    adjust(d, 1, 9, alone);
    adjust(d, 2, 9, both);
    near(both[0], alone[0], 0);
    near(both[1], alone[0], 0);
}

static void more_tests_never_lower_a_p(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 12);
    double d[TESTS_MOST * 10];
    for (int i = 0; i < TESTS_MOST * 10; i++)
        d[i] = normal_draw(&r) + .5;
    double last = 0;
    for (int tests = 1; tests <= TESTS_MOST; tests++) {
        double p[TESTS_MOST];
        adjust(d, tests, 10, p);
        assert_true(p[0] >= last);
        last = p[0];
    }
}

static void seeded_flips_are_close_to_all(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 13);
    enum { N = 13, TESTS = 3 };
    double d[TESTS * N];
    for (int i = 0; i < TESTS * N; i++)
        d[i] = normal_draw(&r) + .45;
    int reached[TESTS] = {0};
    for (unsigned flips = 0; flips < 1U << N; flips++) {
        double largest = 0;
        for (int i = 0; i < TESTS; i++)
            largest = fmax(largest, t_of(d, i, N, flips));
        for (int i = 0; i < TESTS; i++)
            reached[i] += largest >= t_of(d, i, N, 0) * (1 - 1e-7);
    }
    double p[TESTS];
    adjust(d, TESTS, N, p);
    for (int i = 0; i < TESTS; i++)
        near(p[i], reached[i] / (double)(1U << N), .02);
    struct max_t_rows rows = {.d = d, .tests = TESTS, .n = N};
    double again[TESTS];
    assert_int_equal(max_t_adjust(&rows, 1, again), 0);
    near(again[0], p[0], 0);
    double other[TESTS];
    assert_int_equal(max_t_adjust(&rows, 2, other), 0);
    assert_true(other[0] != p[0] || other[1] != p[1] || other[2] != p[2]);
}

/* A row that lacks blocks has zeros there: alone it is tested as if they were not. */
static void a_missing_block_adds_nothing(void **state)
{
    (void)state;
    static const double d[] = {3, 1, -2, 4, 2.5, 6};
    static const double with_gaps[] = {3, 0, 1, -2, 4, 0, 0, 2.5, 6};
    double p = 0;
    double again = 0;
    adjust(d, 1, 6, &p);
    adjust(with_gaps, 1, 9, &again);
    assert_true(p > 0.05 && p < 1);
    near(again, p, 1e-12);
}

static void seeded_p_is_never_zero(void **state)
{
    (void)state;
    double d[MAX_T_N_MOST];
    for (int i = 0; i < MAX_T_N_MOST; i++)
        d[i] = 1 + i;
    double p;
    adjust(d, 1, MAX_T_N_MOST, &p);
    near(p, 1 / 10000.0, 0);
}

static void sizes_far_apart_do_not_overflow(void **state)
{
    (void)state;
    double d[3 * 6] = {1, 2, 3, 4, 5, 6};
    for (int i = 0; i < 6; i++) {
        d[6 + i] = 1e307 * d[i];
        d[12 + i] = 1e-300 * d[i];
    }
    double p[3];
    adjust(d, 3, 6, p);
    for (int i = 0; i < 3; i++)
        near(p[i], 2 / 64.0, 0);
}

static void what_cannot_be_tested_is_refused(void **state)
{
    (void)state;
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    double p[2];
    for (size_t i = 0; i < LEN(bad); i++) {
        double d[2 * 3] = {1, 2, 3, 1, bad[i], 2};
        assert_int_equal(max_t_adjust(&(struct max_t_rows){d, 2, 3}, 1, p), -1);
        assert_int_equal(max_t_adjust(&(struct max_t_rows){d, 1, 3}, 1, p), 0);
    }
    static const double d[1] = {0};
    static const struct max_t_rows rows[] = {{d, 0, 3},
                                             {d, 1, 0},
                                             {d, -1, 1},
                                             {d, 1, -1},
                                             {d, MAX_T_TESTS_MOST + 1, 1},
                                             {d, 1, MAX_T_N_MOST + 1}};
    for (size_t i = 0; i < LEN(rows); i++)
        assert_int_equal(max_t_adjust(&rows[i], 1, p), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p_is_that_of_all_flips),
        cmocka_unit_test(equal_sums_count),
        cmocka_unit_test(a_shift_without_spread_is_no_special_case),
        cmocka_unit_test(zeros_say_nothing_and_change_nothing),
        cmocka_unit_test(a_row_twice_changes_nothing),
        cmocka_unit_test(more_tests_never_lower_a_p),
        cmocka_unit_test(seeded_flips_are_close_to_all),
        cmocka_unit_test(a_missing_block_adds_nothing),
        cmocka_unit_test(seeded_p_is_never_zero),
        cmocka_unit_test(sizes_far_apart_do_not_overflow),
        cmocka_unit_test(what_cannot_be_tested_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
