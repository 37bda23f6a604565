#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/session.h"

/* The sum of an arm's places; in a fair order all arms have the same. */
static size_t places(const size_t *order, size_t count, size_t arm)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += order[i] == arm ? i : 0;
    return sum;
}

static void slices_go_there_and_back(void **state)
{
    static const size_t two[] = {0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0};
    static const size_t three[] = {0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0, 1, 2, 2, 1, 0};
    size_t order[SESSION_ARMS_MAX * SESSION_SLICES_LEAST];
    (void)state;
    session_slice_order(2, 6, false, order);
    assert_memory_equal(order, two, sizeof two);
    session_slice_order(2, 6, true, order);
    for (size_t i = 0; i < LEN(two); i++)
        assert_int_equal(order[i], 1 - two[i]);
    session_slice_order(3, 6, false, order);
    assert_memory_equal(order, three, sizeof three);
    for (size_t arm = 1; arm < 3; arm++)
        assert_int_equal(places(order, LEN(three), arm), places(order, LEN(three), 0));
}

static void the_coin_is_fair_and_each_block_has_its_own(void **state)
{
    size_t mirrored = 0;
    size_t changes = 0;
    (void)state;
    for (size_t i = 0; i < 400; i++) {
        mirrored += session_is_mirrored(7, i);
        changes += session_is_mirrored(7, i) != session_is_mirrored(7, i + 1);
    }
    assert_in_range(mirrored, 160, 240);
    assert_in_range(changes, 160, 240);
    assert_int_equal(session_is_mirrored(7, 3), session_is_mirrored(7, 3));
}

static void padding_differs_by_arm_and_block(void **state)
{
    int64_t least = INT64_MAX;
    int64_t most = 0;
    size_t same = 0;
    (void)state;
    for (size_t i = 0; i < 400; i++) {
        int64_t a = session_padding(11, i, 0);
        int64_t b = session_padding(11, i, 1);
        same += a == b;
        least = a < least ? a : least;
        most = a > most ? a : most;
        assert_in_range(b, 0, SESSION_PADDING_MAX);
    }
    assert_true(same < 10);
    assert_true(least < 100 && most > SESSION_PADDING_MAX - 100);
}

static void blocks_are_added_and_dropped(void **state)
{
    struct session s;
    (void)state;
    session_init(&s);
    session_add_arm(&s, "base", "./old {port}");
    session_add_arm(&s, "head", "./new {port}");
    session_add_gate(&s, SESSION_GATE_DETECT, "p99 20%", true);
    (void)session_add_block(&s);
    struct session_block *block = session_add_block(&s);
    block->sides[1].result.title = mem_strdup("freed with the block");
    assert_true(block->is_valid);
    session_drop_block(&s);
    assert_int_equal(s.nblocks, 1);
    char text[] = "exit 1";
    session_add_redo(&s, &(struct session_redo){.flaw = SESSION_FLAW_DIED, .text = text});
    text[0] = 'x';
    assert_string_equal(s.redone[0].text, "exit 1");
    session_fini(&s);
    assert_int_equal(s.nblocks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_go_there_and_back),
        cmocka_unit_test(the_coin_is_fair_and_each_block_has_its_own),
        cmocka_unit_test(padding_differs_by_arm_and_block),
        cmocka_unit_test(blocks_are_added_and_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
