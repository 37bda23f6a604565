/* trial_machine: what the cores and bench itself used during the window of a trial.
 *
 * Owner   caller's storage.
 * Errors  none: what cannot be read is NAN.
 */
#ifndef RUNNER_TRIAL_MACHINE_H
#define RUNNER_TRIAL_MACHINE_H

#include "model/plan.h"
#include "model/result.h"
#include "proc/cores.h"

struct trial_machine {
    double user_at_window_s, system_at_window_s;
    struct cores_time cores_at_window, cores_at_end;
    int64_t suspended_at_window_ns, suspended_at_end_ns;
};

void trial_machine_open(struct trial_machine *m); /* the window */
/* It is over: the cost of the client; NULL: that is not this process. */
void trial_machine_close(struct trial_machine *m, struct client_cost *client);
/* What others used, once the result has the cost of client and server. */
void trial_machine_collect(const struct trial_machine *m, const struct plan *plan,
                           struct result *r);

#endif
