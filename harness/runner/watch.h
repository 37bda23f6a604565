/* watch: what a running target does, seen from outside: its processes in /proc, its own counters.
 *
 * Shape   on the caller's loop. Between open and close of the window the processes are sampled at
 *         20 Hz (CPU, threads, RSS against --max-rss) and 1 Hz, a bundled target is asked for its
 *         /stats once a second, and whole at both ends. A queue's workers are asked as well, and
 *         its backlog may be waited for.
 * Units   nanoseconds.
 * Owner   watch_new gives the watch to the caller; watch_free after watch_close has called back and
 *         the loop has nothing more to do. plan is borrowed.
 * Errors  none: what cannot be read is missing in the result.
 */
#ifndef RUNNER_WATCH_H
#define RUNNER_WATCH_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <uv.h>

#include "model/plan.h"
#include "model/result.h"
#include "runner/drain.h"

struct watch;

struct watch_events {
    void *ctx;
    void (*on_max_rss)(void *ctx); /* the memory passed plan->max_rss_bytes */
    void (*on_closed)(void *ctx);
};

typedef void (*watch_done_fn)(void *ctx);

struct watch *watch_new(uv_loop_t *loop, const struct plan *plan, pid_t guard_pid,
                        const struct watch_events *events);
/* The target listens here from now on. */
void watch_set_address(struct watch *w, const struct sockaddr_storage *address);

/* Reads a bundled target's own counters, before or after the window; a later reading of the same
 * moment replaces an earlier one. done (may be NULL) is called in every case. */
enum watch_moment { WATCH_BEFORE, WATCH_AFTER };
void watch_count(struct watch *w, enum watch_moment when, watch_done_fn done, void *ctx);

void watch_open_window(struct watch *w);
/* A second of the run is over: keeps the server's figures of this moment for the series. */
void watch_close_second(struct watch *w);
void watch_close_window(struct watch *w);

/* After watch_count of WATCH_AFTER: waits for a queue's backlog as plan->drain_ns says, and reads
 * the workers again. done is called in every case but after watch_close; left (may be NULL)
 * meanwhile. */
void watch_drain(struct watch *w, drain_left_fn left, watch_done_fn done, void *ctx);
void watch_stop_drain(struct watch *w); /* it waits no longer */

/* The target is gone: nothing more is read. */
void watch_close(struct watch *w);
void watch_free(struct watch *w); /* NULL is fine */

/* Fills the server, the queue and the target's own histograms. Nothing when the window was never
 * open. r->accounting and r->seconds are filled before. */
void watch_collect(const struct watch *w, struct result *r);

#endif
