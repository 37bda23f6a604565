/* drain: waits until a queue's backlog is empty, polling its gateway a few times per second.
 *
 * Shape   asynchronous: done is called once: when the backlog is empty, when the time limit is
 *         reached, after drain_stop, or when no more progress can be expected: no worker and
 *         nothing completed for some seconds, no running job for a minute, or no response from
 *         the gateway.
 * Units   nanoseconds on the monotonic clock. A measured time is longer than the true one by at
 *         most one pause between two polls.
 * Owner   the drain frees itself after done; the pointer is invalid from then on.
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
    enum drain_cut cut; /* why it was cut; UNKNOWN if measured */
    int64_t waited_ns;
    int64_t left;
    int64_t completed; /* the broker's count of all completed jobs; MISSING if it has none */
};

typedef void (*drain_done_fn)(void *ctx, const struct drain_end *end);
typedef void (*drain_left_fn)(void *ctx, int64_t left, int64_t waited_ns);

struct tls_context;

struct drain_spec {
    const struct sockaddr_storage *address; /* of the gateway */
    struct tls_context *tls;                /* NULL: plain */
    const struct queue_stats *from;         /* the last ones read; only used by drain_start */
    int64_t since_ns;                       /* when the load ended */
    int64_t most_ns;                        /* maximum wait since then; INT64_MAX: no limit */
    drain_left_fn on_left;                  /* called with each response; may be NULL */
    drain_done_fn done;
    void *ctx;
};

struct drain *drain_start(uv_loop_t *loop, const struct drain_spec *spec);
/* Calls done, in a later turn of the loop. */
void drain_stop(struct drain *d, enum drain_cut why);

#endif
