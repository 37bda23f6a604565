/* redis_marker: wakes a worker of a queue on Redis that has found too few jobs.
 *
 * Shape   closed. Who adds a job leaves a marker, and a worker that sleeps blocks on it, on a
 *         connection of its own. Time wakes too: when a delayed job is due, and every 5 s at the
 *         latest, since a marker is lost with the worker that had just taken it.
 *         A marker calls one worker. One that comes when this worker does not sleep any more is
 *         put back for the others.
 * Units   ns.
 * Owner   redis_marker_open gives it to the caller; redis_marker_close frees it some turns of the
 *         loop later. What the spec names is copied.
 * Errors  redis_marker_open: kind USAGE. Without a connection only time wakes.
 * Source  docs.bullmq.io; the key is a sorted set with two members: "0" says that there are jobs,
 *         "1" when the next delayed one is due (its score, in ms since 1970).
 */
#ifndef TARGETS_QUEUE_BULLMQ_MARKER_H
#define TARGETS_QUEUE_BULLMQ_MARKER_H

#include <stdint.h>
#include <uv.h>

#include "base/err.h"

struct redis_marker_spec {
    const char *url, *key;
    const char *client_name; /* by which the library finds workers; NULL: none */
    void *ctx;
    void (*on_wake)(void *ctx); /* once a sleep, and not from within redis_marker_sleep */
    void (*on_closed)(void *ctx);
};

struct redis_marker;

struct redis_marker *redis_marker_open(uv_loop_t *loop, const struct redis_marker_spec *spec,
                                       struct err *err);
/* Until when at the latest; INT64_MAX is fine. */
void redis_marker_sleep(struct redis_marker *m, int64_t until_ns);
/* As sleep, but only time wakes: the marker is for others. */
void redis_marker_pause(struct redis_marker *m, int64_t until_ns);
/* No wake any more, until the next sleep. */
void redis_marker_stay_awake(struct redis_marker *m);
void redis_marker_close(struct redis_marker *m);

#endif
