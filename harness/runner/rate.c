#include "runner/rate.h"

#include <netinet/in.h>
#include <string.h>

#include "proc/cores.h"
#include "proc/host.h"

static bool is_poisson(const struct plan *plan)
{
    return plan->arrivals != NULL && strcmp(plan->arrivals, "poisson") == 0;
}

/* One of several generators has a process of its own, of its part of the rate. Evenly spaced
 * arrivals it takes from the schedule of all of them, each count-th. */
static double own_part(const struct plan *plan)
{
    return plan_is_share(plan) && is_poisson(plan) ? 1 / (double)plan->share.count : 1;
}

static struct schedule_stage stage_of(const struct plan *plan, int64_t length_ns, double from_rps,
                                      double to_rps)
{
    double part = own_part(plan);
    return (struct schedule_stage){length_ns, from_rps * part, to_rps * part};
}

static struct schedule of_plan(const struct plan *plan, const struct schedule_stage *stages,
                               size_t nstages, uint64_t seed)
{
    return (struct schedule){.arrivals = is_poisson(plan) ? ARRIVALS_POISSON : ARRIVALS_CONSTANT,
                             .stages = stages,
                             .nstages = nstages,
                             .seed = seed};
}

void rate_make(struct rate *r, const struct plan *plan, uint64_t seed)
{
    double at_rps = plan_rate_rps(plan);
    r->first = stage_of(plan, SCHEDULE_ENDLESS_NS, at_rps, at_rps);
    r->warmup = of_plan(plan, &r->first, 1, seed);
    r->run = r->warmup;
    if (plan->stages.count == 0)
        return;
    for (size_t i = 0; i < plan->stages.count; i++) {
        const struct plan_stage *stage = &plan->stages.items[i];
        double from_rps = stage->is_step ? stage->to_rps : at_rps;
        r->stages[i] = stage_of(plan, stage->length_ns, from_rps, stage->to_rps);
        at_rps = stage->to_rps;
    }
    r->run = of_plan(plan, r->stages, plan->stages.count, seed);
}

static bool is_of_this_machine(const struct sockaddr_storage *address)
{
    const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)address;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(const void *)address;
    if (address->ss_family == AF_INET)
        return ntohl(in->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return address->ss_family == AF_UNIX ||
           (address->ss_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr));
}

bool rate_may_spin(const struct plan *plan, const struct sockaddr_storage *address)
{
    int64_t needed = plan->workers + 1 + is_of_this_machine(address);
    double quota_cores = host_cpu_quota_cores();
    return cores_allowed() >= needed && !(quota_cores < (double)needed); /* NAN: there is none */
}
