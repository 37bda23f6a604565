/* worker_team: the bench-worker processes of one queue.
 *
 * Shape   closed. Each worker is a service_process: started again when it dies, and it never
 *         outlives this program.
 * Units   ns.
 * Owner   worker_team_close frees what worker_team_start gives, some turns of the loop later, and
 *         then calls on_closed. start runs the loop until all workers are ready.
 * Errors  worker_team_start: kind USAGE.
 */
#ifndef TARGETS_CHILD_WORKER_TEAM_H
#define TARGETS_CHILD_WORKER_TEAM_H

#include <jansson.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "targets/work/options.h"

struct worker_team;

/* Starts options->queue_workers workers, at least 1, for options->broker. */
struct worker_team *worker_team_start(uv_loop_t *loop, const struct target_options *options,
                                      void (*on_closed)(void *ctx), void *ctx, struct err *err);
/* Those that are ready now: [{"pid":..,"port":..}]. */
json_t *worker_team_json(const struct worker_team *team);
/* The workers finish running jobs and give back the rest. */
void worker_team_close(struct worker_team *team, int64_t grace_ns);
/* During a close: shortens the grace time. */
void worker_team_hurry(struct worker_team *team, int64_t grace_ns);

#endif
