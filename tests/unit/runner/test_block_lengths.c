#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/mem.h"
#include "runner/block.h"

#define MS        NS_PER_MS
#define TIMEOUT   (2 * NS_PER_S)
#define OF_SLICES SESSION_LAYOUT_SLICES
#define OF_TRIALS SESSION_LAYOUT_TRIALS

static void lengths_follow_the_pilot(void **state)
{
    static const struct {
        int64_t latency_ns, load_ns;
        struct block_lengths want;
    } cases[] = {
        {MS, 0, {80, 75 * MS, 25 * MS}},
        {15 * MS, 0, {66, 6 * NS_PER_S / 66, 45 * MS}},
        {20 * MS, 0, {50, 120 * MS, 60 * MS}},
        {50 * MS, 0, {20, 300 * MS, 150 * MS}},
        {200 * MS, 0, {6, 1200 * MS, 600 * MS}},
        {2 * NS_PER_S, 0, {6, 12 * NS_PER_S, 6 * NS_PER_S}},
        {MS, 12 * NS_PER_S, {96, 125 * MS, 25 * MS}},
        {MS, 6 * NS_PER_S, {80, 75 * MS, 25 * MS}},
        {MS, 900 * MS, {12, 75 * MS, 25 * MS}},
        {MS, 60 * MS, {6, 10 * MS, 10 * MS}},
        {5 * MS, 60 * MS, {6, 10 * MS, 15 * MS}},
        {MS, MS, {6, MS, 3 * MS}},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        struct block_lengths got = block_choose_lengths(cases[i].latency_ns, cases[i].load_ns);
        assert_int_equal(got.slices, cases[i].want.slices);
        assert_int_equal(got.slice_ns, cases[i].want.slice_ns);
        assert_int_equal(got.guard_ns, cases[i].want.guard_ns);
        assert_true(block_may_have(OF_SLICES, cases[i].load_ns, TIMEOUT, &got));
        struct block_lengths trial = {got.slices, got.slice_ns, 0};
        assert_true(block_may_have(OF_TRIALS, cases[i].load_ns, TIMEOUT, &trial));
    }
}

static void lengths_that_no_pilot_chooses_are_known(void **state)
{
    static const struct {
        enum session_layout layout;
        int64_t load_ns;
        struct block_lengths lengths;
    } cases[] = {
        {OF_SLICES, 0, {80, MS, 25 * MS}},
        {OF_SLICES, 0, {80, 75 * MS, 24 * MS}},
        {OF_SLICES, 0, {23, 6 * NS_PER_S / 23, 100 * MS}},
        {OF_SLICES, 0, {98, 6 * NS_PER_S / 98, 25 * MS}},
        {OF_SLICES, 0, {4, 1500 * MS, 100 * MS}},
        {OF_SLICES, 0, {6, 999 * MS, 150 * MS}},
        {OF_SLICES, 0, {6, 2 * NS_PER_S, 100 * MS}},        /* that needs a guard of 1 s */
        {OF_SLICES, 0, {6, 100 * NS_PER_S, 50 * NS_PER_S}}, /* beyond the timeout */
        {OF_SLICES, 6 * NS_PER_S, {6, 2 * NS_PER_S, 100 * MS}},
        {OF_SLICES, 6 * NS_PER_S, {6, NS_PER_S, 20 * NS_PER_S}},
        {OF_SLICES, 6 * NS_PER_S, {6, NS_PER_S, 0}},
        {OF_SLICES, 0, {0, 0, NS_PER_S}},
        {OF_TRIALS, 0, {80, 75 * MS, 25 * MS}},
        {OF_TRIALS, 0, {80, 1, 0}},
    };
    (void)state;
    for (size_t i = 0; i < LEN(cases); i++) {
        if (block_may_have(cases[i].layout, cases[i].load_ns, TIMEOUT, &cases[i].lengths))
            fail_msg("case %zu", i);
    }
    assert_true(block_may_have(OF_SLICES, 0, TIMEOUT, &(struct block_lengths){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_follow_the_pilot),
        cmocka_unit_test(lengths_that_no_pilot_chooses_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
