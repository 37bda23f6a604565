/* service_process: a child program of our own: started, started again when it dies, stopped.
 *
 * Shape   closed. It runs under a guard (proc/guard), so it ends when this program does, whatever
 *         ends it. One that died by itself is started again after 100 ms, and twice as long each
 *         time up to 5 s, until one has lived for 10 s. stderr tells.
 * Units   ns.
 * Owner   what service_process_start gives is freed by service_process_close, which may need the
 *         loop to turn: on_closed tells. start turns the loop until the program is ready. The spec
 *         is copied.
 * Errors  service_process_start: kind USAGE. Later trouble: on_down, and on_up when it is over.
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
    const char *program; /* "bench-compute"; found beside this one */
    const char *role;    /* "compute service": for messages */
    struct str_list options;
    struct str_list env; /* "NAME=value", over our own environment */
};

struct service_process_events {
    void *ctx;
    void (*on_up)(void *ctx, int port);
    void (*on_down)(void *ctx);
    void (*on_closed)(void *ctx);
};

struct service_process;

/* What this program accepts, its service accepts as well: --work, --max-work and --grace. */
void service_options_add_common(struct str_list *list, const struct target_options *from);
/* `name` and its value, which is taken over. */
void service_options_add(struct str_list *list, const char *name, char *value);

struct service_process *service_process_start(uv_loop_t *loop, const struct service_spec *spec,
                                              const struct service_process_events *events,
                                              struct err *err);
pid_t service_process_pid(const struct service_process *p); /* 0 while there is none */
int64_t service_process_restarts(const struct service_process *p);
/* It may finish what it has begun. on_down does not come any more. Again with a shorter grace time
 * is fine. */
void service_process_stop(struct service_process *p, int64_t grace_ns);
/* As stop, and on_closed when it is gone. */
void service_process_close(struct service_process *p, int64_t grace_ns);

#endif
