#include "model/plan_share.h"

/* floor(index * total / count), where the product may have more than 64 bits. */
static int64_t bound(int64_t index, int64_t total, int64_t count)
{
    return index * (total / count) + index * (total % count) / count;
}

int64_t plan_share_before(const struct plan_share *s, int64_t total)
{
    return s->count == 0 ? 0 : bound(s->index, total, s->count);
}

int64_t plan_share_of(const struct plan_share *s, int64_t total)
{
    if (s->count == 0)
        return total;
    return bound(s->index + 1, total, s->count) - bound(s->index, total, s->count);
}

int64_t plan_share_dealt(const struct plan_share *s, int64_t total)
{
    if (s->count == 0)
        return total;
    return total / s->count + (s->index < total % s->count ? 1 : 0);
}
