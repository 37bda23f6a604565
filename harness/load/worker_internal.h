/* worker_internal: the window of a worker: what is measured of it begins and ends here.
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
/* Requests that are due from here on count. The caller sees to planned_end_ns. */
void worker_open_window(struct worker *w, int64_t window_ns);
/* Counts what is open; from here on nothing is sent, and nothing counts. Once; it touches no
 * connection. */
void worker_close_window(struct worker *w, int64_t now_ns);

#endif
