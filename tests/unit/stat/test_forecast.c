/* The forecast: its bound, its reach, and which looks it speaks of. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/forecast.h"
#include "stat/normal.h"
#include "stat/operating_point.h"

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.15g instead of %.15g", got, want);
}

static struct forecast forecast_of(const double *d, int blocks, int max_blocks)
{
    struct forecast out;
    assert_int_equal(forecast_make(d, blocks, max_blocks, &out), 0);
    return out;
}

static const double six[6] = {.01, .03, -.02, .00, .02, -.04};

static void the_bound_is_that_of_the_chi_square(void **state)
{
    (void)state;
    struct forecast f = forecast_of(six, 6, 24);
    near(f.sd, sqrt(.0034 / 5), 1e-15);
    near(f.sd_upper, f.sd * sqrt(5 / 2.342534), 1e-8);
    double moved[6];
    for (int i = 0; i < 6; i++)
        moved[i] = 1e6 - six[i];
    near(forecast_of(moved, 6, 24).sd, f.sd, 1e-9);
}

static void reach_is_where_nine_of_ten_are_caught(void **state)
{
    (void)state;
    static const int blocks[LOOKS] = {6, 10, 16, 24};
    struct forecast f = forecast_of(six, 2, 24);
    assert_int_equal(f.nlooks, LOOKS);
    for (int i = 0; i < LOOKS; i++) {
        assert_int_equal(f.looks[i].blocks, blocks[i]);
        near(operating_point(f.looks[i].reach, f.sd_upper, blocks[i]), .9, .008);
    }
}

static void only_looks_to_come_are_forecast(void **state)
{
    (void)state;
    static const double d[24] = {.1, .2, .3, .1, .2, .5};
    static const struct {
        int blocks, max, nlooks, first;
    } cases[] = {{5, 24, 4, 6},   {6, 24, 3, 10},  {9, 24, 3, 10}, {6, 10, 1, 10}, {6, 15, 1, 10},
                 {10, 24, 2, 16}, {16, 24, 1, 24}, {6, 9, 0, 0},   {24, 24, 0, 0}, {10, 6, 0, 0}};
    for (size_t i = 0; i < LEN(cases); i++) {
        struct forecast f = forecast_of(d, cases[i].blocks, cases[i].max);
        assert_int_equal(f.nlooks, cases[i].nlooks);
        assert_int_equal(f.nlooks == 0 ? 0 : f.looks[0].blocks, cases[i].first);
    }
}

static void blocks_needed_is_the_first_look_that_reaches(void **state)
{
    (void)state;
    struct forecast f = forecast_of(six, 6, 24);
    assert_int_equal(forecast_blocks_needed(&f, 1), 10);
    assert_int_equal(forecast_blocks_needed(&f, f.looks[0].reach), 10);
    assert_int_equal(forecast_blocks_needed(&f, nextafter(f.looks[0].reach, 0)), 16);
    assert_int_equal(forecast_blocks_needed(&f, nextafter(f.looks[1].reach, 0)), 24);
    assert_int_equal(forecast_blocks_needed(&f, nextafter(f.looks[2].reach, 0)), 0);
    assert_int_equal(forecast_blocks_needed(&f, 0), 0);
    assert_int_equal(forecast_blocks_needed(&f, NAN), 0);
    f = forecast_of(six, 6, 10); /* the budget ends before the look that would do */
    assert_int_equal(forecast_blocks_needed(&f, nextafter(f.looks[0].reach, 0)), 0);
    f = forecast_of(six, 6, 6);
    assert_int_equal(forecast_blocks_needed(&f, 1), 0);
}

/* In one session of five at most the bound lies below the true sd. */
static void the_bound_holds_in_four_of_five(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 9);
    int too_low = 0;
    for (int session = 0; session < 20000; session++) {
        double d[6];
        for (int i = 0; i < 6; i++)
            d[i] = normal_draw(&r);
        too_low += forecast_of(d, 6, 24).sd_upper < 1;
    }
    near(too_low / 20000.0, .2, .01);
}

static void equal_blocks_need_no_more(void **state)
{
    (void)state;
    static const double d[6] = {.25, .25, .25, .25, .25, .25};
    struct forecast f = forecast_of(d, 6, 24);
    near(f.sd_upper, 0, 0);
    assert_int_equal(forecast_blocks_needed(&f, 0), 10);
}

static void what_has_no_spread_is_refused(void **state)
{
    (void)state;
    static const double many[FORECAST_BLOCKS_MOST + 1] = {0};
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    struct forecast out;
    for (size_t i = 0; i < LEN(bad); i++) {
        double d[3] = {0, bad[i], 1};
        assert_int_equal(forecast_make(d, 3, 24, &out), -1);
    }
    assert_int_equal(forecast_make(many, 1, 24, &out), -1);
    assert_int_equal(forecast_make(many, 0, 24, &out), -1);
    assert_int_equal(forecast_make(many, FORECAST_BLOCKS_MOST, 24, &out), 0);
    assert_int_equal(forecast_make(many, FORECAST_BLOCKS_MOST + 1, 24, &out), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bound_is_that_of_the_chi_square),
        cmocka_unit_test(reach_is_where_nine_of_ten_are_caught),
        cmocka_unit_test(only_looks_to_come_are_forecast),
        cmocka_unit_test(blocks_needed_is_the_first_look_that_reaches),
        cmocka_unit_test(the_bound_holds_in_four_of_five),
        cmocka_unit_test(equal_blocks_need_no_more),
        cmocka_unit_test(what_has_no_spread_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
