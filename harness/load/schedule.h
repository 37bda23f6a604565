/* schedule: when each request of an open loop is due, before any of them is sent.
 *
 * Shape   a rate that is constant or a sequence of stages, each a straight line from one rate to
 *         another, and arrivals at that rate. Arrival k (from 0) is due where the integral of the
 *         rate reaches its place:
 *         constant   k + phase, so they are evenly spaced;
 *         Poisson    the k-th point of a seeded Poisson process of rate 1;
 *         jittered   a place in the slot from k to k + 1 that differs from slot to slot, so that
 *                    they are spread evenly and still keep step with nothing. The places in the
 *                    slots are a low-discrepancy sequence and need no seed.
 *         One schedule is for the whole run: thread j of w takes the arrivals with k = j mod w, so
 *         what the threads do together does not depend on how many there are.
 * Units   nanoseconds from the schedule's start; requests per second.
 * Owner   the caller's storage; a cursor borrows its schedule, and that its stages.
 * Errors  none: rates are finite and not negative, and the first stage or a later one has one above
 *         0.
 * Source  low-discrepancy: the multiples of the golden ratio, modulo 1 (Knuth, TAOCP 3, 6.4); why
 *         what is sampled at steady intervals can mislead: RFC 2330, 11.1.
 */
#ifndef LOAD_SCHEDULE_H
#define LOAD_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/rng.h"

#define SCHEDULE_END INT64_MAX
#define SCHEDULE_ENDLESS_NS                                                                        \
    (INT64_C(36600) * 86400 * NS_PER_S) /* of a stage: longer than any run */

enum schedule_arrivals { ARRIVALS_CONSTANT, ARRIVALS_POISSON, ARRIVALS_JITTERED };

struct schedule_stage {
    int64_t length_ns;
    double from_rps, to_rps;
};

struct schedule {
    enum schedule_arrivals arrivals;
    const struct schedule_stage *stages;
    size_t nstages;
    uint64_t seed; /* of the Poisson process */
    double phase;  /* of constant arrivals, in [0, 1): where the first one is. A schedule that is
                    * much shorter than the gap needs one, or each would begin with an arrival */
};

struct schedule_cursor {
    const struct schedule *schedule;
    int64_t k;  /* of the next arrival */
    int stride; /* threads */
    /* Of the stage that the next arrival is in. */
    size_t stage;
    double before; /* arrivals that are due before it */
    int64_t start_ns;
    /* The next point of the process, and its number. */
    struct rng rng;
    double point;
    int64_t npoints;
};

void schedule_start(struct schedule_cursor *c, const struct schedule *s, int thread, int threads);
/* When the thread's next arrival is due; SCHEDULE_END after the last. */
int64_t schedule_next(struct schedule_cursor *c);
/* All arrivals of all threads. A Poisson process is gone through to count them. */
int64_t schedule_count(const struct schedule *s);
int64_t schedule_length_ns(const struct schedule *s);
/* The k-th of the places that are spread evenly over [0, 1), however many are taken. */
double schedule_spread(int64_t k);

#endif
