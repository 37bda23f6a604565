#include "model/arm_replies.h"

#define PART 0.01 /* what is more is worth telling */

struct replies arm_replies(const struct arm *arm)
{
    struct replies sum = {0};
    for (size_t i = 0; i < arm->nresults; i++) {
        const struct accounting *a = &arm->results[i].accounting;
        sum.sent += a->sent;
        sum.completed += a->completed;
        sum.timed_out += a->timed_out;
        sum.failed += accounting_failed(a);
        sum.open += a->in_flight_at_end;
        sum.non_2xx += a->non_2xx;
        sum.mismatches += a->mismatches;
    }
    const struct accounting all = {.sent = sum.sent, .completed = sum.completed};
    sum.are_few = accounting_answers_few(&all);
    return sum;
}

bool arm_loses(const struct arm *arm)
{
    struct replies r = arm_replies(arm);
    return r.are_few || (double)(r.timed_out + r.failed) > PART * (double)r.sent;
}

bool arm_refuses(const struct arm *arm)
{
    struct replies r = arm_replies(arm);
    return (double)(r.non_2xx + r.mismatches) > PART * (double)r.completed;
}
