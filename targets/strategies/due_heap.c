#include "targets/strategies/due_heap.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

#define ROOM_FIRST 1024

static bool is_before(const struct due_item *a, const struct due_item *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->number < b->number;
}

void due_heap_fini(struct due_heap *heap)
{
    free(heap->items);
    *heap = (struct due_heap){0};
}

void due_heap_add(struct due_heap *heap, const struct due_item *item)
{
    if (heap->count == heap->room) {
        heap->room = heap->room == 0 ? ROOM_FIRST : 2 * heap->room;
        heap->items = mem_grow(heap->items, heap->room, sizeof *heap->items);
    }
    size_t at = heap->count++;
    while (at > 0 && is_before(item, &heap->items[(at - 1) / 2])) {
        heap->items[at] = heap->items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap->items[at] = *item;
}

struct due_item due_heap_take(struct due_heap *heap)
{
    struct due_item first = heap->items[0];
    struct due_item last = heap->items[--heap->count];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= heap->count)
            break;
        if (child + 1 < heap->count && is_before(&heap->items[child + 1], &heap->items[child]))
            child++;
        if (!is_before(&heap->items[child], &last))
            break;
        heap->items[at] = heap->items[child];
        at = child;
    }
    heap->items[at] = last;
    return first;
}
