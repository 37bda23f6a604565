#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/comparison.h"

static void every_round_has_every_arm_once(void **state)
{
    (void)state;
    struct trial_ref trials[5 * 40];
    size_t first[5] = {0};
    comparison_order(7, 5, 40, trials);
    for (size_t round = 0; round < 40; round++) {
        unsigned seen = 0;
        for (size_t i = 0; i < 5; i++) {
            const struct trial_ref *trial = &trials[round * 5 + i];
            assert_int_equal(trial->round, round + 1);
            seen |= 1U << trial->arm;
        }
        assert_int_equal(seen, 0x1f);
        first[trials[round * 5].arm]++;
    }
    /* An arm is first in some 8 of 40 rounds. Never or nearly always would be no shuffle. */
    for (size_t arm = 0; arm < 5; arm++)
        assert_true(first[arm] > 0 && first[arm] < 24);
}

static void a_seed_gives_one_order(void **state)
{
    (void)state;
    struct trial_ref a[12];
    struct trial_ref b[12];
    comparison_order(99, 4, 3, a);
    comparison_order(99, 4, 3, b);
    for (size_t i = 0; i < LEN(a); i++)
        assert_true(a[i].arm == b[i].arm && a[i].round == b[i].round);
    comparison_order(100, 4, 3, b);
    size_t same = 0;
    for (size_t i = 0; i < LEN(a); i++)
        same += a[i].arm == b[i].arm;
    assert_true(same < LEN(a));
}

/* Any two arms of a round come in either order as by a coin, and the coin of a round says nothing
 * about that of the next: 4000 seeds, within four standard deviations. */
static void two_arms_of_a_round_toss_a_coin(void **state)
{
    (void)state;
    enum { SEEDS = 4000, ARMS = 3, ROUNDS = 4, WITHIN = 127 };
    int first[ROUNDS] = {0};
    int as_before[ROUNDS] = {0};
    int as_other[ROUNDS] = {0};
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct trial_ref trials[ARMS * ROUNDS];
        bool before = false;
        comparison_order(seed, ARMS, ROUNDS, trials);
        for (size_t round = 0; round < ROUNDS; round++) {
            size_t place[ARMS];
            for (size_t i = 0; i < ARMS; i++)
                place[trials[round * ARMS + i].arm] = i;
            bool is_first = place[1] < place[0];
            first[round] += is_first;
            as_before[round] += round > 0 && is_first == before;
            as_other[round] += is_first == (place[2] < place[0]);
            before = is_first;
        }
    }
    for (size_t round = 0; round < ROUNDS; round++) {
        assert_in_range(first[round], SEEDS / 2 - WITHIN, SEEDS / 2 + WITHIN);
        if (round > 0)
            assert_in_range(as_before[round], SEEDS / 2 - WITHIN, SEEDS / 2 + WITHIN);
        /* Two arms are both before or both behind the reference in two of three orders. */
        assert_in_range(as_other[round], SEEDS * 2 / 3 - WITHIN, SEEDS * 2 / 3 + WITHIN);
    }
}

/* Each round gave a result or a problem; they are added in any order. */
static void results_keep_the_order_of_the_rounds(void **state)
{
    (void)state;
    static const int64_t rounds[] = {4, 1, 3};
    struct comparison c;
    comparison_init(&c);
    (void)comparison_add_arm(&c, "a");
    comparison_add_problem(&c, 0, 2, "no port");
    for (size_t i = 0; i < LEN(rounds); i++) {
        struct result r;
        result_init(&r);
        r.connections = rounds[i];
        r.title = mem_strdup("moved");
        comparison_add_result(&c, 0, rounds[i], &r);
        assert_null(r.title);
    }
    assert_int_equal(c.arms[0].nresults, 3);
    assert_int_equal(c.arms[0].results[0].connections, 1);
    assert_int_equal(c.arms[0].results[1].connections, 3);
    assert_int_equal(c.arms[0].results[2].connections, 4);
    assert_null(arm_result(&c.arms[0], 2));
    assert_null(arm_result(&c.arms[0], 5));
    for (size_t i = 0; i < LEN(rounds); i++)
        assert_int_equal(arm_result(&c.arms[0], rounds[i])->connections, rounds[i]);
    comparison_fini(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_round_has_every_arm_once),
        cmocka_unit_test(a_seed_gives_one_order),
        cmocka_unit_test(two_arms_of_a_round_toss_a_coin),
        cmocka_unit_test(results_keep_the_order_of_the_rounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
