/* due_heap: requests of the delay server in the order in which they are due. Pure.
 *
 * Shape   a binary heap; of two that are due at the same time the one that came first goes first.
 * Units   nanoseconds.
 * Owner   due_heap_fini frees the heap, not what its items point to.
 * Errors  none.
 */
#ifndef TARGETS_STRATEGIES_DUE_HEAP_H
#define TARGETS_STRATEGIES_DUE_HEAP_H

#include <stddef.h>
#include <stdint.h>

struct due_item {
    int64_t due_ns;
    size_t number; /* of the request, in the order of arrival */
    void *what;
};

struct due_heap {
    struct due_item *items; /* items[0] is due first */
    size_t count, room;
};

void due_heap_fini(struct due_heap *heap);
void due_heap_add(struct due_heap *heap, const struct due_item *item);
/* The heap must not be empty. */
struct due_item due_heap_take(struct due_heap *heap);

#endif
