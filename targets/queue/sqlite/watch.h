/* job_watch: wakes a worker that has found too few jobs.
 *
 * Shape   closed. A worker that sleeps is woken when another process writes to the write-ahead log
 *         of the broker's file, when a job is due or a lease ends, and after a second in any case.
 *         inotify costs nothing while nothing is written, nearly nothing for the writer, and does
 *         not depend on the writer, which may be killed at any time. Nothing is watched while the
 *         worker works. Wakes are at least 2 ms apart, so that the worker takes several jobs at
 *         once when many are added.
 * Units   ns.
 * Owner   job_watch_open gives it to the caller; job_watch_close frees it some turns of the loop
 *         later. The path is copied.
 * Errors  none: if the log cannot be watched (no inotify instances left), a sleep lasts at most
 *         20 ms.
 */
#ifndef TARGETS_QUEUE_SQLITE_WATCH_H
#define TARGETS_QUEUE_SQLITE_WATCH_H

#include <stdint.h>
#include <uv.h>

struct job_watch_events {
    void *ctx;
    void (*on_wake)(void *ctx); /* once for each sleep, never inside job_watch_sleep */
    void (*on_closed)(void *ctx);
};

struct job_watch;

struct job_watch *job_watch_open(uv_loop_t *loop, const char *path,
                                 const struct job_watch_events *events);
/* Sleeps until then at the latest; INT64_MAX is fine. The first sleep after a write is short, in
 * case something was written before the watch began. */
void job_watch_sleep(struct job_watch *w, int64_t until_ns);
/* Sleeps, but only the timer wakes the worker. */
void job_watch_pause(struct job_watch *w);
/* No wake until the next sleep. */
void job_watch_stay_awake(struct job_watch *w);
void job_watch_close(struct job_watch *w);

#endif
