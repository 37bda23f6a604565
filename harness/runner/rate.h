/* rate: the schedule of an open loop, as a plan asks for it.
 *
 * Shape   stages of the plan as the generator takes them; a constant rate is one stage that never
 *         ends. The warm-up has the rate that the run begins with.
 * Owner   caller's storage; a load_spec borrows it.
 * Errors  none: the plan is checked.
 */
#ifndef RUNNER_RATE_H
#define RUNNER_RATE_H

#include <stdbool.h>
#include <sys/socket.h>

#include "load/schedule.h"
#include "model/plan.h"

struct rate {
    struct schedule run, warmup;
    struct schedule_stage stages[PLAN_STAGES_MAX], first;
};

/* The seed is that of a Poisson process. */
void rate_make(struct rate *r, const struct plan *plan, uint64_t seed);
/* Whether the generator may wait for the last microseconds before a request without sleeping: a
 * core is left for each of its threads, for the main thread and for a server on this machine. */
bool rate_may_spin(const struct plan *plan, const struct sockaddr_storage *address);

#endif
