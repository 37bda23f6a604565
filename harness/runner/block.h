/* block: one block of a session in slices: all arms alive side by side, loaded one after the other.
 *
 * Shape   block_measure blocks until all that it started has ended. It connects to the arms that
 *         are URLs, starts the others in the order of the coin, warms each, runs the pilot if
 *         slice_ns is 0, and then loads the slices. The pilot's requests count nowhere. SIGINT,
 *         SIGTERM and SIGHUP end it; the caller holds them (base/signals.h).
 * Units   nanoseconds, cores.
 * Owner   the sides are the caller's, freshly initialised; block_outcome_fini frees the outcome.
 * Errors  in the outcome: what did not work, for which arm.
 */
#ifndef RUNNER_BLOCK_H
#define RUNNER_BLOCK_H

#include <stdbool.h>

#include "base/err.h"
#include "model/session.h"
#include "runner/arm.h"

#define BLOCK_LOAD_NS   (6 * NS_PER_S)   /* of an arm in all its slices, unless it is given */
#define BLOCK_SLICE_NS  (75 * NS_PER_MS) /* at least */
#define BLOCK_GUARD_NS  (25 * NS_PER_MS) /* at least; but no longer than a slice */
#define BLOCK_WARMUP_NS NS_PER_S         /* unless it is given; no longer than a slice */
#define BLOCK_PILOT_NS  (500 * NS_PER_MS)
/* How many latencies of one connection a slice and its guard hold. */
#define BLOCK_SLICE_LATENCIES 6
#define BLOCK_GUARD_LATENCIES 3

/* As in a session. */
struct block_lengths {
    int64_t slices, slice_ns, guard_ns;
};

struct block_place {
    size_t arm;
    size_t slice, slices; /* the first is 1; both 0 before the slices */
};

struct block_spec {
    const struct arms *arms;
    const struct session *session; /* seed, narms, and the lengths */
    size_t number;
    int64_t load_ns; /* of each arm; 0: chosen after the pilot */
    void (*on_place)(void *ctx, const struct block_place *place);
    void (*on_second)(void *ctx, size_t arm, const struct second *second); /* that counts */
    void *ctx;
};

enum block_how {
    BLOCK_MEASURED,
    BLOCK_NOT_STARTED, /* an arm does not start, or cannot be connected to */
    BLOCK_DIED,        /* a server that had started */
    BLOCK_INTERRUPTED,
    BLOCK_FAILED /* of bench itself: a thread or a loop cannot be made */
};

struct block_outcome {
    enum block_how how;
    size_t arm;     /* of NOT_STARTED and DIED */
    bool is_second; /* of NOT_STARTED: another arm had started beside it */
    struct err err; /* of all but MEASURED */
    char *words;    /* the whole problem of a server, with its last lines; or NULL */
    int signal;     /* of INTERRUPTED, or one that came while the servers ended; 0: none */
    struct block_lengths lengths;
    int64_t pilot_latency_ns;            /* of the slower arm; MISSING without a pilot */
    double idle_cores[SESSION_ARMS_MAX]; /* the median over the slices of the others; or NAN */
    int64_t rss_bytes[SESSION_ARMS_MAX]; /* the peak; or MISSING */
};

void block_measure(const struct block_spec *spec, struct session_side *sides,
                   struct block_outcome *out);
void block_outcome_fini(struct block_outcome *out);

/* The lengths that the pilot's slower latency asks for, which is the median or, if that is more,
 * half of the p99; load_ns: as in block_spec. The speed of a shared machine changes within a
 * second, so slices are as short, and as many, as the latency allows: what changes more slowly than
 * they take turns meets both arms alike. */
struct block_lengths block_choose_lengths(int64_t latency_ns, int64_t load_ns);
/* Whether a block could have had these lengths: with this load, by some latency of the pilot.
 * timeout_ns: the longest of the arms; load_ns: as in block_spec. */
bool block_may_have(enum session_layout layout, int64_t load_ns, int64_t timeout_ns,
                    const struct block_lengths *lengths);
/* The plan of an arm in one block: with the padding of its environment, without what a block does
 * not measure. It borrows from the arm. */
struct plan block_plan(const struct arm_plan *arm, const struct session *s, size_t block,
                       size_t number_of_arm, int64_t load_ns);

#endif
