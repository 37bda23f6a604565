/* deadlines: open requests and connects, in the order in which they time out.
 *
 * Shape   the time-out is one constant of the run, so the order of opening is the order of
 *         expiry: a doubly linked list, appended on send and unlinked on reply, no timer and no
 *         comparison per request.
 * Units   nanoseconds of clock_now_ns.
 * Owner   items are embedded in their owner's memory.
 */
#ifndef LOAD_DEADLINES_H
#define LOAD_DEADLINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct deadline {
    struct deadline *prev, *next;
    int64_t since_ns;
};

struct deadlines {
    struct deadline list; /* next is the oldest */
    int64_t timeout_ns;
};

static inline void deadlines_init(struct deadlines *d, int64_t timeout_ns)
{
    d->list.prev = d->list.next = &d->list;
    d->timeout_ns = timeout_ns;
}

static inline void deadlines_add(struct deadlines *d, struct deadline *item, int64_t now_ns)
{
    item->since_ns = now_ns;
    item->next = &d->list;
    item->prev = d->list.prev;
    item->prev->next = item;
    d->list.prev = item;
}

static inline void deadlines_remove(struct deadline *item)
{
    item->prev->next = item->next;
    item->next->prev = item->prev;
}

/* The oldest item, or NULL. */
static inline struct deadline *deadlines_oldest(const struct deadlines *d)
{
    return d->list.next == &d->list ? NULL : d->list.next;
}

/* The oldest item if its time has run out, or NULL. */
static inline struct deadline *deadlines_expired(const struct deadlines *d, int64_t now_ns)
{
    struct deadline *oldest = deadlines_oldest(d);
    return oldest != NULL && now_ns - oldest->since_ns >= d->timeout_ns ? oldest : NULL;
}

#endif
