/* job_watch: wakes a worker that has found too few jobs.
 *
 * Shape   closed. A worker that sleeps is woken when another process writes to the broker's log
 *         (inotify: it costs the idle nothing, the writer nearly nothing, and needs no word from
 *         the writer, who may be killed at any time), when a job is due or a lease ends, and each
 *         second, whatever was missed. While it works nothing is watched, and it is not woken more
 *         often than every 2 ms, so that it takes several jobs at once when many come.
 * Units   ns.
 * Owner   job_watch_open gives it to the caller; job_watch_close frees it some turns of the loop
 *         later. The path is copied.
 * Errors  none: where the log cannot be watched (no inotify instances left), it looks every 20 ms.
 */
#ifndef TARGETS_QUEUE_SQLITE_WATCH_H
#define TARGETS_QUEUE_SQLITE_WATCH_H

#include <stdint.h>
#include <uv.h>

struct job_watch_events {
    void *ctx;
    void (*on_wake)(void *ctx); /* once a sleep, and not from within job_watch_sleep */
    void (*on_closed)(void *ctx);
};

struct job_watch;

struct job_watch *job_watch_open(uv_loop_t *loop, const char *path,
                                 const struct job_watch_events *events);
/* Until when at the latest; INT64_MAX is fine. The first sleep after a write is a short one, for
 * what was written before the watch began. */
void job_watch_sleep(struct job_watch *w, int64_t until_ns);
/* As sleep, but only time wakes. */
void job_watch_pause(struct job_watch *w);
/* No wake any more, until the next sleep. */
void job_watch_stay_awake(struct job_watch *w);
void job_watch_close(struct job_watch *w);

#endif
