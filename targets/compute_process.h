/* compute_process: a bench-compute of our own: started, started again when it dies, stopped.
 *
 * Shape   closed. It runs under a guard (proc/guard), so it ends when this program does, whatever
 *         ends it. One that died by itself is started again after 100 ms, and twice as long each
 *         time up to 5 s, until one has lived for 10 s. stderr tells.
 * Units   ns.
 * Owner   what compute_process_start gives is freed by compute_process_close, which may need the
 *         loop to turn: on_closed tells. start turns the loop until the service is ready.
 * Errors  compute_process_start: kind USAGE. Later trouble: on_down, and on_up when it is over.
 */
#ifndef TARGETS_COMPUTE_PROCESS_H
#define TARGETS_COMPUTE_PROCESS_H

#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "base/err.h"
#include "targets/options.h"

struct compute_process_events {
    void *ctx;
    void (*on_up)(void *ctx, int port);
    void (*on_down)(void *ctx);
    void (*on_closed)(void *ctx);
};

struct compute_process;

struct compute_process *compute_process_start(uv_loop_t *loop, const struct target_options *options,
                                              const struct compute_process_events *events,
                                              struct err *err);
pid_t compute_process_pid(const struct compute_process *p); /* 0 while there is none */
int64_t compute_process_restarts(const struct compute_process *p);
/* It may finish what it has begun. on_down does not come any more. */
void compute_process_stop(struct compute_process *p, int64_t grace_ns);
/* As stop, and on_closed when it is gone. */
void compute_process_close(struct compute_process *p, int64_t grace_ns);

#endif
