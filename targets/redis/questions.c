#include "targets/redis/questions.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SIZE_FIRST 64

static struct question *at(const struct questions *qs, size_t i)
{
    return &qs->ring[(qs->first + i) & (qs->size - 1)];
}

static void grow(struct questions *qs)
{
    size_t size = qs->size == 0 ? SIZE_FIRST : qs->size * 2;
    struct question *ring = mem_array(size, sizeof *ring);
    for (size_t i = 0; i < qs->count; i++)
        ring[i] = *at(qs, i);
    free(qs->ring);
    qs->ring = ring;
    qs->size = size;
    qs->first = 0;
}

void questions_push(struct questions *qs, struct question *q, int64_t now_ns)
{
    q->asked_ns = now_ns;
    q->due_ns = q->limit_ns == LINK_NO_LIMIT ? NEVER_NS : now_ns + q->limit_ns;
    if (qs->count == qs->size)
        grow(qs);
    if (qs->count > 0 && at(qs, qs->count - 1)->due_ns > q->due_ns)
        q->due_ns = at(qs, qs->count - 1)->due_ns;
    q->number = ++qs->last_number;
    *at(qs, qs->count++) = *q;
}

const struct question *questions_oldest(const struct questions *qs)
{
    return qs->count == 0 ? NULL : at(qs, 0);
}

struct question questions_pop(struct questions *qs)
{
    struct question q = *at(qs, 0);
    qs->first = (qs->first + 1) & (qs->size - 1);
    qs->count--;
    return q;
}

void questions_fini(struct questions *qs)
{
    free(qs->ring);
    *qs = (struct questions){.last_number = qs->last_number};
}
