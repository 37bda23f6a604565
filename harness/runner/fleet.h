/* fleet: a load that other hosts generate, under mpirun and bench-rank (--hosts).
 *
 * Shape   as load/load.h: fleet_start returns at once, and the events of a load come on the loop.
 *         mpirun is a child of bench (proc/child.h), so nothing of it is left on this machine;
 *         what the hosts print is read line by line, and a fleet that is silent for too long is
 *         ended.
 * Owner   fleet_start gives the fleet to the caller; fleet_free after on_done. The spec's parts are
 *         borrowed.
 * Errors  fleet_start: kind USAGE, a program that is missing. Later fleet_measured says why nothing
 *         was measured. Without a result at the end there is one of the seconds that were heard,
 *         which is not valid and says why.
 * Source  docs/scale.md
 */
#ifndef RUNNER_FLEET_H
#define RUNNER_FLEET_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "base/str.h"
#include "load/load.h"
#include "model/plan.h"
#include "model/result.h"

struct fleet;

#define FLEET_SILENCE_NS INT64_C(60000000000) /* ssh waits long for a host that is not there */

struct fleet_spec {
    uv_loop_t *loop;
    const struct plan *plan;
    const struct str_list *urls; /* as the hosts reach them */
    int64_t silence_ns;          /* beyond what the plan explains, then it is ended */
    struct load_events events;   /* on_window_end may not be NULL */
};

struct fleet *fleet_start(const struct fleet_spec *spec, struct err *err);
/* Ends the load now; the hosts have some seconds for what was measured so far. */
void fleet_stop(struct fleet *f);
/* After on_done. If not, err says why. */
bool fleet_measured(const struct fleet *f, struct err *err);
/* Fills what load_collect does, the costs of the generators and what is known of each. */
void fleet_collect(struct fleet *f, struct result *r);
void fleet_free(struct fleet *f); /* NULL is fine */

#endif
