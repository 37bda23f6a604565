/* fleet_check: whether each host of --hosts has bench-rank.
 *
 * Shape   waits some time, for most hosts have said something by then. An mpirun that is to go on
 * when a rank dies says nothing of a host without the program, and the other ranks wait for it. A
 * second mpirun, without that, starts bench-rank --version on each host, and names the host. Owner
 * fleet_check_start gives it to the caller; fleet_check_free after on_closed. Errors  one that
 * cannot be started, or names no host, has nothing to say. Source  mpirun(1) of Open MPI 4.1:
 * "Executable:" and "Node:" in what it says on stderr.
 */
#ifndef RUNNER_FLEET_CHECK_H
#define RUNNER_FLEET_CHECK_H

#include <uv.h>

#include "runner/fleet_command.h"

struct fleet_check;

struct fleet_check_events {
    void *ctx;
    /* "beta does not have /usr/bin/bench-rank: ..", which belongs to the callee. */
    void (*on_missing)(void *ctx, char *words);
    void (*on_closed)(void *ctx); /* once, after fleet_check_stop */
};

/* Begins `after_ms` from now. */
struct fleet_check *fleet_check_start(uv_loop_t *loop, const struct fleet_command *command,
                                      uint64_t after_ms, const struct fleet_check_events *events);
void fleet_check_stop(struct fleet_check *c); /* again is fine */
void fleet_check_free(struct fleet_check *c); /* NULL is fine */

#endif
