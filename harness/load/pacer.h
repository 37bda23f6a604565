/* pacer: tells a thread when its requests of an open loop are due: a load worker, and the probe.
 *
 * Shape   one alarm. A kernel is some tens of microseconds late with it; where a core is to spare,
 *         it is set that much earlier, and the rest is waited for in a loop. How late wake-ups are
 *         is learned as the run goes.
 *         An arrival is due at its time, and waits until it is taken, which is when it is sent.
 * Units   nanoseconds of clock_now_ns.
 * Owner   embedded in what uses it; pacer_init before the thread runs, pacer_close on its loop,
 *         pacer_fini when the loop has closed its handle.
 * Errors  pacer_init: kind USAGE when there is no descriptor left.
 * Source  docs/measurement.md, "Open loop".
 */
#ifndef LOAD_PACER_H
#define LOAD_PACER_H

#include <stdbool.h>
#include <uv.h>

#include "base/err.h"
#include "load/alarm.h"
#include "load/schedule.h"
#include "stat/hist.h"

struct pacer {
    int64_t most;                   /* that will be due */
    int64_t start_ns, end_ns;       /* of the schedule; nothing is due at the end or later */
    struct schedule_cursor coming;  /* arrivals that are not due yet */
    struct schedule_cursor waiting; /* those that are not taken yet */
    int64_t next_ns;                /* when the next one is due; SCHEDULE_END: there is none */
    int64_t oldest_ns; /* when the oldest of those that are not taken was, or will be */
    int64_t ndue, ntaken;
    int thread, threads; /* its share of the arrivals */
    bool may_spin;
    int64_t early_ns; /* how much before an arrival the timer is set */
    int64_t spun_ns;  /* since the start */
    struct hist *lag; /* how late each arrival was seen; borrowed; NULL: that is not kept */
    struct alarm alarm;
    bool is_early; /* it rings before the arrival, to wait for the rest of the time in a loop */
    void (*on_due)(void *ctx, int64_t now_ns);
    void *ctx;
};

/* The caller has set thread, threads, may_spin, lag, on_due and ctx. */
int pacer_init(struct pacer *p, uv_loop_t *loop, struct err *err);
void pacer_close(struct pacer *p);
void pacer_fini(struct pacer *p);

/* From now on the arrivals of this schedule are due, begun at start_ns; what was left of an earlier
 * one is forgotten. on_due is called on the loop when some have become due. No more than
 * `most` are. */
void pacer_start(struct pacer *p, const struct schedule *s, int64_t start_ns, int64_t end_ns,
                 int64_t most);
/* Looks at the clock's time: what is due by then is due, although the timer may not have rung. */
void pacer_look(struct pacer *p, int64_t now_ns);
/* Takes the n oldest that wait, and returns when the first of them was due. */
int64_t pacer_take(struct pacer *p, int64_t n);

static inline int64_t pacer_waiting(const struct pacer *p)
{
    return p->ndue - p->ntaken;
}

#endif
