/* meter: what the machine and the servers did in the windows of each arm of a block.
 *
 * Shape   meter_open and meter_close at the two ends of every slice. Each reads the processor time
 *         of all servers, of bench and of the cores, and what quotas held back.
 * Units   seconds of processor time; shares in cores.
 * Owner   caller's storage; the watches are borrowed.
 * Errors  none: what is not known is NAN.
 */
#ifndef RUNNER_METER_H
#define RUNNER_METER_H

#include "model/session.h"
#include "proc/cores.h"
#include "runner/watch.h"

/* The kernel counts in ticks of 10 ms: in a shorter time a share would be off by as much as tells
 * two arms apart. */
#define METER_LEAST_S  2.0
#define METER_IDLE_S   1.0 /* of windows together: a tick in it is a hundredth of a core */
#define METER_IDLE_MAX ((size_t)SESSION_SLICES_MOST * (SESSION_ARMS_MAX - 1))

/* One reading. */
struct meter_reading {
    int64_t at_ns;
    struct sample servers[SESSION_ARMS_MAX];
    double own_s;
    double throttled_s;
    struct cores_time cores;
};

struct meter_arm {
    struct watch *watch; /* NULL: a server that bench did not start */
    /* In its own windows: */
    double window_s, user_s, system_s;
    double own_s; /* of bench and all servers; NAN: not known */
    double throttled_s;
    struct cores_time cores;
    int64_t rss_bytes, threads; /* at the end of the last one; MISSING: not known */
    /* In the windows of the others: */
    double idle_s, idle_window_s;
    double part_s, part_window_s; /* of those that are not long enough yet */
    double idle_cores[METER_IDLE_MAX];
    size_t nidle;
};

struct meter {
    struct meter_arm arms[SESSION_ARMS_MAX];
    size_t narms;
    struct meter_reading opened;
};

void meter_init(struct meter *m, size_t narms);
void meter_open(struct meter *m);
void meter_close(struct meter *m, size_t arm); /* whose window it was */
void meter_share(const struct meter *m, size_t arm, struct session_share *out);
/* What the arm's server has cost in its slices so far: the cores are a mean, because a slice is a
 * few ticks of the kernel's clock. */
void meter_tell(const struct meter *m, size_t arm, struct second *second);
/* The median over stretches of METER_IDLE_S and more in the slices of the others, so that a job
 * that runs now and then is none; NAN: not known. */
double meter_idle_median(const struct meter *m, size_t arm);
/* What a quota held back so far, in seconds; NAN: not known. */
double meter_throttled_s(void);

#endif
