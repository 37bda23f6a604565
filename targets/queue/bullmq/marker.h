/* redis_marker: wakes a worker of a queue on Redis that has found too few jobs.
 *
 * Shape   closed. Whoever adds a job also writes a marker; a worker that sleeps waits for it with a
 *         blocking command, on a connection of its own. A timer wakes the worker as well: when a
 *         delayed job is due, and after 5 s at the latest, because a marker is lost when the worker
 *         that has just popped it dies. A marker wakes one worker. A marker that arrives after this
 *         worker has woken is put back for the others.
 * Units   ns.
 * Owner   redis_marker_open gives it to the caller; redis_marker_close frees it some turns of the
 *         loop later. The texts of the spec are copied.
 * Errors  redis_marker_open: kind USAGE. Without a connection only the timer wakes the worker.
 * Source  docs.bullmq.io; the key is a sorted set with two members: "0" means that there are jobs,
 *         and the score of "1" is when the next delayed job is due, in ms since 1970.
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
    void (*on_wake)(void *ctx); /* once for each sleep, never inside redis_marker_sleep */
    void (*on_closed)(void *ctx);
};

struct redis_marker;

struct redis_marker *redis_marker_open(uv_loop_t *loop, const struct redis_marker_spec *spec,
                                       struct err *err);
/* Sleeps until then at the latest; INT64_MAX is fine. */
void redis_marker_sleep(struct redis_marker *m, int64_t until_ns);
/* Sleeps, but leaves the marker to others: only the timer wakes the worker. */
void redis_marker_pause(struct redis_marker *m, int64_t until_ns);
/* No wake until the next sleep. */
void redis_marker_stay_awake(struct redis_marker *m);
void redis_marker_close(struct redis_marker *m);

#endif
