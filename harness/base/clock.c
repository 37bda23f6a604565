#include "base/clock.h"

#include <stdio.h>
#include <sys/time.h>
#include <time.h>

#define OFFSET_TRIES 5

int64_t clock_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

double clock_timeval_s(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

int64_t clock_wall_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / NS_PER_MS;
}

/* Both cannot be read at once: the wall time that lies between the two nearest readings of the
 * monotonic clock is taken. */
int64_t clock_wall_offset_ns(void)
{
    int64_t least_ns = INT64_MAX;
    int64_t offset_ns = 0;
    for (int i = 0; i < OFFSET_TRIES; i++) {
        struct timespec wall;
        int64_t before_ns = clock_now_ns();
        (void)clock_gettime(CLOCK_REALTIME, &wall);
        int64_t between_ns = clock_now_ns() - before_ns;
        if (between_ns >= least_ns)
            continue;
        least_ns = between_ns;
        offset_ns = (int64_t)wall.tv_sec * NS_PER_S + wall.tv_nsec - before_ns - between_ns / 2;
    }
    return offset_ns;
}

void clock_format_wall(int64_t wall_ms, char *text, size_t size)
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm utc;
    (void)gmtime_r(&seconds, &utc);
    char date[32];
    (void)strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &utc);
    (void)snprintf(text, size, "%s.%03dZ", date, (int)(wall_ms % 1000));
}
