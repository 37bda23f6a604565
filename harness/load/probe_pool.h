/* probe_pool: the connections of the probe.
 *
 * Shape   `size` connections are kept open. A request goes on the one that has been idle for
 *         longest, or has one opened for it when none is idle, up to `most`; that one stays.
 *         One that is closed, by either side and for whatever reason, is opened again in the
 *         background: at once if it gave a reply, else after a back-off of 10 ms to 1 s.
 *         The owner calls probe_pool_turn in each turn of the loop, and at the latest at the time
 *         of probe_pool_next_ns.
 * Units   nanoseconds of clock_now_ns; a request's time-out counts from when it was due.
 * Owner   caller's storage. The env's streams and source are borrowed until
 *         probe_pool_fini, which comes after the loop has closed everything.
 * Errors  none are returned: each request that was sent ends in one on_end.
 */
#ifndef LOAD_PROBE_POOL_H
#define LOAD_PROBE_POOL_H

#include "load/probe_conn.h"

enum probe_end {
    PROBE_ANSWERED,
    PROBE_TIMED_OUT,
    PROBE_LOST, /* not connected, its connection lost, or not HTTP */
    PROBE_OPEN, /* at the end */
};

struct probe_request {
    int64_t due_ns;
    bool is_new; /* its connection was opened for it */
    enum probe_end end;
    int status; /* of PROBE_ANSWERED */
};

typedef void (*probe_end_fn)(void *ctx, const struct probe_request *request, int64_t now_ns);

struct probe_pool {
    struct probe_conn_env env;
    size_t size, most;
    probe_end_fn on_end;
    void *ctx;
    /* Each conn that is not closed is in one of these. */
    struct deadlines connecting; /* in the background */
    struct deadlines idle;       /* no time-out: the one that is idle for longest comes first */
    struct deadlines busy;       /* with a request, or opened for one */
    size_t open;                 /* in all three */
    struct probe_conn *conns, *free;
    int64_t backoff_ns; /* 0 after a reply */
    int64_t retry_ns;   /* nothing is opened in the background before it */
    bool is_closing;
};

/* Sets the lists, and the ctx and callbacks of the env; the owner sets the rest. */
void probe_pool_init(struct probe_pool *p, int64_t timeout_ns);
/* False if no connection is idle and no further one may be opened. */
bool probe_pool_send(struct probe_pool *p, int64_t due_ns, int64_t now_ns);
/* Expires what has run out of time, and opens connections in the background. */
void probe_pool_turn(struct probe_pool *p, int64_t now_ns);
int64_t probe_pool_next_ns(const struct probe_pool *p); /* INT64_MAX: no need */
bool probe_pool_is_connecting(const struct probe_pool *p);
/* Ends every request as PROBE_OPEN, and closes the connections. */
void probe_pool_close(struct probe_pool *p, int64_t now_ns);
void probe_pool_fini(struct probe_pool *p);

#endif
