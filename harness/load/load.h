/* load: one run: worker threads, the window, the numbers.
 *
 * Shape   load_start returns at once; everything else happens in the loop's callbacks on the
 *         caller's thread: on_window when measuring begins, on_second for each closed second,
 *         on_window_end when nothing is measured any more (with --wait-open some requests are still
 *         open then), on_done once when all threads are joined.
 * Units   nanoseconds, counts.
 * Owner   load_start gives the load to the caller; load_free after on_done. The spec is borrowed.
 * Errors  only load_start can fail (a thread or its loop cannot be made). Then on_window may have
 *         been called, the others are not; the loop must still run until the load's handles are
 *         closed. Losses are counted.
 */
#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include <uv.h>

#include "base/err.h"
#include "load/spec.h"
#include "model/result.h"

struct load;

struct load_events {
    void *ctx;
    void (*on_window)(void *ctx);
    void (*on_second)(void *ctx, const struct second *second);
    void (*on_done)(void *ctx);
    void (*on_window_end)(void *ctx); /* may be NULL */
    /* Of a load that is told when to begin: each connection has been tried, and the warm-up was as
     * long as it should be. May be NULL. */
    void (*on_ready)(void *ctx);
};

struct load *load_start(uv_loop_t *loop, const struct load_spec *spec,
                        const struct load_events *events, struct err *err);
/* Of a load that is told when to begin, once: when its window opens. */
void load_open_at(struct load *l, int64_t at_ns);
/* Ends the run now; open requests are counted, on_done follows. */
void load_stop(struct load *l);
/* Fills accounting, histograms, seconds, fairness, duration and the client's busiest worker. After
 * on_done. */
void load_collect(struct load *l, struct result *r);
/* The window was opened; if not, there is nothing to collect. */
bool load_measured(const struct load *l);
/* When it was, on the first of the threads. */
int64_t load_window_ns(const struct load *l);
/* Requests that were sent before the window, and were still open at its end. They are in no count.
 * After on_done. */
int64_t load_stuck(const struct load *l);
/* A worker ended because no reply came any more. */
bool load_gave_up(const struct load *l);
void load_free(struct load *l); /* NULL is fine */

#endif
