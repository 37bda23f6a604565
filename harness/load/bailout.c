#include "load/bailout.h"

static bool is_reached(const struct bailout *b, int64_t faults, int64_t over)
{
    if (b->spec.faults > 0)
        return faults >= b->spec.faults;
    return over >= BAILOUT_LEAST && (double)faults >= b->spec.share * (double)over;
}

/* With a number of faults, requests that went well need not be counted. */
bool bailout_count(struct bailout *b, int over, bool is_fault)
{
    if (!is_fault && b->spec.faults > 0)
        return false;
    int64_t all = atomic_fetch_add(&b->over, over) + over;
    int64_t faults = atomic_fetch_add(&b->faults, is_fault) + is_fault;
    return is_reached(b, faults, all) && !atomic_exchange(&b->reached, true);
}
