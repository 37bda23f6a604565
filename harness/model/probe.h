/* probe: what became of the probes of a run.
 *
 * Shape   a probe is a light request at a steady rate during the run, in no other figure. Most go
 *         on a connection that is open and idle; a probe for which there was none has one opened
 *         for it, and is a figure of its own: it shows what a new client would see.
 * Units   probes; probes a second.
 * Owner   the path is the result's.
 * Errors  none: it is data. probe_fate_adds_up says whether the conservation rule holds.
 */
#ifndef MODEL_PROBE_H
#define MODEL_PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "stat/hist.h"

/* Always due = completed + non_2xx + timed_out + failed + open_at_end. */
struct probe_fate {
    int64_t due;
    int64_t completed; /* answered with a 2xx */
    int64_t non_2xx;   /* answered with another status */
    int64_t timed_out;
    int64_t failed;      /* not connected, lost, or not HTTP */
    int64_t open_at_end; /* sent or not */
};

struct probe_counts {
    char *path;
    double rate_rps;
    struct probe_fate all;
    struct probe_fate opened; /* of all: those that had a connection opened for them */
    int64_t statuses[1000];   /* of the non_2xx, by status code */
};

/* Those that went on a connection that was open. */
struct probe_fate probe_kept(const struct probe_counts *c);
/* Lost, or answered with another status than 2xx: how long they took says nothing about a stall. */
int64_t probe_fate_failed(const struct probe_fate *f);
/* More than 1 % failed like that. */
bool probe_fails(const struct probe_fate *f);
bool probe_fate_adds_up(const struct probe_fate *f);
/* The ages of those that timed out or were open at the end, or NULL: a file of an older version
 * has the failed ones among them. */
const struct hist *probe_waiting(const struct probe_fate *f, const struct hist *unfinished);

#endif
