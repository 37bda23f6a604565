/* lane: blocking work on a thread of its own, a batch at a time.
 *
 * Shape   closed. The requests of one turn of the loop go to the thread as one batch, at the end of
 *         the turn. While the thread works, requests are gathered for the next batch. libuv's pool
 *         is not used, because its threads may be busy for hours with jobs.
 * Owner   lane_open gives the lane to the caller; lane_close frees it some turns of the loop later.
 *         The caller owns the requests; the lane links them and returns each through on_done.
 * Errors  lane_open: kind USAGE. An open lane loses no request.
 */
#ifndef TARGETS_QUEUE_SQLITE_LANE_H
#define TARGETS_QUEUE_SQLITE_LANE_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"

/* The first member of a request. */
struct lane_request {
    struct lane_request *next;
};

struct lane_events {
    void *ctx;
    void (*on_batch)(void *ctx, struct lane_request *first); /* on the thread */
    void (*on_done)(void *ctx, struct lane_request *first);  /* on the loop: the same batch */
    void (*on_last)(void *ctx);   /* on the thread, after the last batch */
    void (*on_closed)(void *ctx); /* on the loop */
};

struct lane;

struct lane *lane_open(uv_loop_t *loop, const struct lane_events *events, struct err *err);
void lane_add(struct lane *l, struct lane_request *request);
/* The thread has no batch, so the loop may use what the thread uses until the next turn. */
bool lane_is_idle(const struct lane *l);
/* The requests are still done, and answered before on_closed. */
void lane_close(struct lane *l);

#endif
