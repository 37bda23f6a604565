#include "runner/meter.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/procfs.h"
#include "proc/cgroup.h"
#include "proc/self.h"
#include "stat/ascending.h"

#define GROUPS_TEXT_MAX 16384

double meter_throttled_s(void)
{
    char text[GROUPS_TEXT_MAX];
    if (procfs_read(AT_FDCWD, "/proc/self/cgroup", text, sizeof text) <= 0)
        return NAN;
    return cgroup_throttled_s(text, "/sys/fs/cgroup");
}

void meter_init(struct meter *m, size_t narms)
{
    *m = (struct meter){.narms = narms};
    for (size_t i = 0; i < narms; i++)
        m->arms[i] =
            (struct meter_arm){.cores = cores_nothing, .rss_bytes = MISSING, .threads = MISSING};
}

static void take(const struct meter *m, struct meter_reading *out)
{
    double user_s = 0;
    double system_s = 0;
    *out = (struct meter_reading){.at_ns = clock_now_ns()};
    for (size_t i = 0; i < m->narms; i++) {
        if (m->arms[i].watch != NULL)
            out->servers[i] = watch_sample(m->arms[i].watch);
    }
    (void)cores_read(&out->cores);
    proc_self_cpu(&user_s, &system_s);
    out->own_s = user_s + system_s;
    out->throttled_s = meter_throttled_s();
}

void meter_open(struct meter *m)
{
    take(m, &m->opened);
}

static void add_idle(struct meter_arm *arm, double cpu_s, double window_s)
{
    arm->idle_s += cpu_s;
    arm->idle_window_s += window_s;
    arm->part_s += cpu_s;
    arm->part_window_s += window_s;
    if (arm->part_window_s < METER_IDLE_S || arm->nidle == METER_IDLE_MAX)
        return;
    arm->idle_cores[arm->nidle++] = arm->part_s / arm->part_window_s;
    arm->part_s = arm->part_window_s = 0;
}

void meter_close(struct meter *m, size_t arm)
{
    const struct meter_reading *from = &m->opened;
    struct meter_reading to;
    take(m, &to);
    struct meter_arm *own = &m->arms[arm];
    double window_s = (double)(to.at_ns - from->at_ns) / (double)NS_PER_S;
    own->window_s += window_s;
    own->own_s += to.own_s - from->own_s;
    own->throttled_s += to.throttled_s - from->throttled_s;
    cores_add(&own->cores, &from->cores, &to.cores);
    for (size_t i = 0; i < m->narms; i++) {
        const struct sample *a = &from->servers[i];
        const struct sample *b = &to.servers[i];
        own->own_s += m->arms[i].watch == NULL ? NAN : b->cpu_s - a->cpu_s;
        if (i != arm)
            add_idle(&m->arms[i], b->cpu_s - a->cpu_s, window_s);
    }
    own->user_s += to.servers[arm].user_s - from->servers[arm].user_s;
    own->system_s += to.servers[arm].system_s - from->servers[arm].system_s;
    if (own->watch != NULL) {
        own->rss_bytes = to.servers[arm].rss_bytes;
        own->threads = to.servers[arm].threads;
    }
}

void meter_tell(const struct meter *m, size_t arm, struct second *second)
{
    const struct meter_arm *a = &m->arms[arm];
    if (a->watch == NULL || !(a->window_s > 0))
        return;
    second->server_cpu_cores = (a->user_s + a->system_s) / a->window_s;
    second->server_rss_bytes = a->rss_bytes;
    second->server_threads = a->threads;
}

static bool knows_idle(const struct meter_arm *arm)
{
    return arm->watch != NULL && arm->idle_window_s >= METER_LEAST_S;
}

void meter_share(const struct meter *m, size_t arm, struct session_share *out)
{
    const struct meter_arm *a = &m->arms[arm];
    struct machine machine;
    cores_used(&cores_nothing, &a->cores, a->own_s, &machine);
    *out = (struct session_share){NAN, NAN, NAN, NAN};
    if (a->window_s >= METER_LEAST_S) {
        out->stolen = machine.stolen_cores;
        out->foreign = machine.other_cpu_cores;
        out->throttled = a->throttled_s / a->window_s;
    }
    if (knows_idle(a))
        out->idle = a->idle_s / a->idle_window_s;
}

double meter_idle_median(const struct meter *m, size_t arm)
{
    double sorted[METER_IDLE_MAX];
    const struct meter_arm *a = &m->arms[arm];
    if (!knows_idle(a) || a->nidle == 0)
        return NAN;
    for (size_t i = 0; i < a->nidle; i++)
        sorted[i] = a->idle_cores[i];
    ascending_sort(sorted, a->nidle);
    return ascending_median(sorted, a->nidle);
}
