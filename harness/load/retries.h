/* retries: the connections of a thread that wait until they may connect.
 *
 * Shape   a list, and a timer of some milliseconds as long as there is one: after a failed connect
 *         a connection waits for the end of its back-off.
 * Units   nanoseconds of clock_now_ns.
 * Owner   the worker's. retries_init on its loop, retries_close on the same.
 * Errors  none.
 */
#ifndef LOAD_RETRIES_H
#define LOAD_RETRIES_H

#include <uv.h>

#include "load/conn.h"

struct retries {
    uv_timer_t timer;
    struct conn *waiting;
    void (*on_tick)(void *ctx, int64_t now_ns); /* after each look at the list */
    void *ctx;
};

/* The caller has set on_tick and ctx. */
void retries_init(struct retries *r, uv_loop_t *loop);
void retries_close(struct retries *r);
/* `c` connects at c->retry_ns, or up to a tick later. */
void retries_add(struct retries *r, struct conn *c);
/* Nothing is connected any more. */
void retries_stop(struct retries *r);

#endif
