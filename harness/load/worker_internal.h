/* worker_internal: what comes before the window of a worker (worker_start.c), and the window: what
 * is measured of it begins and ends there (worker_window.c).
 *
 * Units   nanoseconds of clock_now_ns.
 */
#ifndef LOAD_WORKER_INTERNAL_H
#define LOAD_WORKER_INTERNAL_H

#include "load/worker.h"

/* Whole milliseconds until then, rounded up: for a timer that is started now. */
uint64_t worker_ms_until(struct worker *w, int64_t then_ns, int64_t now_ns);
/* Opens its share of `count` connections, as far as they are not open. */
void worker_connect_first(struct worker *w, int count);
/* Lets the first `count` connections of all threads send, as far as they were held until now. */
void worker_release(struct worker *w, int count);
/* Before the thread runs, on its loop. */
int worker_start_init(struct worker *w, struct err *err);
/* Connects and warms up; then w->begin. */
void worker_start(struct worker *w, int64_t now_ns);
/* Looks at whether it was told when to begin. */
void worker_told(struct worker *w);
/* Requests that are due from here on count. The caller sees to planned_end_ns. */
void worker_open_window(struct worker *w, int64_t window_ns);
/* Counts what is open; from here on nothing is sent, and nothing counts. Once; it touches no
 * connection. */
void worker_close_window(struct worker *w, int64_t now_ns);

#endif
