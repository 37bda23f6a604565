/* watch: observes a running target from outside: its processes in /proc, and its own counters.
 *
 * Shape   on the caller's loop. While the window is open, processes are sampled at 20 Hz (CPU,
 *         threads, RSS against --max-rss) and 1 Hz, and a bundled target's /stats are read briefly
 *         once per second, and in full at both ends. A queue's workers are read as well, and its
 *         backlog can be waited for.
 * Units   nanoseconds.
 * Owner   watch_new gives the watch to the caller; watch_free after watch_close has called back and
 *         the loop has no more events. plan is borrowed.
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
#include "proc/sampler.h"
#include "runner/drain.h"

struct watch;

struct watch_events {
    void *ctx;
    void (*on_max_rss)(void *ctx); /* the memory exceeded plan->max_rss_bytes */
    void (*on_closed)(void *ctx);
};

typedef void (*watch_done_fn)(void *ctx);

struct watch *watch_new(uv_loop_t *loop, const struct plan *plan, pid_t guard_pid,
                        const struct watch_events *events);
/* Sets the address that the target listens on, and the file with the certificate of its TLS; NULL:
 * it has none. */
void watch_set_address(struct watch *w, const struct sockaddr_storage *address,
                       const char *ca_file);

/* Reads a bundled target's own counters, before or after the window; a later reading of the same
 * moment replaces an earlier one. A reading after the window starts when the one before it is done.
 * done (may be NULL) is called in every case. */
enum watch_moment { WATCH_BEFORE, WATCH_AFTER };
void watch_count(struct watch *w, enum watch_moment when, watch_done_fn done, void *ctx);

void watch_open_window(struct watch *w);
/* Called at the end of each second: adds the server's current figures to the series, and to the
 * second those that are known by now. */
void watch_close_second(struct watch *w, struct second *second);
void watch_close_window(struct watch *w);
/* Reads all its processes now; in the window. */
struct sample watch_sample(struct watch *w);

/* After watch_count of WATCH_AFTER: waits for a queue's backlog according to plan->drain_ns, and
 * reads the workers again. left (may be NULL) reports progress; done is always called, except after
 * watch_close. */
void watch_drain(struct watch *w, drain_left_fn left, watch_done_fn done, void *ctx);
void watch_stop_drain(struct watch *w); /* ends the wait */

/* Call it when the target is gone: nothing more is read. */
void watch_close(struct watch *w);
void watch_free(struct watch *w); /* NULL is fine */

/* Fills the server, the queue and the target's own histograms; nothing if the window was never
 * opened. r->accounting and r->seconds must be filled before. */
void watch_collect(const struct watch *w, struct result *r);

#endif
