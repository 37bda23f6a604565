/* clocks: how far the clock of another host is ahead of ours, from pings.
 *
 * Shape   of many pings the one with the shortest round trip says it best: the other clock was read
 *         somewhere in between, so the offset is wrong by half of it at most. Two such readings,
 * one before and one after a run, show how fast the clocks drift apart. Units   nanoseconds of
 * CLOCK_MONOTONIC of each host; only differences mean anything. Owner   plain data in the caller's
 * storage. Errors  none; an offset without a ping has round_trip_ns -1. Source  Cristian, F.
 * (1989), Probabilistic clock synchronization.
 */
#ifndef RANK_CLOCKS_H
#define RANK_CLOCKS_H

#include <stdint.h>

struct offset {
    int64_t ahead_ns;      /* the other clock less ours */
    int64_t round_trip_ns; /* of the ping that said so; -1: there was none */
    int64_t at_ns;         /* when, by our clock */
    int64_t pings;
};

#define OFFSET_NONE ((struct offset){.round_trip_ns = -1})

/* A ping left at sent_ns, the other clock was read then_ns, and its pong was here at back_ns. */
void offset_add(struct offset *o, int64_t sent_ns, int64_t then_ns, int64_t back_ns);
/* The most that a time, translated by `before`, may have been wrong by at at_ns (our clock), in us.
 * `after`: a reading after it, which adds what the clocks drifted until then; without pings it is
 * left out. NAN when there is no `before`. */
double offset_error_us(const struct offset *before, const struct offset *after, int64_t at_ns);

#endif
