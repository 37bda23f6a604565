/* clock: the only clock that measures.
 *
 * Units   nanoseconds of CLOCK_MONOTONIC. Wall time is a label on a result, never a measure.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
#define NS_PER_US INT64_C(1000)

struct timeval;

int64_t clock_now_ns(void);
/* Seconds of CPU as getrusage gives them. */
double clock_timeval_s(const struct timeval *time);
/* Milliseconds since 1970, UTC. */
int64_t clock_wall_ms(void);
/* Wall time less monotonic time: between two calls it changes only by what the wall clock was set.
 */
int64_t clock_wall_offset_ns(void);
/* For how long the machine has been suspended since it started: time that clock_now_ns leaves out.
 */
int64_t clock_suspended_ns(void);
/* "2026-11-22T21:04:05.123Z"; text must hold 25 bytes. */
void clock_format_wall(int64_t wall_ms, char *text, size_t size);

#endif
