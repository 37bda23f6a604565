/* machine_floor: what no load generator can go below on this machine.
 *
 * Shape   a thread sleeps until a time of a timerfd, sends a byte to another thread over TCP on
 *         loopback, and waits until it comes back; again and again, with the machine idle in
 *         between as it is between the requests of a slow open loop. Takes rounds x gap.
 * Units   nanoseconds.
 * Owner   machine_floor_measure fills caller's storage, on success only; machine_floor_fini frees.
 * Errors  kind INVALID: no socket, timer or thread.
 */
#ifndef SELFTEST_MACHINE_FLOOR_H
#define SELFTEST_MACHINE_FLOOR_H

#include <stdint.h>

#include "base/err.h"
#include "stat/hist.h"

struct machine_floor {
    struct hist *wake;       /* how late the wake-up was */
    struct hist *round_trip; /* of the byte, both wake-ups included */
    /* After 20 ms, because a processor sleeps the deeper, the longer: how late the wake-up was, and
     * a byte to a thread that has slept. */
    struct hist *idle_wake, *to_idle;
};

int machine_floor_measure(int rounds, int64_t gap_ns, struct machine_floor *out, struct err *err);
/* What no latency of a server that waits can be without: the request wakes the server, its timer
 * wakes it again, and the reply wakes the client. */
int64_t machine_floor_idle_ns(const struct machine_floor *f);
void machine_floor_fini(struct machine_floor *f);

#endif
