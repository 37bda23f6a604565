#include "targets/redis/pending.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SIZE_FIRST 64

static struct pending_request *at(const struct pending *p, size_t i)
{
    return &p->ring[(p->first + i) & (p->size - 1)];
}

static void grow(struct pending *p)
{
    size_t size = p->size == 0 ? SIZE_FIRST : p->size * 2;
    struct pending_request *ring = mem_array(size, sizeof *ring);
    for (size_t i = 0; i < p->count; i++)
        ring[i] = *at(p, i);
    free(p->ring);
    p->ring = ring;
    p->size = size;
    p->first = 0;
}

void pending_push(struct pending *p, struct pending_request *r, int64_t now_ns)
{
    r->sent_ns = now_ns;
    r->due_ns = r->limit_ns == LINK_NO_LIMIT ? NEVER_NS : now_ns + r->limit_ns;
    if (p->count == p->size)
        grow(p);
    if (p->count > 0 && at(p, p->count - 1)->due_ns > r->due_ns)
        r->due_ns = at(p, p->count - 1)->due_ns;
    r->number = ++p->last_number;
    *at(p, p->count++) = *r;
}

const struct pending_request *pending_oldest(const struct pending *p)
{
    return p->count == 0 ? NULL : at(p, 0);
}

struct pending_request pending_pop(struct pending *p)
{
    struct pending_request r = *at(p, 0);
    p->first = (p->first + 1) & (p->size - 1);
    p->count--;
    return r;
}

void pending_fini(struct pending *p)
{
    free(p->ring);
    *p = (struct pending){.last_number = p->last_number};
}
