/* alarm: rings on a loop at a time that is exact to some tens of microseconds.
 *
 * Shape   one absolute timerfd, because libuv's own timers only count milliseconds. It rings once
 *         for each time that it is set to.
 * Units   nanoseconds of clock_now_ns.
 * Owner   embedded in what uses it; alarm_init before the thread runs, alarm_close on its loop,
 *         alarm_fini when the loop has closed its handle. Both are fine without alarm_init.
 * Errors  alarm_init: kind USAGE when there is no descriptor left.
 * Source  timerfd_create(2); PR_SET_TIMERSLACK of prctl(2).
 */
#ifndef LOAD_ALARM_H
#define LOAD_ALARM_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "base/err.h"

#define ALARM_NEVER INT64_MAX

struct alarm {
    int fd;
    bool has_fd;
    int64_t at_ns; /* when it rings */
    uv_poll_t poll;
    void (*on_ring)(void *ctx, int64_t now_ns);
    void *ctx;
};

/* The caller has set on_ring and ctx. */
int alarm_init(struct alarm *a, uv_loop_t *loop, struct err *err);
/* On its thread. Setting it also takes back that it has rung. */
void alarm_set(struct alarm *a, int64_t at_ns);
void alarm_close(struct alarm *a);
void alarm_fini(struct alarm *a);

#endif
