/* latency_step: a part of the latencies that lies a fixed time above all others.
 *
 * Shape   a pure function of a histogram. A timer of the kernel adds the same time to each request
 *         that it holds up: 40 ms for an acknowledgement that is delayed while the other side waits
 *         for it (Nagle's algorithm), 200 ms until a lost packet is sent again. So the latencies
 *         have a bulk, then a gap, and then a copy of the bulk that begins a step above it. A step
 *         is found only when
 *           - the bulk, below half the step, holds a tenth of all or more, and its middle 80 % lie
 *             within a quarter of the step: without a bulk, a server just takes that long;
 *           - the copy, from the bulk's 10th percentile plus the step to its 90th plus the step and
 *             the timer's grain, holds a thousandth of all or more, and 20 requests or more;
 *           - between the bulk and the copy lies at most a tenth of what is in the copy, and as far
 *             above it as half a step no more than half of it: a long tail has no gap and no end.
 * Units   nanoseconds.
 * Errors  none.
 * Source  Linux, include/net/tcp.h: TCP_DELACK_MIN is HZ / 25, TCP_RTO_MIN HZ / 5; timers count in
 *         jiffies of up to 10 ms.
 */
#ifndef ANALYSIS_LATENCY_STEP_H
#define ANALYSIS_LATENCY_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "stat/hist.h"

struct latency_step {
    int64_t step_ns;
    int64_t grain_ns; /* by how much the timer may be late */
};

/* `share`, of all latencies: what lies in the copy. */
bool latency_step_find(const struct hist *h, const struct latency_step *step, double *share);

#endif
