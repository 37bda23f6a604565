/* cores: the cores that this process may run on, and what ran on them.
 *
 * Shape   cores_read at both ends of a window; cores_used then tells what others used in between.
 *         Cores that this process may not run on are left out.
 * Units   CPU in the kernel's ticks of 10 ms, counted since it started; the figures in cores.
 * Owner   the caller's storage.
 * Errors  -1 without a message when the text is not what the kernel writes, or we may run on none
 *         of its cores. cores_used: a figure that is not known is NAN.
 * Source  proc(5), /proc/stat; sched_getaffinity(2).
 */
#ifndef PROC_CORES_H
#define PROC_CORES_H

#include <sched.h>
#include <stddef.h>
#include <stdint.h>

#include "model/result.h"

#define CORES_LEAST_S 0.5 /* for a shorter time the ticks are too coarse */

struct cores_time {
    int64_t at_ns;         /* 0: nothing was read */
    int64_t cores;         /* how many the ticks were summed over */
    int64_t program_ticks; /* of programs: user, nice, system; guests are in user */
    int64_t stolen_ticks;
    int64_t all_ticks; /* with idle time and interrupts */
};

/* The number of cores that this process may run on, or MISSING. */
int64_t cores_allowed(void);

/* set, of size bytes: the cores to count. at_ns is left alone. */
int cores_parse(const char *text, const cpu_set_t *set, size_t size, struct cores_time *out);
/* *out is all zero after -1. */
int cores_read(struct cores_time *out);

/* Adds the time from one reading to another to a sum, which starts as cores_nothing. After a
 * reading that failed, or with which the other cannot be compared, nothing of the sum is known. */
extern const struct cores_time cores_nothing;
void cores_add(struct cores_time *sum, const struct cores_time *from, const struct cores_time *to);

/* own_s: CPU that bench and its targets used between the two; NAN: unknown. */
void cores_used(const struct cores_time *from, const struct cores_time *to, double own_s,
                struct machine *out);

#endif
