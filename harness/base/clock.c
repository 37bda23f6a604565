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

/* Another clock less the monotonic one. Both cannot be read at once: the reading that lies between
 * the two nearest ones of the monotonic clock is taken. */
static int64_t offset_of(clockid_t id)
{
    int64_t least_ns = INT64_MAX;
    int64_t offset_ns = 0;
    for (int i = 0; i < OFFSET_TRIES; i++) {
        struct timespec other;
        int64_t before_ns = clock_now_ns();
        (void)clock_gettime(id, &other);
        int64_t between_ns = clock_now_ns() - before_ns;
        if (between_ns >= least_ns)
            continue;
        least_ns = between_ns;
        offset_ns = (int64_t)other.tv_sec * NS_PER_S + other.tv_nsec - before_ns - between_ns / 2;
    }
    return offset_ns;
}

int64_t clock_wall_offset_ns(void)
{
    return offset_of(CLOCK_REALTIME);
}

/* CLOCK_BOOTTIME is CLOCK_MONOTONIC with the time of suspends: clock_gettime(2). */
int64_t clock_suspended_ns(void)
{
    return offset_of(CLOCK_BOOTTIME);
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
