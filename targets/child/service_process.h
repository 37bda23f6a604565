/* service_process: a child program of our own: started, started again when it dies, stopped.
 *
 * Shape   closed. The child runs under a guard (proc/guard), so it ends when this program does,
 *         whatever ends it. A child that died by itself is started again after 100 ms. The pause
 *         doubles each time up to 5 s, until a child has lived for 10 s. Each restart is logged.
 * Units   ns.
 * Owner   service_process_close frees what service_process_start gives; it may need turns of the
 *         loop, and then calls on_closed. start runs the loop until the child is ready. The spec is
 *         copied.
 * Errors  service_process_start: kind USAGE. Later: on_down, and on_up when it is there again.
 */
#ifndef TARGETS_CHILD_SERVICE_PROCESS_H
#define TARGETS_CHILD_SERVICE_PROCESS_H

#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

#include "base/err.h"
#include "base/str.h"
#include "targets/work/options.h"

struct service_spec {
    const char *program; /* "bench-compute", in the folder of this program; or a path */
    const char *role;    /* "compute service": for messages */
    struct str_list options;
    struct str_list env; /* "NAME=value", on top of our environment */
};

struct service_process_events {
    void *ctx;
    void (*on_up)(void *ctx, int port);
    void (*on_down)(void *ctx);
    void (*on_closed)(void *ctx);
};

struct service_process;

/* Adds --work, --max-work and --grace, so that the service accepts what this program accepts. */
void service_options_add_common(struct str_list *list, const struct target_options *from);
/* Takes over `value`. */
void service_options_add(struct str_list *list, const char *name, char *value);

struct service_process *service_process_start(uv_loop_t *loop, const struct service_spec *spec,
                                              const struct service_process_events *events,
                                              struct err *err);
pid_t service_process_pid(const struct service_process *p); /* 0 while there is none */
int64_t service_process_restarts(const struct service_process *p);
/* The child may finish what it has begun. on_down is not called any more. May be called again with
 * a shorter grace time. */
void service_process_stop(struct service_process *p, int64_t grace_ns);
/* Stops, and calls on_closed when the child is gone. */
void service_process_close(struct service_process *p, int64_t grace_ns);

#endif
