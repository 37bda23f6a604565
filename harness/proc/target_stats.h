/* target_stats: what a bundled target says of itself on GET /stats.
 *
 * Shape   plain data. What is absent or of a wrong type is MISSING (int64_t), NAN (double) or NULL,
 *         so a target of another version is still read.
 * Units   in the names; the histograms are in ns.
 * Owner   target_stats_fini frees; a failed parse leaves nothing to free.
 * Errors  kind INVALID: not a JSON object, or a histogram that cannot be decoded. The text is
 *         untrusted.
 */
#ifndef PROC_TARGET_STATS_H
#define PROC_TARGET_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "stat/hist.h"

#define TARGET_STATS_MAX_BYTES ((size_t)16 << 20)

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
    int64_t connections_open, connections_accepted;
    struct hist *wait, *work; /* NULL when absent */
};

int target_stats_parse(const char *text, size_t len, struct target_stats *out, struct err *err);
void target_stats_fini(struct target_stats *s);

#endif
