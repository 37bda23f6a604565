/* The signed-rank distribution: against all ways of giving signs, and the printed tables. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/signed_rank.h"

#define BRUTE_N_MOST 12

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.15g instead of %.15g", got, want);
}

static int sum_of_ranks(const int *ranks, int n, unsigned signs)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += (signs >> i & 1U) == 1 ? ranks[i] : 0;
    return sum;
}

static void tails_are_those_of_all_signs(void **state)
{
    (void)state;
    static const int ranks[BRUTE_N_MOST] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    for (int n = 1; n <= BRUTE_N_MOST; n++) {
        int count[BRUTE_N_MOST * (BRUTE_N_MOST + 1) / 2 + 1] = {0};
        for (unsigned signs = 0; signs < 1U << n; signs++)
            count[sum_of_ranks(ranks, n, signs)]++;
        int at_most = 0;
        for (int w = 0; w <= n * (n + 1) / 2; w++) {
            at_most += count[w];
            near(signed_rank_tail(n, w), (double)at_most / (double)(1U << n), 0);
        }
    }
}

/* Of the usual tables (Hollander and Wolfe, A.4), and of the plan of looks. */
static void critical_values_are_those_of_the_tables(void **state)
{
    (void)state;
    static const struct {
        int n, c;
        double alpha, tail;
    } cases[] = {
        {5, 0, 0.05, .03125},   {6, 2, 0.05, .0469},    {8, 5, 0.05, .0391},
        {10, 10, 0.05, .0420},  {12, 17, 0.05, .0461},  {16, 35, 0.05, .0467},
        {24, 91, 0.05, .0475},  {6, 0, 0.025, .0156},   {8, 3, 0.025, .0195},
        {10, 8, 0.025, .0244},  {12, 13, 0.025, .0212}, {16, 29, 0.025, .0222},
        {24, 81, 0.025, .0245}, {6, 0, 0.0157, .0156},  {10, 6, 0.014, .0137},
        {16, 27, 0.018, .0168}, {24, 78, 0.020, .0197},
    };
    for (size_t i = 0; i < LEN(cases); i++) {
        assert_int_equal(signed_rank_critical(cases[i].n, cases[i].alpha), cases[i].c);
        near(signed_rank_tail(cases[i].n, cases[i].c), cases[i].tail, 5e-5);
    }
    assert_int_equal(signed_rank_critical(5, 0.025), -1);
    assert_int_equal(signed_rank_critical(4, 0.05), -1);
    assert_int_equal(signed_rank_critical(4, 0.0625), 0); /* a level that is met exactly counts */
    assert_int_equal(signed_rank_critical(3, 1), 6);
}

static void both_tails_meet(void **state)
{
    (void)state;
    for (int n = 1; n <= SIGNED_RANK_N_MOST; n++) {
        int top = n * (n + 1) / 2;
        for (int w = 0; w < top; w += 1 + top / 16)
            near(signed_rank_tail(n, w) + signed_rank_tail(n, top - w - 1), 1, 1e-12);
        near(signed_rank_tail(n, top), 1, 1e-12);
        near(signed_rank_tail(n, -1), 0, 0);
        near(signed_rank_tail(n, top + 7), signed_rank_tail(n, top), 0);
    }
    near(signed_rank_tail(64, 0), 0x1p-64, 0);
}

/* The definition, with nothing clever: the sizes get other signs, zeros stay zero, and the positive
 * ones are paired with all that are no larger. */
static int twice_plus(const double *d, int n)
{
    int twice = 0;
    for (int i = 0; i < n; i++) {
        if (d[i] <= 0)
            continue;
        twice++;
        for (int j = 0; j < n; j++)
            twice += fabs(d[j]) < fabs(d[i]) ? 2 : fabs(d[j]) == fabs(d[i]);
    }
    return twice;
}

static void check_conditional(const double *d, int n)
{
    int observed = twice_plus(d, n);
    int at_most = 0;
    int at_least = 0;
    for (unsigned signs = 0; signs < 1U << n; signs++) {
        double flipped[BRUTE_N_MOST];
        for (int i = 0; i < n; i++)
            flipped[i] = (signs >> i & 1U) == 1 ? -d[i] : d[i];
        int twice = twice_plus(flipped, n);
        at_most += twice <= observed;
        at_least += twice >= observed;
    }
    struct signed_rank got;
    assert_int_equal(signed_rank_test(d, n, 0, &got), 0);
    assert_int_equal(got.twice_plus, observed);
    near(got.at_most, at_most / (double)(1U << n), 1e-14);
    near(got.at_least, at_least / (double)(1U << n), 1e-14);
}

/* Values of a few sizes: nearly all are tied, and many are 0. */
static void ties_and_zeros_are_those_of_all_signs(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 1);
    for (int round = 0; round < 120; round++) {
        int n = 1 + round % 10;
        double d[BRUTE_N_MOST];
        for (int i = 0; i < n; i++)
            d[i] = (double)(rng_next(&r) % 7) - 3;
        check_conditional(d, n);
    }
    static const double few[BRUTE_N_MOST] = {1, 1, 1, -1, 2, 2, -2, 0, 0, 3, 3, 3};
    check_conditional(few, BRUTE_N_MOST);
}

static void without_ties_it_is_the_table(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 2);
    for (int n = 1; n <= SIGNED_RANK_N_MOST; n++) {
        double d[SIGNED_RANK_N_MOST];
        for (int i = 0; i < n; i++)
            d[i] = rng_unit(&r) - 0.4;
        struct signed_rank got;
        assert_int_equal(signed_rank_test(d, n, 0.05, &got), 0);
        int w = got.twice_plus / 2;
        assert_int_equal(got.twice_plus % 2, 0);
        near(got.at_most, signed_rank_tail(n, w), 1e-12);
        near(got.at_least, signed_rank_tail(n, n * (n + 1) / 2 - w), 1e-12);
    }
}

static void mirrored_differences_have_mirrored_tails(void **state)
{
    (void)state;
    static const double d[] = {1, 2, 2, -1, 0, 4, -3, 5, 2};
    double mirrored[LEN(d)];
    for (size_t i = 0; i < LEN(d); i++)
        mirrored[i] = -d[i];
    struct signed_rank a;
    struct signed_rank b;
    assert_int_equal(signed_rank_test(d, LEN(d), 1, &a), 0);
    assert_int_equal(signed_rank_test(mirrored, LEN(d), -1, &b), 0);
    near(a.at_most, b.at_least, 1e-15);
    near(a.at_least, b.at_most, 1e-15);
}

static void nothing_but_zeros_says_nothing(void **state)
{
    (void)state;
    static const double zeros[8] = {0};
    struct signed_rank got;
    assert_int_equal(signed_rank_test(zeros, 8, 0, &got), 0);
    assert_int_equal(got.twice_plus, 0);
    near(got.at_most, 1, 0);
    near(got.at_least, 1, 0);
}

static void what_cannot_be_ranked_is_refused(void **state)
{
    (void)state;
    struct signed_rank got;
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < LEN(bad); i++) {
        double d[3] = {1, bad[i], 2};
        assert_int_equal(signed_rank_test(d, 3, 0, &got), -1);
        d[1] = 0;
        assert_int_equal(signed_rank_test(d, 3, bad[i], &got), -1);
    }
    static const double d[SIGNED_RANK_N_MOST + 1] = {0};
    assert_int_equal(signed_rank_test(d, 0, 0, &got), -1);
    assert_int_equal(signed_rank_test(d, -1, 0, &got), -1);
    assert_int_equal(signed_rank_test(d, LEN(d), 0, &got), -1);
    assert_int_equal(signed_rank_critical(0, 0.05), -1);
    assert_int_equal(signed_rank_critical(SIGNED_RANK_N_MOST + 1, 0.05), -1);
    assert_true(isnan(signed_rank_tail(0, 0)));
    assert_true(isnan(signed_rank_tail(SIGNED_RANK_N_MOST + 1, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_are_those_of_all_signs),
        cmocka_unit_test(critical_values_are_those_of_the_tables),
        cmocka_unit_test(both_tails_meet),
        cmocka_unit_test(ties_and_zeros_are_those_of_all_signs),
        cmocka_unit_test(without_ties_it_is_the_table),
        cmocka_unit_test(mirrored_differences_have_mirrored_tails),
        cmocka_unit_test(nothing_but_zeros_says_nothing),
        cmocka_unit_test(what_cannot_be_ranked_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
