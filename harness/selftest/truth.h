/* truth: what the latencies of a delay server have to be. Pure.
 *
 * Shape   a server with no limit that is frozen for a while; one that serves a request after the
 *         other; and what the theory says of the latter when arrivals and service times are random
 *         (M/M/1).
 * Units   nanoseconds; arrivals from any common start. `load` is the part of the time in which the
 *         server is busy, from 0 to below 1.
 * Owner   caller's storage.
 * Errors  none.
 * Source  Lindley (1952) for the queue; Kleinrock, "Queueing Systems" (1975), 3.2 for its mean.
 */
#ifndef SELFTEST_TRUTH_H
#define SELFTEST_TRUTH_H

#include <stddef.h>
#include <stdint.h>

/* From begin_ns the server stands still, and goes on at end_ns. */
struct truth_freeze {
    int64_t begin_ns, end_ns;
};

/* Of a request to a server that takes service_ns for each, however many there are. One that comes
 * during the freeze is read at its end; one that would be answered in it is answered then. */
int64_t truth_frozen_ns(int64_t arrival_ns, int64_t service_ns, const struct truth_freeze *freeze);
/* The same of n requests that are evenly spaced, the first at 0. */
void truth_frozen_all(double rate_rps, int64_t service_ns, const struct truth_freeze *freeze,
                      size_t n, int64_t *out_ns);

/* Of requests that one server takes in the order of their arrival: waiting and service. */
void truth_queue(const int64_t *arrivals_ns, const int64_t *services_ns, size_t n, int64_t *out_ns);

/* M/M/1: the mean latency, and by how much the mean of n requests to a server that begins idle may
 * be away from it in 99 of 100 runs. The latter is found by simulation, because the requests of a
 * run are not independent of each other. */
double truth_random_mean_ns(double mean_service_ns, double load);
double truth_random_spread_ns(double mean_service_ns, double load, size_t n, uint64_t seed);

#endif
