/* arm_queue: the figures of an arm that is a queue.
 *
 * Shape   what its clients saw accepted, and what became of the jobs by the gateway's own counts.
 *         The rate of accepting is the 202 replies that came in the window, which is what the
 *         client saw; the gateway has counted the jobs whose reply came later, too.
 * Units   as in a metric: jobs, jobs a second, ns.
 * Owner   figures are static.
 * Errors  none: what was not measured is NAN.
 * Source  docs/compare.md, backlog.
 */
#ifndef MODEL_ARM_QUEUE_H
#define MODEL_ARM_QUEUE_H

#include "model/arm_figure.h"

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
