/* start: when the window of a trial opens: as soon as it can, at a time, or when a launcher says.
 *
 * Shape   start_wait calls on_time when the load may be started: early enough before a time that
 *         was given to open the connections and to warm up. A launcher holds the other end of a
 *         socket: start_ready writes "ready\n" to it, then it writes the time, in nanoseconds of
 *         CLOCK_MONOTONIC and a line end: on_told. When it closes its end, before or after that,
 *         the process interrupts itself (SIGINT).
 * Units   nanoseconds of clock_now_ns.
 * Owner   caller's storage, which must outlive the loop's close callbacks; the plan is borrowed.
 * Errors  on_failed, with err set (kind USAGE): what the launcher wrote cannot be used.
 */
#ifndef RUNNER_START_H
#define RUNNER_START_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"
#include "model/plan.h"
#include "model/result.h"

struct start_events {
    void *ctx;
    void (*on_time)(void *ctx);
    void (*on_told)(void *ctx, int64_t at_ns);
    void (*on_failed)(void *ctx);
    struct err *err;
};

struct start {
    const struct plan *plan;
    struct start_events events;
    uv_timer_t timer;
    uv_poll_t poll;
    bool has_timer, has_poll;
    bool is_ready;
    int64_t at_ns;          /* when the window is to open; 0: that is not known, or not planned */
    int64_t wall_offset_ns; /* when the window opened */
    char line[32];
    size_t len;
};

int start_wait(struct start *s, uv_loop_t *loop, const struct plan *plan,
               const struct start_events *events);
/* For a load's start_at_ns. Kind USAGE: there is no time left for the warm-up. */
int start_time(struct start *s, int64_t *at_ns, struct err *err);
/* The load is ready; a launcher is told so. */
void start_ready(struct start *s);
/* The window is open. */
void start_opened(struct start *s);
/* The result's share, if it is of one: when the window did open, and how long after it was to. */
void start_collect(const struct start *s, int64_t window_ns, struct result *r);
/* Nothing is waited for any more. Also when it was not. */
void start_stop(struct start *s);

#endif
