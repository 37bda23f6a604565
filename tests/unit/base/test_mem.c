#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"

static void a_list_keeps_its_items_and_seldom_moves(void **state)
{
    (void)state;
    size_t *items = mem_one_more(NULL, 0, sizeof *items);
    size_t moves = 1;
    items[0] = 0;
    for (size_t i = 1; i < 5000; i++) {
        uintptr_t before = (uintptr_t)items;
        items = mem_one_more(items, i, sizeof *items);
        moves += (uintptr_t)items != before;
        items[i] = i;
    }
    for (size_t i = 0; i < 5000; i++)
        assert_int_equal(items[i], i);
    assert_true(moves <= 14); /* 1, 2, 4 .. 8192 */
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_keeps_its_items_and_seldom_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
