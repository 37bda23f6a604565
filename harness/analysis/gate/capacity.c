#include "analysis/gate/capacity.h"

#include <math.h>

static enum gate_reason reason_of(const struct gate_threshold *threshold, const struct capacity *c,
                                  const struct capacity_estimate *e, enum gate_partial partial)
{
    if (!c->out_of_time && e->end == CAPACITY_SEARCHING && partial == GATE_PARTIAL_REFUSED)
        return GATE_INTERRUPTED;
    if (e->held + e->failed == 0)
        return GATE_INVALID;
    return gate_crosses(threshold, e->lo) != gate_crosses(threshold, e->hi) ? GATE_INTERVAL
                                                                            : GATE_NONE;
}

struct gate_outcome gate_judge_capacity(const struct gate_threshold *threshold,
                                        const struct capacity *c, size_t arm,
                                        enum gate_partial partial)
{
    const struct capacity_estimate *e = &c->arms[arm].estimate;
    struct gate_outcome o = {
        .threshold = threshold,
        .is_interval = true,
        .measured = {.low = e->lo, .high = e->hi, .finished = e->median, .sure = NAN}};
    o.reason = reason_of(threshold, c, e, partial);
    if (o.reason != GATE_NONE)
        o.verdict = GATE_UNKNOWN;
    else
        o.verdict = gate_crosses(threshold, e->lo) ? GATE_CROSSED : GATE_PASSED;
    return o;
}
