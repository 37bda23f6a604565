/* arm_traits: what an arm is like, for all that judge it: findings and claims ask the same.
 *
 * Shape   sound      it has results, all are valid, and none was interrupted.
 *         loses      more than 1 % of its requests timed out or failed, or few were answered at
 * all. refuses    more than 1 % of its replies are no work. blocks     the light path: both the p99
 * and the p50 of its probes are as long as the limits below; it is uneven when only the p99 is. A
 * person waits as long whatever the other arms do, so they have no part in it. a queue    what its
 * clients saw accepted, and what became of the jobs by the gateway's own counts. The rate of
 * accepting is the 202 replies that came in the window, which is what the client saw; the gateway
 * has counted the jobs whose reply came later, too. Units   as in a metric: ns, jobs, jobs a
 * second, requests and replies. Owner   words and figures are static; a path is the result's.
 * Errors  none: what was not measured is NAN, and an arm that was not probed is neither blocked nor
 *         uneven. An arm that was not run has counts of 0.
 * Source  docs/compare.md; model/result.h has what "few" is.
 */
#ifndef ANALYSIS_ARM_TRAITS_H
#define ANALYSIS_ARM_TRAITS_H

#include "base/clock.h"
#include "model/arm_figure.h"

bool arm_is_sound(const struct arm *arm);
/* "was not run", "is not valid", "was interrupted": the arm, or where it has results one of its
 * runs. NULL for one that is sound. */
const char *arm_why_unsound(const struct arm *arm);
bool arm_is_saturated(const struct arm *arm); /* bench was its limit, in any round */

/* What became of the requests of all rounds together. */
struct replies {
    int64_t sent, completed, timed_out, failed, open, non_2xx, mismatches;
    bool are_few; /* of those sent */
};

struct replies arm_replies(const struct arm *arm);
bool arm_loses(const struct arm *arm);
bool arm_refuses(const struct arm *arm);

#define ARM_LOSS_MOST 0.01 /* of the requests, or of the replies: more is worth telling */

#define LIGHT_P99_NS  ((double)(100 * NS_PER_MS)) /* a wait that a person notices */
#define LIGHT_HALF_NS ((double)(10 * NS_PER_MS))  /* of half of the probes: no few hiccups */

extern const struct arm_figure light_half; /* "probe.p50"; the p99 is the table's "probe_p99" */

const char *arm_light_path(const struct arm *arm); /* "/ping", or "probe" when it is not known */
double arm_light_p99_ns(const struct arm *arm);    /* NAN when it was not probed */
bool arm_is_probed(const struct arm *arm);
bool arm_blocks(const struct arm *arm);
bool arm_is_uneven(const struct arm *arm);

extern const struct arm_figure queue_accepting; /* "accepted_per_second" */
extern const struct arm_figure queue_accepted, queue_done, queue_failed, queue_lost; /* jobs */
extern const struct arm_figure queue_workers; /* processes, at the window's end */
extern const struct arm_figure queue_backlog; /* at the window's end */
extern const struct arm_figure queue_drain;   /* "drain_time" of each run; see arm_drain_ns */

enum drain_how arm_drain_how(const struct arm *arm);
/* Until the backlog is done. One that is projected is that of the backlog and the work/s that the
 * table shows, which over several rounds are medians; INFINITY: never, at that rate. */
double arm_drain_ns(const struct arm *arm);

#endif
