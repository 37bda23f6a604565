#include "load/spec.h"

#include "base/clock.h"
#include "base/rng.h"

/* Enough to open the connections; between a warm-up and the window a moment is enough. */
#define LEAD_NS        (100 * NS_PER_MS)
#define LEAD_WARMED_NS (5 * NS_PER_MS)

int64_t load_share(int64_t total, int parts, int index)
{
    return total / parts + (index < total % parts ? 1 : 0);
}

struct load_turns load_turns(const struct load_spec *spec, int thread)
{
    int parts = spec->part.count > 0 ? spec->part.count : 1;
    return (struct load_turns){spec->part.index + parts * thread, parts * spec->workers};
}

uint64_t load_seed(const struct load_spec *spec, int thread)
{
    uint64_t index = (uint64_t)spec->part.index;
    struct rng r;
    rng_init(&r, spec->seed ^ (index << 32));
    return (index == 0 ? spec->seed : rng_next(&r)) + (uint64_t)thread;
}

bool load_has_rules(const struct load_spec *spec)
{
    bool has_rules = spec->nlists == 0 && spec->text.rule != NULL;
    for (size_t i = 0; i < spec->nlists; i++)
        has_rules = has_rules || spec->lists[i]->has_rules;
    return has_rules;
}

int64_t load_lead_ns(const struct load_spec *spec)
{
    if (spec->schedule == NULL)
        return 0;
    return spec->warmup_ns > 0 ? LEAD_WARMED_NS : LEAD_NS;
}
