/* What other programs and the hypervisor took from a run. */
#include <math.h>

#include "analysis/warnings.h"
#include "analysis/warnings_internal.h"

#define BUSY_LOAD_PER_CPU 0.50
#define BUSY_CORES        0.10
#define STOLEN_PART       0.05 /* of the cores allowed */
#define DISTURBED_PART    0.10 /* the same */

/* The load before the run: afterwards it includes the server behind a URL. */
static void check_load_average(struct result *r)
{
    const struct environment *e = &r->environment;
    double busy = e->load_average_1m / (double)e->cores_online;
    if (e->cores_online > 0 && busy > BUSY_LOAD_PER_CPU)
        warn(r, "busy-machine", "stop other programs, or repeat when the machine is idle",
             "the machine was busy before the run: load average %.1f on %lld cores",
             e->load_average_1m, (long long)e->cores_online);
}

/* With a quota, other programs can use cores that we could not use anyway. */
static double cores_to_spare(const struct environment *e)
{
    double spare = (double)e->cores_allowed - e->cpu_quota_cores;
    return e->cores_allowed != MISSING && spare > 0 ? spare : 0;
}

/* The cores that other programs and the hypervisor took from this run; what is unknown is 0. */
static double cores_taken(const struct result *r)
{
    double others = r->machine.other_cpu_cores - cores_to_spare(&r->environment);
    return fmax(others, 0) + fmax(r->machine.stolen_cores, 0); /* fmax ignores a NAN */
}

void warnings_machine(struct result *r)
{
    const struct environment *e = &r->environment;
    struct machine *m = &r->machine;
    m->is_disturbed =
        e->cores_allowed != MISSING && cores_taken(r) > DISTURBED_PART * (double)e->cores_allowed;
    if (!r->has_server)
        check_load_average(r);
    else if (m->other_cpu_cores - cores_to_spare(e) > BUSY_CORES)
        warn(r, "busy-machine", "stop other programs, or repeat when the machine is idle",
             "other programs used %.2f cores during the run", m->other_cpu_cores);
    if (e->cores_allowed != MISSING && m->stolen_cores > STOLEN_PART * (double)e->cores_allowed)
        warn(r, "stolen", "repeat when the host is idle, or use a dedicated machine",
             "the hypervisor took away %.2f of %lld cores during the run (steal)", m->stolen_cores,
             (long long)e->cores_allowed);
}

void warnings_add_disturbed(struct result *r)
{
    warn(
        r, "disturbed", "stop other programs, or repeat when the machine is idle",
        "other programs or steal took %.2f of %lld cores%s: in this round the figures rank nothing",
        cores_taken(r), (long long)r->environment.cores_allowed,
        r->machine.was_repeated ? ", also when it was measured again" : "");
}
