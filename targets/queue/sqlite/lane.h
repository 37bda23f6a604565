/* broker_lane: blocking work on a thread of its own, a batch at a time.
 *
 * Shape   closed. What is asked for in one turn of the loop goes to the thread together at the end
 *         of the turn; what comes while the thread works is gathered and goes next. A thread of
 *         its own, because those of libuv's pool may be busy with jobs of hours.
 * Owner   lane_open gives the lane to the caller; lane_close frees it some turns of the loop later.
 *         Asks are the caller's; the lane links them and gives each one back through on_done.
 * Errors  lane_open: kind USAGE. A lane that is open loses no ask.
 */
#ifndef TARGETS_QUEUE_SQLITE_LANE_H
#define TARGETS_QUEUE_SQLITE_LANE_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"

/* First member of what is asked for. */
struct lane_ask {
    struct lane_ask *next;
};

struct lane_events {
    void *ctx;
    void (*on_batch)(void *ctx, struct lane_ask *first); /* on the thread */
    void (*on_done)(void *ctx, struct lane_ask *first);  /* on the loop: the same list again */
    void (*on_last)(void *ctx);                          /* on the thread, after the last batch */
    void (*on_closed)(void *ctx);                        /* on the loop */
};

struct lane;

struct lane *lane_open(uv_loop_t *loop, const struct lane_events *events, struct err *err);
void lane_ask(struct lane *l, struct lane_ask *ask);
/* The thread has no batch: what it uses may be used on the loop until the next turn. */
bool lane_is_idle(const struct lane *l);
/* What was asked for is still done, and answered before on_closed. */
void lane_close(struct lane *l);

#endif
