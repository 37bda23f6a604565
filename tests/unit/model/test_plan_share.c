/* plan_share: the parts of a total add up to it, whatever is split into how many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/plan_share.h"
#include "model/share.h"

static void parts_follow_each_other_and_add_up(void **state)
{
    (void)state;
    for (int64_t total = 0; total < 60; total++) {
        for (int64_t count = 1; count < 10; count++) {
            int64_t sum = 0;
            for (int64_t i = 0; i < count; i++) {
                const struct plan_share s = {i, count};
                assert_int_equal(plan_share_before(&s, total), sum);
                assert_in_range(plan_share_of(&s, total), total / count,
                                total / count + (total % count > 0));
                sum += plan_share_of(&s, total);
            }
            assert_int_equal(sum, total);
        }
    }
}

static void what_is_dealt_out_is_each_nth(void **state)
{
    (void)state;
    for (int64_t total = 0; total < 60; total++) {
        for (int64_t count = 1; count < 10; count++) {
            int64_t had[10] = {0};
            for (int64_t k = 0; k < total; k++)
                had[k % count]++;
            for (int64_t i = 0; i < count; i++)
                assert_int_equal(plan_share_dealt(&(struct plan_share){i, count}, total), had[i]);
        }
    }
}

/* More than a product of 64 bits would hold. */
static void the_largest_amounts_are_split_exactly(void **state)
{
    (void)state;
    static const int64_t totals[] = {1000000000000000, 999999999999999, INT64_MAX};
    for (size_t t = 0; t < sizeof totals / sizeof *totals; t++) {
        int64_t sum = 0;
        for (int64_t i = 0; i < SHARES_MAX; i++) {
            int64_t own = plan_share_of(&(struct plan_share){i, SHARES_MAX}, totals[t]);
            assert_true(own == totals[t] / SHARES_MAX || own == totals[t] / SHARES_MAX + 1);
            sum += own;
        }
        assert_true(sum == totals[t]);
    }
}

static void without_shares_there_is_one_part(void **state)
{
    (void)state;
    const struct plan_share all = {0};
    assert_int_equal(plan_share_of(&all, 7), 7);
    assert_int_equal(plan_share_before(&all, 7), 0);
    assert_int_equal(plan_share_dealt(&all, 7), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_follow_each_other_and_add_up),
        cmocka_unit_test(what_is_dealt_out_is_each_nth),
        cmocka_unit_test(the_largest_amounts_are_split_exactly),
        cmocka_unit_test(without_shares_there_is_one_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
