/* target_stats: what a bundled target reports about itself on GET /stats.
 *
 * Shape   plain data. What is absent or of a wrong type is MISSING (int64_t), NAN (double) or NULL,
 *         so a target of another version is still read.
 * Units   in the names; the histograms are in ns.
 * Owner   target_stats_fini frees; a failed parse leaves nothing to free.
 * Errors  kind INVALID: not a JSON object, or a histogram that cannot be decoded or is not of a
 *         result's shape. The text is untrusted.
 */
#ifndef PROC_TARGET_STATS_H
#define PROC_TARGET_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "stat/hist.h"

#define TARGET_STATS_MAX_BYTES ((size_t)16 << 20)

#define TARGET_WORKERS_MAX 256 /* that are read; the rest are only counted */

/* One worker process of a queue, as its gateway tells it. */
struct worker_place {
    int64_t pid;
    int port; /* of its own /stats, on loopback */
};

/* Jobs, as the gateway of a queue counts them. */
struct queue_stats {
    char *broker;
    int64_t broker_lost;              /* connections to it, ever; MISSING when not told */
    bool broker_is_away;              /* now */
    char *broker_eviction;            /* its maxmemory-policy if it removes keys, else NULL */
    bool broker_has_no_log;           /* no append-only file */
    int64_t accepted;                 /* by this gateway */
    int64_t waiting, delayed, active; /* now */
    int64_t completed, failed;        /* ever, in this broker */
    struct worker_place *workers;     /* those that are ready now */
    size_t nworkers;
    size_t workers_ready; /* at least nworkers */
};

struct target_stats {
    char *strategy;
    int64_t pid;
    struct {
        int64_t begun, completed, rejected, aborted, failed;
    } heavy;
    int64_t ping, other; /* requests */
    int64_t queue_depth;
    int64_t threads_live, threads_started, threads_peak;
    double user_s, system_s; /* CPU, the target's whole life */
    int64_t rss_peak_bytes;
    int64_t switches_voluntary, switches_involuntary;
    double run_wait_ended_s; /* of its threads that ended */
    double run_wait_live_s;  /* of those that live: not told, set by target_stats_look */
    int64_t connections_open, connections_accepted;
    struct hist *wait, *work, *job; /* NULL when absent */
    bool has_queue;                 /* the gateway of a queue */
    struct queue_stats queue;
};

int target_stats_parse(const char *text, size_t len, struct target_stats *out, struct err *err);
/* Reads what else is known of the process at this moment, from /proc; right after its answer came,
 * so that no thread counts among those that live and those that ended. */
void target_stats_look(struct target_stats *s);
void target_stats_fini(struct target_stats *s);
/* Jobs that are not done; MISSING when one of the counts is. */
int64_t queue_stats_backlog(const struct queue_stats *q);

#endif
