#include "load/spec.h"

#include "base/clock.h"

/* Enough to open the connections; between a warm-up and the window a moment is enough. */
#define LEAD_NS        (100 * NS_PER_MS)
#define LEAD_WARMED_NS (5 * NS_PER_MS)

int64_t load_share(int64_t total, int parts, int index)
{
    return total / parts + (index < total % parts ? 1 : 0);
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
