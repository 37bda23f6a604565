/* drain: waits until a queue's backlog is empty, asking its gateway a few times a second.
 *
 * Shape   asynchronous: done is called once, when the backlog is empty, the time is up, somebody
 *         calls drain_stop, or nothing can be expected any more: for some seconds no worker was
 *         there and nothing was completed, or nothing was being worked on for a minute, or the
 *         gateway did not answer.
 * Units   nanoseconds on the monotonic clock. A measured time is at most one pause between two
 *         questions longer than the true one.
 * Owner   the drain frees itself after done; the pointer is dead from then on.
 */
#ifndef RUNNER_DRAIN_H
#define RUNNER_DRAIN_H

#include <sys/socket.h>
#include <uv.h>

#include "model/result.h"
#include "proc/target_stats.h"

struct drain;

struct drain_end {
    enum drain_how how; /* MEASURED or CUT */
    enum drain_cut cut; /* why; UNKNOWN for a measured one */
    int64_t waited_ns;
    int64_t left;
    int64_t completed; /* by the broker's count, ever; MISSING when it gave none */
};

typedef void (*drain_done_fn)(void *ctx, const struct drain_end *end);
typedef void (*drain_left_fn)(void *ctx, int64_t left, int64_t waited_ns);

struct drain_spec {
    const struct sockaddr_storage *address; /* of the gateway */
    const struct queue_stats *from;         /* as last seen; read by drain_start only */
    int64_t since_ns;                       /* when the load ended */
    int64_t most_ns;                        /* to wait since then; INT64_MAX: no limit */
    drain_left_fn on_left;                  /* with each answer; may be NULL */
    drain_done_fn done;
    void *ctx;
};

struct drain *drain_start(uv_loop_t *loop, const struct drain_spec *spec);
/* Calls done, in a later turn of the loop. */
void drain_stop(struct drain *d, enum drain_cut why);

#endif
