#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>

#include "base/mem.h"
#include "base/rng.h"
#include "targets/strategies/due_heap.h"

/* In the order of time; of the same time, in the order of number. */
static void take_all(struct due_heap *heap)
{
    struct due_item before = {.due_ns = -1};
    while (heap->count > 0) {
        struct due_item item = due_heap_take(heap);
        assert_true(item.due_ns > before.due_ns ||
                    (item.due_ns == before.due_ns && item.number > before.number));
        before = item;
    }
}

static void items_come_out_in_order(void **state)
{
    (void)state;
    struct due_heap heap = {0};
    struct rng rng;
    rng_init(&rng, 11);
    for (size_t count = 0; count < 3000; count = 2 * count + 1) {
        for (size_t i = 0; i < count; i++)
            due_heap_add(&heap, &(struct due_item){(int64_t)(rng_next(&rng) % 500), i, NULL});
        assert_int_equal(heap.count, count);
        take_all(&heap);
    }
    due_heap_fini(&heap);
}

/* Adding and taking in turns, against a plain search. */
static void what_is_taken_is_the_first_of_what_is_there(void **state)
{
    (void)state;
    enum { ITEMS = 2000 };
    struct due_heap heap = {0};
    int64_t due[ITEMS];
    bool taken[ITEMS] = {false};
    struct rng rng;
    rng_init(&rng, 12);
    for (size_t i = 0; i < ITEMS; i++) {
        due[i] = (int64_t)(rng_next(&rng) % 300);
        due_heap_add(&heap, &(struct due_item){due[i], i, &due[i]});
        if (rng_next(&rng) % 2 == 0)
            continue;
        size_t first = ITEMS;
        for (size_t k = 0; k <= i; k++) {
            if (!taken[k] && (first == ITEMS || due[k] < due[first]))
                first = k;
        }
        struct due_item item = due_heap_take(&heap);
        assert_int_equal(item.number, first);
        assert_ptr_equal(item.what, &due[first]);
        taken[first] = true;
    }
    due_heap_fini(&heap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_out_in_order),
        cmocka_unit_test(what_is_taken_is_the_first_of_what_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
