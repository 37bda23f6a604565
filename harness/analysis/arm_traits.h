/* arm_traits: properties of an arm that findings and claims share.
 *
 * Shape   sound       it has results, all are valid, and none was interrupted.
 *         loses       more than 1 % of its requests timed out or failed, or fewer than half were
 *                     answered.
 *         refuses     more than 1 % of its responses did no work.
 *         blocks      the probe endpoint: both the p99 and the p50 of its probes reach the limits
 *                     below; it is uneven if only the p99 does. The limits are absolute: a user's
 *                     wait does not depend on the other arms. Probes that were lost or answered
 *                     with another status than 2xx have no time; an arm with more than 1 % of them
 *                     does not count as probed.
 *         a queue     what its clients saw accepted, and the fate of the jobs by the gateway's own
 *                     counts. The accept rate counts the 202 responses received in the window; the
 *                     gateway also counts jobs whose response came later.
 * Units   as in a metric: ns, jobs, jobs per second, requests and responses.
 * Owner   words and figures are static; a path is the result's.
 * Errors  none: what was not measured is NAN, and an arm that was not probed is neither blocked nor
 *         uneven. An arm that was not run has counts of 0.
 * Source  docs/compare.md; model/result.h defines "few".
 */
#ifndef ANALYSIS_ARM_TRAITS_H
#define ANALYSIS_ARM_TRAITS_H

#include "base/clock.h"
#include "model/arm_figure.h"

bool arm_is_sound(const struct arm *arm);
/* "was not run" (the arm), "is invalid", "was interrupted" or "was ended by its faults (-B)" (one
 * of its runs); NULL if sound. */
const char *arm_why_unsound(const struct arm *arm);
/* Other programs or steal disturbed all of its rounds: its figures are shown, and rank nothing. */
bool arm_is_disturbed(const struct arm *arm);
bool arm_is_saturated(const struct arm *arm); /* bench was the bottleneck in any round */
bool arm_is_late(const struct arm *arm);      /* bench sent requests late in any round */
/* Either of the two: its latencies are bench's own in part. */
bool arm_times_bench(const struct arm *arm);

/* The fate of the requests of all rounds together. */
struct replies {
    int64_t sent, completed, timed_out, failed, in_flight, non_2xx, mismatches;
    bool are_few; /* fewer than half of those sent were answered */
};

struct replies arm_replies(const struct arm *arm);
bool arm_loses(const struct arm *arm);
bool arm_refuses(const struct arm *arm);

#define ARM_LOSS_MOST 0.01 /* share of the requests, or of the responses, that matters */

#define BLOCKED_P99_NS ((double)(100 * NS_PER_MS)) /* a wait that a user notices */
#define BLOCKED_P50_NS ((double)(10 * NS_PER_MS))  /* more than a few hiccups */

extern const struct arm_figure probe_p50; /* "probe.p50"; the p99 is the table's "probe_p99" */

const char *arm_probe_path(const struct arm *arm); /* "/ping", or "probe" when it is not known */
double arm_probe_p99_ns(const struct arm *arm);    /* NAN when no probe has a time */
bool arm_is_probed(const struct arm *arm);
bool arm_fails_probes(const struct arm *arm);
/* "was not probed (use --probe PATH)" or "failed its probes"; NULL if it is probed. */
const char *arm_why_unprobed(const struct arm *arm);
struct probe_fate arm_probes(const struct arm *arm); /* of all rounds together */
int64_t arm_probe_statuses(const struct arm *arm, int status);
bool arm_blocks(const struct arm *arm);
bool arm_is_uneven(const struct arm *arm);

extern const struct arm_figure queue_accepting; /* "accepted_per_second" */
extern const struct arm_figure queue_accepted, queue_done, queue_failed, queue_lost; /* jobs */
extern const struct arm_figure queue_workers; /* processes at the window's end */
extern const struct arm_figure queue_backlog; /* at the window's end */
extern const struct arm_figure queue_drain;   /* "drain_time" of each run; see arm_drain_ns */

/* True if more jobs were waiting at the end than it completes in KEEPS_UP_S. */
bool arm_backlog_grows(const struct arm *arm);
enum drain_how arm_drain_how(const struct arm *arm);
/* Time until the backlog is drained. A projected one is computed from the backlog and work/s that
 * the table shows (medians over the rounds); INFINITY: never at that rate. */
double arm_drain_ns(const struct arm *arm);

#endif
