/* merged: what a result that was put together from the shares of several hosts says of each.
 *
 * Shape   plain data, a part of a result: one merged_part for each share of the plan, in their
 *         order. The counts of all parts add up to those of the result.
 * Units   in the names. MISSING and NAN as in a result.
 * Owner   merged owns the parts and their texts; merged_free frees them.
 */
#ifndef MODEL_MERGED_H
#define MODEL_MERGED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/share.h"

#define MERGED_OVERLAP_LEAST 0.99 /* below it the hosts did not load the server together */

/* What became of a share. */
enum part_state {
    PART_WHOLE,
    PART_INCOMPLETE, /* it ended before its time; what it did is counted */
    PART_LOST,       /* its host was lost */
    PART_STATES
};
extern const char *const part_state_names[PART_STATES];

struct merged_part {
    struct share share;
    int64_t cores; /* of its host, online */
    int64_t connections, workers;
    double start_s;    /* of its window, after that of the first */
    double duration_s; /* of its window */
    int64_t sent, completed, carried, timed_out, failed, in_flight_at_end;
    int64_t due, late;                /* of an open loop; late: more than 1 ms after it was due */
    int64_t slip_p50_ns, slip_p99_ns; /* MISSING in a closed loop */
    int64_t slip_max_ns;
    double cpu_s; /* of the load generator */
    double busiest_worker;
    bool saturated; /* as in struct client_cost, as is the next one */
    bool is_late;
    enum part_state state;
    char *why; /* it is not whole; NULL */
};

struct merged {
    struct merged_part *parts;
    size_t nparts;
    /* Of the time from the first window's start to the last one's end: the share in which all were
     * open. */
    double overlap;
    double lost_after_s; /* a host was lost; what came later is in no figure. NAN: none was */
    bool partial;        /* a host was lost, and the others went on (--on-lost continue) */
};

void merged_part_init(struct merged_part *p); /* all missing */
void merged_free(struct merged *m);           /* NULL is fine */
/* What was due, and whole replies, per second of its window; NAN when not known. */
double merged_part_offered_rps(const struct merged_part *p);
double merged_part_achieved_rps(const struct merged_part *p);
struct merged *merged_copy(const struct merged *m);
/* What the same hosts did in another round: counts and times are added, of the rest it is the
 * worst. Nothing if the plan had another number of shares. */
void merged_add(struct merged *sum, const struct merged *more);
/* The same for rounds of which the first is still to come: *sum is NULL until then. More may be
 * NULL. */
void merged_sum(struct merged **sum, const struct merged *more);
/* All parts are whole. */
bool merged_is_whole(const struct merged *m);
/* What a share should have had due, of a plan dealt evenly; NAN in a closed loop. */
double merged_fair_due(const struct merged *m);

#endif
