#include "targets/queue/outage.h"

#include "base/clock.h"
#include "base/log.h"

#define QUIET (2 * NS_PER_S)

void outage_away(struct outage *o, const char *reason)
{
    if (!o->is_on)
        log_warn("the broker is away: %s; trying again", reason);
    o->is_on = o->is_away = true;
    o->times_away++;
}

void outage_back(struct outage *o)
{
    if (o->is_on)
        log_warn("the broker is back");
    o->is_on = o->is_away = false;
}

void outage_failed(struct outage *o, const char *reason)
{
    if (!o->is_on)
        log_warn("the broker: %s; trying again", reason);
    o->is_on = true;
    o->failed_ns = clock_now_ns();
}

void outage_worked(struct outage *o)
{
    if (!o->is_on || clock_now_ns() - o->failed_ns < QUIET)
        return;
    log_warn("the broker works again");
    o->is_on = false;
}
