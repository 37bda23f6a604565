/* The plan of looks: its constants, what a maximum of blocks does, and when a gate is decided. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/rng.h"
#include "stat/looks.h"
#include "stat/normal.h"
#include "stat/signed_rank.h"

static void near(double got, double want, double by)
{
    if (!(fabs(got - want) <= by))
        fail_msg("%.15g instead of %.15g", got, want);
}

static struct look_verdict judge(const double *d, double tau, int blocks, int max_blocks)
{
    struct look_bound bound = {.d = d, .tau = tau};
    struct look_verdict out;
    assert_int_equal(looks_judge(&bound, 1, (struct look_progress){blocks, max_blocks}, &out), 0);
    return out;
}

static void decides(const struct look_verdict *got, enum look_decision decision, int blocks)
{
    assert_int_equal(got->decision, decision);
    assert_int_equal(got->look == NULL ? 0 : got->look->blocks, blocks);
}

static void constants_are_the_largest_within_what_they_spend(void **state)
{
    (void)state;
    static const struct {
        int blocks, critical;
        double alpha;
    } want[LOOKS] = {{6, 0, .0157}, {10, 6, .014}, {16, 27, .018}, {24, 78, .020}};
    for (int i = 0; i < LOOKS; i++) {
        const struct look *look = looks_get(i);
        assert_int_equal(look->blocks, want[i].blocks);
        assert_int_equal(look->critical, want[i].critical);
        near(look->alpha, want[i].alpha, 0);
        assert_int_equal(signed_rank_critical(look->blocks, look->alpha), look->critical);
    }
    assert_int_equal(looks_get(0)->blocks, LOOKS_BLOCKS_LEAST);
    assert_int_equal(looks_get(LOOKS - 1)->blocks, LOOKS_BLOCKS_MOST);
}

static void a_maximum_keeps_the_looks_within_it(void **state)
{
    (void)state;
    static const struct {
        int blocks, looks;
    } cases[] = {{-1, 0}, {0, 0},  {5, 0},  {6, 1},  {9, 1},  {10, 2},
                 {15, 2}, {16, 3}, {23, 3}, {24, 4}, {25, 4}, {1000000, 4}};
    for (size_t i = 0; i < LEN(cases); i++)
        assert_int_equal(looks_within(cases[i].blocks), cases[i].looks);
}

/* Six blocks beyond the margin fail it at once; a seventh changes nothing, nor do 18 that say the
 * opposite. */
static void the_first_decision_is_final(void **state)
{
    (void)state;
    double d[LOOKS_BLOCKS_MOST];
    for (int i = 0; i < LOOKS_BLOCKS_MOST; i++)
        d[i] = i < 6 ? .08 + .001 * i : -1;
    for (int blocks = 0; blocks <= LOOKS_BLOCKS_MOST; blocks++) {
        struct look_verdict fail = judge(d, .05, blocks, 24);
        struct look_verdict pass = judge(d, .20, blocks, 24);
        decides(&fail, blocks < 6 ? LOOK_GO_ON : LOOK_FAIL, blocks < 6 ? 0 : 6);
        decides(&pass, blocks < 6 ? LOOK_GO_ON : LOOK_PASS, blocks < 6 ? 0 : 6);
    }
    d[6] = NAN; /* not read any more */
    struct look_verdict fail = judge(d, .05, 24, 24);
    decides(&fail, LOOK_FAIL, 6);
}

/* One of the six is on the other side: the first look, which needs all, goes on. */
static void a_look_that_decides_nothing_goes_on(void **state)
{
    (void)state;
    double d[LOOKS_BLOCKS_MOST];
    for (int i = 0; i < LOOKS_BLOCKS_MOST; i++)
        d[i] = i == 3 ? .04 : .08 + .001 * i;
    struct look_verdict got = judge(d, .05, 6, 24);
    decides(&got, LOOK_GO_ON, 6);
    got = judge(d, .05, 9, 24);
    decides(&got, LOOK_GO_ON, 6);
    got = judge(d, .05, 10, 24);
    decides(&got, LOOK_FAIL, 10);
    got = judge(d, .05, 6, 9); /* no look is left below the maximum */
    decides(&got, LOOK_INCONCLUSIVE, 6);
}

static void on_the_margin_is_on_neither_side(void **state)
{
    (void)state;
    static const double d[6] = {.05, .05, .05, .05, .05, .05};
    struct look_verdict got = judge(d, .05, 6, 6);
    decides(&got, LOOK_INCONCLUSIVE, 6);
    got = judge(d, nextafter(.05, 0), 6, 6);
    decides(&got, LOOK_FAIL, 6);
    got = judge(d, nextafter(.05, 1), 6, 6);
    decides(&got, LOOK_PASS, 6);
}

static int last_look_within(int max_blocks)
{
    int looks = looks_within(max_blocks);
    return looks == 0 ? 0 : looks_get(looks - 1)->blocks;
}

/* With just the blocks of the maximum, and with more than these. */
static void check_truncated(const double *d, const struct look_verdict *full, int max_blocks)
{
    bool is_decided = full->decision >= LOOK_PASS && full->look->blocks <= max_blocks;
    enum look_decision want = is_decided ? full->decision : LOOK_INCONCLUSIVE;
    int at = is_decided ? full->look->blocks : last_look_within(max_blocks);
    struct look_verdict got = judge(d, 0, max_blocks, max_blocks);
    decides(&got, want, at);
    got = judge(d, 0, LOOKS_BLOCKS_MOST, max_blocks);
    decides(&got, want, at);
}

/* A plan with a maximum is the beginning of the full one: same looks, same decisions; what the
 * missing looks would have spent makes none of the others easier. */
static void a_truncated_plan_is_the_beginning_of_the_full_one(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 6);
    for (int session = 0; session < 300; session++) {
        double d[LOOKS_BLOCKS_MOST];
        for (int i = 0; i < LOOKS_BLOCKS_MOST; i++)
            d[i] = .6 + normal_draw(&r);
        struct look_verdict full = judge(d, 0, 24, 24);
        for (int max = 0; max <= 30; max++)
            check_truncated(d, &full, max);
    }
}

static void without_a_look_nothing_is_decided(void **state)
{
    (void)state;
    static const double d[LOOKS_BLOCKS_MOST] = {0};
    struct look_verdict got = judge(d, 1, 0, 5);
    decides(&got, LOOK_INCONCLUSIVE, 0);
    got = judge(d, 1, 24, 5);
    decides(&got, LOOK_INCONCLUSIVE, 0);
    got = judge(d, 1, 5, 24);
    decides(&got, LOOK_GO_ON, 0);
}

static void decision_and_interval_agree(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 7);
    for (int session = 0; session < 400; session++) {
        double d[LOOKS_BLOCKS_MOST];
        for (int i = 0; i < LOOKS_BLOCKS_MOST; i++)
            d[i] = normal_draw(&r) + (double)(session % 7 - 3) / 3;
        struct look_verdict got = judge(d, 0, 24, 24);
        struct walsh_interval interval;
        assert_int_equal(looks_interval(got.look, d, &interval), 0);
        assert_int_equal(interval.lo > 0, got.decision == LOOK_FAIL);
        assert_int_equal(interval.hi < 0, got.decision == LOOK_PASS);
        near(interval.level, 1 - 2 * signed_rank_tail(got.look->blocks, got.look->critical), 0);
        assert_true(interval.level >= 1 - 2 * got.look->alpha);
    }
}

static void swapped_arms_swap_pass_and_fail(void **state)
{
    (void)state;
    struct rng r;
    rng_init(&r, 8);
    int decided = 0;
    for (int session = 0; session < 400; session++) {
        double d[LOOKS_BLOCKS_MOST];
        double swapped[LOOKS_BLOCKS_MOST];
        for (int i = 0; i < LOOKS_BLOCKS_MOST; i++) {
            d[i] = .3 + normal_draw(&r);
            swapped[i] = -d[i];
        }
        struct look_verdict a = judge(d, .25, 24, 24);
        struct look_verdict b = judge(swapped, -.25, 24, 24);
        enum look_decision mirrored = a.decision == LOOK_FAIL   ? LOOK_PASS
                                      : a.decision == LOOK_PASS ? LOOK_FAIL
                                                                : a.decision;
        decides(&b, mirrored, a.look->blocks);
        decided += a.decision >= LOOK_PASS;
    }
    assert_true(decided > 10);
}

/* "+10 % and +1 ms": beyond both is beyond, short of one is kept. */
static void all_bounds_have_to_be_beyond(void **state)
{
    (void)state;
    static const double above[6] = {3, 4, 5, 6, 7, 8};
    static const double across[6] = {-3, 4, 5, 6, 7, 8};
    static const double below[6] = {-3, -4, -5, -6, -7, -8};
    static const struct {
        const double *first, *second;
        enum look_decision want;
    } cases[] = {
        {above, above, LOOK_FAIL},  {above, across, LOOK_GO_ON},  {above, below, LOOK_PASS},
        {across, below, LOOK_PASS}, {across, across, LOOK_GO_ON}, {below, below, LOOK_PASS},
    };
    for (size_t i = 0; i < LEN(cases); i++)
        for (int turned = 0; turned < 2; turned++) {
            struct look_bound bounds[2] = {{.d = turned ? cases[i].second : cases[i].first},
                                           {.d = turned ? cases[i].first : cases[i].second}};
            struct look_verdict got;
            assert_int_equal(looks_judge(bounds, 2, (struct look_progress){6, 24}, &got), 0);
            decides(&got, cases[i].want, 6);
        }
}

static void what_cannot_be_judged_is_refused(void **state)
{
    (void)state;
    static const double bad[] = {NAN, INFINITY, -INFINITY};
    struct look_progress six = {6, 24};
    struct look_verdict out = {.decision = LOOK_PASS};
    struct walsh_interval interval;
    for (size_t i = 0; i < LEN(bad); i++) {
        double d[10] = {1, 2, 3, 4, bad[i], 6, -7, 8, 9, 10};
        struct look_bound bound = {.d = d};
        assert_int_equal(looks_judge(&bound, 1, six, &out), -1);
        assert_int_equal(looks_interval(looks_get(0), d, &interval), -1);
        d[4] = -5;
        d[9] = bad[i]; /* is read by the second look */
        assert_int_equal(looks_judge(&bound, 1, six, &out), 0);
        assert_int_equal(out.decision, LOOK_GO_ON);
        assert_int_equal(looks_judge(&bound, 1, (struct look_progress){10, 24}, &out), -1);
    }
    static const double d[6] = {1, 2, 3, 4, 5, 6};
    struct look_bound bounds[2] = {{.d = d}, {.d = d, .tau = NAN}};
    assert_int_equal(looks_judge(bounds, 2, six, &out), -1);
    assert_int_equal(looks_judge(bounds, 0, six, &out), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_are_the_largest_within_what_they_spend),
        cmocka_unit_test(a_maximum_keeps_the_looks_within_it),
        cmocka_unit_test(the_first_decision_is_final),
        cmocka_unit_test(a_look_that_decides_nothing_goes_on),
        cmocka_unit_test(on_the_margin_is_on_neither_side),
        cmocka_unit_test(a_truncated_plan_is_the_beginning_of_the_full_one),
        cmocka_unit_test(without_a_look_nothing_is_decided),
        cmocka_unit_test(decision_and_interval_agree),
        cmocka_unit_test(swapped_arms_swap_pass_and_fail),
        cmocka_unit_test(all_bounds_have_to_be_beyond),
        cmocka_unit_test(what_cannot_be_judged_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
