/* strategy: one way to serve a CPU-heavy endpoint.
 *
 * Shape   one const struct per strategy, in a file that explains it: the head comment, the types,
 *         then the sections work, requests, stats, stop and start. The server does HTTP, counts and
 *         stops; a strategy only decides who does the work and when.
 * Units   in the names.
 * Owner   `start` makes the strategy's state, `close` frees it. A request that `handle` or `route`
 *         takes must be answered exactly once (request.h), at once or later, even if its client has
 *         gone.
 * Errors  `start`: kind USAGE. Later failures are answers: request_reject, request_fail.
 *
 * Every function is called on the loop's thread. The life of a state:
 *   start   before the first request is read; may block (start children, wait until ready)
 *   handle  for each heavy request
 *   stop    once: the server takes no more requests. Reject what has not begun, let the rest end.
 *   busy    during a stop: true while there is work that no request waits for
 *   close   once, when every request is answered: close handles, end children, free the state. The
 *           loop runs on until every handle is closed, so memory may be freed in a close callback.
 */
#ifndef TARGETS_HTTP_STRATEGY_H
#define TARGETS_HTTP_STRATEGY_H

#include <jansson.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "stat/hist.h"
#include "targets/http/request.h"
#include "targets/work/options.h"

/* What a strategy is given; it outlives the strategy's state. */
struct strategy_env {
    uv_loop_t *loop;
    const struct target_options *options;
    uv_async_t *wake; /* to be sent when `busy` has become false during a stop */
    atomic_bool stop; /* the grace time is over: work_run ends at once */
};

struct strategy_stats {
    int64_t queue_depth; /* requests that wait for a thread or a connection, or jobs for a worker */
    /* Threads that the strategy made: now, ever, and most at once. */
    int64_t threads_live, threads_started, threads_peak;
    double run_wait_ended_s; /* time that ended threads had waited for a core */
    /* Shown instead of those of the requests, when the work is not a request; borrowed, or NULL. */
    const struct hist *wait, *work, *job;
    json_t *more; /* an object with further keys for /stats, which is taken over; or NULL */
};

struct strategy {
    const char *name, *summary; /* the summary is one sentence */
    const char *head_refused;   /* why HEAD /heavy is 405; NULL: it is handled like GET */
    bool has_broker;            /* it uses the options of the broker */
    const char *route_path;     /* what `route` takes, for messages: "/jobs/ID"; NULL: nothing */
    int (*start)(struct strategy_env *env, void **state, struct err *err);
    /* The rest may be NULL. Without `handle` /heavy is 404. `route` is offered each request for an
     * unknown path; true when it has taken it. `stats` fills a zeroed struct. */
    void (*handle)(void *state, struct request *request);
    bool (*route)(void *state, struct request *request, const struct message *message);
    void (*stats)(const void *state, struct strategy_stats *out);
    void (*stop)(void *state);
    bool (*busy)(const void *state);
    void (*close)(void *state);
};

#endif
