/* parts: where the time of a request went in the server, as a row of a data file.
 *
 * Shape   the latency, the server's wait and its work, each as mean, p50, p90 and p99, over the
 *         rounds merged. Only the means add up: the request with the p99 of the wait is not the one
 *         with the p99 of the work. Unfinished requests count in the latency at their age where
 *         that makes a difference (report/spread.h); then it is a lower bound, and nothing adds up:
 *         wait and work are of all that the server finished, some of it after the run. An arm that
 *         answers before the work is done has the time of its jobs in place of the latency, because
 *         wait and work are theirs.
 * Units   ms; NaN: not measured.
 */
#ifndef REPORT_PLOT_PARTS_H
#define REPORT_PLOT_PARTS_H

#include "base/buf.h"
#include "model/comparison.h"

enum part { PART_ALL, PART_WAIT, PART_WORK, PART_COUNT };

struct plot_parts {
    double mean_ms[PART_COUNT], p50_ms[PART_COUNT], p90_ms[PART_COUNT], p99_ms[PART_COUNT];
    bool of_jobs;
    bool is_bound; /* unfinished requests count in the whole */
};

struct plot_parts plot_parts_of(const struct arm *arm);
/* The work is known, and so there is something to split. */
bool plot_parts_are_known(const struct plot_parts *parts);

/* The names of the columns after the arm's, and the columns; each after a tab. */
void plot_parts_head(struct buf *out);
void plot_parts_row(const struct plot_parts *parts, struct buf *out);

#endif
