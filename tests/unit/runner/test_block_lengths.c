#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "runner/block.h"

static void lengths_follow_the_pilot(void **state)
{
    static const struct {
        int64_t p50_ns, load_ns, slice_ns, guard_ns;
    } cases[] = {
        {NS_PER_MS, 0, NS_PER_S, 250 * NS_PER_MS},
        {50 * NS_PER_MS, 0, NS_PER_S, 250 * NS_PER_MS},
        {100 * NS_PER_MS, 0, 2 * NS_PER_S, 300 * NS_PER_MS},
        {2 * NS_PER_S, 0, 40 * NS_PER_S, 6 * NS_PER_S},
        {NS_PER_MS, 12 * NS_PER_S, 2 * NS_PER_S, 250 * NS_PER_MS},
        {NS_PER_MS, 60 * NS_PER_MS, 10 * NS_PER_MS, 10 * NS_PER_MS},
        {5 * NS_PER_MS, 60 * NS_PER_MS, 10 * NS_PER_MS, 15 * NS_PER_MS},
        {NS_PER_MS, NS_PER_MS, NS_PER_MS, 3 * NS_PER_MS},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        int64_t slice_ns = 0;
        int64_t guard_ns = 0;
        block_choose_lengths(cases[i].p50_ns, cases[i].load_ns, &slice_ns, &guard_ns);
        assert_int_equal(slice_ns, cases[i].slice_ns);
        assert_int_equal(guard_ns, cases[i].guard_ns);
        assert_true(block_may_have(SESSION_LAYOUT_SLICES, cases[i].load_ns, 2 * NS_PER_S, slice_ns,
                                   guard_ns));
        assert_true(
            block_may_have(SESSION_LAYOUT_TRIALS, cases[i].load_ns, 2 * NS_PER_S, slice_ns, 0));
        assert_false(block_may_have(SESSION_LAYOUT_SLICES, cases[i].load_ns, 2 * NS_PER_S,
                                    slice_ns + 1, guard_ns));
        assert_false(block_may_have(SESSION_LAYOUT_SLICES, cases[i].load_ns, 2 * NS_PER_S, slice_ns,
                                    guard_ns - 1));
    }
}

static void lengths_that_no_pilot_chooses_are_known(void **state)
{
    static const struct {
        enum session_layout layout;
        int64_t load_ns, slice_ns, guard_ns;
    } cases[] = {
        {SESSION_LAYOUT_SLICES, 0, NS_PER_MS, 250 * NS_PER_MS},
        {SESSION_LAYOUT_SLICES, 0, NS_PER_S, 300 * NS_PER_MS}, /* that needs slices of 2 s */
        {SESSION_LAYOUT_SLICES, 0, 2 * NS_PER_S, 250 * NS_PER_MS},
        {SESSION_LAYOUT_SLICES, 0, 100 * NS_PER_S, 15 * NS_PER_S}, /* beyond the timeout */
        {SESSION_LAYOUT_SLICES, 6 * NS_PER_S, 2 * NS_PER_S, 250 * NS_PER_MS},
        {SESSION_LAYOUT_SLICES, 6 * NS_PER_S, NS_PER_S, 20 * NS_PER_S},
        {SESSION_LAYOUT_SLICES, 6 * NS_PER_S, NS_PER_S, 0},
        {SESSION_LAYOUT_SLICES, 0, 0, NS_PER_S},
        {SESSION_LAYOUT_TRIALS, 0, NS_PER_S, 250 * NS_PER_MS},
        {SESSION_LAYOUT_TRIALS, 0, 1, 0},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        if (block_may_have(cases[i].layout, cases[i].load_ns, 2 * NS_PER_S, cases[i].slice_ns,
                           cases[i].guard_ns))
            fail_msg("case %zu", i);
    }
    assert_true(block_may_have(SESSION_LAYOUT_SLICES, 0, 2 * NS_PER_S, 0, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_follow_the_pilot),
        cmocka_unit_test(lengths_that_no_pilot_chooses_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
